"""What an account puts on its timeline, and all that one does with it."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.models import Account
from microblog.db.counters import clamped_delta
from microblog.db.locks import lock_rows
from microblog.db.prepared import Param, Statement, prepared
from microblog.db.writing import insert_row, run, run_together
from timeline import ids
from timeline.models.engagement import Like, Pin
from timeline.models.link_card import LinkCard
from timeline.models.notification import Notification, tell_author
from timeline.models.permission import Audience, PostPermissions, Verb
from timeline.models.post_facts import PostFacts
from timeline.models.post_queryset import PostQuerySet
from timeline.posting import limits
from timeline.signals import (
    count_doubted,
    deleted_post_checked,
    post_deleted,
    post_standing_changed,
)

KEPT_AT_MOST = timedelta(days=90)  # what is deleted, while somebody has still to read it


def _whether(condition: Q) -> models.GeneratedField:
    """A column that the database keeps: whether `condition` holds for the row."""
    return models.GeneratedField(
        expression=condition,  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )


class Held(NamedTuple):
    """What is known of a post that nobody can change until the transaction ends."""

    stands: bool
    is_seen: bool  # by a visitor: then its original stands as well
    is_uncounted: bool  # a task has still to count around it, its original, or one of the authors


SEEN = Held(stands=True, is_seen=True, is_uncounted=False)


class Post(PostFacts, PostPermissions, models.Model):
    """One thing that `author` put on their timeline.

    Its id is its time (timeline.ids), its kind never changes.
    """

    class Kind(models.TextChoices):
        POST = "post"
        REPLY = "reply"
        QUOTE = "quote"
        RETWEET = "retweet"

    id = models.BigAutoField(primary_key=True)
    # no index of its own: by it, PostgreSQL reads and sorts all posts of an author for the newest
    author = models.ForeignKey(Account, models.CASCADE, related_name="posts", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.POST, editable=False)
    text = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="", editable=False)
    sensitive = models.BooleanField(
        default=False, help_text="Its pictures are shown only to who asks for them."
    )

    # What it belongs to. A target that goes leaves NULL behind; one that was never here has a
    # handle and an address.
    reply_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replies"
    )
    reply_to_handle = models.TextField(blank=True, default="", editable=False)
    reply_to_url = models.TextField(blank=True, default="", editable=False)
    beyond_gap = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="below_gap",
        help_text="Of a reply to what was deleted: the nearest post above that is still here.",
    )
    quote_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="quotes"
    )
    quote_handle = models.TextField(blank=True, default="", editable=False)
    quote_url = models.TextField(blank=True, default="", editable=False)
    retweet_of = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="retweets"
    )
    card = models.ForeignKey(LinkCard, models.SET_NULL, null=True, blank=True, related_name="posts")

    # who may answer and quote it (timeline.models.permission); of a reply, the first post of its
    # conversation says who may answer
    may_reply = models.CharField(
        max_length=9, choices=Audience, default=Audience.EVERYONE, editable=False
    )
    may_quote = models.CharField(
        max_length=9, choices=Audience, default=Audience.EVERYONE, editable=False
    )

    # Of a post that came with an archive.
    is_external = models.BooleanField(default=False, editable=False)  # its author is
    # False: its id has the date of a retweet of it
    is_dated = models.BooleanField(default=True, editable=False)
    origin_url = models.TextField(blank=True, default="", editable=False)  # where the original is
    imported_likes = models.PositiveIntegerField("likes elsewhere", default=0)
    imported_retweets = models.PositiveIntegerField("retweets elsewhere", default=0)
    # a retweet that is one of its original's imported_retweets
    is_imported_retweet = models.BooleanField(default=False, editable=False)

    media_count = models.PositiveSmallIntegerField(default=0, editable=False)
    likes_count = models.PositiveIntegerField(default=0, editable=False)
    retweets_count = models.PositiveIntegerField(default=0, editable=False)
    replies_count = models.PositiveIntegerField(default=0, editable=False)
    # of the replies, those of its own author: then it begins, or goes on with, a thread
    own_replies_count = models.PositiveIntegerField(default=0, editable=False)
    quotes_count = models.PositiveIntegerField(default=0, editable=False)

    # of the form that made it: sent twice, it posts once
    idempotency_key = models.UUIDField(null=True, blank=True, editable=False)
    # here, by its author
    edited_at = models.DateTimeField("edited", null=True, blank=True, editable=False)
    # one of the next two changed then, and no task has counted that yet
    uncounted_at = models.DateTimeField(null=True, editable=False)
    # by a moderator; can be undone
    hidden_at = models.DateTimeField("hidden", null=True, blank=True, editable=False)
    # of a reply: whose post it answers put it behind "Hidden replies"; it stands, and is counted
    put_aside_at = models.DateTimeField(null=True, blank=True, editable=False)
    # its rows go by a task
    deleted_at = models.DateTimeField("deleted", null=True, blank=True, editable=False)

    # What the indexes of a thread, of the tabs and of explore walk along.
    above = models.GeneratedField(
        expression=Coalesce("reply_to", "beyond_gap"),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )
    is_reply = _whether(Q(kind="reply"))
    has_media = _whether(Q(media_count__gt=0))
    is_listed = _whether(Q(kind__in=["post", "quote"]) & Q(is_external=False))

    is_pinned: bool  # of those that were asked for with_pin

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["post", "reply", "quote", "retweet"]), name="post_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind="retweet") ^ Q(retweet_of=None), name="post_retweet_has_original"
            ),
            models.CheckConstraint(
                condition=~Q(kind="retweet")
                | Q(text="", html="", reply_to=None, quote_of=None, card=None, media_count=0),
                name="post_retweet_is_bare",
            ),
            models.CheckConstraint(
                condition=Q(kind="reply") | Q(reply_to=None, reply_to_url="", beyond_gap=None),
                name="post_only_replies_reply",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["reply", "quote"]) | Q(quote_of=None, quote_url=""),
                name="post_only_quotes_quote",
            ),
            models.UniqueConstraint(fields=["author", "retweet_of"], name="post_retweet_once"),
            models.UniqueConstraint(
                fields=["author", "idempotency_key"], name="post_idempotency_key_once"
            ),
        ]
        indexes = [
            models.Index(fields=["author", "id"], name="post_author"),
            models.Index(fields=["author", "is_reply", "id"], name="post_tab"),
            models.Index(fields=["author", "has_media", "id"], name="post_media_tab"),
            models.Index(fields=["is_listed", "id"], name="post_explore"),
            models.Index(fields=["above", "id"], name="post_above"),
            models.Index(
                fields=["retweet_of", "id"],
                name="post_retweets",
                condition=Q(retweet_of__isnull=False),
            ),
            models.Index(
                fields=["quote_of", "id"], name="post_quotes", condition=Q(quote_of__isnull=False)
            ),
            models.Index(
                fields=["above", "id"],
                name="post_put_aside",
                condition=Q(put_aside_at__isnull=False),
            ),
            models.Index(fields=["id"], name="post_deleted", condition=Q(deleted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return (
            f"{self.author}: {self.text[:60]}"
            if self.text
            else f"{self.kind} {self.pk} by {self.author}"
        )

    def get_absolute_url(self) -> str:
        return f"{self.author.get_absolute_url()}/{self.pk}"

    # --- What a page says of it ---

    @property
    def original(self) -> "Post":
        """What its buttons and links act on: the post itself, or what it retweets."""
        return self.retweet_of or self

    @property
    def is_protected(self) -> bool:
        """Whether its author is."""
        return self.author.protected_at is not None

    # --- Liking and retweeting ---
    # Each acts once, however often it is asked, and not at all when a party to it is gone.

    def like(self, account: Account) -> bool:
        """Let `account` like it; return whether it does by now: it may be gone.

        Raises RefusedError and TooManyError.
        """
        account.check_may_write()
        limits.count(limits.LIKES, account)
        return self._like(account)

    @transaction.atomic
    def _like(self, account: Account) -> bool:
        post = self.original
        if not Like.objects.add(post, account):
            return True
        told = tell_author(post, Notification.Kind.LIKE, account)
        if run_together((_COUNT_LIKE, [post.pk]), told)[0]:
            post.likes_count += 1
            return True
        post.liked_by.filter(account=account).delete()
        return False

    @transaction.atomic
    def unlike(self, account: Account) -> None:
        post = self.original
        was_liked, is_uncounted = Like.objects.remove(post, account)
        if was_liked:
            Post.objects.filter(pk=post.pk).update(likes_count=clamped_delta("likes_count", -1))
            post.likes_count = max(0, post.likes_count - 1)
            if is_uncounted:
                count_doubted.send(Post, post_ids=[post.pk])

    def retweet(self, account: Account) -> "Post | None":
        """The one retweet of the original by `account`, made now where there is none; None when one
        of the two is gone.

        Raises TooManyError and RefusedError.
        """
        found = Post.objects.by(account).filter(retweet_of=self.original).first()
        if found:
            return found
        self.original.check_may(account, Verb.RETWEET)
        limits.count_posts(account, 1, 0)
        return self._retweet(account)

    @transaction.atomic
    def _retweet(self, account: Account) -> "Post | None":
        retweet = Post(author=account, kind=Post.Kind.RETWEET, retweet_of=self.original)
        held = retweet._hold_standing()
        if not held.is_seen:
            return None
        found = Post.objects.by(account).filter(retweet_of=self.original).first()
        if found:
            return found
        retweet.insert()
        retweet._add_to_author(1, held)
        retweet._add_to_targets(1, held)
        run(*tell_author(self.original, Notification.Kind.RETWEET, account))
        return retweet

    def unretweet(self, account: Account) -> bool:
        """Delete the retweet of the original by `account`, unless that is not seen; return whether
        there is none by now.
        """
        found = Post.objects.by(account).filter(retweet_of=self.original).first()
        return found is None or found.delete_retweet()

    @transaction.atomic
    def delete_retweet(self) -> bool:
        """Delete this retweet, unless it is not seen; return whether it went."""
        held = self._hold_standing()
        if held.is_seen:
            self._add_to_author(-1, held)
            self._add_to_targets(-1, held)
            Post.objects.filter(pk=self.pk).delete()
            if held.is_uncounted:
                count_doubted.send(Post, account_ids=[self.author_id], post_ids=[self.original.pk])
        return held.is_seen

    # --- Keeping, and showing first ---

    def bookmark(self, account: Account) -> bool:
        """Let `account` keep it; return whether it does by now: it may be gone.

        Raises TooManyError.
        """
        limits.count(limits.BOOKMARKS, account)
        return self._bookmark(account)

    @transaction.atomic
    def _bookmark(self, account: Account) -> bool:
        post = self.original
        is_here = lock_rows(Post.objects.filter(pk=post.pk), "deleted_at") == {post.pk: (None,)}
        if is_here:
            post.bookmarked_by.get_or_create(account=account)
        return is_here

    def unbookmark(self, account: Account) -> None:
        self.original.bookmarked_by.filter(account=account).delete()

    @transaction.atomic
    def pin(self) -> None:
        """Show it first on its author's profile, in the place of what was pinned there.

        Raises RefusedError.
        """
        self.author.check_may_write()
        if self.author.hold_standing() and lock_rows(
            Post.objects.filter(pk=self.pk), "deleted_at"
        ) == {self.pk: (None,)}:
            Pin.objects.update_or_create(account=self.author, defaults={"post": self})

    def unpin(self) -> None:
        Pin.objects.filter(post=self).delete()

    # --- Who answers it ---

    def set_audience(self, may_reply: str, may_quote: str) -> None:
        """Let those answer and quote it from now on; what was answered and quoted before stays.

        Raises RefusedError.
        """
        self.author.check_may_write()
        self.may_reply, self.may_quote = may_reply, may_quote
        Post.objects.filter(pk=self.pk).update(may_reply=may_reply, may_quote=may_quote)

    def put_aside(self, account: Account) -> None:
        """Let it stand behind "Hidden replies", at the wish of `account`, who may
        (`may_put_aside`). Its author is not told.

        Raises RefusedError.
        """
        account.check_may_write()
        Post.objects.filter(pk=self.pk, put_aside_at=None).update(put_aside_at=timezone.now())

    def put_back(self, account: Account) -> None:
        """Let it stand among the replies again. Raises RefusedError."""
        account.check_may_write()
        Post.objects.filter(pk=self.pk).update(put_aside_at=None)

    # --- Coming and going ---

    def insert(self, moment: datetime | None = None) -> None:
        """Save as a new row, posted at `moment` (now).

        Raises IntegrityError for what the database will not have.
        """
        for _ in range(4):
            self.pk = ids.id_at(moment or timezone.now())
            if insert_row(self):
                return
        raise IntegrityError("Each id that was tried is taken.")

    @transaction.atomic(savepoint=False)
    def update_counters(self, step: int) -> bool:
        """Add `step` to every count that this post is part of: 1 after it was inserted, -1 before
        it goes, in the same transaction.

        Returns whether a visitor sees it. What nobody sees is not counted; nor does a retweet count
        for its author while its original is not seen.
        """
        if step > 0 and self._count_for_author():
            held = SEEN
        else:
            held = self._hold_standing(is_new=step > 0)
            self._add_to_author(step, held)
        self._add_to_targets(step, held)
        return held.is_seen

    def _count_for_author(self) -> bool:
        """Count a new post that stands for itself; return whether it is seen.

        One statement: it holds the account, which nobody can hide until the transaction ends.
        """
        if self.retweet_of_id or self.hidden_at or self.deleted_at:
            return False
        return bool(_count_post(author=self.author_id, post=self.pk, media=self.media_count))

    def _add_to_author(self, step: int, held: Held) -> None:
        changes: dict[str, Any] = {}
        if held.is_seen:
            changes = {
                "posts_count": clamped_delta("posts_count", step),
                "media_count": clamped_delta("media_count", step * self.media_count),
            }
        if step > 0:
            changes["last_post_id"] = Greatest("last_post_id", self.pk)
        if changes:
            Account.objects.filter(pk=self.author_id).update(**changes)

    def _add_to_targets(self, step: int, held: Held) -> None:
        own_replies = Case(
            When(author=self.author_id, then=clamped_delta("own_replies_count", step)),
            default=F("own_replies_count"),
            output_field=models.IntegerField(),
        )
        for column, target, more in (
            ("replies_count", self.reply_to_id, {"own_replies_count": own_replies}),
            ("quotes_count", self.quote_of_id, {}),
            ("retweets_count", None if self.is_imported_retweet else self.retweet_of_id, {}),
        ):
            if held.stands and target:
                changed = {column: clamped_delta(column, step), **more}
                Post.objects.filter(pk=target).update(**changed)

    def _hold_standing(self, *, is_new: bool = False) -> Held:
        """Whether this post stands and is seen.

        Nobody can change that until the transaction ends: whoever hides one waits, and then
        counts what was done here. What is new nobody else can see yet, so that it need not be held.
        """
        chain = [self, self.retweet_of] if self.retweet_of else [self]
        asked = {post.pk for post in chain if post.pk and not (is_new and post is self)}
        authors = lock_rows(
            Account.objects.filter(pk__in=[post.author_id for post in chain]),
            "uncounted_at",
            "absent_at",
        )
        posts = (
            lock_rows(Post.objects.filter(pk__in=asked), "uncounted_at", "hidden_at", "deleted_at")
            if asked
            else {}
        )
        if is_new and self.pk:
            posts[self.pk] = (None, self.hidden_at, self.deleted_at)
        standing = [
            authors.get(post.author_id, ())[1:] == (None,)
            and (post.pk is None or posts.get(post.pk, ())[1:] == (None, None))
            for post in chain
        ]
        return Held(
            standing[0],
            all(standing),
            any(held[0] for held in (*authors.values(), *posts.values())),
        )

    @transaction.atomic
    def remove(self) -> None:
        """Delete for good: hidden at once; a task takes away its rows and files, unless somebody
        has still to read it.
        """
        self.update_counters(-1)
        now = timezone.now()
        Post.objects.filter(pk=self.pk, deleted_at=None).update(deleted_at=now, uncounted_at=now)
        post_deleted.send(Post, post=self)

    @property
    def is_kept(self) -> bool:
        """Whether it stays here, seen by moderators alone, though it is deleted."""
        return bool(
            self.deleted_at
            and self.deleted_at > timezone.now() - KEPT_AT_MOST
            and any(kept for _, kept in deleted_post_checked.send(Post, post=self))
        )

    @transaction.atomic
    def detach(self) -> None:
        """Quote no longer what it quotes, as if that were gone: at the wish of whoever was quoted.

        Its kind stays.
        """
        target = self.quote_of_id
        held = self._hold_standing()
        quotes = Post.objects.filter(pk=self.pk, quote_of=target).exclude(quote_of=None)
        if target and quotes.update(quote_of=None, quote_handle="", quote_url=""):
            if held.stands:
                Post.objects.filter(pk=target).update(
                    quotes_count=clamped_delta("quotes_count", -1)
                )
            if held.is_uncounted:
                count_doubted.send(Post, post_ids=[target])
        self.quote_of, self.quote_handle, self.quote_url = None, "", ""

    def hide(self) -> None:
        """Gone from every surface until it is unhidden."""
        self._set_hidden(timezone.now())

    def unhide(self) -> None:
        self._set_hidden(None)

    @transaction.atomic
    def _set_hidden(self, hidden_at: datetime | None) -> None:
        changed = Post.objects.filter(pk=self.pk).exclude(hidden_at__isnull=hidden_at is None)
        if changed.update(hidden_at=hidden_at, uncounted_at=timezone.now()):
            self.hidden_at = hidden_at
            post_standing_changed.send(Post, post=self)


@prepared
def _count_post(author: Param, post: Param, media: Param) -> Statement:
    """Count a new post for its author, unless they are absent."""
    return Statement.of_update(
        Account.objects.filter(pk=author, absent_at=None),
        posts_count=F("posts_count") + 1,
        media_count=F("media_count") + media,
        last_post_id=Greatest("last_post_id", post),
    )


_COUNT_LIKE = """UPDATE timeline_post SET likes_count = likes_count + 1
    WHERE id = %s AND deleted_at IS NULL"""
