"""Some hundred tweets become posts, with all that hangs on them, in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts.models import Account
from archives.importer import files
from archives.importer.existing import Fate, Here
from archives.importer.files import Stored
from archives.importer.id_allocator import FreeIds
from archives.importer.mentions import MentionLinks
from archives.importer.report import LOST, REMOVED, Report
from archives.importer.update_existing import refresh
from archives.models import ImportedAccount, ImportedId, X
from archives.x.tweet import Target, Tweet
from microblog import text
from microblog.db.locks import lock_rows
from timeline.ids import id_of_tweet, x_time
from timeline.models import Media, Post
from timeline.posting import content
from timeline.posting.content import PostContent


class Batch:
    """`tweets`, in the order of their ids, on their way to the account of `imported`; `stored` are
    their media by the tweet's id.

    `report` counts what became of them, and `last_id` is the id of the last post: it holds once the
    transaction is committed.
    """

    def __init__(
        self,
        imported: ImportedAccount,
        tweets: Sequence[Tweet],
        stored: Mapping[int, list[Stored]],
        links: MentionLinks,
        last_id: int = 0,
    ) -> None:
        self.imported, self.account, self.tweets, self.stored, self.links = (
            imported,
            imported.account,
            tweets,
            stored,
            links,
        )
        self.last_id = last_id
        self.report = Report(imported.handle, None)
        self._posts: dict[int, Post] = {}  # new ones
        self._media: list[Media] = []
        self._own_contents: list[tuple[Post, PostContent]] = []
        # external ones have cards, and no tags
        self._external_contents: list[tuple[Post, PostContent]] = []
        # new rows of ImportedId: the post by source account and id
        self._ids: dict[tuple[str, int], int | None] = {}
        self._again: list[tuple[Tweet, int]] = []  # those that came before, and their posts
        # what is to be added to which count of which post
        self._targets: Counter[tuple[str, int]] = Counter()
        # the likes and retweets elsewhere that an original has at least
        self._numbers: dict[int, tuple[int, int]] = {}
        # new ones that count for their author
        self._authors_posts: dict[int, list[Post]] = defaultdict(list)

    @transaction.atomic
    def write(self, *, is_newest: bool) -> None:
        """Bring them in, but for those that came before.

        Raises ArchiveError, or IntegrityError if somebody else wrote the same.
        """
        # another import of this archive waits
        lock_rows(ImportedAccount.objects.filter(pk=self.imported.pk))
        self._here = Here(self.imported, self.tweets)
        self._prepare()
        for tweet in self.tweets:
            self._take(tweet)
        self._insert()
        self._count()
        if is_newest:
            self.report.updated = refresh(self._again, self.links)

    def _prepare(self) -> None:
        """Take the new texts apart, and see which ids are free for them."""
        new = [tweet for tweet in self.tweets if not self._here.knows(tweet)]
        self._parsed = {
            tweet.id: text.parse(self._body(tweet), (*tweet.links, tweet.media_url))
            for tweet in new
        }
        self.links.prepare({name for parsed in self._parsed.values() for name in parsed.mentions})
        wanted = [id_of_tweet(tweet.versions[0], tweet.moment) for tweet in new]
        # an original of unknown date goes before its retweet
        self._free = FreeIds({*wanted, *(post_id - 1 for post_id in wanted)})

    def _body(self, tweet: Tweet) -> str:
        """Its text, and where its media are which did not come along; of a retweet that is nothing
        but media, where its original is.
        """
        stored = self.stored.get(tweet.id, ())
        if tweet.retweet_of:
            return tweet.text if tweet.text or stored else self._origin(tweet)
        return tweet.body(len(stored))

    def _origin(self, tweet: Tweet) -> str:
        """Where the original of a retweet is, or what leads there."""
        return (
            tweet.retweet_of.url if tweet.retweet_of else ""
        ) or f"https://x.com/{self.imported.handle}/status/{tweet.id}"

    # --- One tweet ---

    def _take(self, tweet: Tweet) -> None:
        fate, post_id = self._here.fate(tweet)
        match fate:
            case Fate.LOST:
                self.report.skipped[LOST] += 1
            case Fate.REMOVED:
                self.report.skipped[REMOVED] += 1
            case Fate.DELETED:
                self._remember(tweet, None)
                self.report.deleted += 1
            case Fate.HERE if post_id:
                self._meet(tweet, post_id)
            case _ if tweet.retweet_of:
                self._add_retweet(tweet, tweet.retweet_of, post_id)
            case _:
                self._add(tweet, self._post(tweet))

    def _meet(self, tweet: Tweet, post_id: int) -> None:
        """It is here: as itself, or as an earlier retweet of the same original."""
        if self._here.knows(tweet):
            self.last_id = post_id
            self._again.append((tweet, post_id))
        else:
            self._raise_numbers(tweet, self._here.originals[post_id] or 0)
        self._remember(tweet, post_id)
        self.report.here += 1

    def _add_retweet(self, tweet: Tweet, target: Target, original: int | None) -> None:
        post_id = self._next_id(tweet)
        if original:
            self._raise_numbers(tweet, original)
        else:
            original = self._add_original(tweet, target, post_id)
        self._here.retweets[original], self._here.originals[post_id] = post_id, original
        post = Post(
            pk=post_id,
            author=self.account,
            kind=Post.Kind.RETWEET,
            retweet_of_id=original,
            is_carried=True,
        )
        self._add(tweet, post, is_seen=original not in self._here.unseen)

    def _raise_numbers(self, tweet: Tweet, original: int) -> None:
        """An external original has the most likes and retweets that any retweet of it tells of,
        whichever came first.
        """
        likes, retweets = self._numbers.get(original, (0, 0))
        self._numbers[original] = max(likes, tweet.likes), max(retweets, tweet.retweets)

    def _next_id(self, tweet: Tweet) -> int:
        """The id for its post: its time, and behind the one before it where both have the same."""
        wanted = id_of_tweet(tweet.versions[0], tweet.moment)
        return self._free.take(
            self.last_id + 1
            if wanted >> 16 == self.last_id >> 16 and wanted <= self.last_id
            else wanted
        )

    def _add(self, tweet: Tweet, post: Post, *, is_seen: bool = True) -> None:
        self.last_id = post.pk
        self._posts[post.pk] = post
        self._remember(tweet, post.pk)
        if is_seen:
            self._authors_posts[self.account.pk].append(post)
        self.report.kinds[post.kind] += 1
        self.report.media += post.media_count
        self.report.date(post.created_at)

    def _remember(self, tweet: Tweet, post_id: int | None) -> None:
        """Let every version of `tweet` lead to the post; None: it is deleted, and stays so."""
        for version in tweet.versions:
            if version not in self._here.known:
                self._here.known[version] = self._ids[self.imported.source_id, version] = post_id

    def _post(self, tweet: Tweet) -> Post:
        post = Post(
            pk=self._next_id(tweet),
            author=self.account,
            kind=tweet.kind,
            sensitive=tweet.sensitive,
            carried_likes=tweet.likes,
            carried_retweets=tweet.retweets,
        )
        if tweet.reply_to:
            post.reply_to_id = self._here.post(tweet.reply_to)
            if not post.reply_to_id and tweet.reply_to.id not in self._here.known:
                post.reply_to_handle, post.reply_to_url = tweet.reply_to.handle, tweet.reply_to.url
        if tweet.quote_of:
            post.quote_of_id = self._here.post(tweet.quote_of)
            if not post.quote_of_id and tweet.quote_of.id not in self._here.known:
                post.quote_handle, post.quote_url = tweet.quote_of.handle, tweet.quote_of.url
        for column, target in (
            ("replies_count", post.reply_to_id),
            ("quotes_count", post.quote_of_id),
        ):
            if target:
                self._targets[column, target] += 1
        self._own_contents.append((post, self._fill(post, tweet)))
        return post

    def _add_original(self, tweet: Tweet, target: Target, retweet_id: int) -> int:
        """Make the external post that a retweet shows; its id."""
        exact = x_time(target.id) if target.id else None
        if target.id and exact and exact <= tweet.moment:
            is_dated, post_id = True, self._free.take(id_of_tweet(target.id, exact))
        else:
            is_dated, post_id = False, self._free.take(retweet_id - 1, -1)
        post = Post(
            pk=post_id,
            author=self._here.authors[target.handle.lower()],
            is_external=True,
            is_dated=is_dated,
            origin_url=self._origin(tweet),
            sensitive=tweet.sensitive,
            carried_likes=tweet.likes,
            carried_retweets=tweet.retweets,
        )
        self._external_contents.append((post, self._fill(post, tweet)))
        self._posts[post_id] = post
        self._authors_posts[post.author_id].append(post)
        if post.author_id in self._here.suspended:
            self._here.unseen.add(post_id)
        if target.id:
            self._here.external[target.id] = self._ids["", target.id] = post_id
        return post_id

    def _fill(self, post: Post, tweet: Tweet) -> PostContent:
        """Give `post` its text and media; return what else follows from the text."""
        stored = self.stored.get(tweet.id, [])
        rendered = content.render(
            self._body(tweet),
            self._parsed[tweet.id],
            self.links.where(tweet.own_names),
            shows_card=not (stored or tweet.quote_of),
            links=(*tweet.links, tweet.media_url),
        )
        post.text, post.html = rendered.text, rendered.html
        post.media_count = len(stored)
        self._media += [
            Media(**row) for row in files.rows(stored, post.pk, post.author_id, self.account.pk)
        ]
        return rendered

    # --- Into the database ---

    def _insert(self) -> None:
        content.set_cards([*self._own_contents, *self._external_contents], fetch=False)
        for (column, target), number in list(self._targets.items()):
            if target in self._posts:
                setattr(self._posts[target], column, number)
                del self._targets[column, target]
        Post.objects.bulk_create(self._posts.values())
        Media.objects.bulk_create(self._media)
        content.set_tags(self._own_contents)
        ImportedId.objects.bulk_create(
            ImportedId(source=X, source_account=owner, source_id=str(id_), post_id=post_id)
            for (owner, id_), post_id in sorted(self._ids.items(), key=lambda item: item[0])
        )

    def _count(self) -> None:
        """What was inserted, in the counts of its authors and of what it belongs to, in the order
        in which all hold their rows.
        """
        newest = {self.account.pk: 0, **dict.fromkeys(self._authors_posts, 0)}
        for post in self._posts.values():
            newest[post.author_id] = max(newest[post.author_id], post.pk)
        for pk in sorted(newest):
            changes = {}
            if pk not in self._here.suspended and self._authors_posts[pk]:
                posts = self._authors_posts[pk]
                changes = {"posts_count": F("posts_count") + len(posts)}
                changes["media_count"] = F("media_count") + sum(post.media_count for post in posts)
            if pk == self.account.pk and self._media:
                changes["stored_bytes"] = F("stored_bytes") + sum(
                    media.bytes for media in self._media
                )
            if newest[pk] or changes:
                Account.objects.filter(pk=pk).update(
                    last_post_id=Greatest("last_post_id", newest[pk]), **changes
                )
        together: dict[tuple[str, int], list[int]] = defaultdict(list)
        for (column, target), number in self._targets.items():
            together[column, number].append(target)
        for (column, number), ids in sorted(together.items()):
            Post.objects.filter(pk__in=ids).update(**{column: F(column) + number})
        for original, (likes, retweets) in sorted(self._numbers.items()):
            numbers = {
                "carried_likes": Greatest("carried_likes", likes),
                "carried_retweets": Greatest("carried_retweets", retweets),
            }
            Post.objects.filter(pk=original, is_external=True).update(**numbers)
