"""What a link shows of the page behind it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from microblog.db.locks import lock_rows
from microblog.media import uploads
from microblog.media.images import Picture
from microblog.net import hosts
from microblog.net.opengraph import Summary
from timeline.signals import card_due, found_by_changed

MAX_URL = 2000  # bytes; more does not fit into an index of PostgreSQL
KEPT = timedelta(days=1)  # what was found, or that nothing was, is not asked for again
AT_WORK = timedelta(seconds=60)  # a fetch that takes longer was broken off


class LinkCardQuerySet(models.QuerySet["LinkCard"]):
    def due(self) -> "LinkCardQuerySet":
        """Those that may be fetched now: never yet, or not for a day, and by nobody else in this
        moment.
        """
        return self.filter(Q(due_at=None) | Q(due_at__lte=timezone.now()))

    @transaction.atomic
    def for_urls(self, urls: Collection[str]) -> "dict[str, LinkCard]":
        """Return the card of each of `urls`, absolute http(s) addresses, by its address, made where
        there is none; but for those that can have none.

        They stay until the transaction ends. They are made and held in one order, so that two who
        post the same links at once do not wait for each other in a circle.
        """
        domains = {url: domain for url in urls if (domain := domain_of(url))}
        cards: dict[str, LinkCard] = {}
        while missing := sorted(domains.keys() - cards.keys()):  # again where one went meanwhile
            self.bulk_create(
                (LinkCard(url=url, domain=domains[url]) for url in missing), ignore_conflicts=True
            )
            held = self.filter(url__in=missing).order_by("pk").select_for_update(no_key=True)
            cards |= {card.url: card for card in held}
        return cards

    def having_picture(self, key: str) -> "LinkCardQuerySet":
        return self.filter(key=key)

    def keys(self, keys: Collection[str]) -> "models.QuerySet[Any, str | None]":
        """Those of `keys` that are a card's picture."""
        return self.filter(key__in=keys).values_list("key", flat=True)


class LinkCard(models.Model):
    """The card of one address, shared by all posts that end with it."""

    url = models.TextField(unique=True)
    domain = models.TextField()  # as it is shown: of the link, then of the page that answered
    title = models.TextField(blank=True, default="")
    description = models.TextField(blank=True, default="")

    # Its picture: a copy made anew, in a folder of the storage.
    key = models.CharField(max_length=32, unique=True, null=True, blank=True, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)  # pixels
    height = models.PositiveIntegerField(default=0, editable=False)

    # whether or not anything was there
    fetched_at = models.DateTimeField("last fetched", null=True, blank=True, editable=False)
    # a post may have it fetched then; NULL: at once
    due_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LinkCardQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url

    @property
    def picture(self) -> str:
        """The address of its picture, "" where it has none."""
        return uploads.url(self.key, "small.webp") if self.key else ""

    # --- What is behind the link, found by a task (timeline.posting.cards) ---

    def refresh(self) -> None:
        """Have it fetched by a task, if that is due: once for all posts that show it, and once a
        day when it is posted again.
        """
        if settings.LINK_CARDS and (self.due_at is None or self.due_at <= timezone.now()):
            card_due.send(LinkCard, card=self, when=None)

    def fetch_again(self) -> None:
        """Likewise, due or not."""
        LinkCard.objects.filter(pk=self.pk).update(due_at=None)
        self.due_at = None
        self.refresh()

    def claim(self) -> datetime | None:
        """Take the fetching upon oneself: the time that `keep` asks for.

        None when it is not due, or somebody else is at it.
        """
        until = timezone.now() + AT_WORK
        return until if LinkCard.objects.due().filter(pk=self.pk).update(due_at=until) else None

    @transaction.atomic
    def put_off(self, claim: datetime, until: datetime) -> None:
        """Have it fetched at `until` instead."""
        if LinkCard.objects.filter(pk=self.pk, due_at=claim).update(due_at=until):
            self._fetch_at(until)

    def look_after(self) -> None:
        """See to it that it is fetched, if somebody is at it: they may have been broken off."""
        self.refresh_from_db(fields=["due_at"])
        if self.due_at and self.due_at <= timezone.now() + AT_WORK:
            self._fetch_at(self.due_at)

    def _fetch_at(self, when: datetime) -> None:
        card_due.send(LinkCard, card=self, when=when)

    def keep(
        self,
        claim: datetime,
        summary: Summary | None,
        picture: Picture | None,
        answered_by: str = "",
    ) -> None:
        """Show what was found, and the host of `answered_by`, where the page was.

        Without a `summary` nothing was found, and it shows what it showed before.
        """
        now = timezone.now()
        changes: dict[str, Any] = {"fetched_at": now, "due_at": now + KEPT}
        key = uploads.store(picture.files, self._next_key()) if picture else None
        if summary:
            changes |= {"title": summary.title, "description": summary.description, "key": key}
            changes |= {"domain": _shown_host(answered_by) or self.domain}
            changes |= {
                "width": picture.width if picture else 0,
                "height": picture.height if picture else 0,
            }
        with transaction.atomic():
            kept = LinkCard.objects.filter(pk=self.pk, due_at=claim).update(**changes)
            if kept and summary and summary.title != self.title:
                found_by_changed.send(LinkCard, post_ids=self._post_ids())
        unused = self.key if kept else key
        if unused and not LinkCard.objects.filter(pk=self.pk).having_picture(unused).exists():
            transaction.on_commit(lambda: uploads.discard(unused))

    def _next_key(self) -> str:
        """The same for a fetch that was broken off and for the one after it, so that nothing of the
        first is left over.
        """
        return uploads.key_for("card", self.url, str(self.fetched_at))

    # --- Going ---

    def _post_ids(self) -> list[int]:
        return list(self.posts.order_by("-pk").values_list("pk", flat=True))

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if key := self.key:
            transaction.on_commit(lambda: uploads.discard(key))
        posts = self._post_ids()
        gone = super().delete(*args, **kwargs)
        found_by_changed.send(LinkCard, post_ids=posts)
        return gone

    @classmethod
    @transaction.atomic
    def drop_unused(cls, pk: int) -> None:
        """Take away the card, files and all, if no post shows it."""
        cards = cls.objects.filter(pk=pk)
        if lock_rows(cards) and (card := cards.filter(posts=None).first()):
            card.delete()


def domain_of(url: str) -> str:
    """What a card calls the site behind `url`: "https://www.example.com/a" is "example.com".

    Empty for an address without a card.
    """
    return _shown_host(url) if len(url.encode()) <= MAX_URL else ""


def _shown_host(url: str) -> str:
    try:
        return hosts.shown(urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # brackets around what is no address
        return ""
