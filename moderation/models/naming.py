"""Asking for rows by a post that they name.

Their lists are JSON, in which SQLite and PostgreSQL look differently, and as text alike.
"""

from django.db.models import TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Contains


def names(post_id: int) -> Contains:
    """A condition: the row has this post among its `post_ids`.

    To be asked of one account's rows, for no index has them.

    An id has 17 to 19 digits: that one stands in another is next to impossible, and would keep a
    post for longer, no more.
    """
    return Contains(Cast("post_ids", TextField()), str(post_id))
