"""A dry run: an archive is read to its end, and what would become of it is counted, by the rules of
an import.
"""

from collections.abc import Iterable, Sequence

from archives.importer import files
from archives.importer.existing import Fate, Known
from archives.importer.report import LOST, REMOVED, Report
from archives.models import ImportedAccount
from archives.x.archive import XArchive
from archives.x.tweet import Tweet


class Rehearsal(Known):
    """What is here, and what would be by now: the latter under numbers below 0, which no post has.

    `imported` tells of an earlier import of the same X account.
    """

    def __init__(self, archive: XArchive, imported: ImportedAccount | None, report: Report) -> None:
        super().__init__()
        self._archive, self._imported, self._report = archive, imported, report

    def run(self, batches: Iterable[Sequence[Tweet]]) -> None:
        """Count in the report what would become of the tweets of an archive."""
        for tweets in batches:
            self.look_up(self._imported.source_id if self._imported else "", tweets)
            if self._imported:
                self.look_for_retweets(
                    self._imported.account, [pk for pk in self.retweeted(tweets) if pk > 0]
                )
            for tweet in tweets:
                self._take(tweet)

    def _take(self, tweet: Tweet) -> None:
        fate, post_id = self.fate(tweet)
        match fate:
            case Fate.LOST:
                self._report.skipped[LOST] += 1
            case Fate.REMOVED:
                self._report.skipped[REMOVED] += 1
            case Fate.DELETED:
                self._report.deleted += 1
                self._remember(tweet, None)
            case Fate.HERE:
                self._report.here += 1
                self._remember(tweet, post_id)
            case Fate.NEW:
                self._add(tweet, post_id)

    def _add(self, tweet: Tweet, original: int | None) -> None:
        post_id = -2 * tweet.id
        self._remember(tweet, post_id)
        if target := tweet.retweet_of:
            original = original or post_id - 1
            self.retweets[original], self.originals[post_id] = post_id, original
            if target.id and not target.is_own:
                self.external[target.id] = original
        else:
            found, missing = files.check_all(self._archive, tweet)
            self._report.media += found
            self._report.missing.update(missing)
        self._report.kinds[tweet.kind] += 1
        self._report.date(tweet.moment)

    def _remember(self, tweet: Tweet, post_id: int | None) -> None:
        for version in tweet.versions:
            self.known.setdefault(version, post_id)
