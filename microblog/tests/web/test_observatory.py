"""The rules of MDN's HTTP Observatory, as mdn/mdn-http-observatory published them for its version
1.5.0 (23 October 2025), for our pages.

https://github.com/mdn/mdn-http-observatory, src/grader/charts.js and src/analyzer/tests: from 100
down by what is wrong; at 90 or more also up by what is better than needed, to 145 at most. It sees
what a visitor sees. Of those 45 points these pages do not have 5 for being in the browsers' list of
HSTS (a keeper asks for that: hstspreload.org), and 5 for the integrity of scripts, which are all
from this very host.
"""

from collections.abc import Iterator
from http.cookies import Morsel
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find
from testing.https import HOST, https_settings
from testing.scene import say

BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
PRIVATE_REFERRERS = {
    "no-referrer",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
}
ENOUGH_FOR_MORE = 90
SIX_MONTHS = 15768000


@pytest.fixture
def https(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Client]:
    """A visitor of a site with https."""
    with https_settings(monkeypatch):
        yield Client(headers={"Host": HOST})


def csp(response: Any) -> int:
    parts = [
        part.split()
        for part in response.get("Content-Security-Policy", "").split(";")
        if part.strip()
    ]
    if not parts:
        return -25
    policy = {name: set(sources) for name, *sources in parts}
    default = policy.get("default-src", {"*"})
    script, style, plugins = (
        policy.get(f"{kind}-src", default) for kind in ("script", "style", "object")
    )
    everything = set().union(*policy.values())
    if script & (BROAD | {"'unsafe-inline'", "data:"}) or plugins & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for source in everything):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if style & (BROAD | {"'unsafe-inline'", "data:"}):
        return 0
    return 10 if default == {"'none'"} else 5


def cookies(morsels: list[Morsel[str]]) -> int:
    worst = 5 if morsels and all(morsel["samesite"] for morsel in morsels) else 0
    for morsel in morsels:
        name, is_secure = morsel.key.lower(), bool(morsel["secure"])
        is_session = "sess" in name or "login" in name
        if morsel["samesite"].lower() not in ("lax", "strict") and (
            morsel["samesite"] or "csrf" in name
        ):
            worst = min(worst, -20)
        if not is_secure:
            worst = min(worst, -10 if is_session else -5)
        if is_session and not morsel["httponly"]:
            worst = min(worst, -30)
    return worst


def hsts(response: Any) -> int:
    parts = [
        part.strip().lower() for part in response.get("Strict-Transport-Security", "").split(";")
    ]
    ages = [int(part.removeprefix("max-age=")) for part in parts if part.startswith("max-age=")]
    return -20 if not ages else 0 if ages[0] >= SIX_MONTHS else -10


def integrity(response: Any) -> int:
    scripts = [element.attrs for element in find(response, "script") if element.attrs.get("src")]
    if any("//" in script["src"] for script in scripts):
        return -5 if all(script["src"].startswith("https://") for script in scripts) else -50
    return 5 if scripts and all("integrity" in script for script in scripts) else 0


def redirection(client: Client, path: str) -> int:
    answer = client.get(path)
    return (
        0
        if answer.status_code in (301, 302, 307, 308)
        and answer["Location"] == f"https://{HOST}{path}"
        else -20
    )


def shared(response: Any) -> int:
    return -50 if "Access-Control-Allow-Credentials" in response else 0


def framing(response: Any) -> int:
    if "frame-ancestors" in response.get("Content-Security-Policy", ""):
        return 5
    return 0 if response.get("X-Frame-Options", "").upper() in ("DENY", "SAMEORIGIN") else -20


def points(client: Client, path: str) -> int:
    """What the Observatory would give the page at `path`."""
    response = client.get(path, secure=True)
    policy = response.get("Cross-Origin-Resource-Policy", "")
    said = [
        csp(response),
        cookies(list(response.cookies.values())),
        hsts(response),
        integrity(response),
        redirection(client, path),
        shared(response),
        framing(response),
        0 if response.get("X-Content-Type-Options") == "nosniff" else -5,
        5
        if response.get("Referrer-Policy", "") in PRIVATE_REFERRERS
        else 0
        if "Referrer-Policy" not in response
        else -5,
        10
        if policy in ("same-origin", "same-site")
        else 0
        if policy in ("", "cross-origin")
        else -5,
    ]
    plain = 100 + sum(part for part in said if part < 0)
    return plain + sum(part for part in said if part > 0) if plain >= ENOUGH_FOR_MORE else plain


PAGES = [
    *(
        "/",
        "/explore",
        "/@ada",
        "/@ada/replies",
        "/tags/engines",
        "/nothing",
        "/settings/appearance",
        "/rules",
        "/transparency",
    ),
    *("/removal", "/account/login/", "/account/signup/"),
]


@pytest.mark.parametrize("path", PAGES)
def test_the_points_of_a_page(ada: Account, https: Client, path: str) -> None:
    say(ada, "Of #engines")
    got = points(https, path)
    has_form = bool(https.get(path, secure=True).cookies)
    assert got == (135 if has_form else 130), path


def test_the_rules_see_what_is_wrong() -> None:
    """That the script would find it, were it so."""
    assert csp({"Content-Security-Policy": "script-src 'self' 'unsafe-inline'"}) == -20
    assert csp({"Content-Security-Policy": "default-src 'self'"}) == 5
    assert csp({}) == -25
    assert hsts({"Strict-Transport-Security": "max-age=60"}) == -10
    assert framing({}) == -20


def test_cookies_belong_to_this_host_alone(ada: Account, https: Client) -> None:
    """`__Host-`: a browser takes such a cookie over https, for all paths, and from no other host of
    the domain.
    """
    https.get("/account/login/", secure=True)
    https.post("/settings/appearance", {"theme": "dark"}, secure=True)
    response = https.post(
        "/account/login/", {"login": "ada", "password": "a long pass phrase"}, secure=True
    )
    assert response.status_code == 302
    kept = https.cookies
    assert {"__Host-sessionid", "__Host-csrftoken", "__Host-theme"} <= set(kept)
    for name, morsel in kept.items():
        assert name.startswith("__Host-")
        assert (morsel["secure"], morsel["path"], morsel["domain"], morsel["httponly"]) == (
            True,
            "/",
            "",
            True,
        ), name
    page = https.get("/", secure=True)
    assert find(page, "html")[0].attrs["data-theme"] == "dark"
    assert find(page, "a", href="/@ada")
    said = https.post(
        "/compose", {"text": "Hello"}, headers={"Referer": f"https://{HOST}/"}, secure=True
    )
    assert "__Host-messages" in said.cookies
