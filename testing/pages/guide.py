"""Who goes round the site: each page that they see is a Visit with a name."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from testing.pages.browser import Browser, NotThereError, Page


@dataclass(frozen=True)
class Visit:
    """One answer of the site, `who` asked for it; `is_shown`: whether a browser shows it as a page
    of its own at an address.
    """

    name: str
    who: str
    page: Page
    is_shown: bool = False


class Guide:
    """Visits pages as one person."""

    def __init__(self, who: str, browser: Browser) -> None:
        self.who, self.browser = who, browser

    def see(self, name: str, path: str, *, htmx: bool = False, follow: bool = True) -> Visit:
        """Open `path` itself."""
        return self.do(
            name, lambda: self.browser.open(path, htmx=htmx, follow=follow), shown=not htmx
        )

    def all(self, pages: Mapping[str, str]) -> Iterator[Visit]:
        """See `pages`, the address of each by its name."""
        for name, path in pages.items():
            yield self.see(name, path)

    def press(self, name: str, on: str, label: str, within: str = "main", /, **more: Any) -> Visit:
        """Open the page `on`, and press a button there."""

        def deed() -> Page:
            self.browser.open(on)
            return self.browser.press(label, within, **more)

        return self.do(name, deed)

    def do(self, name: str, deed: Callable[[], Page], *, shown: bool = False) -> Visit:
        """Do what leads to a page."""
        try:
            page = deed()
        except NotThereError as error:
            page = replace(Browser(None).page, body=str(error).encode(), path="")
        is_shown = shown and page.kind == "text/html" and page.status == 200
        return Visit(f"{self.who}-{name}", self.who, page, is_shown)

    def link(self, name: str, text: str, *, on: str, within: str = "main") -> Visit:
        """Open the page `on`, and from there what `text` leads to."""

        def deed() -> Page:
            self.browser.open(on)
            return self.browser.follow(text, within)

        return self.do(name, deed, shown=True)


def slug(text: str) -> str:
    return re.sub(r"\W+", "-", text.lower()).strip("-")[:40]


def post_with(browser: Browser, page: str, text: str) -> str:
    """Return the address of the first post on `page` that says `text`."""
    browser.open(page)
    for article in browser.page.document.select("article"):
        if text in (article.text or ""):
            for link in article.select("a[href]"):
                if re.fullmatch(r"/@[\w@.]+/\d+", link.attrs["href"]):
                    return str(link.attrs["href"])
    raise NotThereError(f"no post on {page} says {text!r}")


def raising(error: NotThereError) -> Callable[[], Page]:
    def deed() -> Page:
        raise error

    return deed


def links(browser: Browser, page: str, within: str = "main") -> list[str]:
    browser.open(page)
    return browser.links(within=within)
