"""The first pass over an archive: every tweet is read, converted and spooled, before anything is
changed here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from archives.importer.report import CIRCLE, ImportSummary
from archives.reader.json_stream import Malformed
from archives.reader.spool import Spool
from archives.x.archive import CIRCLE_WINDOW, Owner, XArchive
from archives.x.json_access import child, children, string, unwrapped
from archives.x.note import Notes
from archives.x.text import is_link, without_first_name
from archives.x.tweet import SkippedError, Tweet, convert
from timeline.ids import x_time

X_BEGAN = datetime(2006, 3, 1, tzinfo=UTC)
BEGINNING = 30  # characters by which a retweet of one's own finds its original


@dataclass
class ScannedArchive:
    """The tweets of an archive that come in, and what is to be known before the first does."""

    summary: ImportSummary
    spool: Spool[Tweet] = field(default_factory=Spool)
    # first version's id, own id, place
    places: list[tuple[int, int, int]] = field(default_factory=list)
    # handles, in lower case, of those whom it retweets
    authors: set[str] = field(default_factory=set)
    # where the t.co links of the profile lead, as far as tweets tell
    links: dict[str, str] = field(default_factory=dict)
    newest: datetime | None = None
    # own retweets of own tweets: the original's id by the retweet's
    originals: dict[int, int] = field(default_factory=dict)

    def tweets(self) -> Iterator[Tweet]:
        """Yield the last version of each tweet, at the time of its first, in the order of ids."""
        self.places.sort()
        for first, group in groupby(self.places, key=lambda place: place[0]):
            versions = [self.spool.get(place) for _, _, place in group]
            tweet, ids = versions[-1], {id_ for version in versions for id_ in version.versions}
            began = versions[0].moment if versions[0].id == first else _began(first, tweet.moment)
            if tweet.retweet_of and tweet.id in self.originals:
                target = replace(tweet.retweet_of, id=self.originals[tweet.id])
                tweet = replace(tweet, retweet_of=target)
            yield replace(tweet, versions=tuple(sorted(ids)), moment=began)

    def __len__(self) -> int:
        """Return how many tweets there are, the versions of one counted once."""
        return len({first for first, _, _ in self.places})

    def close(self) -> None:
        self.spool.close()


def scan(
    archive: XArchive,
    summary: ImportSummary,
    profile_links: set[str],
    *,
    publish_circle_window: bool = False,
) -> ScannedArchive:
    """Read the tweets of `archive`; `summary` counts what is left out. Raises ArchiveError."""
    sieve = _Sieve(archive, publish_circle_window=publish_circle_window)
    scanned, notes = ScannedArchive(summary), Notes()
    own_retweets: list[Tweet] = []
    try:
        for item in archive.notes():
            notes.add(item)
        for item in archive.tweets():
            _resolve(item, profile_links, scanned.links)
            try:
                tweet = _tweet(item, notes, archive.owner)
                sieve.check(tweet)
            except SkippedError as error:
                summary.skipped[str(error)] += 1
                continue
            scanned.newest = max(scanned.newest or tweet.moment, tweet.moment)
            scanned.places.append((tweet.versions[0], tweet.id, scanned.spool.add(tweet)))
            if tweet.retweet_of and not tweet.retweet_of.is_own:
                scanned.authors.add(tweet.retweet_of.handle.lower())
            elif tweet.retweet_of and not tweet.retweet_of.id:
                own_retweets.append(tweet)
        if notes.unjoined:
            summary.notes.append(f"Long texts that belong to no tweet: {notes.unjoined:,}")
    except BaseException:
        scanned.close()
        raise
    finally:
        notes.close()
    summary.unread = archive.unread()
    summary.versions = len(scanned.places) - len(scanned)
    scanned.originals = _originals(scanned, own_retweets)
    return scanned


def _began(first: int, edited: datetime) -> datetime:
    """Return when the missing first version of a tweet was posted: X allows edits for an hour."""
    exact = x_time(first)
    return exact if exact and edited - timedelta(hours=2) <= exact <= edited else edited


def _tweet(item: Any, notes: Notes, owner: Owner) -> Tweet:
    """Return what the tweet `item` says; raise SkippedError where it says nothing."""
    if isinstance(item, Malformed):
        large = f"larger than a megabyte, which no tweet is: entry {item.number:,} of {item.file}"
        raise SkippedError(large if item.is_large else "broken: this is no JSON")
    return convert(item, notes, owner)


class _Sieve:
    """What may not come in."""

    def __init__(self, archive: XArchive, *, publish_circle_window: bool) -> None:
        self._circle, self._deleted = archive.circle_ids, archive.deleted_ids
        self._community = archive.community_ids
        self._window = None if publish_circle_window or not archive.has_circle else CIRCLE_WINDOW
        self._now = datetime.now(UTC)

    def check(self, tweet: Tweet) -> None:
        """Raise SkippedError where `tweet` may not come in."""
        if not self._circle.isdisjoint(tweet.versions):
            raise SkippedError("Circle tweets")
        if not self._deleted.isdisjoint(tweet.versions):
            raise SkippedError("tweets that were deleted on X")
        is_public = not self._community.isdisjoint(tweet.versions)
        if self._window and self._window[0] <= tweet.moment < self._window[1] and not is_public:
            raise SkippedError(CIRCLE)
        if not X_BEGAN <= tweet.moment <= self._now:
            raise SkippedError("dated in the future, or before X was there")


def _resolve(item: Any, wanted: set[str], links: dict[str, str]) -> None:
    """Put into `links` what a tweet tells of the `wanted` ones."""
    if wanted:
        for url in children(child(unwrapped(item, "tweet"), "entities"), "urls"):
            short, full = string(url, "url"), string(url, "expanded_url")
            if short in wanted and is_link(full):
                links[short] = full


def _originals(scanned: ScannedArchive, retweets: list[Tweet]) -> dict[int, int]:
    """Return which own tweet each of `retweets` repeats: the newest before it that has its text, or
    begins with what X left of it.
    """
    wanted: dict[str, list[tuple[Tweet, str]]] = {}
    for retweet in retweets:
        for text in {retweet.text, without_first_name(retweet.text)} - {""}:
            wanted.setdefault(text[:BEGINNING], []).append((retweet, text))
    found = {}
    for tweet in scanned.tweets() if wanted else ():
        for retweet, text in wanted.get(tweet.text[:BEGINNING], ()) if not tweet.retweet_of else ():
            stub = text.removesuffix("…").rstrip() if text.endswith("…") else ""
            is_same = tweet.text.startswith(stub) if stub else tweet.text == text
            if is_same and tweet.id < retweet.id:
                found[retweet.id] = tweet.id
    return found
