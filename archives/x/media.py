"""What X's archive says of a tweet's pictures and videos: which files they are, what they show."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from archives.x.json_access import child, children, identifier, number, string
from archives.x.text import MAX_RAW, encoded, is_link
from microblog import text
from microblog.web.converters import parse_id

MAX_FILES = 4  # as on X
MAX_ALT = 1500
MAX_SIDE = 10_000  # pixels
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,200}", re.ASCII)
_SOURCE = re.compile(r"https?://[^/]+/[^/]+/status/(\d{1,19})/")

type Kind = Literal["image", "video", "gif"]
VIDEOS = ("video/mp4", "video/webm")  # the latter of older tweets
KINDS: dict[str, Kind] = {"photo": "image", "video": "video", "animated_gif": "gif"}


@dataclass(frozen=True, slots=True)
class File:
    """A picture or video: `names` that its file may have, the best first, and its size if known."""

    kind: Kind
    names: tuple[str, ...]
    alt: str
    width: int
    height: int


def items(raw: dict[str, Any]) -> list[dict[str, Any]]:
    return children(child(raw, "extended_entities"), "media") or children(
        child(raw, "entities"), "media"
    )


def files(raw: dict[str, Any], tweet_id: int) -> tuple[File, ...]:
    return tuple(_file(item, tweet_id) for item in items(raw)[:MAX_FILES])


def links(raw: dict[str, Any]) -> dict[str, str]:
    """Return where short links to media lead, of both lists, for either may be incomplete."""
    listed = [*items(raw), *children(child(raw, "entities"), "media")]
    found = {string(item, "url"): string(item, "expanded_url") for item in listed}
    return {short: url if is_link(url) else short for short, url in found.items() if is_link(short)}


def page(raw: dict[str, Any]) -> str:
    """Return where X shows them; "" where it does not say."""
    urls = (string(item, "expanded_url") for item in items(raw))
    return next((encoded(url) for url in urls if is_link(url)), "")


def source_id(raw: dict[str, Any], tweet_id: int) -> int | None:
    """Return the id of the tweet that these media were in first: X names no other original."""
    for item in items(raw):
        found = identifier(item, "source_status_id_str", "source_status_id")
        match = _SOURCE.match(string(item, "expanded_url"))
        found = found or (parse_id(match[1]) if match else None)
        if found and found != tweet_id:
            return found
    return None


def _file(item: dict[str, Any], tweet_id: int) -> File:
    kind = KINDS.get(string(item, "type"), "image")
    urls = [string(item, "media_url_https", "media_url")]
    if kind != "image" or child(item, "video_info"):
        variants = children(child(item, "video_info"), "variants")
        variants.sort(key=lambda variant: -number(variant, "bitrate"))
        urls = [string(one, "url") for one in variants if string(one, "content_type") in VIDEOS]
        kind = "video" if kind == "image" else kind
    names = [re.split(r"[?#]", url)[0].rpartition("/")[2] for url in urls]
    width, height = _size(item)
    alt = text.clean(string(item, "ext_alt_text")[:MAX_RAW])[:MAX_ALT]
    names = [f"{tweet_id}-{name}" for name in names if _NAME.fullmatch(name)]
    return File(kind, tuple(names), alt, width, height)


def _size(item: dict[str, Any]) -> tuple[int, int]:
    """Return its width and height: of the large size, else of any other, else of its shape."""
    sizes = child(item, "sizes")
    for name in ("large", "medium", "small"):
        width, height = number(child(sizes, name), "w"), number(child(sizes, name), "h")
        if 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE:
            return width, height
    shape = child(item, "video_info").get("aspect_ratio")
    if isinstance(shape, list) and len(shape) == 2:
        width, height = (number({"n": side}, "n") for side in shape)
        if 0 < width <= 100 and 0 < height <= 100:
            return 1280, max(1, min(MAX_SIDE, 1280 * height // width))
    return 1280, 720
