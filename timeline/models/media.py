"""Pictures and videos."""

from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Q

from accounts.models import Account
from microblog.db.counters import clamped_delta
from microblog.db.locks import lock_rows
from microblog.media import images, uploads, video
from timeline.models.post import Post

# Of red, green and blue, as CSS writes #28e for #2288ee: STEP of 255 from one to the next.
DIGITS, STEP = "258be", 51


@lru_cache(4096)
def tint(color: str) -> str:
    """Return the classes of media.css for "#2a80f0": "r2 g8 be"; the CSP allows no style."""
    parts = zip("rgb", (1, 3, 5), strict=True) if color else ()
    shades = ((part, int(color[at : at + 2], 16) // STEP) for part, at in parts)
    return " ".join(part + DIGITS[min(shade, len(DIGITS) - 1)] for part, shade in shades)


class MediaFacts:
    """For a class with `key`, `moves` and `container` of a Media, which a row of a timeline has as
    well: the addresses of its files.
    """

    __slots__ = ()

    @property
    def small(self: Any) -> str:
        return uploads.url(self.key, "small.webp")

    @property
    def large(self: Any) -> str:
        return uploads.url(self.key, "large.webp")

    @property
    def still(self: Any) -> str:
        return uploads.url(self.key, images.STILL)

    @property
    def preview(self: Any) -> str:
        """A picture made small that stands still, for where nobody could stop it."""
        return str(self.still if self.moves else self.small)

    @property
    def video(self: Any) -> str:
        return uploads.url(self.key, video.file_name(self.container))


class MediaQuerySet(models.QuerySet["Media"]):
    def of_posts(self, ids: Collection[int]) -> Self:
        return self.filter(post__in=ids).order_by("post", "position")

    def pictures(self) -> Self:
        return self.filter(kind="image")

    def keys(self, keys: Collection[str]) -> "models.QuerySet[Any, str]":
        """Those of `keys` that are a picture's or a video's."""
        return self.filter(key__in=keys).values_list("key", flat=True)

    def with_ids(self, pk: int | None) -> Self:
        return self.filter(pk=pk)

    def pictures_of(self, account: Account) -> Self:
        return self.filter(
            owner=account.pk, kind="image", post__hidden_at=None, post__deleted_at=None
        )

    def undescribed_by(self, account: Account) -> Self:
        """The pictures of `account` that say nothing to who does not see them, of posts that stand,
        the newest post first.
        """
        return self.pictures_of(account).filter(alt="").order_by("-post", "position")

    @transaction.atomic
    def delete_with_room(self) -> None:
        """Delete these rows, whose files are gone, and give back what they took of somebody's
        storage.
        """
        # who does the same waits, and then finds none
        lock_rows(Account.objects.filter(pk__in=set(self.values_list("payer", flat=True))))
        room = Counter[int]()
        for payer, size in self.values_list("payer", "bytes"):
            room[payer] += size
        for payer in sorted(room):
            Account.objects.filter(pk=payer).update(
                stored_bytes=clamped_delta("stored_bytes", -room[payer])
            )
        self.delete()

    def unmeasured(self) -> Self:
        return self.filter(bytes=0)

    def after(self, media: "Media") -> Self:
        """Of those, what comes after `media`."""
        return self.filter(
            Q(post__lt=media.post_id) | Q(post=media.post_id, position__gt=media.position)
        )


class Media(MediaFacts, models.Model):
    """One picture or video of a post. Its files lie in the folder `key` of the storage."""

    class Kind(models.TextChoices):
        IMAGE = "image"
        VIDEO = "video"
        GIF = "gif", "GIF"  # a short silent video that repeats

    class Container(models.TextChoices):
        MP4 = "mp4", "MP4"
        WEBM = "webm", "WebM"

    post = models.ForeignKey(Post, models.CASCADE, related_name="media")
    owner = models.BigIntegerField(
        default=0, editable=False
    )  # the id of the post's author, so that one index finds what lacks a description
    payer = models.BigIntegerField(
        default=0, editable=False
    )  # the id of whose storage it takes: the owner, or who brought it in an archive
    bytes = models.PositiveBigIntegerField(default=0, editable=False)  # of all its files
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.IMAGE)
    key = models.CharField(max_length=32, unique=True, editable=False)
    # a picture does, whose first frame is a file of its own
    moves = models.BooleanField(default=False, editable=False)
    # of a video's file
    container = models.CharField(
        max_length=4, choices=Container, default=Container.MP4, editable=False
    )
    alt = models.TextField("description", blank=True, default="")
    # on the average, such as #2a80f0
    color = models.CharField("colour", max_length=7, blank=True, default="", editable=False)
    width = models.PositiveIntegerField()  # pixels, of the largest file
    height = models.PositiveIntegerField()
    # pixels, of a picture's small file
    small_width = models.PositiveIntegerField(default=0, editable=False)

    objects = MediaQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "media"
        ordering = ("post", "position")
        indexes = [
            models.Index(
                fields=["owner", "-post", "position"],
                condition=Q(alt="", kind="image"),
                name="media_undescribed",
            ),
            models.Index(fields=["payer"], name="media_payer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["post", "position"], name="media_position"),
            models.CheckConstraint(
                condition=Q(kind__in=["image", "video", "gif"]), name="media_kind"
            ),
            models.CheckConstraint(
                condition=Q(container__in=["mp4", "webm"]), name="media_container"
            ),
        ]

    def __str__(self) -> str:
        return self.alt or f"{self.kind} {self.position + 1} of {self.post_id}"

    def save(self, **more: Any) -> None:
        self.owner = self.owner or self.post.author_id
        self.payer = self.payer or self.owner
        super().save(**more)

    @property
    def tint(self) -> str:
        return tint(self.color)

    def discard_files(self) -> None:
        uploads.discard(self.key)
