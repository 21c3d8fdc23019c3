"""Which pages are recorded, as whom: each has a name that is the same in every checkout."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from testing.pages.browser import Browser, NotThereError, Page, words
from testing.pages.scene import Scene

TOO_MUCH = 10**10  # bytes, said and not sent


@dataclass(frozen=True)
class Visit:
    """One answer of the site, `who` asked for it; `is_shown`: whether a browser shows it as a page
    of its own at an address.
    """

    name: str
    who: str
    page: Page
    is_shown: bool = False


def tour(scene: Scene) -> Iterator[Visit]:
    """Go round. What changes nothing comes first; pages that are read once come late.

    Where a page cannot be found, the rest is visited all the same: a Visit of status 0 says why.
    """
    for part in (
        _visitor,
        _forms_refused,
        _writer,
        _newcomer,
        _moderator,
        _keeper,
        _errors,
        _changes,
    ):
        yield from part(scene)


class _Guide:
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


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text.lower()).strip("-")[:40]


def _post_with(browser: Browser, page: str, text: str) -> str:
    """Return the address of the first post on `page` whose text holds `said`."""
    browser.open(page)
    for article in browser.page.document.select("article"):
        if text in (article.text or ""):
            for link in article.select("a[href]"):
                if re.fullmatch(r"/@[\w@.]+/\d+", link.attrs["href"]):
                    return str(link.attrs["href"])
    raise NotThereError(f"no post on {page} says {text!r}")


# --- As somebody who is not signed in ---

PROFILES = ("ada", "nell", "yuki_tram", "salma_stars", "DrQuillfeather@x.com")


def _visitor(scene: Scene) -> Iterator[Visit]:
    guide = _Guide("visitor", scene.visitor)
    pages = {
        "home": "/",
        "explore": "/explore",
        "search": "/search",
        "search-top": "/search?q=the",
        "search-people": "/search?q=a&tab=people",
        "search-refused": "/search?q=since:never",
        "about": "/about",
        "rules": "/rules",
        "transparency": "/transparency",
        "removal": "/removal",
        "removal-of": "/removal?handle=ada",
        "appearance": "/settings/appearance",
        "login": "/account/login/",
        "login-next": "/account/login/?next=/bookmarks",
        "signup": "/account/signup/",
        "password-reset": "/account/password/reset/",
        "password-reset-done": "/account/password/reset/done/",
        "password-reset-bad-key": "/account/password/reset/key/1-x-y/",
        "inactive": "/account/inactive/",
        "confirm-email": "/account/confirm-email/",
        "bookmarks-signs-in": "/bookmarks",
        "compose-signs-in": "/compose",
        "admin-signs-in": "/admin/",
        "tag-bells": "/tags/bells",
        "tag-birds": "/tags/birds",
        "tag-nobody": "/tags/nobodysaysthis",
        "followers": "/@ada/followers",
        "following": "/@ada/following",
        "report-account": "/@ada/report",
        "health": "/health",
        "robots": "/robots.txt",
        "manifest": "/manifest.webmanifest",
        "sitemap": "/sitemap.xml",
    }
    yield from guide.all(pages)
    for handle in PROFILES:
        yield guide.see(f"profile-{_slug(handle)}", f"/@{handle}")
    for tab in ("replies", "media", "likes"):
        yield guide.see(f"profile-ada-{tab}", f"/@ada/{tab}")
        yield guide.see(f"profile-nell-{tab}", f"/@nell/{tab}")
        yield guide.see(f"htmx-profile-{tab}", f"/@mateo_bakes/{tab}", htmx=True)
    yield guide.see("htmx-explore", "/explore", htmx=True)
    yield guide.link("profile-ada-page-2", "Show more", on="/@ada")
    yield guide.link("explore-page-2", "Show more", on="/explore")
    for name, (page, text) in POSTS.items():
        yield from _post_pages(guide, name, page, text)


POSTS = {
    "thread": ("/@mateo_bakes", "Three in the morning"),
    "pinned-edited": ("/@ada", "This is the last word"),
    "pictures": ("/@ada", "Two fields"),
    "sensitive": ("/@ada", "Look away"),
    "moving": ("/@ada", "It moves"),
    "video": ("/@ada", "It moves, and is a video"),
    "card": ("/@ada", "Read this:"),
    "own-thread": ("/@ada", "A thread begins"),
    "quote": ("/@nell", "She is right"),
    "reply": ("/@nell/replies", "Is it the last word"),
    "spaces": ("/@nell", "Hello, is this on?"),
    "external": ("/@DrQuillfeather@x.com", ""),
    "popular": ("/@priya_counts", "mathematicians ever finish"),
    "japanese": ("/@yuki_tram", ""),
    "arabic": ("/@salma_stars", ""),
}
WITH_MORE = ("pinned-edited", "popular", "external")


def _post_pages(guide: _Guide, name: str, page: str, text: str) -> Iterator[Visit]:
    try:
        path = _post_with(guide.browser, page, text)
    except NotThereError as error:
        yield guide.do(f"post-{name}", _raising(error))
        return
    yield guide.see(f"post-{name}", path)
    for tab in ("retweets", "quotes", "likes", "history") if name in WITH_MORE else ():
        yield guide.see(f"post-{name}-{tab}", f"{path}/{tab}")
    if name == "thread":
        yield guide.see("htmx-post", path, htmx=True)
        yield guide.link("report-post", "Report", on=path, within="main article")
        yield guide.see("post-under-another-handle", path.replace("mateo_bakes", "ada"))


def _raising(error: NotThereError) -> Callable[[], Page]:
    def deed() -> Page:
        raise error

    return deed


# --- Forms that are not right ---


def _forms_refused(scene: Scene) -> Iterator[Visit]:
    guide = _Guide("visitor", scene.visitor)
    login, signup = "/account/login/", "/account/signup/"
    yield guide.press("422-login", login, "Sign in", login="ada", password="wrong")
    yield guide.press("422-login-empty", login, "Sign in")
    taken = {"handle": "ada", "email": "x", "password1": "1234"}
    yield guide.press("422-signup", signup, "Sign up", **taken)
    yield guide.press("422-removal", "/removal", "Ask for removal", handle="nobody_here")
    yield guide.press("422-report", "/@ada/report", "Report")
    yield guide.press("422-reset", "/account/password/reset/", "Send the link", email="no")

    guide = _Guide("ada", scene.ada)
    composer = ("/compose", "Post", "main form.composer")
    for name, fields in (("empty", {}), ("long", {"text": "long " * 100})):
        yield guide.press(f"422-compose-{name}", *composer, **fields)
        yield guide.press(f"htmx-422-compose-{name}", *composer, htmx=True, **fields)
    profile = {"website": "no address", "name": "N" * 60}
    yield guide.press("422-profile", "/settings/profile", "Save", **profile)
    yield guide.press("422-bio", "/welcome/bio", "Next", bio="long " * 100)
    yield guide.press("422-handle", "/settings/handle", "Change the handle", handle="nell")
    passwords = {"oldpassword": "wrong", "password1": "x"}
    change = ("/account/password/change/", "Change the password")
    yield guide.press("422-password", *change, **passwords)
    yield guide.press("422-roles", "/admin/roles/", "Give", name="nobody_here")
    yield guide.press("422-thread", "/compose", "Add another post", text="A first post")


# --- As a writer ---


def _writer(scene: Scene) -> Iterator[Visit]:
    guide, ada = _Guide("ada", scene.ada), scene.ada
    pages = {
        "home": "/",
        "explore": "/explore",
        "search-latest": "/search?q=the&tab=latest",
        "search-media": "/search?q=the&tab=media",
        "profile": "/@ada",
        "profile-nell": "/@nell",
        "profile-replies": "/@ada/replies",
        "profile-media": "/@ada/media",
        "profile-likes": "/@ada/likes",
        "profile-mateo": "/@mateo_bakes",
        "followers": "/@ada/followers",
        "following": "/@ada/following",
        "compose": "/compose",
        "compose-dialog": "/compose?dialog",
        "compose-text": "/compose?text=Hello%20there",
        "drafts": "/drafts",
        "bookmarks": "/bookmarks",
        "settings": "/settings",
        "settings-profile": "/settings/profile",
        "settings-handle": "/settings/handle",
        "settings-start": "/settings/start",
        "welcome-picture": "/welcome/picture",
        "welcome-bio": "/welcome/bio",
        "welcome-people": "/welcome/people",
        "settings-reports": "/settings/reports",
        "settings-decisions": "/settings/decisions",
        "descriptions": "/settings/descriptions",
        "email": "/account/email/",
        "password-change": "/account/password/change/",
        "password-set": "/account/password/set/",
        "reauthenticate": "/account/reauthenticate/",
        "logout": "/account/logout/",
        "login": "/account/login/",
        "appearance": "/settings/appearance",
        "removal": "/removal",
        "about": "/about",
        "rules": "/rules",
        "tag": "/tags/bells",
        "complete-people": "/complete?q=@m",
        "complete-tags": "/complete?q=%23b",
        "complete-nothing": "/complete?q=@zzzz",
    }
    yield from guide.all(pages)
    for name, path in (
        ("home", "/"),
        ("drafts", "/drafts"),
        ("bookmarks", "/bookmarks"),
        ("compose", "/compose?dialog"),
        ("settings", "/settings"),
        ("profile", "/@ada"),
    ):
        yield guide.see(f"htmx-{name}", path, htmx=True)
    yield guide.link("home-page-2", "Show more", on="/")
    drafts = [link for link in _links(ada, "/drafts") if "draft=" in link]
    for n, path in enumerate(drafts):
        yield guide.see(f"compose-draft-{n}", path)
    for name, (page, text) in POSTS.items():
        try:
            path = _post_with(ada, page, text)
        except NotThereError as error:
            yield guide.do(f"post-{name}", _raising(error))
            continue
        yield guide.see(f"post-{name}", path)
        number = path.rpartition("/")[2]
        if name in ("thread", "quote", "pinned-edited"):
            yield guide.see(f"compose-reply-{name}", f"/compose?reply_to={number}")
            yield guide.see(f"compose-quote-{name}", f"/compose?quote={number}&dialog")
            yield guide.see(f"edit-{name}", f"/posts/{number}/edit")
            yield guide.see(f"audience-{name}", f"/posts/{number}/audience")
            yield guide.see(f"hidden-{name}", f"{path}/hidden")
            yield guide.see(f"delete-{name}", f"/posts/{number}/delete")
            yield guide.see(f"detach-{name}", f"/posts/{number}/detach")
            yield guide.see(f"report-{name}", f"/posts/{number}/report")


def _links(browser: Browser, page: str, within: str = "main") -> list[str]:
    browser.open(page)
    return browser.links(within=within)


def _newcomer(scene: Scene) -> Iterator[Visit]:
    """See what Nell does, with no picture and few posts, and Cy, who was told of decisions."""
    for who in ("nell", "cy"):
        guide = _Guide(who, getattr(scene, who))
        pages = {
            "home": "/",
            "explore": "/explore",
            "profile": f"/@{who}",
            "profile-ada": "/@ada",
            "compose": "/compose",
            "drafts": "/drafts",
            "bookmarks": "/bookmarks",
            "settings": "/settings",
            "settings-profile": "/settings/profile",
            "reports": "/settings/reports",
            "following": f"/@{who}/following",
            "descriptions": "/settings/descriptions",
            "admin-403": "/admin/",
        }
        yield from guide.all(pages)
        for kind in ("reports", "decisions"):
            found = [
                link
                for link in _links(guide.browser, f"/settings/{kind}")
                if link.startswith(("/removal/", "/decisions/"))
            ]
            for n, path in enumerate(found):
                yield guide.see(f"{kind}-{n}", path)
        yield guide.see("decisions", "/settings/decisions")
        yield guide.see("settings-after-reading", "/settings")


# --- As a moderator, and as who keeps the site ---


def _moderator(scene: Scene) -> Iterator[Visit]:
    guide, bo = _Guide("bo", scene.bo), scene.bo
    pages = {
        "home": "/",
        "settings": "/settings",
        "queue": "/admin/",
        "queue-path": "/admin/queue/",
        "queue-mine": "/admin/?show=mine",
        "queue-free": "/admin/?show=free",
        "queue-later": "/admin/?show=later",
        "queue-reports": "/admin/?kind=reports",
        "queue-removals": "/admin/?kind=removals",
        "queue-appeals": "/admin/?kind=appeals",
        "queue-spam": "/admin/?category=spam",
        "tables": "/admin/tables/",
        "dashboard": "/admin/dashboard/",
        "roles-403": "/admin/roles/",
        "words-403": "/admin/words/",
        "case-404": "/admin/case/99999/",
        "transparency": "/transparency",
        "profile-cy": "/@cy",
        "decide-nothing": "/admin/decide/",
    }
    yield from guide.all(pages)
    cases = list(_cases(bo, "/admin/")) + list(_cases(bo, "/admin/?show=later"))
    for name, path in cases:
        yield guide.see(f"case-{name}", path)
    for name, path in cases[:4]:
        preview = (path, "Show what will change")
        yield guide.press(f"decide-nothing-{name}", *preview)
        for action in ("No action", *_offered(bo, path)):
            slug = "none" if action == "No action" else _slug(action)
            answer = {"answer": "We thought about it."}
            yield guide.press(f"preview-{slug}-{name}", *preview, tick=[action], **answer)

    def many() -> Page:
        bo.open("/admin/")
        boxes = [words(box) for box in bo.page.document.select("ol.cases input[type=checkbox]")]
        return bo.press("Decide about the chosen", "main", tick=boxes[:2])

    yield guide.do("decide-many", many)


def _cases(browser: Browser, page: str) -> Iterator[tuple[str, str]]:
    """Yield those in the queue, by whom they are about."""
    browser.open(page)
    for link in browser.page.document.select("ol.cases a.open"):
        yield _slug(words(link.select_one("b"))), link.attrs["href"]


def _offered(browser: Browser, path: str) -> list[str]:
    """Return the labels of what can be ordered in a case, but for doing nothing."""
    browser.open(path)
    labels = [
        words(label.select_one("span") or label)
        for label in browser.page.document.select("#order fieldset label")
    ]
    return [label for label in labels if label != "No action"]


def _keeper(scene: Scene) -> Iterator[Visit]:
    guide, ada = _Guide("ada", scene.ada), scene.ada
    for name in ("roles", "words", "dashboard", "tables"):
        yield guide.see(f"admin-{name}", f"/admin/{name}/")
    yield guide.see("admin-queue", "/admin/")
    ada.open("/admin/tables/")
    tables: dict[str, str] = {}
    for link in ada.page.document.select("#content-main th a, #content-main tr a, main th a"):
        address = link.attrs["href"]
        if re.fullmatch(r"/admin/\w+/\w+/", address) and words(link) not in ("Change", "View"):
            tables.setdefault(words(link), address)
    ada.open("/admin/words/")
    for link in ada.page.document.select("main .settings a"):
        tables.setdefault(words(link.select_one("b")), link.attrs["href"])
    for name, path in sorted(tables.items()):
        yield from _table(guide, _slug(name), path)


def _table(guide: _Guide, name: str, path: str) -> Iterator[Visit]:
    """See a table of the admin: its list, its form for a new row, and its first row."""
    ada = guide.browser
    yield guide.see(f"table-{name}", path)
    links = [
        link.attrs["href"]
        for link in ada.page.document.select("#result_list a, .object-tools a, #changelist a")
    ]
    rows = [link for link in links if re.search(r"/\d+/change/", link)]
    for kind, found in (
        ("add", [link for link in links if "/add/" in link]),
        ("row", rows[:1]),
    ):
        for link in found[:1]:
            yield guide.see(f"table-{name}-{kind}", ada._resolve(link))
            ada.open(path)
    for link in rows[:1]:
        for end in ("delete", "history"):
            yield guide.see(
                f"table-{name}-{end}", re.sub(r"change/.*", f"{end}/", ada._resolve(link))
            )
            ada.open(path)


# --- Errors ---


def _errors(scene: Scene) -> Iterator[Visit]:
    visitor, ada = _Guide("visitor", scene.visitor), _Guide("ada", scene.ada)
    for guide in (visitor, ada):
        browser = guide.browser
        for name, path in (
            ("404", "/nothing/here"),
            ("404-profile", "/@nobody_is_called_so"),
            ("404-post", "/@ada/1"),
            ("404-tracker", "/removal/nosuchreference"),
            ("404-notice", "/decisions/nosuchreference"),
            ("404-cursor", "/@ada?before=x"),
            ("405-get", "/posts/1/like"),
            ("slash", "/about/"),
            ("claim-bad", "/account/claim/nosuchtoken"),
            ("first-bad", "/account/first/nosuchtoken"),
            ("invitation-bad", "/account/invitation/nosuchtoken"),
        ):
            yield guide.see(name, path, follow=False)
            if name in ("404", "404-post"):
                yield guide.see(f"htmx-{name}", path, htmx=True, follow=False)
        yield guide.do("405-post", lambda browser=browser: browser.send("/about"))  # type: ignore[misc]
        yield guide.do("like-without-a-post", lambda browser=browser: browser.send("/posts/1/like"))  # type: ignore[misc]
        yield guide.do("413", lambda browser=browser: _too_much(browser))  # type: ignore[misc]
    strict = Browser(None, enforce_csrf_checks=True)
    yield visitor.do("403-csrf", lambda: strict.send("/account/login/", {"login": "x"}))
    yield visitor.do("400-host", lambda: strict.open("/", host="evil.example"))


def _too_much(browser: Browser) -> Page:
    return browser.send("/compose", {"text": "x"}, claims=TOO_MUCH)


# --- What changes something: last ---


def _changes(scene: Scene) -> Iterator[Visit]:
    guide = _Guide("nell", scene.nell)
    for kind, htmx in (("htmx", True), ("plain", False)):
        for name, label, within in (
            ("like", "Like", ".action.like"),
            ("unlike", "Like", ".action.like"),
            ("bookmark", "Bookmark", ".action.bookmark"),
            ("unbookmark", "Bookmark", ".action.bookmark"),
            ("retweet", "Retweet", ".action.retweet"),
            ("unretweet", "Undo retweet", ".action.retweet"),
            ("follow", "Follow", ".follow"),
            ("unfollow", "Unfollow", ".follow"),
        ):
            page = "/explore" if "bookmark" in name else "/@oskar_maps"
            yield guide.press(
                f"{kind}-{name}", page, label, f"main {within}", htmx=htmx, follow=False
            )
    composer = ("/compose", "Post", "main form.composer")
    for kind, htmx in (("htmx", True), ("plain", False)):
        how = {"htmx": htmx, "follow": False}
        yield guide.press(f"{kind}-post", *composer, **how, text=f"One more, {kind}")
        yield guide.press(f"{kind}-delete-draft", "/drafts", "Delete the draft", **how)
        yield guide.press(
            f"{kind}-keep-draft", "/compose", "Save draft", **how, text="Later, perhaps"
        )
    yield guide.see("home-after-all", "/")
    yield guide.press("logged-out", "/settings", "Sign out", follow=False)
    yield guide.see("home-logged-out", "/")
