"""Asking for rows by a post that they name. Their lists are JSON, in which SQLite and PostgreSQL look differently, and as text alike."""

from typing import Self

from django.db import models
from django.db.models.functions import Cast


class NamingQuerySet[M: models.Model](models.QuerySet[M]):
    def naming(self, post_id: int) -> Self:
        """Those with this post among their `post_ids`. To be asked of one account's rows: no index has them."""
        # An id has 17 to 19 digits: that one stands in another is next to impossible, and would keep a post for longer, no more.
        return self.annotate(named=Cast("post_ids", models.TextField())).filter(named__contains=str(post_id))
