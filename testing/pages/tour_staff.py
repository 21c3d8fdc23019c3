"""What a moderator sees, and who keeps the site."""

import re
from collections.abc import Iterator

from testing.pages.browser import Browser, Page, words
from testing.pages.guide import Guide, Visit, slug
from testing.pages.scene import Scene


def moderator(scene: Scene) -> Iterator[Visit]:
    guide, bo = Guide("bo", scene.bo), scene.bo
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
            order = "none" if action == "No action" else slug(action)
            answer = {"answer": "We thought about it."}
            yield guide.press(f"preview-{order}-{name}", *preview, tick=[action], **answer)

    def many() -> Page:
        bo.open("/admin/")
        boxes = [words(box) for box in bo.page.document.select("ol.cases input[type=checkbox]")]
        return bo.press("Decide about the chosen", "main", tick=boxes[:2])

    yield guide.do("decide-many", many)


def _cases(browser: Browser, page: str) -> Iterator[tuple[str, str]]:
    """Yield those in the queue, by whom they are about."""
    browser.open(page)
    for link in browser.page.document.select("ol.cases a.open"):
        yield slug(words(link.select_one("b"))), link.attrs["href"]


def _offered(browser: Browser, path: str) -> list[str]:
    """Return the labels of what can be ordered in a case, but for doing nothing."""
    browser.open(path)
    labels = [
        words(label.select_one("span") or label)
        for label in browser.page.document.select("#order fieldset label")
    ]
    return [label for label in labels if label != "No action"]


def keeper(scene: Scene) -> Iterator[Visit]:
    guide, ada = Guide("ada", scene.ada), scene.ada
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
        yield from _table(guide, slug(name), path)


def _table(guide: Guide, name: str, path: str) -> Iterator[Visit]:
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
