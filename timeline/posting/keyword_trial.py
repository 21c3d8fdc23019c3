"""Trying a rule about words: what it would have caught of all that was said here within a week,
looked up for a moment at most.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from django.utils import timezone

from accounts.models import Account, SignupPolicy
from microblog.text import fold
from timeline import ids
from timeline.models import KeywordRule, Media, Post

PERIOD = timedelta(days=7)
MOST_POSTS = 20_000
MOST_SHOWN = 100
SECONDS = 2.0
BATCH = 500


@dataclass
class Trial:
    """The posts that a rule would have caught among the newest: `number` of `looked_at`, of which
    `posts` are the newest few.
    """

    posts: list[Post] = field(default_factory=list)
    number: int = 0
    looked_at: int = 0
    back_to: datetime | None = None  # where that is less than the whole period

    @property
    def more(self) -> int:
        """Return how many it would have caught beside those that are shown."""
        return self.number - len(self.posts)


def try_out(rule: KeywordRule) -> Trial:
    """Try `rule` as it stands; from then on it can be switched on."""
    trial, last = Trial(), None
    shown: list[int] = []
    end = monotonic() + SECONDS
    recent = Post.objects.said_since(timezone.now() - PERIOD).values_list(
        "pk", "text", "author", "media_count"
    )
    while batch := list((recent.filter(pk__lt=last) if last else recent)[:BATCH]):
        caught = _caught(rule, batch)
        trial.looked_at += len(batch)
        trial.number += len(caught)
        shown += caught[: MOST_SHOWN - len(shown)]
        last = batch[-1][0]
        if trial.looked_at >= MOST_POSTS or monotonic() > end:
            trial.back_to = ids.time_of(last)
            break
    trial.posts = list(
        Post.objects.filter(pk__in=shown).with_author().prefetch_related("media").newest_first()
    )
    rule.mark_tried()
    return trial


def _caught(rule: KeywordRule, rows: list[tuple[int, str, int, int]]) -> list[int]:
    """Return the ids of `rows` (id, text, author, number of pictures) that `rule` catches."""
    alts: dict[int, list[str]] = {}
    for pk, alt in Media.objects.of_posts(
        [pk for pk, _, _, pictures in rows if pictures]
    ).values_list("post", "alt"):
        alts.setdefault(pk, []).append(fold(alt))
    caught = {
        pk: author for pk, text, author, _ in rows if rule.catches(fold(text), *alts.get(pk, ()))
    }
    if rule.scope == KeywordRule.Scope.NEWCOMERS and caught:
        signup_policy = SignupPolicy.objects.current()
        authors = Account.objects.with_user().in_bulk(set(caught.values()))
        return [
            pk
            for pk, author in caught.items()
            if signup_policy.is_newcomer(authors[author], ids.time_of(pk))
        ]
    return list(caught)
