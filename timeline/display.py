"""What a list of posts needs so that its page asks the database nothing: a few queries for all of them, however many."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from accounts.models import Account
from timeline.models import Bookmark, Like, Media, Post


def complete(rows: Iterable[Post], viewer: Account | None, *, parents: bool = False, bookmarks: bool = True) -> None:
    """Set on each post, and on what it retweets: `quoted`, `parent`, `attached`, `liked`, `retweeted`, `bookmarked`, `has_thread`.

    What `viewer` may not see, or not come across, is left None. With `parents`, what each answers is completed as well, to be
    shown whole. Without `bookmarks`, for a page that shows none, they are not asked for.
    """
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
            post.quoted, post.parent = further.get(post.quote_of_id or 0), further.get(post.reply_to_id or 0)
        related |= further
    shown = [post for post in (related | posts).values() if post.kind != Post.Kind.RETWEET]
    _attach(shown)
    _mark(shown, viewer, bookmarks=bookmarks)


def conversations(replies: Iterable[Post]) -> Iterator[list[Post]]:
    """The completed `replies` as the Replies tab shows them: each under what it answers, one that is there already only once."""
    rows = {reply.pk: reply for reply in replies}
    while rows:
        chain = [rows.pop(next(iter(rows)))]
        while chain[0].parent:
            above = rows.pop(chain[0].parent.pk, None)
            chain.insert(0, above or chain[0].parent)
            if above is None:
                break
        yield chain


def _related(posts: dict[int, Post], viewer: Account | None) -> dict[int, Post]:
    """What `posts` quote and answer, by id; of what is among them already, the same objects."""
    ids = {target for post in posts.values() for target in (post.quote_of_id, post.reply_to_id) if target}
    found = {pk: posts[pk] for pk in ids & posts.keys()}
    missing = ids - posts.keys()
    if missing:
        authors = {post.author_id for post in posts.values()}
        found |= Post.objects.visible_to(viewer).met_by(viewer, asked=authors).with_author().in_bulk(missing)
    return found


def _attach(posts: list[Post]) -> None:
    attached = defaultdict(list)
    with_media = [post.pk for post in posts if post.media_count]
    if with_media:
        for media in Media.objects.of_posts(with_media):
            attached[media.post_id].append(media)
    for post in posts:
        post.attached = attached.get(post.pk, [])


def _mark(posts: list[Post], viewer: Account | None, *, bookmarks: bool) -> None:
    answered = [post.pk for post in posts if post.replies_count]
    threads = set(Post.objects.visible_to(viewer).answering_themselves(answered)) if answered else set()
    ids = [post.pk for post in posts]
    liked = set(Like.objects.by(viewer).of_posts(ids)) if viewer else set()
    retweeted = set(Post.objects.by(viewer).retweets_of(ids)) if viewer else set()
    bookmarked = set(Bookmark.objects.by(viewer).of_posts(ids)) if viewer and bookmarks else set()
    for post in posts:
        post.has_thread = post.pk in threads
        post.liked = post.pk in liked
        post.retweeted = post.pk in retweeted
        post.bookmarked = post.pk in bookmarked
