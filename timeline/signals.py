"""What the timeline tells the apps above it, and what it asks them.

Sent with `send`: an error in a receiver fails the deed.
"""

from django.dispatch import Signal

# `post` was held back by `rule`, or is to be reported for it, within the transaction: post, rule
keyword_rule_matched = Signal()

# each receiver returns whether somebody has still to read `post`, which is deleted: post
deleted_post_checked = Signal()

# the demo community came, and takes `now` for the present, within the transaction: now
demo_created = Signal()

# the demo community goes, and its accounts are still here, within the transaction: account_ids
demo_removing = Signal()
