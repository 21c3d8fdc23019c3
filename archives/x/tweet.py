"""A tweet of an archive as a value: what X writes in a dozen places, in one."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archives.x import media, text
from archives.x.archive import Owner
from archives.x.json_access import (
    HANDLE,
    child,
    children,
    handle,
    identifier,
    moment,
    number,
    string,
    unwrapped,
)
from archives.x.media import File
from archives.x.note import Note, Notes
from microblog import text as words
from microblog.web.converters import parse_id
from timeline.ids import x_time

MAX_VERSIONS = 20
MAX_LINKS = 200

_STATUS = re.compile(
    r"https?://(?:mobile\.|www\.|m\.)?(?:twitter|x)\.com/(i/web|[^/?#\s]+)/status(?:es)?"
    r"/(\d{1,19})(?!\d)(/(?:photo|video)/\d)?"
)
_RETWEET = re.compile(r"RT @([A-Za-z0-9_]{1,30}): ?(.*)", re.DOTALL | re.ASCII)


class SkippedError(Exception):
    """This tweet is left out. The message is the reason, the same words for the same reason."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a tweet answers, quotes or retweets, as far as X tells; `handle` "" for unknown."""

    id: int | None
    handle: str
    name: str = ""
    is_own: bool = False  # the archive's owner wrote it, under whatever handle

    @property
    def url(self) -> str:
        """Return where it is on X; "" for a tweet whose id is unknown."""
        return f"https://x.com/{self.handle or 'i'}/status/{self.id}" if self.id else ""


@dataclass(frozen=True, slots=True)
class Tweet:
    """A tweet of an archive. `text` has neither the name of whom it answers at its beginning nor
    links to its own media or to what it quotes at its end.

    Of a retweet, it is the original's, cut by X. `links` are addresses that stand in it, each of
    them whole, and `own_names` those names in it (in lower case) that mean the archive's owner.
    """

    id: int
    versions: tuple[int, ...]  # ids of all versions, this one's among them, the first one first
    moment: datetime
    text: str
    links: tuple[str, ...] = ()
    own_names: frozenset[str] = frozenset()
    reply_to: Target | None = None
    quote_of: Target | None = None
    retweet_of: Target | None = None
    media: tuple[File, ...] = ()
    media_url: str = ""  # where X shows them
    likes: int = 0
    retweets: int = 0
    sensitive: bool = False

    def body(self, media_here: int) -> str:
        """Return its text where so many of its media are shown; the link stays if some are not."""
        is_whole = media_here >= len(self.media) or self.media_url in self.text
        return self.text if is_whole else f"{self.text} {self.media_url}".strip()

    @property
    def kind(self) -> str:
        """Return its kind, one of timeline.models.Post.Kind."""
        of = {"retweet": self.retweet_of, "reply": self.reply_to, "quote": self.quote_of}
        return next((kind for kind, target in of.items() if target), "post")


def convert(item: Any, notes: Notes | None = None, owner: Owner | None = None) -> Tweet:
    """Return the element `item` of `owner`'s tweets.js; `notes` has the rest of the long ones.

    Raises SkippedError, and nothing else.
    """
    raw = unwrapped(item, "tweet")
    tweet_id = identifier(raw, "id_str", "id")
    if not tweet_id:
        raise SkippedError("no tweet: it has no id")
    if not isinstance(raw.get("full_text", raw.get("text")), str):
        raise SkippedError("no tweet: it has no text")
    posted = moment(raw, "created_at") or x_time(tweet_id)
    if not posted:
        raise SkippedError("a date that cannot be read")
    tweet = Tweet(
        id=tweet_id,
        versions=_versions(raw, tweet_id),
        moment=posted,
        text="",
        media=media.files(raw, tweet_id),
        media_url=media.page(raw),
        likes=number(raw, "favorite_count"),
        retweets=number(raw, "retweet_count"),
        sensitive=raw.get("possibly_sensitive") in (True, "true"),
    )
    body = string(raw, "full_text", "text")[: text.MAX_RAW]
    retweet = _RETWEET.fullmatch(body)
    tweet = (
        _retweet(tweet, raw, retweet, owner) if retweet else _own(tweet, raw, body, notes, owner)
    )
    if not (tweet.text or tweet.media or tweet.quote_of or tweet.retweet_of):
        raise SkippedError("nothing in it")
    return replace(tweet, own_names=_own_names(raw, tweet.text, owner)) if owner else tweet


def _own(
    tweet: Tweet, raw: dict[str, Any], body: str, notes: Notes | None, owner: Owner | None
) -> Tweet:
    note = notes.of(tweet.moment, body) if notes else None
    links, shown, escaped = _links(raw, note), media.links(raw), note.escaped if note else True
    reply_to = _reply_target(raw, owner)
    quote = _quote(links, tweet, owner)
    links = {**shown, **links}
    dropped = {*shown, *([quote[0]] if quote else [])}
    value = text.full_text(
        note.text[: text.MAX_RAW] if note else body, links, dropped, escaped=escaped
    )
    known = text.links_in(links, value, escaped=escaped)
    if (
        reply_to
        and not reply_to.is_own
        and (text.without_addressees(value) or tweet.media or quote)
    ):
        # but a reply of nothing but names keeps them
        value = text.without_addressee(value, reply_to.handle)
    return replace(
        tweet, text=value, links=known, reply_to=reply_to, quote_of=quote[1] if quote else None
    )


def _retweet(tweet: Tweet, raw: dict[str, Any], match: re.Match[str], owner: Owner | None) -> Tweet:
    author, rest = match.groups()
    named = (one for one in _people(raw) if handle(one, "screen_name").lower() == author.lower())
    person = next(named, {})
    name = words.clean_line(string(person, "name"))[:50]
    shown = media.links(raw)
    links = {**shown, **_links(raw, None)}
    original = _target(
        media.source_id(raw, tweet.id), author, identifier(person, "id_str", "id"), owner
    )
    # its own post goes without that link, and is found by its text
    quote = _quote(links, tweet, owner) if original.is_own else None
    value = text.without_cut_link(
        text.full_text(rest, links, {*shown, *([quote[0]] if quote else [])})
    )
    return replace(
        tweet,
        text=value,
        links=text.links_in(links, value),
        retweet_of=replace(original, name=name or author),
    )


def _people(raw: dict[str, Any]) -> list[dict[str, Any]]:
    return children(child(raw, "entities"), "user_mentions")


def _own_names(raw: dict[str, Any], value: str, owner: Owner) -> frozenset[str]:
    """Return which names in the text `value` mean `owner`: X tells most of them by their ids."""
    ids = {
        handle(person, "screen_name").lower(): identifier(person, "id_str", "id")
        for person in _people(raw)
    }
    folded = value.lower() if "@" in value else ""
    return frozenset(
        name
        for name in {owner.handle.lower(), *owner.former, *ids}
        if f"@{name}" in folded and owner.is_called(name, ids.get(name))
    )


def _target(number: int | None, name: str, person: int | None, owner: Owner | None) -> Target:
    """Return the tweet `number` of `person`, called `name`; the owner has today's handle."""
    is_own = owner is not None and owner.is_called(name, person)
    return Target(number, owner.handle if owner and is_own else name, is_own=is_own)


def _versions(raw: dict[str, Any], tweet_id: int) -> tuple[int, ...]:
    """Return the ids of all versions that X knows of, the first one first."""
    info = child(raw, "edit_info")
    control = child(info, "initial") or child(info, "edit", "editControlInitial")
    listed = control.get("editTweetIds")
    values = listed[:MAX_VERSIONS] if isinstance(listed, list) else []
    ids = {identifier({"id": value}, "id") for value in values}
    ids |= {identifier(child(info, "edit"), "initialTweetId"), tweet_id}
    return tuple(sorted(found for found in ids if found))


def _links(raw: dict[str, Any], note: Note | None) -> dict[str, str]:
    """Return where each of X's short links leads."""
    urls = children(child(raw, "entities"), "urls")[:MAX_LINKS]
    links = text.real_links((string(url, "url"), string(url, "expanded_url")) for url in urls)
    return {**links, **note.links} if note else links


def _reply_target(raw: dict[str, Any], owner: Owner | None) -> Target | None:
    parent = identifier(raw, "in_reply_to_status_id_str", "in_reply_to_status_id")
    name = handle(raw, "in_reply_to_screen_name")
    person = identifier(raw, "in_reply_to_user_id_str", "in_reply_to_user_id")
    for one in _people(raw) if person and not name else ():
        if identifier(one, "id_str", "id") == person:
            name = handle(one, "screen_name")
            break
    return _target(parent, name, person, owner) if parent or name or person else None


def _quote(links: dict[str, str], tweet: Tweet, owner: Owner | None) -> tuple[str, Target] | None:
    """Return the last of `links` that leads to another tweet, and that tweet."""
    for short, url in reversed(links.items()):
        match = _STATUS.match(url)
        quoted = parse_id(match[2]) if match else None
        if match and quoted and quoted not in tweet.versions and not (match[3] and tweet.media):
            name = match[1] if HANDLE.fullmatch(match[1]) and match[1] != "i" else ""
            return short, _target(quoted, name, None, owner)
    return None
