"""A tweet of an archive as a value: what X writes in a dozen places, in one."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archives.x import media, wording
from archives.x.media import File
from archives.x.notes import Note, Notes
from archives.x.values import HANDLE, child, children, handle, identifier, moment, number, string, unwrapped
from microblog import text as words
from microblog.converters import parse_id
from timeline.ids import x_time

MAX_VERSIONS = 20
MAX_LINKS = 200

_STATUS = re.compile(
    r"https?://(?:mobile\.|www\.|m\.)?(?:twitter|x)\.com/(i/web|[^/?#\s]+)/status(?:es)?/(\d{1,19})(?!\d)(/(?:photo|video)/\d)?"
)
_RETWEET = re.compile(r"RT @([A-Za-z0-9_]{1,30}): ?(.*)", re.DOTALL | re.ASCII)


class SkippedError(Exception):
    """This tweet is left out. The message is the reason, the same words for the same reason."""


@dataclass(frozen=True, slots=True)
class Target:
    """A tweet that another one answers, quotes or retweets, as far as X tells: its id, its author's handle ("" for unknown)."""

    id: int | None
    handle: str
    name: str = ""

    @property
    def url(self) -> str:
        """Where it is on X; "" for a tweet whose id is unknown."""
        return f"https://x.com/{self.handle or 'i'}/status/{self.id}" if self.id else ""


@dataclass(frozen=True, slots=True)
class Tweet:
    """`text` has no addressees and no links to its own media or to what it quotes; of a retweet, it is the original's, cut by X."""

    id: int
    versions: tuple[int, ...]  # ids of all versions, this one's among them, the first one first
    moment: datetime
    text: str
    reply_to: Target | None = None
    quote_of: Target | None = None
    retweet_of: Target | None = None
    media: tuple[File, ...] = ()
    media_url: str = ""  # where X shows them
    likes: int = 0
    retweets: int = 0
    sensitive: bool = False

    @property
    def kind(self) -> str:
        """A kind of timeline.models.Post."""
        return "retweet" if self.retweet_of else "reply" if self.reply_to else "quote" if self.quote_of else "post"


def convert(item: Any, notes: Notes | None = None) -> Tweet:
    """The element `item` of tweets.js; `notes` has the rest of the long ones. Raises SkippedError, and nothing else."""
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
    body = string(raw, "full_text", "text")[: wording.MAX_RAW]
    retweet = _RETWEET.fullmatch(body)
    tweet = _retweet(tweet, raw, retweet) if retweet else _own(tweet, raw, body, notes)
    if not (tweet.text or tweet.media or tweet.quote_of or tweet.retweet_of):
        raise SkippedError("nothing in it")
    return tweet


def _own(tweet: Tweet, raw: dict[str, Any], body: str, notes: Notes | None) -> Tweet:
    note = notes.of(tweet.moment, body) if notes else None
    links = _links(raw, note)
    reply_to = _reply_target(raw)
    quote = _quote(links, tweet)
    dropped = {*media.links(raw), *([quote[0]] if quote else [])}
    value = wording.wording(note.text[: wording.MAX_RAW] if note else body, links, dropped, escaped=note.escaped if note else True)
    if reply_to:
        bare = wording.without_addressees(value)
        value = bare if bare or tweet.media or quote else value  # a reply of nothing but names keeps them
    return replace(tweet, text=value, reply_to=reply_to, quote_of=quote[1] if quote else None)


def _retweet(tweet: Tweet, raw: dict[str, Any], match: re.Match[str]) -> Tweet:
    author, rest = match.groups()
    people = children(child(raw, "entities"), "user_mentions")
    names = [string(person, "name") for person in people if handle(person, "screen_name").lower() == author.lower()]
    name = words.clean_line(next(iter(names), ""))[:50]
    value = wording.without_cut_link(wording.wording(rest, _links(raw, None), media.links(raw)))
    return replace(tweet, text=value, retweet_of=Target(media.source_id(raw, tweet.id), author, name or author))


def _versions(raw: dict[str, Any], tweet_id: int) -> tuple[int, ...]:
    """The ids of all versions that X knows of, the first one first."""
    info = child(raw, "edit_info")
    control = child(info, "initial") or child(info, "edit", "editControlInitial")
    listed = control.get("editTweetIds")
    ids = {identifier({"id": value}, "id") for value in listed[:MAX_VERSIONS]} if isinstance(listed, list) else set()
    ids |= {identifier(child(info, "edit"), "initialTweetId"), tweet_id}
    return tuple(sorted(found for found in ids if found))


def _links(raw: dict[str, Any], note: Note | None) -> dict[str, str]:
    """Where each of X's short links leads."""
    found = {string(url, "url"): string(url, "expanded_url") for url in children(child(raw, "entities"), "urls")[:MAX_LINKS]}
    links = {short: url for short, url in found.items() if wording.is_link(short) and wording.is_link(url)}
    return {**links, **note.links} if note else links


def _reply_target(raw: dict[str, Any]) -> Target | None:
    parent = identifier(raw, "in_reply_to_status_id_str", "in_reply_to_status_id")
    name = handle(raw, "in_reply_to_screen_name")
    person = identifier(raw, "in_reply_to_user_id_str", "in_reply_to_user_id")
    return Target(parent, name) if parent or name or person else None


def _quote(links: dict[str, str], tweet: Tweet) -> tuple[str, Target] | None:
    """The last of `links` that leads to another tweet, and that tweet."""
    for short, url in reversed(links.items()):
        match = _STATUS.match(url)
        quoted = parse_id(match[2]) if match else None
        if match and quoted and quoted not in tweet.versions and not (match[3] and tweet.media):
            return short, Target(quoted, match[1] if HANDLE.fullmatch(match[1]) and match[1] != "i" else "")
    return None
