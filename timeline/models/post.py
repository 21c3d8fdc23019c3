"""What an account puts on its timeline."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.models import Account
from timeline.models.engagement import PostEngagement
from timeline.models.link_card import LinkCard
from timeline.models.permission import Audience, PostPermissions
from timeline.models.post_facts import PostFacts
from timeline.models.post_queryset import PostQuerySet
from timeline.models.post_standing import PostStanding


def _whether(condition: Q) -> models.GeneratedField:
    """A column that the database keeps: whether `condition` holds for the row."""
    return models.GeneratedField(
        expression=condition,  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )


class Post(PostFacts, PostPermissions, PostEngagement, PostStanding, models.Model):
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
