"""What a page from elsewhere says of itself: title, description, picture. Knows no database."""

import codecs
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import webencodings

from microblog.net.head_tags import Tag, head_tags
from microblog.text import clean_line

MAX_TITLE = 200
MAX_DESCRIPTION = 400

TITLES = ("og:title", "twitter:title")
DESCRIPTIONS = ("og:description", "twitter:description", "description")
PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")

MOST_PICTURES = 3  # of those that a page names are tried

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';]{1,40})", re.IGNORECASE)
_LOOKED_AT = 4096  # bytes of a page that may say how the page is encoded
_GUESSED_BY = 65_536  # bytes, where nothing says so
_UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class Summary:
    """Plain text on one line each, "" for what the page does not say; and the addresses of
    pictures, the best first.
    """

    title: str
    description: str
    pictures: tuple[str, ...]

    @property
    def picture(self) -> str:
        """Return the best of them, or ""."""
        return next(iter(self.pictures), "")


def summarize(page: bytes, url: str, charset: str = "") -> Summary:
    """Read `page`, which came from `url` and whose server says that it is in `charset`: Open Graph,
    then Twitter card, then HTML.
    """
    values: dict[str, list[str]] = {}
    own = base = ""
    for tag in head_tags(_decode(page, charset)):
        own = own or tag.text.strip()
        if tag.name == "base":
            base = base or tag.attributes.get("href", "").strip()
        elif value := tag.attributes.get("content", "").strip():
            for name in {
                (tag.attributes.get(key) or "").strip().lower() for key in ("property", "name")
            }:
                values.setdefault(name, []).append(value)
    pictures = (
        _address(value, _address(base, url) or url)
        for name in PICTURES
        for value in values.get(name, ())
    )
    return Summary(
        _first(values, TITLES, MAX_TITLE) or _line(own, MAX_TITLE),
        _first(values, DESCRIPTIONS, MAX_DESCRIPTION),
        tuple(dict.fromkeys(filter(None, pictures)))[:MOST_PICTURES],
    )


def _first(values: dict[str, list[str]], names: tuple[str, ...], limit: int) -> str:
    return next((line for name in names if (line := _line(values.get(name, [""])[0], limit))), "")


def _line(value: str, limit: int) -> str:
    """Return `value` on one line; "" where half of it could not be read."""
    value = clean_line(value)
    if 2 * value.count(_UNREADABLE) >= len(value):
        return ""
    return value if len(value) <= limit else value[: limit - 1].rstrip() + "…"


def _address(value: str, url: str) -> str:
    """Return `value` as it stands on the page at `url`; "" where it is no http address."""
    try:
        address = urljoin(url, value) if value else ""
        return address if urlsplit(address).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _decode(page: bytes, charset: str) -> str:
    """Return the page's text, by the encoding of its BOM, server, the page itself, or a guess."""
    # only who fetches cards needs it, and it takes a third of a second
    import turbohtml.detect  # noqa: PLC0415

    candidates = [name for bom, name in _BOMS if page.startswith(bom)] + [
        _encoding(charset),
        _own_encoding(page),
    ]
    name = (
        next(filter(None, candidates), "")
        or turbohtml.detect.detect(page[:_GUESSED_BY]).encoding
        or "utf-8"
    )
    return page.decode(f"whatwg-{name}").lstrip("\ufeff")


def _encoding(label: str) -> str:
    """Return the encoding that `label` means (the WHATWG's Encoding Standard); "" for none."""
    # some say "utf-16-be"
    found = webencodings.lookup(label.replace("16-", "16")) if label.isascii() else None
    return found.name if found else ""


def _own_encoding(page: bytes) -> str:
    """Return the encoding that the page itself names.

    One that can write this name in ASCII is not UTF-16 (HTML, section 13.2.3.2).
    """
    labels = map(_label, head_tags(page[:_LOOKED_AT].decode("latin-1")))
    name = next(filter(None, map(_encoding, labels)), "")
    return {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}.get(
        name, name
    )


def _label(tag: Tag) -> str:
    if (
        "charset" in tag.attributes
        or tag.attributes.get("http-equiv", "").lower() != "content-type"
    ):
        return tag.attributes.get("charset", "")
    found = _CHARSET.search(tag.attributes.get("content", ""))
    return found[1] if found else ""
