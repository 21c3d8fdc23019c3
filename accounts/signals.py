"""What accounts tell the apps above them, and what they ask them.

Sent with `send`: an error in a receiver fails the deed.
"""

from django.dispatch import Signal

# `account` hides now or is seen again, within the transaction: account
standing_changed = Signal()

# `account` was deleted for good, and its rows and files are to go, within the transaction: account
account_removed = Signal()

# somebody follows the account, or asks to, since now, within the transaction: account_id
follow_begun = Signal()
follow_asked = Signal()

# these accounts follow somebody now who let them, within the transaction: account_ids
follows_accepted = Signal()

# each receiver returns a condition that holds where there may be something that `account`, the key
# of an account within a query, has not seen; asked once in a process: account
news_requested = Signal()

# likewise a condition that holds where `account` follows any tag: account
tags_requested = Signal()

# a follow ended whose counts no task will find any more, within the transaction: account_ids
uncounted_follow_ended = Signal()

# each receiver returns the address at which the owner of the suspended `account` reads why, or "":
# account
suspension_reasons_requested = Signal()

# who keeps the server lets `user` in anew, within the transaction: user, what ("a link was made")
rescued = Signal()
