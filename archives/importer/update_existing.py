"""What a newer archive says of posts that are here: the last version of an edited text, and X's
numbers.
"""

from collections.abc import Sequence

from archives.importer.mentions import MentionLinks
from archives.x.tweet import Tweet
from microblog import text
from timeline.models import Post
from timeline.posting import content
from timeline.posting.content import PostContent
from timeline.search import index


def update_existing(tweets: Sequence[tuple[Tweet, int]], links: MentionLinks) -> int:
    """Bring the posts (by id) up to what their tweets say now; return how many differed."""
    posts = Post.objects.select_related("retweet_of").in_bulk([post_id for _, post_id in tweets])
    changed: dict[int, Post] = {}
    edited: list[tuple[Post, PostContent]] = []
    for tweet, post_id in tweets:
        if not (post := posts.get(post_id)):
            continue
        if not post.retweet_of and (rendered := _edited_content(tweet, post, links)):
            post.text, post.html = rendered.text, rendered.html
            edited.append((post, rendered))
            changed[post.pk] = post
        shown = post.retweet_of or post
        if _update_numbers(tweet, shown, is_original=bool(post.retweet_of)):
            changed[shown.pk] = shown
    Post.objects.bulk_update(
        [changed[pk] for pk in sorted(changed)],
        ["text", "html", "imported_likes", "imported_retweets"],
    )
    content.replace_tags(edited)
    index.follow_all(post.pk for post, _ in edited)
    return len(changed)


def _edited_content(tweet: Tweet, post: Post, links: MentionLinks) -> PostContent | None:
    """Return what `post` says now; None where it says that already, or was edited here."""
    body = _body(tweet, post)
    if body == post.text or tweet.retweet_of or post.edited_at:
        return None
    known = (*tweet.links, tweet.media_url)
    parsed = text.parse(body, known)
    links.prepare(parsed.mentions)
    return content.render(body, parsed, links.where(tweet.own_names), links=known)


def _body(tweet: Tweet, post: Post) -> str:
    """Return its text now. What only an edit quotes stays a link: a post's kind does not change."""
    body = tweet.body(post.media_count)
    is_new_quote = (
        tweet.quote_of and not (post.quote_of_id or post.quote_url) and post.kind == Post.Kind.POST
    )
    return f"{body} {tweet.quote_of.url}".strip() if tweet.quote_of and is_new_quote else body


def _update_numbers(tweet: Tweet, post: Post, *, is_original: bool) -> bool:
    """Let `post` have X's numbers; tell whether they differ. An external original, which many
    retweets tell of, never loses any; of an own one, its own tweet tells.
    """
    if is_original and not post.is_external:
        return False
    before = post.imported_likes, post.imported_retweets
    now = tweet.likes, tweet.retweets
    if is_original:
        now = max(now[0], before[0]), max(now[1], before[1])
    post.imported_likes, post.imported_retweets = now
    return now != before
