"""What a text names: tags, and people."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import Account
from microblog.db.fields import KeyField, beginning_with
from microblog.text import MAX_FOLDED_TAG, fold_tag
from timeline.models.post import Post

if TYPE_CHECKING:
    from accounts.models import AccountQuerySet

TAGS_COMPLETED = 100


class TagQuerySet(models.QuerySet["Tag"]):
    def named(self, name: str) -> "TagQuerySet":
        """That of this name, in any spelling."""
        if len(name) > MAX_FOLDED_TAG or "\0" in name:  # PostgreSQL has no such text
            return self.none()
        return self.filter(folded=fold_tag(name))

    def completing(self, prefix: str, viewer: Account, most: int) -> "TagQuerySet":
        """Those that begin with `prefix`, in any spelling, and stand in a post that `viewer` may
        come across; a hundred are looked at.
        """
        nearest = (
            self.filter(folded__range=beginning_with(fold_tag(prefix)))
            .order_by("folded")
            .values("pk")[:TAGS_COMPLETED]
        )
        seen = Post.objects.visible_to(viewer).met_by(viewer).filter(taggings__tag=OuterRef("pk"))
        return self.filter(Exists(seen), pk__in=nearest).order_by("folded")[:most]


class Tag(models.Model):
    """A hashtag: `name` as it was first written, `folded` what all its spellings have in common."""

    name = models.CharField(max_length=100)
    folded = KeyField(max_length=MAX_FOLDED_TAG, unique=True, editable=False)

    objects = TagQuerySet.as_manager()

    def __str__(self) -> str:
        return f"#{self.name}"

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.name])


class Tagging(models.Model):
    """`post` carries `tag`."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings")
    post = models.ForeignKey(Post, models.CASCADE, related_name="taggings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "post"], name="tag_once")]

    def __str__(self) -> str:
        return f"{self.post_id} has {self.tag}"


class MentionQuerySet(models.QuerySet["Mention"]):
    def in_post(self, post: Post, seen: "AccountQuerySet") -> Self:
        """Who of those `seen` is named in `post`, or addressed by it, in order."""
        return self.filter(post=post, account__in=seen).select_related("account").order_by("pk")

    def addressing(self, posts: Collection[int], seen: "AccountQuerySet") -> Self:
        """Return whom of those `seen` the replies with these ids are written to, in order."""
        return self.filter(post__in=posts, is_addressee=True, account__in=seen).order_by("pk")


class Mention(models.Model):
    """`post`, written here, names the local `account`, or is a reply to it (`is_addressee`) that
    need not name it again.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions")
    account = models.ForeignKey(Account, models.CASCADE, related_name="mentioned_in")

    is_addressee = models.BooleanField(default=False)

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "post"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.post_id} mentions {self.account}"
