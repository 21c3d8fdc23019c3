"""Nothing is loaded from another host and nothing runs that is not a file of ours: the headers say
so, and every page keeps to it.
"""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import Element, read
from testing.scene import HTMX, Scene
from timeline.tests.conftest import scene  # noqa: F401  (a fixture)

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
URLS = [
    "/",
    "/@ada",
    "/nothing",
    "/@ada/likes",
    "/bookmarks",
    "/notifications",
    "/account/login/",
    "/admin/login/",
    "/settings/appearance",
    "/health",
    "/media/x/y",
]


@pytest.mark.parametrize("url", URLS)
def test_headers_of_every_answer(ada: Account, visitor: Client, url: str) -> None:
    response = visitor.get(url)
    assert {part.strip() for part in response["Content-Security-Policy"].split(";")} == CSP
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_fragment_has_them_too(ada: Account, visitor: Client) -> None:
    assert "script-src 'self'" in visitor.get("/@ada", headers=HTMX)["Content-Security-Policy"]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(ada: Account, visitor: Client) -> None:
    visitor.get("/account/login/")
    response = visitor.post("/account/login/", {"login": "ada", "password": "a long pass phrase"})
    session = response.cookies["sessionid"]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")


def faults_of(element: Element) -> list[str]:
    attrs, tag = element.attrs, element.tag
    faults = [f"a handler: {name}" for name in attrs if name.startswith("on")]
    faults += ["an inline style"] if "style" in attrs or tag == "style" else []
    faults += (
        ["an inline script"] if tag == "script" and (not attrs.get("src") or element.text) else []
    )
    loaded = [
        attrs.get("src"),
        attrs.get("poster"),
        attrs.get("data"),
        attrs.get("href") if tag in ("link", "use", "image") else None,
    ]
    loaded += [source.split()[0] for source in attrs.get("srcset", "").split(",") if source.strip()]
    if attrs.get("rel") == "canonical":
        loaded = []
    faults += [
        f"from another host: {url}"
        for url in loaded
        if url and (urlsplit(url).netloc or urlsplit(url).scheme)
    ]
    faults += [
        f"a link to {value}"
        for value in (attrs.get("href", ""), attrs.get("action", ""))
        if urlsplit(value).scheme not in ("", "http", "https")
    ]
    faults += [f"tag: {tag}"] if tag in ("iframe", "object", "embed", "base", "applet") else []
    faults += (
        ["a form that leaves the site"]
        if tag == "form" and urlsplit(attrs.get("action", "")).netloc
        else []
    )
    if (
        urlsplit(attrs.get("href", "")).netloc
        and tag == "a"
        and "noopener" not in attrs.get("rel", "")
    ):
        faults.append("a link elsewhere without rel=noopener")
    return faults


@pytest.mark.one_database
@pytest.mark.slow
@pytest.mark.parametrize("who", ["a visitor", "ada"])
def test_no_page_needs_more_than_the_policy_allows(scene: Scene, who: str) -> None:  # noqa: F811
    client = scene.clients()[who]
    faults = [
        f"{page}: {element}: {fault}"
        for page in scene.pages(who)
        for element in read(client.get(page))
        for fault in faults_of(element)
    ]
    assert not faults, "\n".join(faults)


def test_what_anybody_types_is_text(ada: Account, as_ada: Client) -> None:
    """On every page on which a name, a bio, a place, a post or a description shows."""
    evil = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
    ada.edit(name=evil, bio=evil, location=evil)
    as_ada.post("/compose", {"text": evil, "alt_1": evil})
    post = ada.posts.get()
    for url in (
        "/",
        "/explore",
        "/@ada",
        post.get_absolute_url(),
        f"/compose?quote={post.pk}",
        f"/compose?text={evil}",
        f"/posts/{post.pk}/delete",
    ):
        elements = read(as_ada.get(url))
        assert not [element for element in elements if faults_of(element)], url
        assert any("<script>alert(1)</script>" in element.text for element in elements), url
