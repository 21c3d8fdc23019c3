"""What the timeline tells the apps above it, and what it asks them; and what its models tell its
tasks.

Sent with `send`: an error in a receiver fails the deed.
"""

from django.dispatch import Signal

# a count of these rows is in doubt, and is to be made anew: account_ids, post_ids
count_doubted = Signal()

# `post` was hidden, or is shown again, and what is counted around it is to be counted anew: post
post_standing_changed = Signal()

# `post` was deleted, and its rows and files are to go: post
post_deleted = Signal()

# the page behind `card` is to be fetched, at once or at a time: card, when (None: at once)
card_due = Signal()

# what these posts are found by changed otherwise than by their own words, within the transaction:
# post_ids
found_by_changed = Signal()

# `post` was held back by `rule`, or is to be reported for it, within the transaction: post, rule
keyword_rule_matched = Signal()

# each receiver returns whether somebody has still to read `post`, which is deleted: post
deleted_post_checked = Signal()

# each receiver returns whether somebody has still to read a deleted profile: account
deleted_account_checked = Signal()

# `account` goes for good, a batch at a time, and what hangs on it with it; may come twice: account
account_erasing = Signal()

# the demo community came, and takes `now` for the present, within the transaction: now
demo_created = Signal()

# the demo community goes, and its accounts are still here, within the transaction: account_ids
demo_removing = Signal()

# `account` takes along what is theirs: each receiver returns what its app has of it, lists of what
# JSON can say, by the name of the file: account
own_data_requested = Signal()
