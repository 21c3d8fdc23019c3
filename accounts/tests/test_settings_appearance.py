"""How pages look, /settings/appearance: kept by the browser, for visitors too; the reminder of
descriptions, kept by the account.
"""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from conftest import client_of
from testing.html import find, read

URL = "/settings/appearance"
CHOSEN = {"theme": "dark", "text": "large", "motion": "calm", "autoplay": "on", "alt": "on"}
ATTRIBUTES = {"theme": "dark", "text": "large", "motion": "calm", "autoplay": "paused"}


def attributes(page: Any) -> dict[str, str]:
    """Return what `<html>` says of how the page looks."""
    found = find(page, "html")[0].attrs.items()
    return {name.removeprefix("data-"): value for name, value in found if name != "lang"}


def ticked(page: Any) -> dict[str, str]:
    return {
        one.attrs["name"]: one.attrs.get("value", "on")
        for one in find(page, "input")
        if "checked" in one.attrs
    }


@pytest.mark.parametrize("who", [None, "ada"])
def test_what_was_chosen_is_on_every_page_and_ticked(ada: Account, who: str | None) -> None:
    client = client_of(ada if who else None)
    response = client.post(URL, CHOSEN)
    assert response["Location"] == URL
    cookie = response.cookies["theme"]
    assert cookie.value == "dark.large.calm.paused.shown"
    assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)
    page = client.get(URL)
    assert ticked(page) == CHOSEN
    assert find(page, "p", class_="message")[0].text == "Your appearance is saved."
    for path in (URL, "/explore", "/@ada", "/nothing"):
        assert attributes(client.get(path)) == {**ATTRIBUTES, "alt": "shown"}, path


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        *(("theme", value, value) for value in ("light", "dark")),
        *(("text", value, value) for value in ("small", "large", "larger")),
        *(("motion", "calm", "calm"), ("autoplay", "on", "paused"), ("alt", "on", "shown")),
    ],
)
def test_each_is_chosen_by_itself(visitor: Client, name: str, value: str, said: str) -> None:
    assert visitor.post(URL, {name: value}).cookies["theme"].value == said
    assert attributes(visitor.get("/explore")) == {name: said}


def test_nothing_chosen_is_no_cookie_and_no_attribute(visitor: Client) -> None:
    visitor.post(URL, CHOSEN)
    response = visitor.post(URL, {})
    assert response.cookies["theme"]["max-age"] == 0
    assert attributes(visitor.get("/explore")) == {}
    assert ticked(visitor.get(URL)) == {"theme": "", "text": "", "motion": ""}


@pytest.mark.parametrize(
    "bad", [{"theme": "pink"}, {"text": '"><script>'}, {"motion": "x" * 5000}, {"theme": "dark.x"}]
)
def test_what_is_not_offered_is_refused_and_nothing_changes(
    visitor: Client, bad: dict[str, str]
) -> None:
    visitor.post(URL, {"theme": "dark"})
    response = visitor.post(URL, {"text": "large", **bad})
    assert response.status_code == 422
    assert "Choose one of these." in response.content.decode()
    assert attributes(visitor.get("/explore")) == {"theme": "dark"}


@pytest.mark.parametrize(
    "cookie",
    [
        *("pink", '"><script>alert(1)</script>', "x" * 3000, "\xff", "dark light", "dark.dark"),
        *("light.dark", "large.dark", ".dark", "dark.", "dark.pink", ".", "DARK", "shown.dark"),
    ],
)
def test_a_strange_cookie_says_nothing(visitor: Client, cookie: str) -> None:
    visitor.cookies["theme"] = cookie
    for path in ("/explore", URL, "/nothing"):
        assert attributes(visitor.get(path)) == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_who_chose_light_or_dark_before_there_was_more_keeps_it(
    visitor: Client, theme: str
) -> None:
    visitor.cookies["theme"] = theme
    assert attributes(visitor.get("/explore")) == {"theme": theme}


def test_rows_are_the_same_however_pages_look(ada: Account, visitor: Client, publish: Any) -> None:
    """All that differs is what `<html>` says, and the colour of a phone's bar."""
    publish(ada, "Hello")
    plain = visitor.get("/@ada").content.partition(b"<body")[2]
    visitor.post(URL, CHOSEN)
    visitor.get(URL)  # says that it is saved
    assert visitor.get("/@ada").content.partition(b"<body")[2] == plain


# --- What belongs to the account ---


def test_the_reminder_is_in_every_browser_of_its_account(ada: Account) -> None:
    client_of(ada).post(URL, {"reminds_of_alt": "on"})
    other = client_of(ada)
    assert ticked(other.get(URL))["reminds_of_alt"] == "on"
    assert "theme" not in other.cookies
    other.post(URL, {})
    ada.refresh_from_db()
    assert not ada.reminds_of_alt


def test_a_visitor_is_offered_none(visitor: Client) -> None:
    assert not find(visitor.get(URL), "input", name="reminds_of_alt")
    assert visitor.post(URL, {"reminds_of_alt": "on"}).status_code == 302


# --- Ways there ---


@pytest.mark.parametrize(
    "path",
    [
        *("profile", "handle", "security", "appearance", "privacy", "descriptions", "reports"),
        "decisions",
    ],
)
def test_every_page_of_the_settings_leads_back_to_them(as_ada: Client, path: str) -> None:
    page = as_ada.get(f"/settings/{path}")
    [back] = find(page, "a", class_="back")
    assert (back.attrs["href"], back.attrs["aria-label"]) == ("/settings", "Back")


def test_the_settings_are_groups_of_rows_with_a_sentence_each(as_ada: Client) -> None:
    page = as_ada.get("/settings")
    headings = [(one.text, one.within("div")) for one in find(page, "h2")]
    groups = [name for name, around in headings if around and "groups" in around.classes]
    assert groups == [
        *("Profile", "Privacy and security", "How it looks", "What you keep"),
        *("Reports and decisions", "Account"),
    ]
    inside = [one for one in read(page) if any("settings" in up.classes for up in one.inside)]
    rows = [one for one in inside if one.tag == "li"]
    sentences = [one for one in inside if one.tag == "span" and one.text]
    assert len(rows) == len(sentences) == 18


def test_the_former_address_leads_there_for_good(visitor: Client) -> None:
    for path in ("/display", "/display/"):
        response = visitor.get(path, follow=True)
        assert (response.redirect_chain[-1], response.status_code) == ((URL, 301), 200)
    assert visitor.post("/display", {"theme": "dark"}).status_code == 405


def test_it_is_in_the_navigation_of_a_visitor_and_in_the_settings(
    visitor: Client, as_ada: Client
) -> None:
    [link] = find(visitor.get(URL), "a", href=URL, aria_current="page")
    assert link.text == "Appearance"
    assert find(as_ada.get("/settings"), "a", href=URL)
