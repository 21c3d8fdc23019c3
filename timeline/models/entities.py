"""What a text names: tags, and people; who follows a tag, and which tags rise."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Value
from django.urls import reverse

from accounts.models import Account, RefusedError
from microblog.db.fields import KeyField, beginning_with
from microblog.text import MAX_FOLDED_TAG, fold_tag
from timeline.models.post import Post
from timeline.posting import limits

if TYPE_CHECKING:
    from accounts.models import AccountQuerySet

TAGS_COMPLETED = 100
MOST_FOLLOWED_TAGS = 50  # as many walks as home makes for them


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

    def with_follow_state(self, viewer: Account | None) -> "TagQuerySet":
        """Annotate each with `is_followed`: whether `viewer` has its posts at home."""
        if viewer is None:
            return self.annotate(is_followed=Value(value=False))
        followed = TagFollow.objects.filter(tag=OuterRef("pk"), account=viewer)
        return self.annotate(is_followed=Exists(followed))

    def followed_by(self, account: Account) -> "TagQuerySet":
        """Return those that `account` follows, what it followed last first."""
        return self.filter(follows__account=account).order_by("-follows__pk")


class Tag(models.Model):
    """A hashtag: `name` as it was first written, `folded` what all its spellings have in common."""

    name = models.CharField(max_length=100)
    folded = KeyField(max_length=MAX_FOLDED_TAG, unique=True, editable=False)
    # say moderators
    may_rise = models.BooleanField(default=True, db_default=True, editable=False)

    objects = TagQuerySet.as_manager()

    def __str__(self) -> str:
        return f"#{self.name}"

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.name])

    def follow(self, account: Account) -> bool:
        """Let `account` have its posts at home; return whether that is new.

        Raises RefusedError where there are too many, and TooManyError.
        """
        account.check_may_write()
        limits.count(limits.TAG_FOLLOWS, account)
        followed = TagFollow.objects.filter(account=account)
        if followed.filter(tag=self).exists():
            return False
        if followed.count() >= MOST_FOLLOWED_TAGS:
            raise RefusedError(f"You follow {MOST_FOLLOWED_TAGS} tags. Unfollow one first.")
        return followed.get_or_create(account=account, tag=self)[1]

    def unfollow(self, account: Account) -> bool:
        """Let `account` have its posts at home no longer; return whether it had."""
        return bool(TagFollow.objects.filter(account=account, tag=self).delete()[0])

    def keep_from_rising(self) -> None:
        """Let it stand among what rises no longer: at once, and from now on."""
        self._set_may_rise(may_rise=False)

    def let_rise(self) -> None:
        """Let it stand among what rises again."""
        self._set_may_rise(may_rise=True)

    def _set_may_rise(self, *, may_rise: bool) -> None:
        type(self).objects.filter(pk=self.pk).update(may_rise=may_rise)
        self.may_rise = may_rise


class Tagging(models.Model):
    """`post` carries `tag`."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings")
    post = models.ForeignKey(Post, models.CASCADE, related_name="taggings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "post"], name="tag_once")]

    def __str__(self) -> str:
        return f"{self.post_id} has {self.tag}"


class TagFollow(models.Model):
    """`account` has what others post with `tag` at home.

    Made and ended by Tag.follow and .unfollow.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="tag_follows")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="follows")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "tag"], name="tag_follow_once")]

    def __str__(self) -> str:
        return f"{self.account} follows {self.tag}"


class RisingTag(models.Model):
    """`tag` is used by more people than it is used to, as timeline.feeds.rising chose it."""

    tag = models.OneToOneField(Tag, models.CASCADE, related_name="rising")
    place = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField()  # who used it within the last day, and count
    posts = models.PositiveIntegerField()  # of those people, in that time
    since = models.BigIntegerField()  # the oldest of these posts

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place"], name="rising_place_once")]

    def __str__(self) -> str:
        return f"{self.place}. {self.tag}"


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
