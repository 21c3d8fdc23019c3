"""Reads a page as a browser does: its elements in order, each with its attributes, its text and
what it stands in.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
MAY_STAY_OPEN = frozenset(["html", "body"])


@dataclass(eq=False)
class Element:
    tag: str
    attrs: dict[str, str]
    inside: "list[Element]" = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    @property
    def classes(self) -> set[str]:
        return set(self.attrs.get("class", "").split())

    def within(self, tag: str) -> "Element | None":
        """Return the nearest element called `tag` that it stands in."""
        return next((element for element in reversed(self.inside) if element.tag == tag), None)

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attrs}>"


class Reader(HTMLParser):
    """All elements of a page.

    A tag that closes nothing, or leaves one open, is an error: browsers would guess.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(html)
        self.close()
        assert not [element for element in self.open if element.tag not in MAY_STAY_OPEN], (
            f"left open: {self.open}"
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), (
            f"an attribute twice: <{tag} {attrs}>"
        )
        element = Element(tag, {name: value or "" for name, value in attrs}, list(self.open))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> closes {self.open[-1]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.pieces.append(data)


def read(response: Any) -> list[Element]:
    """Return the elements of a response, or of a text."""
    return Reader(response if isinstance(response, str) else response.content.decode()).elements


def find(response: Any, tag: str, **attrs: str) -> list[Element]:
    """Return those called `tag` with these attributes; `class_="a"` is a class, `hx_get` is
    `hx-get`.
    """
    wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
    return [
        element
        for element in read(response)
        if element.tag == tag and all(_has(element, *pair) for pair in wanted.items())
    ]


def _has(element: Element, name: str, value: str) -> bool:
    return value in element.classes if name == "class" else element.attrs.get(name) == value


def rows_of(response: Any) -> list[int]:
    """Return the ids of the rows (posts, retweets) that stand on a page, in order."""
    return [int(element.attrs["id"].removeprefix("p")) for element in find(response, "article")]
