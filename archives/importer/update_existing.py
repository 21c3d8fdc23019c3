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


def update_existing(here: Sequence[tuple[Tweet, int]], links: MentionLinks) -> int:
    """Bring the posts (by id) up to what their tweets say now; return how many differed."""
    posts = Post.objects.select_related("retweet_of").in_bulk([post_id for _, post_id in here])
    changed: dict[int, Post] = {}
    edited: list[tuple[Post, PostContent]] = []
    for tweet, post_id in here:
        post = posts.get(post_id)
        if post is None:
            continue
        if post.retweet_of:
            post = post.retweet_of
            tweet_numbers = (
                max(tweet.likes, post.carried_likes),
                max(tweet.retweets, post.carried_retweets),
            )
            if not post.is_external:
                continue
        else:
            tweet_numbers = tweet.likes, tweet.retweets
            body = _body(tweet, post)
            # what was edited here stays
            if body != post.text and not tweet.retweet_of and not post.edited_at:
                known = (*tweet.links, tweet.media_url)
                parsed = text.parse(body, known)
                links.prepare(parsed.mentions)
                rendered = content.render(body, parsed, links.where(tweet.own_names), links=known)
                post.text, post.html = rendered.text, rendered.html
                edited.append((post, rendered))
                changed[post.pk] = post
        if (post.carried_likes, post.carried_retweets) != tweet_numbers:
            post.carried_likes, post.carried_retweets = tweet_numbers
            changed[post.pk] = post
    Post.objects.bulk_update(
        [changed[pk] for pk in sorted(changed)],
        ["text", "html", "carried_likes", "carried_retweets"],
    )
    content.replace_tags(edited)
    return len(changed)


def _body(tweet: Tweet, post: Post) -> str:
    """Return its text now.

    What an edit quotes where nothing was quoted stays a link: a post's kind does not change.
    """
    body = tweet.body(post.media_count)
    is_new_quote = (
        tweet.quote_of and not (post.quote_of_id or post.quote_url) and post.kind == Post.Kind.POST
    )
    return f"{body} {tweet.quote_of.url}".strip() if tweet.quote_of and is_new_quote else body
