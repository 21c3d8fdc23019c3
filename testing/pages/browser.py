"""A browser without a window: opens pages of the site, and presses buttons by what is written on
them, so that it needs to know neither models nor names of fields that nobody sees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import turbohtml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client

from testing.pages.standstill import Clock

HOST, PORT = "127.0.0.1", 8000
MAX_REDIRECTS = 5
UNSENT = ("submit", "button", "reset", "image", "file")

type Fields = dict[str, list[Any]]


class NotThereError(Exception):
    """The page has no such link or button: the message says which, and on which page."""


class RefusedError(Exception):
    """The site refused what was sent: the message says what the page says."""


@dataclass(frozen=True)
class Page:
    """An answer of the site to a request for `path`."""

    path: str
    status: int
    headers: Mapping[str, str]
    cookies: Sequence[str]  # names of those that it sets
    body: bytes
    document: Any = field(repr=False)

    @property
    def kind(self) -> str:
        """Return its media type, without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0]


def words(element: Any) -> str:
    """Return what an element is called: its label, or the text in it on one line."""
    return " ".join((element.attrs.get("aria-label") or element.text or "").split())


class Browser:
    """Somebody's browser, with its cookies and the page that it shows.

    Each request happens a second after the one before while `clock` is not None; then too, what
    the site refuses raises RefusedError.
    """

    def __init__(self, clock: Clock | None, **options: Any) -> None:
        self.client = Client(
            SERVER_NAME=HOST, SERVER_PORT=str(PORT), raise_request_exception=True, **options
        )
        self.clock = clock
        self.page = Page("", 0, {}, (), b"", turbohtml.parse(""))

    # --- Pages ---

    def open(self, path: str, *, htmx: bool = False, follow: bool = True, **headers: str) -> Page:
        """GET `path`, an address on the site or relative to the page that is open."""
        return self._ask("get", self._resolve(path), None, htmx=htmx, follow=follow, **headers)

    def send(
        self, path: str, fields: Any = None, *, htmx: bool = False, claims: int | None = None
    ) -> Page:
        """POST `fields` to `path` without a form, as no button does; `claims` is a length to tell
        that is not the true one.
        """
        more = {} if claims is None else {"content_length": str(claims)}
        return self._ask("post", self._resolve(path), fields or {}, htmx=htmx, follow=False, **more)

    def _resolve(self, path: str) -> str:
        parts = urlsplit(urljoin(f"http://{HOST}{self.page.path}", path))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _ask(
        self, method: str, path: str, fields: Any, *, htmx: bool, follow: bool, **headers: str
    ) -> Page:
        if self.clock:
            self.clock.go_on()
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        if htmx:
            more |= {
                "HX-Request": "true",
                "HX-Current-URL": f"http://{HOST}:{PORT}{self.page.path}",
            }
        for _ in range(MAX_REDIRECTS):
            response = getattr(self.client, method)(path, fields, headers=more)
            if not (follow and response.status_code in (301, 302, 303, 307, 308)):
                break
            method, fields = "get", None
            path = self._resolve(response["Location"])
        body = b"".join(response.streaming_content) if response.streaming else response.content
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        page = Page(
            path,
            response.status_code,
            dict(response.headers),
            sorted(response.cookies),
            body,
            turbohtml.parse(body.decode() if is_html else ""),
        )
        if not htmx:
            self.page = page
        if self.clock and page.status >= 400:
            errors = [words(one) for one in page.document.select("h1, .error, .errors")]
            raise RefusedError(f"{method} {path} ({page.status}): {errors}")
        return page

    # --- What is on a page ---

    def select(self, selector: str) -> Any:
        """Return the first element of the page for a CSS selector. Raises NotThereError."""
        found = self.page.document.select_one(selector)
        if found is None:
            raise NotThereError(f"{self.page.path} ({self.page.status}) has no {selector}")
        return found

    def links(self, text: str = "", within: str = "body") -> list[str]:
        """Return the addresses of the links in which `text` stands, in order, each once."""
        found = (
            link.attrs.get("href", "")
            for link in self.page.document.select(f"{within} a")
            if text in words(link)
        )
        return list(dict.fromkeys(filter(None, found)))

    def follow(self, text: str, within: str = "body") -> Page:
        """Open the first link in which `text` stands."""
        found = self.links(text, within)
        if not found:
            raise NotThereError(f"{self.page.path} ({self.page.status}) has no link {text!r}")
        return self.open(found[0])

    def press(
        self,
        label: str,
        within: str = "body",
        *,
        htmx: bool = False,
        follow: bool = True,
        files: Mapping[str, Sequence[SimpleUploadedFile]] | None = None,
        tick: Sequence[str] = (),
        **fields: str | list[str],
    ) -> Page:
        """Press the first button that is called `label` (or begins so), with `fields` filled in.

        A field is named as in the form (a list: several values); `tick` are labels of boxes to
        tick. Raises NotThereError where there is no such button, field or box.
        """
        button = self._button(label, within)
        form = self._form_of(button)
        values = _values(self.page.document, form)
        for name, value in fields.items():
            names = {one.attrs.get("name") for one in _controls(self.page.document, form)}
            if name not in names:
                raise NotThereError(f"{self.page.path}: {label!r} has no field {name!r}: {names}")
            values[name] = value if isinstance(value, list) else [value]
        for text in tick:
            box = self._box(text)
            values.setdefault(box.attrs["name"], []).append(box.attrs.get("value", "on"))
        if button.attrs.get("name"):
            values[button.attrs["name"]] = [button.attrs.get("value", "")]
        action = button.attrs.get("formaction") or form.attrs.get("action") or self.page.path
        if (form.attrs.get("method") or "get").lower() == "get":
            query = QueryDict(mutable=True)
            for name, several in values.items():
                query.setlist(name, several)
            return self.open(f"{action.partition('?')[0]}?{query.urlencode()}", htmx=htmx)
        sent: dict[str, Any] = {**values, **(files or {})}
        return self._ask("post", self._resolve(action), sent, htmx=htmx, follow=follow)

    def _button(self, label: str, within: str) -> Any:
        buttons = [
            button
            for part in self.page.document.select(within)
            for button in part.select("button, input[type=submit]")
        ]
        for button in buttons:
            if (words(button) or button.attrs.get("value", "")) == label:
                return button
        for button in buttons:
            if (words(button) or button.attrs.get("value", "")).startswith(label):
                return button
        raise NotThereError(
            f"{self.page.path} ({self.page.status}) has no button {label!r} in {within}, but "
            f"{sorted({words(button) for button in buttons})}"
        )

    def _form_of(self, button: Any) -> Any:
        if name := button.attrs.get("form"):
            return self.select(f"form[id='{name}']")
        form = button.closest("form")
        if form is None:
            raise NotThereError(f"{self.page.path}: the button {words(button)!r} has no form")
        return form

    def _box(self, text: str) -> Any:
        for label in self.page.document.select("label"):
            if text in words(label):
                inside = label.select_one("input")
                return inside or self.select(f"[id='{label.attrs['for']}']")
        for box in self.page.document.select("input[aria-label]"):
            if text in words(box):
                return box
        raise NotThereError(f"{self.page.path} has no box {text!r}")


def _controls(document: Any, form: Any) -> list[Any]:
    name = form.attrs.get("id")
    every = "input, textarea, select"
    return [
        one
        for one in [*form.select(every), *(document.select(f"[form='{name}']") if name else [])]
        if one.tag in ("input", "textarea", "select")
    ]


def _values(document: Any, form: Any) -> Fields:
    """Return what a form would send as it stands, but for its buttons and files."""
    values: Fields = {}
    for one in _controls(document, form):
        name, kind = one.attrs.get("name"), (one.attrs.get("type") or "text").lower()
        if not name or "disabled" in one.attrs or (one.tag == "input" and kind in UNSENT):
            continue
        if one.tag == "select":
            options = one.select("option")
            chosen = [option for option in options if "selected" in option.attrs]
            several = chosen if "multiple" in one.attrs else (chosen or options)[:1]
            values.setdefault(name, []).extend(
                option.attrs.get("value", words(option)) for option in several
            )
        elif one.tag == "textarea":
            values.setdefault(name, []).append(one.text or "")
        elif kind not in ("checkbox", "radio") or "checked" in one.attrs:
            default = "on" if kind in ("checkbox", "radio") else ""
            values.setdefault(name, []).append(one.attrs.get("value", default))
    return values
