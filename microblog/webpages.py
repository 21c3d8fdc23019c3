"""What a page from elsewhere says of itself: title, description, picture. Knows no database."""

import codecs
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from microblog.markup import head_tags
from microblog.text import clean_line

MAX_TITLE = 200
MAX_DESCRIPTION = 400

TITLES = ("og:title", "twitter:title")
DESCRIPTIONS = ("og:description", "twitter:description", "description")
PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")

_CHARSETS = re.compile(
    r"utf-(8|16|16-le|16-be)|ascii|cp(125\d|866|874|932|949|950)|iso8859-\d+|koi8-[ru]|mac-\w+|shift_jis|euc_(jp|kr)"
    r"|iso2022_jp|gb(2312|k|18030)|big5(hkscs)?"
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class Summary:
    """Plain text on one line each, and the address of a picture; "" for what the page does not say."""

    title: str
    description: str
    picture: str


def summarize(page: bytes, url: str, charset: str = "") -> Summary:
    """Read `page`, which came from `url` and whose server says that it is in `charset`: Open Graph, then Twitter card, then HTML."""
    said: dict[str, str] = {}
    own = ""
    for tag in head_tags(_decode(page, charset)):
        own = own or tag.text.strip()
        if value := tag.attributes.get("content", "").strip():
            for name in (tag.attributes.get("property"), tag.attributes.get("name")):
                if name:
                    said.setdefault(name.strip().lower(), value)
    return Summary(
        _first(said, TITLES, MAX_TITLE) or _line(own, MAX_TITLE),
        _first(said, DESCRIPTIONS, MAX_DESCRIPTION),
        _address(next((said[name] for name in PICTURES if name in said), ""), url),
    )


def _first(said: dict[str, str], names: tuple[str, ...], most: int) -> str:
    return next((line for name in names if (line := _line(said.get(name, ""), most))), "")


def _line(value: str, most: int) -> str:
    value = clean_line(value)
    return value if len(value) <= most else value[: most - 1].rstrip() + "…"


def _address(value: str, url: str) -> str:
    """`value` as it stands on the page at `url`; "" where it is no http address."""
    try:
        address = urljoin(url, value) if value else ""
        return address if urlsplit(address).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _decode(page: bytes, charset: str) -> str:
    """The page's text, as a browser finds its charset: by its first bytes, by its server, by itself, else UTF-8."""
    meta = _META_CHARSET.search(page[:2048])
    candidates = [name for bom, name in _BOMS if page.startswith(bom)] + [charset, meta[1].decode() if meta else ""]
    known = (_known(name) for name in candidates)
    return page.decode(next((name for name in known if name), "utf-8"), "replace").lstrip("\ufeff")


def _known(charset: str) -> str:
    """The codec of that name, if it is one of a text and of the web; of these none is slow."""
    try:
        name = codecs.lookup(charset).name if charset else ""
    except (LookupError, ValueError):
        return ""
    if name in ("iso8859-1", "ascii"):
        return "cp1252"  # which is what it means on the web
    return name if _CHARSETS.fullmatch(name) else ""
