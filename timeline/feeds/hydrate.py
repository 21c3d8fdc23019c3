"""What a list of posts needs so that its page asks the database nothing: a few queries for all of
them, however many.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from accounts.models import Account
from timeline.models import Bookmark, Like, Media, Mention, Post


def hydrate(
    rows: Iterable[Post], viewer: Account | None, *, parents: bool = False, bookmarks: bool = True
) -> None:
    """Set on each post, and on what it retweets, all that a row shows of it besides (models/post.py
    names it).

    What `viewer` may not see, or not come across, is left None. With `parents`, what each answers
    is completed as well, to be shown whole. Without `bookmarks`, for a page that shows none, they
    are not asked for.
    """
    rows = list(rows)
    posts = {post.pk: post for row in rows for post in (row, row.original)}
    related = _related(posts, viewer)
    above: dict[int, Post] = {}
    for post in posts.values():
        post.quoted = related.get(post.quote_of_id or 0)
        post.parent = related.get(post.reply_to_id or 0)
        if parents and post.parent:
            above[post.parent.pk] = post.parent
    if above:
        further = _related(above, viewer)
        for post in above.values():
            post.quoted, post.parent = (
                further.get(post.quote_of_id or 0),
                further.get(post.reply_to_id or 0),
            )
        related |= further
    shown = [post for post in (related | posts).values() if post.kind != Post.Kind.RETWEET]
    _attach(shown)
    _mark(shown, viewer, bookmarks=bookmarks)
    _address(shown, viewer)
    _prefer_first_picture(rows)


def conversations(found: Iterable[Post]) -> Iterator[list[Post]]:
    """The completed rows `found`, each reply under what it answers: nothing twice, so of two
    answers to one post the newer stands there.
    """
    rows = {row.pk: row for row in found}
    shown = {row.original.pk for row in rows.values()}
    while rows:
        chain = [rows.pop(next(iter(rows)))]
        while parent := chain[0].parent:
            above = rows.pop(parent.pk, None)
            if above is None and parent.pk in shown:
                break
            chain.insert(0, above or parent)
            shown.add(parent.pk)
            if above is None:
                break
        yield chain


def _related(posts: dict[int, Post], viewer: Account | None) -> dict[int, Post]:
    """What `posts` quote and answer, by id; of what is among them already, the same objects."""
    ids = {
        target
        for post in posts.values()
        for target in (post.quote_of_id, post.reply_to_id)
        if target
    }
    found = {pk: posts[pk] for pk in ids & posts.keys()}
    missing = ids - posts.keys()
    if missing:
        authors = {post.author_id for post in posts.values()}
        found |= (
            Post.objects.visible_to(viewer)
            .met_by(viewer, asked=authors)
            .with_author()
            .in_bulk(missing)
        )
    return found


def _attach(posts: list[Post]) -> None:
    attached = defaultdict(list)
    with_media = [post.pk for post in posts if post.media_count]
    if with_media:
        for media in Media.objects.of_posts(with_media):
            attached[media.post_id].append(media)
    for post in posts:
        post.attached = attached.get(post.pk, [])


def _address(posts: list[Post], viewer: Account | None) -> None:
    addressees = defaultdict(list)
    replies = [post.pk for post in posts if post.reply_to_id]
    if replies:
        for mention in Mention.objects.addressing(replies, Account.objects.visible_to(viewer)):
            addressees[mention.post_id].append(mention.account)
    for post in posts:
        post.addressees = addressees.get(post.pk, [])


def _prefer_first_picture(rows: list[Post]) -> None:
    """Let the first picture of the first three rows load at once; the others do when they come into
    view.
    """
    posts = [
        post
        for row in rows[:3]
        for post in (row.original, row.original.quoted)
        if post and not post.sensitive
    ]
    pictures = (
        media for post in posts for media in post.attached if media.kind == Media.Kind.IMAGE
    )
    if first := next(pictures, None):
        first.loads_first = True


def _mark(posts: list[Post], viewer: Account | None, *, bookmarks: bool) -> None:
    answered = [post.pk for post in posts if post.replies_count]
    threads = (
        set(Post.objects.visible_to(viewer).answering_themselves(answered)) if answered else set()
    )
    ids = [post.pk for post in posts]
    liked = set(Like.objects.by(viewer).of_posts(ids)) if viewer else set()
    retweeted = set(Post.objects.by(viewer).retweets_of(ids)) if viewer else set()
    bookmarked = set(Bookmark.objects.by(viewer).of_posts(ids)) if viewer and bookmarks else set()
    for post in posts:
        post.has_thread = post.pk in threads
        post.liked = post.pk in liked
        post.retweeted = post.pk in retweeted
        post.bookmarked = post.pk in bookmarked
