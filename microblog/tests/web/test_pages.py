"""How a view answers: page or fragment, where it leads after a change, and how a list is cut into
pages.
"""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from accounts.models import Account, User
from conftest import client_of
from microblog.web.responses import is_our_page, next_page
from testing.html import find, read, rows_of
from testing.scene import HTMX, say

LISTS = [
    "/",
    "/explore",
    "/@ada",
    "/@ada/replies",
    "/@ada/media",
    "/@ada/likes",
    "/@ada/followers",
    "/@ada/following",
    "/tags/engines",
]


def is_whole(response: Any) -> bool:
    return response.content.startswith(b"<!doctype html>")


# --- Page or fragment ---


def test_one_address_answers_page_and_fragment(ada: Account, as_ada: Client) -> None:
    say(ada, "Hello #engines")
    for url in LISTS:
        page, fragment = as_ada.get(url), as_ada.get(url, headers=HTMX)
        assert is_whole(page)
        outermost = read(fragment)[0]
        assert not is_whole(fragment)
        assert find(page, outermost.tag, id=outermost.attrs["id"]), (
            f"{url}: a fragment is a part of its page"
        )
        assert len(fragment.content) < len(page.content)
        assert rows_of(page) == rows_of(fragment)


@pytest.mark.parametrize("more", [{"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}])
def test_a_boosted_link_and_a_restored_page_get_the_whole_page(
    visitor: Client, more: dict[str, str]
) -> None:
    assert is_whole(visitor.get("/explore", headers={**HTMX, **more}))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_cache_keeps_page_and_fragment_apart(visitor: Client, headers: dict[str, str]) -> None:
    vary = visitor.get("/explore", headers=headers)["Vary"]
    assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"} <= {
        name.strip() for name in vary.split(",")
    }


# --- Where one is led ---

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    " https://evil.example",
    "http://testserver@evil.example/",
    "/\t/evil.example",
    "\x00/explore",
    "/nowhere",
    "explore",
    "",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_nobody_is_led_elsewhere(
    rf: RequestFactory, ada: Account, as_ben: Client, url: str
) -> None:
    assert not is_our_page(rf.get("/"), url)
    assert as_ben.post("/@ada/unfollow", {"next": url})["Location"] == "/@ada"


@pytest.mark.parametrize(
    "url",
    ["/explore", "/@ada?before=5", "/tags/caf%C3%A9", "/@ada#p1", "http://testserver/explore"],
)
def test_one_is_led_back_to_a_page_of_ours(rf: RequestFactory, url: str) -> None:
    request = rf.post("/", {"next": url})
    expected = url if url.startswith("/") else "/"
    assert next_page(request, "/") == expected


def test_who_must_sign_in_comes_back_to_the_page(visitor: Client, ada: Account) -> None:
    assert (
        visitor.get("/compose?text=Hi")["Location"] == "/account/login/?next=/compose%3Ftext%3DHi"
    )


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_must_sign_in_never_comes_back_to_a_post(
    visitor: Client, ada: Account, headers: dict[str, str]
) -> None:
    response = visitor.post(
        "/@ada/follow", headers={**headers, "Referer": "http://testserver/@ada/followers"}
    )
    to = response["HX-Redirect"] if headers else response["Location"]
    assert to == "/account/login/?next=/%40ada/followers"
    assert response.status_code == (200 if headers else 302)


@pytest.mark.parametrize(
    "referer",
    [None, "https://evil.example/", "http://testserver.evil.example/", "http://testserver"],
)
def test_who_comes_from_elsewhere_is_led_home(
    visitor: Client, ada: Account, referer: str | None
) -> None:
    response = visitor.post("/@ada/follow", headers={"Referer": referer} if referer else {})
    assert response["Location"] == "/account/login/?next=/"


# --- Pages of a list ---


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "",
        "-1",
        "1.5",
        "1e3",
        "0x10",
        " 1",
        "+1",
        "1_000",
        "٣",
        "\uff11\uff12",
        "²",
        "9223372036854775808",
        "9" * 400,
        "1' OR 1=1 --",
        "\x00",
        "None",
    ],
)
def test_what_is_no_cursor_is_404(ada: Account, as_ada: Client, cursor: str) -> None:
    for url in LISTS:
        response = as_ada.get(url, {"before": cursor})
        assert response.status_code == 404, url
        assert b"There is no page that begins there." in response.content


@pytest.mark.parametrize("cursor", ["0", "1", "007", "9223372036854775807"])
def test_any_number_that_fits_is_a_cursor(ada: Account, as_ada: Client, cursor: str) -> None:
    for url in LISTS:
        assert as_ada.get(url, {"before": cursor}).status_code == 200, url


def test_all_pages_together_are_the_list(ada: Account, visitor: Client) -> None:
    posts = [say(ada, f"Post {number}").pk for number in range(45)]
    seen, url, sizes = [], "/explore", []
    while url:
        page = visitor.get(url)
        rows = rows_of(page)
        seen += rows
        sizes.append(len(rows))
        more = find(page, "a", class_="more")
        url = f"/explore{more[0].attrs['href']}" if more else ""
    assert seen == posts[::-1]
    assert sizes == [20, 20, 5]


def test_a_full_last_page_leads_nowhere(ada: Account, visitor: Client) -> None:
    for number in range(20):
        say(ada, f"Post {number}")
    assert not find(visitor.get("/explore"), "a", class_="more")


def test_what_is_posted_meanwhile_shifts_no_page(ada: Account, visitor: Client) -> None:
    for number in range(30):
        say(ada, f"Post {number}")
    first = visitor.get("/explore")
    say(ada, "Meanwhile")
    second = visitor.get("/explore" + find(first, "a", class_="more")[0].attrs["href"])
    assert not set(rows_of(first)) & set(rows_of(second))
    assert len(rows_of(second)) == 10


def test_staff_without_a_handle_is_asked_for_one(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", "a long pass phrase"))
    assert client.get("/compose")["Location"] == "/settings/start"
    assert client.get("/").status_code == client_of(None).get("/").status_code == 200
