"""htmx enhances what already works: every element of every page that htmx acts on is a link or a
form that does the same without it.
"""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from testing.html import Element, read
from testing.scene import HTMX, Scene, body_of

pytestmark = [pytest.mark.slow, pytest.mark.one_database]
WHO = ("a visitor", "ada", "ben")
ACTS = ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete")
KNOWN = {
    "hx-get",
    "hx-post",
    "hx-target",
    "hx-swap",
    "hx-trigger",
    "hx-select",
    "hx-push-url",
    "hx-encoding",
    "hx-disabled-elt",
    "hx-sync",
}
# says what is no browser's to give back, such as a chosen file, and stays as it is by its id
PRESERVED = "hx-preserve"


def faults_of(element: Element, page: str, ids: set[str]) -> list[str]:
    """In what an element breaks the contract."""
    attrs, faults = element.attrs, []
    faults += [
        f"unknown to the contract: {name}"
        for name in attrs
        if name.startswith(("hx-", "data-hx-")) and name not in KNOWN | {PRESERVED}
    ]
    faults += [
        f"{name} inherits: it stands on what htmx does not act on"
        for name in attrs
        if name.startswith("hx-") and name != PRESERVED and not set(ACTS) & attrs.keys()
    ]
    if PRESERVED in attrs and "id" not in attrs:
        faults.append("nothing says what is preserved")
    faults += [f"script in {name}" for name in attrs if name.startswith("on") or name == "style"]
    faults += [
        f"script in {name}"
        for name, value in attrs.items()
        if re.match(r"\s*(js|javascript|vbscript|data)\s*:", value, re.IGNORECASE)
    ]
    if "[" in attrs.get("hx-trigger", ""):
        faults.append("a filter in hx-trigger is evaluated")
    if "hx-get" in attrs:
        plain = (
            attrs.get("href")
            if element.tag == "a"
            else attrs.get("action")
            if is_form(element, "get")
            else None
        )
        if plain is None or urljoin(page, plain) != urljoin(page, attrs["hx-get"]):
            faults.append("hx-get without a link or a form that leads there")
    if "hx-post" in attrs and attrs["hx-post"] != plain_post(element):
        faults.append("hx-post without a form, or a button of `deed`, that does the same")
    if set(ACTS) & attrs.keys():
        faults += [f"no {name}" for name in ("hx-target", "hx-swap") if name not in attrs]
        target = attrs.get("hx-target", "")
        if target.startswith("#") and target[1:] not in ids:
            faults.append(f"{target} is not on the page")
        if target.startswith("closest .") and not any(
            target.removeprefix("closest .") in above.classes for above in element.inside
        ):
            faults.append(f"it does not stand in what {target} means")
    return faults


def plain_post(element: Element) -> str | None:
    """Where the element posts to without htmx: a form, or a button of the page's form `deed`."""
    if is_form(element, "post"):
        return element.attrs.get("action")
    return (
        element.attrs.get("formaction")
        if element.tag == "button" and element.attrs.get("form") == "deed"
        else None
    )


def is_form(element: Element, method: str) -> bool:
    return element.tag == "form" and element.attrs.get("method", "get").lower() == method


def faults_of_forms(elements: list[Element]) -> list[str]:
    """What a form or a link lacks for being safe, and for being read out."""
    tokens = [
        element.within("form")
        for element in elements
        if element.attrs.get("name") == "csrfmiddlewaretoken"
    ]
    labels = {element.attrs.get("for") for element in elements if element.tag == "label"}
    pictures = [element for element in elements if element.tag == "img"]
    faults = [
        f"{form}: without a token"
        for form in elements
        if is_form(form, "post") and form not in tokens
    ]
    faults += [f"{picture}: without alt" for picture in pictures if "alt" not in picture.attrs]
    for element in elements:
        attrs = element.attrs
        shown = (
            "hidden" not in attrs
            and attrs.get("type") not in ("hidden", "submit")
            and attrs.get("aria-hidden") != "true"
        )
        if element.tag in ("input", "textarea", "select") and shown:
            named = attrs.get("id") in labels or element.within("label") or "aria-label" in attrs
        elif element.tag in ("a", "button", "summary") and shown:
            named = (
                element.text
                or attrs.get("aria-label")
                or any(element in it.inside and it.attrs.get("alt") for it in pictures)
            )
        else:
            named = True
        faults += [] if named else [f"{element}: without a name"]
    return faults


@pytest.mark.parametrize("who", WHO)
def test_every_page_keeps_the_contract(scene: Scene, who: str) -> None:
    client, faults, acted = scene.clients()[who], [], 0
    for page in scene.pages(who):
        elements = read(client.get(page))
        ids = [element.attrs["id"] for element in elements if "id" in element.attrs]
        faults += [
            f"{page}: the id {twice} twice" for twice in {one for one in ids if ids.count(one) > 1}
        ]
        faults += [
            f"{page}: {element}: {fault}"
            for element in elements
            for fault in faults_of(element, page, set(ids))
        ]
        faults += [f"{page}: {fault}" for fault in faults_of_forms(elements)]
        named = {element.attrs["form"] for element in elements if "form" in element.attrs}
        faults += [
            f"{page}: a button of the form {form}, which is not there" for form in named - set(ids)
        ]
        acted += sum(bool(set(ACTS) & element.attrs.keys()) for element in elements)
    assert not faults, "\n".join(faults)
    assert acted > 20, "the pages are not those that this test is about"


@pytest.mark.parametrize("who", WHO)
def test_every_fragment_keeps_the_contract(scene: Scene, who: str) -> None:
    """A fragment is a part of its page: its outermost element has the id by which it is swapped."""
    client, faults, found = scene.clients()[who], [], 0
    for page in scene.pages(who):
        response = client.get(page, headers=HTMX)
        if response.status_code != 200 or b"<html" in response.content:
            continue
        elements = read(response)
        faults += [] if "id" in elements[0].attrs else [f"{page}: {elements[0]}: no id"]
        ids = {element.attrs["id"] for element in elements if "id" in element.attrs}
        faults += [
            f"{page}: {element}: {fault}"
            for element in elements
            for fault in faults_of(element, page, ids)
        ]
        found += 1
    assert not faults, "\n".join(faults)
    assert found > 10


@pytest.mark.parametrize("who", ["a visitor", "ada"])
def test_no_link_is_dead(scene: Scene, who: str) -> None:
    client = scene.clients()[who]
    links: dict[str, tuple[str, str]] = {}
    pages = scene.pages(who)
    for page in pages:
        for element in read(client.get(page)):
            link = element.attrs.get("href") or element.attrs.get("src") or "#"
            url = urljoin(page, link).partition("#")[0]
            if (
                not link.startswith("#")
                and not urlsplit(url).netloc
                and not url.startswith(("/static/", "/admin"))
                and url not in pages
            ):
                # one of each kind
                links[re.sub(r"[0-9]{9,}|[0-9a-f]{32}|[eq][0-9]+_", "…", url)] = (url, page)
    assert len(links) > 10
    dead = []
    for url, page in links.values():
        response = client.get(url)
        body_of(response)
        dead += (
            []
            if response.status_code in (200, 301, 302)
            else [f"{page}: {url}: {response.status_code}"]
        )
    assert not dead, "\n".join(dead)
