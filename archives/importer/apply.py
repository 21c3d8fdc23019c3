"""A plan is applied: some hundred tweets become posts, with all that hangs on them, in one
transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts.models import Account
from archives.importer.existing import LockedExisting
from archives.importer.files import Stored
from archives.importer.mentions import MentionLinks
from archives.importer.plan import Outcome, Planner, Step
from archives.importer.report import ImportSummary
from archives.importer.update_existing import update_existing
from archives.models import ImportedAccount, ImportedId, X
from archives.x.tweet import Target, Tweet
from microblog import text
from microblog.db.locks import lock_rows
from timeline.ids import id_of_tweet, x_time
from timeline.models import Media, Post
from timeline.posting import content
from timeline.posting.content import PostContent
from timeline.search import index


class IdAllocator:
    """Gives every id once. Those likely to be `wanted` are looked up all at once."""

    def __init__(self, wanted: Collection[int]) -> None:
        self._looked_up = set(wanted)
        self._used = set(Post.objects.with_ids(wanted).values_list("pk", flat=True))

    def allocate(self, wanted: int, step: int = 1) -> int:
        """Return `wanted`, or the nearest free id after it (before it, where `step` is -1)."""
        while not self._is_free(wanted):
            wanted += step
        self._used.add(wanted)
        return wanted

    def _is_free(self, number: int) -> bool:
        if number in self._used:
            return False
        return number in self._looked_up or not Post.objects.filter(pk=number).exists()


class Batch:
    """Some hundred tweets, in the order of their ids, on their way to the account of `imported`;
    `stored` are their media by the tweet's id.

    `summary` counts what became of them, and `last_id` is the id of the last post: it holds once
    the transaction is committed.
    """

    def __init__(
        self,
        imported: ImportedAccount,
        tweets: Sequence[Tweet],
        stored: Mapping[int, list[Stored]],
        links: MentionLinks,
        last_id: int = 0,
    ) -> None:
        self.imported, self.account = imported, imported.account
        self.tweets, self.stored, self.links = tweets, stored, links
        self.last_id = last_id
        self.summary = ImportSummary(imported.handle, None)
        self._posts: dict[int, Post] = {}  # new ones
        self._post_ids: dict[int, int] = {}  # of new ones, by their provisional ids
        self._media: list[Media] = []
        self._own_contents: list[tuple[Post, PostContent]] = []
        # external ones have cards, and no tags
        self._external_contents: list[tuple[Post, PostContent]] = []
        # new rows of ImportedId: the post by source account and id
        self._imported_ids: dict[tuple[str, int], int | None] = {}
        self._again: list[tuple[Tweet, int]] = []  # those that came before, and their posts
        # what is to be added to which count of which post
        self._targets: Counter[tuple[str, int]] = Counter()
        # the likes and retweets elsewhere that an original has at least
        self._numbers: dict[int, tuple[int, int]] = {}
        # new ones that count for their author
        self._authors_posts: dict[int, list[Post]] = defaultdict(list)

    @transaction.atomic
    def write(self, *, is_newest: bool) -> None:
        """Bring in those that did not come before.

        Raises ArchiveError, or IntegrityError if somebody else wrote the same.
        """
        # another import of this archive waits
        lock_rows(ImportedAccount.objects.filter(pk=self.imported.pk))
        self._existing = LockedExisting(self.imported)
        steps = Planner(self._existing).steps(self.tweets)
        self._prepare(steps)
        for step in steps:
            self._apply(step)
        self._insert()
        self._count()
        if is_newest:
            self.summary.updated = update_existing(self._again, self.links)

    def _prepare(self, steps: Sequence[Step]) -> None:
        """Take the new texts apart, and see which ids are free for the new posts."""
        self._parsed = {
            step.tweet.id: text.parse(
                self._body(step.tweet), (*step.tweet.links, step.tweet.media_url)
            )
            for step in steps
            if step.has_text
        }
        self.links.prepare({name for parsed in self._parsed.values() for name in parsed.mentions})
        wanted = [step.wanted_id for step in steps if step.outcome is Outcome.NEW]
        # an original of unknown date goes before its retweet
        self._ids = IdAllocator({*wanted, *(post_id - 1 for post_id in wanted)})

    def _body(self, tweet: Tweet) -> str:
        """Return its text, and where media are that did not come along, or a retweet's original."""
        stored = self.stored.get(tweet.id, ())
        if tweet.retweet_of:
            return tweet.text if tweet.text or stored else self._origin(tweet)
        return tweet.body(len(stored))

    def _origin(self, tweet: Tweet) -> str:
        """Return where the original of a retweet is, or what leads there."""
        return (
            tweet.retweet_of.url if tweet.retweet_of else ""
        ) or f"https://x.com/{self.imported.handle}/status/{tweet.id}"

    # --- One tweet ---

    def _apply(self, step: Step) -> None:
        self.summary.count(step)
        if step.outcome is Outcome.NEW:
            post_id = self._next_id(step)
            retweeted = step.tweet.retweet_of
            self._add(
                step,
                self._retweet(step, retweeted, post_id) if retweeted else self._post(step, post_id),
            )
        elif step.outcome is Outcome.EXISTING:
            self._add_existing(step)
        post = self._resolve(step.post)
        for version in step.new_versions:
            self._imported_ids[self.imported.source_id, version] = post

    def _resolve(self, post: int | None) -> int | None:
        """Return the id of a post of the plan."""
        return self._post_ids[post] if post and post < 0 else post

    def _add_existing(self, step: Step) -> None:
        """Note what is here: as itself, or as an earlier retweet of the same original."""
        if original := self._resolve(step.original):
            self._raise_numbers(step.tweet, original)
        elif post_id := self._resolve(step.post):
            self.last_id = post_id
            self._again.append((step.tweet, post_id))

    def _raise_numbers(self, tweet: Tweet, original: int) -> None:
        """Let an external original have the most likes and retweets that any retweet tells of."""
        likes, retweets = self._numbers.get(original, (0, 0))
        self._numbers[original] = max(likes, tweet.likes), max(retweets, tweet.retweets)

    def _next_id(self, step: Step) -> int:
        """Return the id for its post: its time, or behind the one before it at the same time."""
        wanted = step.wanted_id
        return self._ids.allocate(
            self.last_id + 1
            if wanted >> 16 == self.last_id >> 16 and wanted <= self.last_id
            else wanted
        )

    def _add(self, step: Step, post: Post) -> None:
        self.last_id = post.pk
        self._posts[post.pk] = post
        if step.post:
            self._post_ids[step.post] = post.pk
        if post.retweet_of_id not in self._existing.unseen:
            self._authors_posts[self.account.pk].append(post)
        self.summary.media += post.media_count

    def _retweet(self, step: Step, target: Target, post_id: int) -> Post:
        original = self._resolve(step.original) if not step.makes_original else None
        if original:
            self._raise_numbers(step.tweet, original)
        else:
            original = self._add_original(step, target, post_id)
        return Post(
            pk=post_id,
            author=self.account,
            kind=Post.Kind.RETWEET,
            retweet_of_id=original,
            is_imported_retweet=True,
        )

    def _post(self, step: Step, post_id: int) -> Post:
        tweet = step.tweet
        post = Post(
            pk=post_id,
            author=self.account,
            kind=tweet.kind,
            sensitive=tweet.sensitive,
            imported_likes=tweet.likes,
            imported_retweets=tweet.retweets,
        )
        if isinstance(step.reply_to, Target):
            post.reply_to_handle, post.reply_to_url = step.reply_to.handle, step.reply_to.url
        elif target := self._resolve(step.reply_to):
            post.reply_to_id = target
            self._targets["replies_count", target] += 1
            self._targets["own_replies_count", target] += 1  # where that is its author's own
        if isinstance(step.quote_of, Target):
            post.quote_handle, post.quote_url = step.quote_of.handle, step.quote_of.url
        elif target := self._resolve(step.quote_of):
            post.quote_of_id = target
            self._targets["quotes_count", target] += 1
        self._own_contents.append((post, self._fill(post, tweet)))
        return post

    def _add_original(self, step: Step, target: Target, retweet_id: int) -> int:
        """Make the external post that a retweet shows; return its id."""
        tweet = step.tweet
        exact = x_time(target.id) if target.id else None
        if target.id and exact and exact <= tweet.moment:
            is_dated, post_id = True, self._ids.allocate(id_of_tweet(target.id, exact))
        else:
            is_dated, post_id = False, self._ids.allocate(retweet_id - 1, -1)
        post = Post(
            pk=post_id,
            author=self._existing.authors[target.handle.lower()],
            is_external=True,
            is_dated=is_dated,
            origin_url=self._origin(tweet),
            sensitive=tweet.sensitive,
            imported_likes=tweet.likes,
            imported_retweets=tweet.retweets,
        )
        self._external_contents.append((post, self._fill(post, tweet)))
        self._posts[post_id] = post
        self._authors_posts[post.author_id].append(post)
        if post.author_id in self._existing.absent:
            self._existing.unseen.add(post_id)
        if step.original:
            self._post_ids[step.original] = post_id
        if target.id:
            self._imported_ids["", target.id] = post_id
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
        owned = {"post": post, "owner": post.author_id, "payer": self.account.pk}
        self._media += [Media(**owned, **fields) for fields in stored]
        return rendered

    # --- Into the database ---

    def _insert(self) -> None:
        content.set_cards([*self._own_contents, *self._external_contents], fetch=False)
        for (column, target), number in list(self._targets.items()):
            if post := self._posts.get(target):
                if column != "own_replies_count" or post.author_id == self.account.pk:
                    setattr(post, column, number)
                del self._targets[column, target]
        Post.objects.bulk_create(self._posts.values())
        Media.objects.bulk_create(self._media)
        content.set_tags(self._own_contents)
        index.follow_all(post.pk for post, _ in self._own_contents)
        rows = sorted(self._imported_ids.items(), key=lambda item: item[0])
        ImportedId.objects.bulk_create(
            ImportedId(source=X, source_account=owner, source_id=str(id_), post_id=post_id)
            for (owner, id_), post_id in rows
        )

    def _count(self) -> None:
        """Add what was inserted to all counts, in the order in which all lock their rows."""
        newest = {self.account.pk: 0, **dict.fromkeys(self._authors_posts, 0)}
        for post in self._posts.values():
            newest[post.author_id] = max(newest[post.author_id], post.pk)
        for pk in sorted(newest):
            added = {}
            if posts := self._authors_posts[pk] if pk not in self._existing.absent else []:
                added["posts_count"] = len(posts)
                added["media_count"] = sum(post.media_count for post in posts)
            if pk == self.account.pk and self._media:
                added["stored_bytes"] = sum(media.bytes for media in self._media)
            changes = {column: F(column) + number for column, number in added.items()}
            if newest[pk] or changes:
                Account.objects.filter(pk=pk).update(
                    last_post_id=Greatest("last_post_id", newest[pk]), **changes
                )
        together: dict[tuple[str, int], list[int]] = defaultdict(list)
        for (column, target), number in self._targets.items():
            together[column, number].append(target)
        for (column, number), ids in sorted(together.items()):
            targets = Post.objects.with_ids(ids)
            if column == "own_replies_count":
                targets = targets.by(self.account)
            targets.update(**{column: F(column) + number})
        for original, (likes, retweets) in sorted(self._numbers.items()):
            numbers = {
                "imported_likes": Greatest("imported_likes", likes),
                "imported_retweets": Greatest("imported_retweets", retweets),
            }
            Post.objects.filter(pk=original, is_external=True).update(**numbers)
