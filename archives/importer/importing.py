"""An archive comes in: read first, then written batch by batch, so that whatever interrupts it, the
next run completes it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from django.db import IntegrityError

from accounts.auth.one_time_links import claim_url
from accounts.models import Account
from archives.importer import disk_space, files, profile
from archives.importer.apply import Batch
from archives.importer.existing import Existing
from archives.importer.files import Stored
from archives.importer.mentions import MentionLinks
from archives.importer.plan import Planner
from archives.importer.profile import Destination
from archives.importer.report import PROTECTED, ImportSummary
from archives.importer.scan import ScannedArchive, scan
from archives.models import ImportedAccount, ImportedId
from archives.reader.container import ArchiveError, open_archive
from archives.x.archive import XArchive
from archives.x.tweet import Tweet
from timeline.models import Notification
from timeline.models.notification import tell_of_today

BATCH = 250
BATCH_MEDIA = 50
ATTEMPTS = 3

type Progress = Callable[[int, int], object]
"""Is told how many tweets are done, and of how many."""


def _tell_nobody(done: int, total: int) -> None:
    pass


def import_archive(
    path: Path,
    *,
    handle: str = "",
    dry_run: bool = False,
    publish_circle_window: bool = False,
    progress: Progress = _tell_nobody,
) -> ImportSummary:
    """Bring X's archive at `path` (a zip or a folder) into the account `handle`, or into one with
    its own handle.

    A dry run makes the same plan, and changes nothing. Raises ArchiveError; then nothing was
    changed, unless a batch or more had come in already. Then running it again goes on where it
    stopped.
    """
    with open_archive(path) as container:
        archive = XArchive(container)
        summary = ImportSummary(archive.owner.handle, archive.made_at, is_dry=dry_run)
        destination = profile.destination(archive.owner, handle)
        summary.account = destination.account
        links = profile.short_links(archive.profile())
        with (
            disk_space.explain_full_disk(summary),
            closing(
                scan(archive, summary, links, publish_circle_window=publish_circle_window)
            ) as scanned,
        ):
            if archive.was_protected:
                summary.notes.append(PROTECTED)
            batches = _counted(_batches(scanned.tweets()), len(scanned), progress)
            shortage = disk_space.shortage(_need(archive, scanned), destination.account)
            if dry_run:
                _count_plan(archive, destination, summary, batches)
                summary.notes += [shortage] if shortage else []
                return summary
            if shortage:
                raise ArchiveError(f"{shortage} Nothing was changed.")
            imported, is_newest = profile.import_profile(archive, scanned, destination, summary)
            summary.account = imported.account
            _write(archive, scanned, batches, imported, is_newest=is_newest)
    if imported.account.user_id:
        tell_of_today(Notification.Kind.IMPORT, [imported.account.pk])
    else:
        summary.claim_url = claim_url(imported.account)
    return summary


def _count_plan(
    archive: XArchive,
    destination: Destination,
    summary: ImportSummary,
    batches: Iterable[Sequence[Tweet]],
) -> None:
    """Count what the tweets would become, and read their media to the end."""
    imported = destination.imported
    planner = Planner(Existing(imported.source_id if imported else "", destination.account))
    for tweets in batches:
        for step in planner.steps(tweets):
            summary.count(step)
            if step.has_media:
                found, missing = files.check_all(archive, step.tweet)
                summary.media += found
                summary.missing.update(missing)


def _need(archive: XArchive, scanned: ScannedArchive) -> disk_space.Need:
    """Return the room that those of the tweets need which are not here yet."""
    need = disk_space.Need()
    for tweets in _batches(scanned.tweets()):
        known = _imported_ids(str(archive.owner.id), tweets)
        for tweet in tweets:
            if known.isdisjoint(tweet.versions):
                need.add(tweet, [files.size(archive, tweet, file) for file in tweet.media])
    return need


def _batches(tweets: Iterable[Tweet]) -> Iterator[list[Tweet]]:
    """Yield `tweets` by batches: short transactions, and little is lost by an interruption."""
    batch: list[Tweet] = []
    media = 0
    for tweet in tweets:
        batch.append(tweet)
        media += len(tweet.media)
        if len(batch) == BATCH or media >= BATCH_MEDIA:
            yield batch
            batch, media = [], 0
    if batch:
        yield batch


def _counted(
    batches: Iterator[list[Tweet]], total: int, progress: Progress
) -> Iterator[list[Tweet]]:
    done = 0
    progress(done, total)
    for batch in batches:
        yield batch
        done += len(batch)
        progress(done, total)


def _write(
    archive: XArchive,
    scanned: ScannedArchive,
    batches: Iterable[list[Tweet]],
    imported: ImportedAccount,
    *,
    is_newest: bool,
) -> None:
    links = MentionLinks(imported.account, scanned.authors)
    last_id = 0
    for tweets in batches:
        stored, missing = _store_media(archive, tweets, imported.account)
        for attempt in range(1, ATTEMPTS + 1):
            batch = Batch(imported, tweets, stored, links, last_id)
            try:
                batch.write(is_newest=is_newest)
            except IntegrityError:  # somebody else wrote the same at the same time: look again
                if attempt == ATTEMPTS:
                    raise
            else:
                break
        last_id = batch.last_id
        batch.summary.missing.update(missing)
        scanned.summary.add(batch.summary)


def _store_media(
    archive: XArchive, tweets: Iterable[Tweet], account: Account
) -> tuple[dict[int, list[Stored]], Counter[str]]:
    """Keep the media of tweets that are not here yet, before their transaction begins; return them
    by the tweet's id, and by reason how many are missing: not those of retweets, which others have.
    """
    quota = files.StorageQuota(Account.objects.get(pk=account.pk))
    known = _imported_ids(str(archive.owner.id), tweets)
    missing: Counter[str] = Counter()
    stored = {}
    for tweet in tweets:
        if tweet.media and known.isdisjoint(tweet.versions):
            stored[tweet.id], reasons = files.store_all(archive, tweet, quota)
            missing.update(reasons if not tweet.retweet_of else ())
    return stored, missing


def _imported_ids(source_account: str, tweets: Iterable[Tweet]) -> set[int]:
    """Return which ids of these tweets came in before."""
    ids = [version for tweet in tweets for version in tweet.versions]
    return {
        int(id_)
        for id_ in ImportedId.objects.of(source_account, ids).values_list("source_id", flat=True)
    }
