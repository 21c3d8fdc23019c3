"""What is here already of what some tweets are about, and so what becomes of each."""

from collections.abc import Iterable, Sequence
from enum import Enum, auto

from accounts.models import Account, RemovedHandle
from archives.importer.externals import external_accounts
from archives.models import X_HOST, ImportedAccount, ImportedId
from archives.reader.container import ArchiveError
from archives.x.tweet import Target, Tweet
from microblog.db.locks import lock_rows
from timeline.models import Post


class Fate(Enum):
    """What becomes of a tweet."""

    NEW = auto()  # it comes in
    HERE = auto()  # it came before, or is one more retweet of what is retweeted
    DELETED = auto()  # it, or what it retweets, was deleted here
    LOST = auto()  # a retweet of an own tweet that is not in the archive
    REMOVED = auto()  # a retweet of somebody who asked not to be here


class Known:
    """What came in before.

    `known` are posts by X's id, None for what was deleted here: of this archive; `external`
    likewise, of originals that retweets brought. `originals` are what those known ones that are
    retweets retweet; `retweets` are the account's, by their originals' ids. `removed` are the
    handles there, in lower case, of people who asked not to be here.
    """

    def __init__(self) -> None:
        self.known: dict[int, int | None] = {}
        self.external: dict[int, int | None] = {}
        self.removed: set[str] = set()
        self.originals: dict[int, int | None] = {}
        self.retweets: dict[int, int] = {}

    def look_up(self, source_account: str, tweets: Sequence[Tweet]) -> None:
        """Ask for all but `retweets` of what `tweets` are about, as far as it is not known yet.

        `source_account` is "" for a new one.
        """
        targets = [
            target
            for tweet in tweets
            for target in (tweet.reply_to, tweet.quote_of, tweet.retweet_of)
            if target
        ]
        ids = {version for tweet in tweets for version in tweet.versions} | {
            target.id for target in targets if target.id
        }
        found = _posts_of(source_account, ids - self.known.keys()) if source_account else {}
        self.known |= found
        known = [post_id for post_id in found.values() if post_id]
        retweets = Post.objects.filter(pk__in=known).exclude(retweet_of=None)
        self.originals.update(retweets.values_list("pk", "retweet_of"))
        shown = self.to_show(tweets)
        self.external |= _posts_of(
            "", {target.id for target in shown if target.id} - self.external.keys()
        )
        names = {f"{target.handle.lower()}@{X_HOST}" for target in shown if not target.is_own}
        self.removed |= {name.partition("@")[0] for name in RemovedHandle.objects.among(names)}

    def look_for_retweets(self, account: Account, originals: Iterable[int]) -> None:
        found: dict[int, int | None] = dict(
            Post.objects.by(account)
            .filter(retweet_of__in=originals)
            .values_list("pk", "retweet_of")
        )
        self.originals |= found
        self.retweets |= {original: post_id for post_id, original in found.items() if original}

    def to_show(self, tweets: Iterable[Tweet]) -> list[Target]:
        """What those of `tweets` retweet that did not come before."""
        return [tweet.retweet_of for tweet in tweets if tweet.retweet_of and not self.knows(tweet)]

    def retweeted(self, tweets: Iterable[Tweet]) -> list[int]:
        """Which of it is here."""
        return [
            post_id
            for target in self.to_show(tweets)
            if target.id and (post_id := self._original(target))
        ]

    def knows(self, tweet: Tweet) -> bool:
        return any(version in self.known for version in tweet.versions)

    def post(self, target: Target) -> int | None:
        """The own post that `target` is; of a retweet its original, which is what one means by
        answering or quoting it.
        """
        post_id = self.known.get(target.id or 0)
        return self.originals.get(post_id, post_id) if post_id else None

    def _original(self, target: Target) -> int | None:
        return self.post(target) if target.is_own else self.external.get(target.id or 0)

    def fate(self, tweet: Tweet) -> tuple[Fate, int | None]:
        """What becomes of `tweet`, and its post, where it is HERE; of a NEW retweet its original,
        None where that is new as well.
        """
        known = [self.known[version] for version in tweet.versions if version in self.known]
        if known:
            post_id = next((pk for pk in known if pk), None)
            return (Fate.HERE if post_id else Fate.DELETED), post_id
        return self._fate_of_retweet(tweet.retweet_of) if tweet.retweet_of else (Fate.NEW, None)

    def _fate_of_retweet(self, target: Target) -> tuple[Fate, int | None]:
        if target.is_own:
            if target.id not in self.known:
                return Fate.LOST, None
        elif target.handle.lower() in self.removed:
            return Fate.REMOVED, None
        elif target.id not in self.external:
            return Fate.NEW, None
        original = self._original(target)
        if not original:
            return Fate.DELETED, None
        if original in self.retweets:
            return Fate.HERE, self.retweets[original]
        return Fate.NEW, original


class Here(Known):
    """All that is to be known before `tweets` become posts.

    What must not change meanwhile is held until the transaction ends.

    `authors` are the external accounts that `tweets` retweet, by handle in lower case. `suspended`
    accounts and `unseen` originals do not count. Raises ArchiveError when the account may not post
    any more.
    """

    def __init__(self, imported: ImportedAccount, tweets: Sequence[Tweet]) -> None:
        super().__init__()
        self.look_up(imported.source_id, tweets)
        others = [target for target in self.to_show(tweets) if not target.is_own]
        self.authors = external_accounts(
            target for target in others if target.handle.lower() not in self.removed
        )
        retweeted = self.retweeted(tweets)
        self._hold(imported.account, retweeted)
        self.look_for_retweets(imported.account, retweeted)

    def _hold(self, account: Account, retweeted: Sequence[int]) -> None:
        author_of = dict(Post.objects.filter(pk__in=retweeted).values_list("pk", "author"))
        people = {account.pk, *(author.pk for author in self.authors.values()), *author_of.values()}
        standing = lock_rows(Account.objects.filter(pk__in=people), "suspended_at")
        if standing.get(account.pk) != (None,):
            raise ArchiveError(f"{account} was suspended or deleted meanwhile.")
        self.suspended = {pk for pk, values in standing.items() if values != (None,)}
        posts = lock_rows(Post.objects.filter(pk__in=retweeted), "hidden_at", "deleted_at")
        self.unseen = {
            pk
            for pk, values in posts.items()
            if values != (None, None) or author_of[pk] in self.suspended
        }


def _posts_of(source_account: str, ids: Iterable[int]) -> dict[int, int | None]:
    """What came in before: the post by X's id; None where it was deleted here."""
    rows = ImportedId.objects.of(source_account, ids).values_list(
        "source_id", "post", "post__deleted_at"
    )
    return {int(source_id): None if deleted_at else post for source_id, post, deleted_at in rows}
