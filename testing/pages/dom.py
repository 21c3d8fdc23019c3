"""A page as lines that can be compared: one node a line, without what differs from run to run or
from checkout to checkout.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import turbohtml

# Where the site's CSS says `white-space: pre-wrap` (grep it when that changes), and HTML's own.
PRE_WRAPPED = ".text, .caption, .alt + [popover], pre, textarea, script, style"
SPACE = "␣"
INDENT = "  "

BLOCKS = frozenset(
    """address article aside blockquote body br button canvas caption col colgroup dd details dialog
    div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html
    legend li link main menu meta nav ol optgroup option p picture pre progress script search
    section select source style summary svg table tbody td template textarea tfoot th thead title
    tr track ul use video path circle g symbol""".split()
)
URLS = frozenset(
    """href src action formaction content cite poster data-url hx-get hx-post hx-put hx-delete
    hx-push-url hx-replace-url value srcset""".split()
)
NAMES = frozenset(
    """id for form name list headers aria-controls aria-describedby aria-labelledby
    aria-activedescendant popovertarget hx-target hx-select hx-include hx-swap-oob hx-disabled-elt
    hx-indicator data-draft data-account data-post data-id""".split()
)

_STATIC = re.compile(
    r"/static/(?:[\w.@-]+/)*([\w@-]+)((?:\.[\w-]+)*?)(?:\.[0-9a-f]{12})?(\.\w+)(?=$|[\s\"'?#),])"
)
_FIXED: list[tuple[re.Pattern[str], str]] = [
    (_STATIC, r"/static/…/\1\2\3"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "‹uuid›"),
    (re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b"), "‹hex›"),
    # signed values of django.core.signing: data, time, signature
    (re.compile(r"(?<![\w-])\.?[\w-]*:?[\w-]+:[0-9A-Za-z]{6}:[\w-]{43}(?![\w-])"), "‹signed›"),
    (re.compile(r"(?<![\w-])[\w-]+:[\w-]{43}(?![\w-])"), "‹signed›"),
    # tokens of a password reset: base 36 time, hash
    (re.compile(r"(?<=/)[0-9a-z]+-[0-9a-z]{6}-[0-9a-f]{32}(?=/)"), "‹reset›"),
    # secrets.token_urlsafe(24), and other long tokens that stand alone
    (
        re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{32}(?![\w-])"),
        "‹token›",
    ),
    (re.compile(r"(?<=127\.0\.0\.1:)(?!8000\b)\d{4,5}\b"), "‹port›"),
]
_POST = re.compile(r"(?<!\d)\d{16,19}(?!\d)")
_IN_PATH = re.compile(r"(/[\w/.@-]*?/|[?&;][\w-]+=|^\?[\w-]+=|#[a-z]+-?)(\d{1,15})(?=$|[/?#&\s,-])")
_IN_NAME = re.compile(r"(^|[a-z_#-])(\d{1,15})(?=$|[\s,:-])")


class _Numbers:
    """Names for the numbers of rows: the same row has the same name all over a page."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}

    def name(self, kind: str, number: str) -> str:
        key = (kind, number)
        known = sum(one == kind for one, _ in self._names)
        return self._names.setdefault(key, f"‹{known + 1}›")

    def post(self, match: re.Match[str]) -> str:
        """Name a post by its time: the low bits of its id are random."""
        return f"‹post {int(match[0]) >> 16}›"


def masked(value: str) -> str:
    """Return `value` without random parts: tokens, keys, ids of posts, hashes of static files."""
    for pattern, instead in _FIXED:
        value = pattern.sub(instead, value)
    return _POST.sub(_Numbers().post, value)


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.numbers = _Numbers()

    # --- Nodes ---

    def write(self, node: Any, depth: int, *, exact: bool) -> None:
        for kind, child in _pieces(node, exact=exact):
            if kind == "element":
                self._element(child, depth, exact=exact)
            elif kind == "text":
                self._say(depth, json.dumps(masked(child), ensure_ascii=False))
            elif kind == "space":
                self._say(depth, SPACE)
            else:
                self._say(depth, f"<{kind} {masked(child)}>")

    def _element(self, element: Any, depth: int, *, exact: bool) -> None:
        attributes = "".join(
            f' {name}="{value}"' if value else f" {name}"
            for name, value in sorted(self._attributes(element))
        )
        self._say(depth, f"<{element.tag}{attributes}>")
        self.write(element, depth + 1, exact=exact or bool(element.matches(PRE_WRAPPED)))

    def _say(self, depth: int, words: str) -> None:
        self.lines.append(INDENT * depth + words)

    # --- Attributes ---

    def _attributes(self, element: Any) -> Iterator[tuple[str, str]]:
        for name, raw in element.attrs.items():
            value = " ".join(raw) if isinstance(raw, list) else (raw or "")
            if name == "value" and element.attrs.get("name") == "csrfmiddlewaretoken":
                yield name, "‹csrf›"
            elif name == "class":
                yield name, " ".join(sorted(value.split()))
            else:
                yield name, self._value(element, name, masked(value)).replace("\n", "\\n")

    def _value(self, element: Any, name: str, value: str) -> str:
        if name == "value":
            is_id = element.attrs.get("type") in ("hidden", "checkbox") and value.isdecimal()
            return self.numbers.name("value", value) if is_id else value
        if name in URLS:
            return _IN_PATH.sub(self._named, value)
        if name in NAMES:
            return _IN_NAME.sub(self._named, value)
        return value

    def _named(self, match: re.Match[str]) -> str:
        return match[1] + self.numbers.name(match[1], match[2])


def _pieces(  # noqa: C901  (a case for each kind of node)
    node: Any, *, exact: bool
) -> list[tuple[str, Any]]:
    """Return what stands in `node`: elements, texts and the white space between them, which counts
    as one space, and as none beside a block.
    """
    found: list[tuple[str, Any]] = []
    for child in node.children:
        match type(child).__name__:
            case "Element":
                found.append(("element", child))
            case "Text" if exact:
                found.append(("text", child.text))
            case "Text":
                text = child.text
                folded = _folded(text)
                if text[:1].isspace():
                    found.append(("space", ""))
                if folded:
                    found.append(("text", folded))
                    if text[-1:].isspace():
                        found.append(("space", ""))
            case "DocumentFragment":
                found.extend(_pieces(child, exact=exact))
            case "Comment":
                found.append(("!--", child.text or ""))
            case "Doctype":
                found.append(("!doctype", "html"))
    return found if exact else _without_idle_space(found, node)


def _folded(text: str) -> str:
    """Fold HTML's white space alone: a no-break space is a character."""
    return re.sub(r"[ \t\n\r\f]+", " ", text).strip(" ")


def _without_idle_space(found: list[tuple[str, Any]], node: Any) -> list[tuple[str, Any]]:
    is_block = getattr(node, "tag", "html") in BLOCKS
    kept: list[tuple[str, Any]] = []
    for at, (kind, child) in enumerate(found):
        if kind != "space":
            kept.append((kind, child))
            continue
        before = kept[-1] if kept else None
        after = next((piece for piece in found[at + 1 :] if piece[0] != "space"), None)
        if before and before[0] == "space":
            continue
        if all(_holds_space(side, edge=not is_block) for side in (before, after)):
            kept.append((kind, child))
    return kept


def _holds_space(piece: tuple[str, Any] | None, *, edge: bool) -> bool:
    """Tell whether white space beside `piece` can be seen; `edge`: where nothing is beside it."""
    if piece is None:
        return edge
    kind, child = piece
    return kind == "text" or (kind == "element" and child.tag not in BLOCKS)


# --- What is compared ---


def lines_of_html(html: str) -> list[str]:
    """Return the nodes of a page, or of a fragment, one a line and indented."""
    writer = _Writer()
    is_page = "<html" in html[:2000]
    writer.write(
        turbohtml.parse(html) if is_page else turbohtml.parse_fragment(html), 0, exact=False
    )
    return writer.lines


def lines_of_text(text: str) -> list[str]:
    """Return the lines of what is no page, exactly, but for random parts."""
    numbers = _Numbers()

    def named(match: re.Match[str]) -> str:
        return match[1] + numbers.name(match[1], match[2])

    return [_IN_PATH.sub(named, masked(line)) for line in text.split("\n")]


def in_rules(lines: list[str], rules: list[tuple[re.Pattern[str], str]]) -> list[str]:
    """Return `lines` after each of `rules` (a pattern, and what stands instead) was applied; what
    is empty after that, and was not before, goes.
    """
    changed = []
    for line in lines:
        now = line
        for pattern, instead in rules:
            now = pattern.sub(instead, now)
        if now.strip() or not line.strip():
            changed.append(now)
    return changed


type Reader = Callable[[str], list[str]]
READERS: dict[str, Reader] = {"text/html": lines_of_html}


def lines_of(body: bytes, kind: str) -> list[str]:
    """Return the comparable lines of a body of the media type `kind`."""
    text = body.decode(errors="replace")
    return READERS.get(kind, lines_of_text)(text)


def path_of(address: str) -> str:
    """Return `address` readable and without random parts, for a heading."""
    return masked(unquote(address))
