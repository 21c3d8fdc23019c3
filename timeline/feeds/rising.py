"""The tags that rise: used by more people than is usual for them. What that means, and why nobody
can buy it: docs/decisions/rising-tags.md.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.models import MutedWord
from microblog.text import fold
from timeline import ids
from timeline.models import KeywordRule, Post, RisingTag, Tag, Tagging

DAY = timedelta(days=1)
USUAL = timedelta(days=7)  # before that day
SETTLED = timedelta(days=7)  # since somebody joined, for them to count
MOST_POSTS = 100_000  # of that day, the newest
MOST_CANDIDATES, MOST_USED = 50, 2000  # tags whose usual is asked, and posts of each for it
FEWEST_PEOPLE, ONE_IN, FEWEST_HOURS = 3, 100, 3
LEAST_SCORE = 2
MOST_CHOSEN, SHOWN = 30, 5


class Use(NamedTuple):
    """How a tag was used within the last day, by people who count."""

    people: dict[int, int]  # and the first post of each with it
    posts: int
    since: int

    @property
    def hours(self) -> int:
        """In how many hours somebody came to it who had not used it yet."""
        return len(
            {
                ids.time_of(post).replace(minute=0, second=0, microsecond=0)
                for post in self.people.values()
            }
        )


def choose(now: datetime | None = None) -> None:
    """Choose anew what rises; where that is what was chosen before, nothing is written."""
    rising = [(place, *of) for place, of in enumerate(_rising(now or timezone.now()), 1)]
    columns = ("place", "tag", "people", "posts", "since")
    if rising != list(RisingTag.objects.order_by("place").values_list(*columns)):
        names = ("place", "tag_id", "people", "posts", "since")
        with transaction.atomic():
            RisingTag.objects.all().delete()
            RisingTag.objects.bulk_create(
                RisingTag(**dict(zip(names, row, strict=True))) for row in rising
            )


def _rising(now: datetime) -> list[tuple[int, int, int, int]]:
    """Return tag, people, posts and the first post of each that rises, the fastest first."""
    uses = _spread(_uses(now))
    allowed = _allowed(
        sorted(uses, key=lambda tag: (-len(uses[tag].people), tag))[:MOST_CANDIDATES]
    )
    scores = {tag: _score(len(uses[tag].people), _usual(tag, now)) for tag in allowed}
    rising = sorted((-score, tag) for tag, score in scores.items() if score >= LEAST_SCORE)
    return [
        (tag, len(uses[tag].people), uses[tag].posts, uses[tag].since)
        for _, tag in rising[:MOST_CHOSEN]
    ]


def _uses(now: datetime) -> dict[int, Use]:
    """Return how each tag was used within a day: along the ids of the posts, not through all."""
    said = Post.objects.for_rising(now - DAY, settled=now - SETTLED)
    people: dict[int, dict[int, int]] = defaultdict(dict)
    posts: dict[int, list[int]] = defaultdict(list)
    for tag, post, author in said.values_list("taggings__tag", "pk", "author")[:MOST_POSTS]:
        people[tag][author] = post  # the newest comes first: what is left is the oldest
        posts[tag].append(post)
    return {tag: Use(people[tag], len(posts[tag]), min(posts[tag])) for tag in posts}


def _spread(uses: dict[int, Use]) -> dict[int, Use]:
    """Return those that enough people came to, of all who used any, and in enough hours."""
    everybody = {author for use in uses.values() for author in use.people}
    fewest = max(FEWEST_PEOPLE, len(everybody) // ONE_IN)
    return {
        tag: use
        for tag, use in uses.items()
        if len(use.people) >= fewest and use.hours >= FEWEST_HOURS
    }


def _allowed(tags: list[int]) -> list[int]:
    """Return those of `tags` that no moderator hid and no rule about words catches."""
    rules = list(KeywordRule.objects.active())
    found = Tag.objects.filter(pk__in=tags, may_rise=True).values_list("pk", "folded")
    return [
        pk
        for pk, folded in found
        if not any(rule.catches(fold(folded), fold(f"#{folded}")) for rule in rules)
    ]


def _usual(tag: int, now: datetime) -> float:
    """Return how many people used `tag` on a day of the week before, each once a day; of a tag that
    is used more than MOST_USED times, on the days that these make.
    """
    start, end = ids.first_id_at(now - DAY - USUAL), ids.first_id_at(now - DAY)
    used = Tagging.objects.filter(tag=tag, post__gte=start, post__lt=end).order_by("-post")
    found = list(used.values_list("post", "post__author")[:MOST_USED])
    days = USUAL / DAY
    if len(found) == MOST_USED:
        days = max((now - DAY - ids.time_of(found[-1][0])) / DAY, 1)
    return len({((now - ids.time_of(post)) // DAY, author) for post, author in found}) / days


def _score(people: int, usual: float) -> float:
    """Return how far above its usual a tag is, in deviations of a number that is so by chance."""
    return float((people - usual) / (usual + 1) ** 0.5)


def seen_by(viewer: Any) -> Any:
    """Return what rises, as far as `viewer` may see and wants any of it."""
    said = (
        Post.objects.visible_to(viewer)
        .wanted_by(viewer)
        .listed()
        .discoverable()
        .filter(taggings__tag=OuterRef("tag"), taggings__post__gte=OuterRef("since"))
    )
    found = RisingTag.objects.alias(said=Subquery(said.values("pk")[:1]))
    found = found.filter(said__gt=0, tag__may_rise=True).order_by("place")
    if not viewer:
        return found
    spelt = Q(folded=OuterRef("tag__folded")) | Q(
        folded=Concat(Value("#"), OuterRef("tag__folded"))
    )
    return found.filter(~Exists(MutedWord.objects.by(viewer).standing().filter(spelt)))
