"""What is here already of what some tweets are about."""

from collections.abc import Iterable, Sequence

from accounts.models import Account, RemovedHandle
from archives.models import X_HOST, ImportedAccount, ImportedId
from archives.reader.container import ArchiveError
from archives.x.tweet import Target, Tweet
from microblog.db.locks import lock_rows
from timeline.models import Post


class Existing:
    """What came in before, and what is planned to: posts by ids, the latter by ids below 0.

    `posts` are those of the archive account `source_account` ("" for one of which nothing came)
    by X's id, None for what was deleted here; `external` likewise, of originals that retweets
    brought. `originals` are what those of them that are retweets retweet; `retweets` are those of
    `account` by their originals' ids. `removed` are the handles there, in lower case, of people who
    asked not to be here.
    """

    def __init__(self, source_account: str, account: Account | None) -> None:
        self._source_account, self._account = source_account, account
        self.posts: dict[int, int | None] = {}
        self.external: dict[int, int | None] = {}
        self.removed: set[str] = set()
        self.originals: dict[int, int | None] = {}
        self.retweets: dict[int, int] = {}

    def look_up(self, tweets: Sequence[Tweet]) -> None:
        """Ask for all that `tweets` are about, as far as it is not known yet."""
        self._find_posts(tweets)
        self._find_retweets([pk for pk in self._retweeted(tweets) if pk > 0])

    def _find_posts(self, tweets: Sequence[Tweet]) -> None:
        targets = [
            target
            for tweet in tweets
            for target in (tweet.reply_to, tweet.quote_of, tweet.retweet_of)
            if target
        ]
        ids = {version for tweet in tweets for version in tweet.versions} | {
            target.id for target in targets if target.id
        }
        source = self._source_account
        found = _posts_of(source, ids - self.posts.keys()) if source else {}
        self.posts |= found
        posts = [post_id for post_id in found.values() if post_id]
        retweets = Post.objects.filter(pk__in=posts).exclude(retweet_of=None)
        self.originals.update(retweets.values_list("pk", "retweet_of"))
        shown = self._to_show(tweets)
        self.external |= _posts_of(
            "", {target.id for target in shown if target.id} - self.external.keys()
        )
        names = {f"{target.handle.lower()}@{X_HOST}" for target in shown if not target.is_own}
        self.removed |= {name.partition("@")[0] for name in RemovedHandle.objects.among(names)}

    def _find_retweets(self, originals: Sequence[int]) -> None:
        if not (self._account and originals):
            return
        retweets = Post.objects.by(self._account).filter(retweet_of__in=originals)
        found: dict[int, int | None] = dict(retweets.values_list("pk", "retweet_of"))
        self.originals |= found
        self.retweets |= {original: post_id for post_id, original in found.items() if original}

    def _to_show(self, tweets: Iterable[Tweet]) -> list[Target]:
        """Return what those of `tweets` retweet that did not come before."""
        return [tweet.retweet_of for tweet in tweets if tweet.retweet_of and not self.has(tweet)]

    def _retweeted(self, tweets: Iterable[Tweet]) -> list[int]:
        """Return which of it is here."""
        return [
            post_id
            for target in self._to_show(tweets)
            if target.id and (post_id := self.original(target))
        ]

    def has(self, tweet: Tweet) -> bool:
        """Tell whether `tweet` came before, in any version, though it may be deleted by now."""
        return any(version in self.posts for version in tweet.versions)

    def post(self, target: Target) -> int | None:
        """Return the own post that `target` is; of a retweet its original, which is meant."""
        post_id = self.posts.get(target.id or 0)
        return self.originals.get(post_id, post_id) if post_id else None

    def original(self, target: Target) -> int | None:
        """Return the post that a retweet of `target` shows, own or external."""
        return self.post(target) if target.is_own else self.external.get(target.id or 0)


class LockedExisting(Existing):
    """All that is to be known before some tweets become posts of the account of `imported`.

    What must not change meanwhile is locked until the transaction ends.

    `authors` are the external accounts that the tweets retweet, by handle in lower case.
    `absent` accounts and `unseen` originals do not count.
    """

    def __init__(self, imported: ImportedAccount) -> None:
        super().__init__(imported.source_id, imported.account)
        self._owner = imported.account
        self.authors: dict[str, Account] = {}
        self.absent: set[int] = set()
        self.unseen: set[int] = set()

    def look_up(self, tweets: Sequence[Tweet]) -> None:
        """Ask and lock; make the external accounts that are not here.

        Raises ArchiveError when the account may not post any more.
        """
        self._find_posts(tweets)
        others = [target for target in self._to_show(tweets) if not target.is_own]
        self.authors = _external_accounts(
            {target.handle.lower(): target for target in others}, self.removed
        )
        retweeted = self._retweeted(tweets)
        self._lock(retweeted)
        self._find_retweets(retweeted)

    def _lock(self, retweeted: Sequence[int]) -> None:
        author_of = dict(Post.objects.filter(pk__in=retweeted).values_list("pk", "author"))
        authors = (author.pk for author in self.authors.values())
        people = {self._owner.pk, *authors, *author_of.values()}
        standing = lock_rows(Account.objects.filter(pk__in=people), "absent_at")
        if standing.get(self._owner.pk) != (None,):
            raise ArchiveError(f"{self._owner} was suspended, deactivated or deleted meanwhile.")
        self.absent = {pk for pk, values in standing.items() if values != (None,)}
        posts = lock_rows(Post.objects.filter(pk__in=retweeted), "hidden_at", "deleted_at")
        self.unseen = {
            pk
            for pk, values in posts.items()
            if values != (None, None) or author_of[pk] in self.absent
        }


def _external_accounts(targets: dict[str, Target], removed: set[str]) -> dict[str, Account]:
    """Return the external accounts of `targets`, which are by handle in lower case, but for the
    `removed` ones; make those that are not here.
    """
    wanted = sorted(targets.keys() - removed)
    found = Account.objects.filter(host=X_HOST, handle__lower__in=wanted)
    existing = {account.handle.lower(): account for account in found}
    if new := [targets[name] for name in wanted if name not in existing]:
        Account.objects.bulk_create(
            [Account(handle=target.handle, host=X_HOST, name=target.name) for target in new],
            ignore_conflicts=True,
        )
        existing = {account.handle.lower(): account for account in found.all()}
    return existing


def _posts_of(source_account: str, ids: Iterable[int]) -> dict[int, int | None]:
    """Return what came in before: the post by X's id; None where it was deleted here."""
    rows = ImportedId.objects.of(source_account, ids).values_list(
        "source_id", "post", "post__deleted_at"
    )
    return {int(source_id): None if deleted_at else post for source_id, post, deleted_at in rows}
