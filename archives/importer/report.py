"""What an import did, or would do: counted, and put into words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Account
from archives.importer.plan import Outcome, Step
from timeline.ids import time_of

KINDS = {"post": "posts", "reply": "replies", "quote": "quotes", "retweet": "retweets"}
LIKES = "Likes are not imported: X's like.js has neither their authors nor their dates."
NEVER = (
    "Tweets that were deleted on X or for the Circle alone, direct messages and e-mail addresses "
    "are never imported."
)
REMOVED = "retweets of people who asked not to be here"
CIRCLE = (
    "tweets of August 2022 to November 2023, when the account had a Circle (--circle-window "
    "publish takes them)"
)
LOST = "retweets of own tweets that are not in the archive"
PROTECTED = "The account was protected at times. What is imported is public."


@dataclass
class ImportSummary:
    """What became of an archive; `handle` and `made_at` are the archive's.

    Every tweet of it is in one of kinds, existing, deleted or skipped.
    """

    handle: str
    made_at: datetime | None
    is_dry: bool = False
    account: Account | None = None
    claim_url: str = ""
    kinds: Counter[str] = field(default_factory=Counter)
    existing: int = 0
    updated: int = 0
    deleted: int = 0
    skipped: Counter[str] = field(default_factory=Counter)  # by reason
    versions: int = 0  # entries of tweets.js that are other versions of a tweet
    # files with posts, and how many those are; None: nobody can tell
    unread: dict[str, int | None] = field(default_factory=dict)
    media: int = 0
    missing: Counter[str] = field(default_factory=Counter)  # media, by reason
    first: datetime | None = None
    last: datetime | None = None
    notes: list[str] = field(default_factory=list)

    def count(self, step: Step) -> None:
        """Count one step of the plan, but for its media."""
        match step.outcome:
            case Outcome.NEW:
                self.kinds[step.tweet.kind] += 1
                self._date(time_of(step.wanted_id))
            case Outcome.EXISTING:
                self.existing += 1
            case Outcome.DELETED:
                self.deleted += 1
            case Outcome.LOST:
                self.skipped[LOST] += 1
            case Outcome.REMOVED:
                self.skipped[REMOVED] += 1

    def add(self, other: "ImportSummary") -> None:
        """Take over what `other`, the summary of one batch, counts."""
        for name in ("kinds", "skipped", "missing"):
            getattr(self, name).update(getattr(other, name))
        for name in ("existing", "updated", "deleted", "media"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        moments = [moment for moment in (self.first, self.last, other.first, other.last) if moment]
        self.first, self.last = (min(moments), max(moments)) if moments else (None, None)

    def _date(self, moment: datetime) -> None:
        self.first, self.last = min(self.first or moment, moment), max(self.last or moment, moment)

    def lines(self) -> Iterator[str]:
        made = f", made {self.made_at:%Y-%m-%d}" if self.made_at else ""
        to = f" into {self.account}" if self.account else " into a new account"
        yield f"X's archive of @{self.handle}{made}{to}"
        if self.is_dry:
            yield "A dry run: nothing was changed."
        yield f"{'Would come in' if self.is_dry else 'Came in'}: {self.kinds.total():,}"
        if self.kinds.total():
            yield "  " + " · ".join(f"{KINDS[kind]} {self.kinds[kind]:,}" for kind in KINDS)
        if self.first and self.last:
            yield f"  from {self.first:%Y-%m-%d} to {self.last:%Y-%m-%d}"
        updated = f", {self.updated:,} of them brought up to date" if self.updated else ""
        yield f"Already here: {self.existing:,}{updated}"
        if self.deleted:
            yield f"Deleted here, and so left out: {self.deleted:,}"
        if self.versions:
            yield f"Earlier versions of edited tweets: {self.versions:,}"
        yield f"Media: {self.media:,} found, {self.missing.total():,} missing"
        yield from _reasons(self.missing)
        yield f"Skipped: {self.skipped.total():,}"
        yield from _reasons(self.skipped)
        if self.unread:
            yield f"Files with posts that are not read: {len(self.unread):,}"
        for name, number in self.unread.items():
            yield f"  {'broken' if number is None else f'{number:,}'}: {name}{_why(name)}"
        yield from self.notes
        yield LIKES
        yield NEVER
        if self.claim_url:
            yield (
                f"Nobody can sign in as {self.account} yet. By this link, once and within a week, "
                "its owner sets e-mail and password:"
            )
            yield self.claim_url


def _why(name: str) -> str:
    if "deleted" in name:
        return " (deleted on X)"
    return " (for the Circle alone)" if "circle" in name else ""


def _reasons(counter: Counter[str]) -> Iterator[str]:
    for reason, number in counter.most_common():
        yield f"  {number:,}: {reason}"
