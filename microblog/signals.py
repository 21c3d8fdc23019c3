"""What the project tells the apps above it, and what it asks them.

Sent with `send`: an error in a receiver fails the deed.
"""

from django.dispatch import Signal

# staff did `verb` ("added", "changed", "deleted", an action's label) to `row`, within the
# transaction: request, verb, row
staff_acted = Signal()

# each receiver returns those of `keys` (of uploads) that a row of its app names, which keeps them
# from being deleted as left over: keys
upload_keys_checked = Signal()
