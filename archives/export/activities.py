"""A post as ActivityPub says it, by the names of Mastodon's archive; what has no word there stands
under `microblog`. Knows no database.
"""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from accounts.models import Account
from archives.export.own_posts import OwnPost, Target
from microblog.media import video
from timeline.models import LinkCard, Media, Post
from timeline.posting.content import tag_url

MEDIA_FOLDER = "media_attachments/files"
CARD_FOLDER = "media_attachments/cards"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"

type Values = dict[str, Any]


def when(moment: datetime | None) -> str | None:
    """Return `moment` as the archive writes it: 2026-11-26T12:00:00.123Z."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def url_of(thing: Account | Post) -> str:
    """Return the address here of an account or a post."""
    return f"{settings.SITE_URL}{thing.get_absolute_url()}"


def absolute(html: str) -> str:
    """Let links to pages of this site be whole: `html` was made only by escaping."""
    return html.replace('<a href="/', f'<a href="{settings.SITE_URL}/')


def web_address(url: str) -> str:
    """Return `url` where it leads to the web; "" else."""
    return url if url.startswith(("https://", "http://")) else ""


def filled(**values: Any) -> Values:
    """Return those of `values` that say anything."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


# --- Files ---


def media_name(media: Media) -> str:
    """Return what the largest file of a picture or a video is called in the archive."""
    return f"{MEDIA_FOLDER}/{media.key}.{stored_name(media).rpartition('.')[2]}"


def stored_name(media: Media) -> str:
    """Return what that file is called in the storage."""
    if media.kind == Media.Kind.IMAGE:
        return "large.webp"
    return video.file_name(media.container)


def card_name(card: LinkCard) -> str:
    return f"{CARD_FOLDER}/{card.key}.webp" if card.key else ""


# --- Posts ---


def activity(own: OwnPost) -> Values:
    """Return the activity that brought `own` into being: Create, or Announce of a retweet."""
    post = own.post
    author = url_of(post.author)
    said: Values = {
        "id": f"{url_of(post)}/activity",
        "type": "Announce" if post.retweet_of_id else "Create",
        "actor": author,
        "published": when(post.created_at),
        **_audience(post.author),
    }
    if own.original:
        original = own.original.post
        said["object"] = web_address(original.origin_url) or url_of(original)
        shown = reference(own.original)
        shown["attachment"] = [_attachment(media) for media in own.original_media]
        said["microblog"] = {**_more(own), "original": filled(**shown)}
    else:
        said["object"] = _note(own, author)
    return said


def _note(own: OwnPost, author: str) -> Values:
    post = own.post
    answered = url_of(own.answered.post) if own.answered else web_address(post.reply_to_url)
    quoted = url_of(own.quoted.post) if own.quoted else web_address(post.quote_url)
    return {
        "id": url_of(post),
        "type": "Note",
        "url": url_of(post),
        "attributedTo": author,
        "published": when(post.created_at),
        **filled(updated=when(post.edited_at), quoteUri=quoted),
        "inReplyTo": answered or None,
        **_audience(post.author),
        "sensitive": post.sensitive,
        "content": absolute(post.html),
        "source": {"content": post.text, "mediaType": "text/plain"},
        "attachment": [_attachment(media) for media in own.media],
        "tag": [*_tags(own)],
        "replies": _number(post.replies_count),
        "likes": _number(post.likes),
        "shares": _number(post.all_retweets),
        "microblog": _more(own),
    }


def _audience(author: Account) -> Values:
    followers = f"{url_of(author)}/followers"
    if author.protected_at:
        return {"to": [followers], "cc": []}
    return {"to": [PUBLIC], "cc": [followers]}


def _attachment(media: Media) -> Values:
    kinds = {"webm": "video/webm", "mp4": "video/mp4"}
    return {
        "type": "Document",
        "mediaType": kinds.get(media_name(media).rpartition(".")[2], "image/webp"),
        "url": media_name(media),
        "name": media.alt or None,
        "width": media.width,
        "height": media.height,
        "microblog": filled(kind=media.kind, color=media.color, moves=media.moves or None),
    }


def _tags(own: OwnPost) -> list[Values]:
    people = [
        {
            "type": "Mention",
            "href": url_of(mention.account),
            "name": str(mention.account),
            "microblog": {"is_addressee": mention.is_addressee},
        }
        for mention in own.mentions
    ]
    return [
        *people,
        *(
            {"type": "Hashtag", "href": settings.SITE_URL + tag_url(name), "name": f"#{name}"}
            for name in own.tags
        ),
    ]


def _number(number: int) -> Values:
    return {"type": "Collection", "totalItems": number}


def _more(own: OwnPost) -> Values:
    """Return what ActivityPub has no word for."""
    post = own.post
    return filled(
        id=str(post.pk),
        kind=post.kind,
        is_pinned=own.is_pinned or None,
        hidden_at=when(post.hidden_at),
        may_reply=post.may_reply,
        may_quote=post.may_quote,
        reply_to=_target(own.answered, post.reply_to_handle, post.reply_to_url),
        quote=_target(own.quoted, post.quote_handle, post.quote_url),
        card=_card(post.card) if post.card else None,
        revisions=[
            {"text": revision.text, "until": when(revision.replaced_at)}
            for revision in own.revisions
        ],
        origin_url=web_address(post.origin_url),
        likes_elsewhere=post.imported_likes or None,
        retweets_elsewhere=post.imported_retweets or None,
        is_counted_elsewhere=post.is_imported_retweet or None,
        quotes=post.quotes_count or None,
    )


def _target(target: Target | None, handle: str, url: str) -> Values:
    if target:
        return reference(target)
    return filled(author=f"@{handle}" if handle else "", url=web_address(url))


def reference(target: Target) -> Values:
    """Return what is told of somebody else's post: its address; what it says only to who may see
    it.
    """
    post = target.post
    if not target.is_seen:
        return {"url": url_of(post)}
    return filled(
        url=url_of(post),
        author=str(post.author),
        name=post.author.name,
        published=when(post.created_at) if post.is_dated else None,
        text=post.text,
        origin_url=web_address(post.origin_url),
    )


def _card(card: LinkCard) -> Values:
    return filled(
        url=web_address(card.url),
        domain=card.domain,
        title=card.title,
        description=card.description,
        picture=card_name(card),
    )
