"""What a rule about words would have caught: looked up in what was said here within a week, and no longer than a moment."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from django.utils import timezone

from accounts.models import Admission
from microblog.text import fold
from timeline.models import KeywordRule, Post

PERIOD = timedelta(days=7)
MOST_POSTS = 20_000
MOST_SHOWN = 100
SECONDS = 2.0
BATCH = 500


@dataclass
class Trial:
    """What a rule would have caught among the newest posts: `number` of `looked_at`, of which `posts` are the newest few."""

    posts: list[Post] = field(default_factory=list)
    number: int = 0
    looked_at: int = 0
    back_to: datetime | None = None  # where that is less than the whole period

    @property
    def more(self) -> int:
        """How many it would have caught beside those that are shown."""
        return self.number - len(self.posts)


def try_out(rule: KeywordRule) -> Trial:
    """Try `rule` as it stands; from then on it can be switched on."""
    trial, admission = Trial(), Admission.objects.current()
    end, last = monotonic() + SECONDS, None
    said = Post.objects.said_since(timezone.now() - PERIOD)
    while batch := list((said.filter(pk__lt=last) if last else said)[:BATCH]):
        for post in batch:
            trial.looked_at += 1
            if rule.catches(fold(post.text), *(fold(media.alt) for media in post.media.all())) and _held_for(post, rule, admission):
                trial.number += 1
                trial.posts += [post] if len(trial.posts) < MOST_SHOWN else []
        last = batch[-1].pk
        if trial.looked_at >= MOST_POSTS or monotonic() > end:
            trial.back_to = batch[-1].created_at
            break
    rule.mark_tried()
    return trial


def _held_for(post: Post, rule: KeywordRule, admission: Admission) -> bool:
    return rule.scope == KeywordRule.Scope.EVERYBODY or admission.is_newcomer(post.author, post.created_at)
