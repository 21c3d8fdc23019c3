"""What a post said before it was edited."""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import F

from microblog.web.pagination import Page
from timeline.models.post import Post


class RevisionQuerySet(models.QuerySet["Revision"]):
    def of(self, post: Post) -> Self:
        return self.filter(post=post)

    def of_posts(self, ids: Collection[int]) -> Self:
        """Of several posts, the newest first; each has limits.MAX_EDITS at most."""
        return self.filter(post__in=ids).order_by("-pk")

    def before_which(self, page: Page) -> "Revision | None":
        """The one that follows in time on the newest of `page`: None where that is the newest of
        all.
        """
        return (
            self.filter(pk__gt=page.rows[0].pk).order_by("pk").first()
            if page.rows and not page.is_first
            else None
        )

    def newest_first(self) -> Self:
        return self.annotate(cursor=F("pk")).order_by("-pk")


class Revision(models.Model):
    """`post` said `text` until `replaced_at`. Made by timeline.posting.edit."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    text = models.TextField(blank=True)
    replaced_at = models.DateTimeField()

    objects = RevisionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.post_id} until {self.replaced_at:%-d %b %Y, %H:%M:%S}"
