"""What is here already of what some tweets are about."""

from collections.abc import Iterable, Sequence

from accounts.models import Account
from archives.externals import external_accounts
from archives.models import ImportedAccount, ImportedId
from archives.reading import ArchiveError
from archives.x.tweets import Target, Tweet
from microblog.locks import hold
from timeline.models import Post


class Here:
    """All that is to be known before `tweets` become posts. What must not change meanwhile is held until the transaction ends.

    `known` are posts by X's id, None for what was deleted here: of this archive; `external` likewise, of originals that retweets
    brought. `originals` are what those known ones that are retweets retweet. `authors` are the external accounts that `tweets` retweet, by
    handle in lower case; `retweets` are the account's, by their originals' ids. `suspended` accounts and `unseen` originals do not
    count. Raises ArchiveError when the account may not post any more.
    """

    def __init__(self, imported: ImportedAccount, tweets: Sequence[Tweet]) -> None:
        self._handle = imported.handle.lower()
        targets = [target for tweet in tweets for target in (tweet.reply_to, tweet.quote_of, tweet.retweet_of) if target]
        versions = {version for tweet in tweets for version in tweet.versions}
        self.known = _posts_of(imported.source_id, versions | {target.id for target in targets if target.id})
        known = [post_id for post_id in self.known.values() if post_id]
        self.originals = dict(Post.objects.filter(pk__in=known).exclude(retweet_of=None).values_list("pk", "retweet_of"))
        originals = [tweet.retweet_of for tweet in tweets if tweet.retweet_of and not self.knows(tweet)]
        self.external = _posts_of("", [target.id for target in originals if target.id])
        self.authors = external_accounts([target for target in originals if not self.is_own(target)])
        found = [self.post(target) if self.is_own(target) else self.external.get(target.id) for target in originals if target.id]
        retweeted = [post_id for post_id in found if post_id]
        self._hold(imported.account, retweeted)
        self.retweets = dict(Post.objects.by(imported.account).filter(retweet_of__in=retweeted).values_list("retweet_of", "pk"))

    def knows(self, tweet: Tweet) -> bool:
        return any(version in self.known for version in tweet.versions)

    def post(self, target: Target) -> int | None:
        """The own post that `target` is; of a retweet its original, which is what one means by answering or quoting it."""
        post_id = self.known.get(target.id or 0)
        return self.originals.get(post_id, post_id) if post_id else None

    def is_own(self, target: Target) -> bool:
        return target.handle.lower() == self._handle

    def _hold(self, account: Account, retweeted: Sequence[int]) -> None:
        author_of = dict(Post.objects.filter(pk__in=retweeted).values_list("pk", "author"))
        people = {account.pk, *(author.pk for author in self.authors.values()), *author_of.values()}
        standing = hold(Account.objects.filter(pk__in=people), "suspended_at")
        if standing.get(account.pk) != (None,):
            raise ArchiveError(f"{account} was suspended or deleted meanwhile.")
        self.suspended = {pk for pk, values in standing.items() if values != (None,)}
        posts = hold(Post.objects.filter(pk__in=retweeted), "hidden_at", "deleted_at")
        self.unseen = {pk for pk, values in posts.items() if values != (None, None) or author_of[pk] in self.suspended}


def _posts_of(source_account: str, ids: Iterable[int]) -> dict[int, int | None]:
    """What came in before: the post by X's id; None where it was deleted here."""
    rows = ImportedId.objects.of(source_account, ids).values_list("source_id", "post", "post__deleted_at")
    return {int(source_id): None if deleted_at else post for source_id, post, deleted_at in rows}
