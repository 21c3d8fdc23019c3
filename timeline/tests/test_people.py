"""Whom one follows and who follows: the lists, and POST /@HANDLE/follow and …/unfollow."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Account, Follow
from conftest import make_account
from testing.html import find, read
from testing.scene import HTMX, external, say


def follows() -> set[tuple[str, str]]:
    """Who follows whom, which the stored counts must equal."""
    for account in Account.objects.all():
        assert account.following_count == account.follows.count()
        assert account.followers_count == account.followed_by.count()
    return {
        (follow.follower.handle, follow.followed.handle)
        for follow in Follow.objects.select_related("follower", "followed")
    }


def names(response: object) -> list[str]:
    main = [element for element in find(response, "div", class_="person") if element.within("main")]
    people = [element for element in find(response, "a", class_="author") if element.within("main")]
    assert len(main) == len(people)
    return [person.attrs["href"].removeprefix("/@") for person in people]


# --- Following ---


def test_plain(ada: Account, cal: Account, as_cal: Client) -> None:
    response = as_cal.post("/@ada/follow")
    assert (response.status_code, response["Location"]) == (302, "/@ada")
    assert follows() == {("cal", "ada")}
    response = as_cal.post("/@ada/unfollow")
    assert (response.status_code, response["Location"]) == (302, "/@ada")
    assert follows() == set()


def test_with_htmx_the_button_comes_back_and_does_the_reverse(ada: Account, as_cal: Client) -> None:
    response = as_cal.post("/@ada/follow", headers=HTMX)
    assert response.status_code == 200
    assert "follow" in read(response)[0].classes
    assert find(
        response, "button", form="deed", formaction="/@ada/unfollow", hx_post="/@ada/unfollow"
    )
    assert find(response, "button")[0].attrs["aria-label"] == "Unfollow @ada"
    response = as_cal.post("/@ada/unfollow", headers=HTMX)
    assert find(response, "button")[0].attrs["aria-label"] == "Follow @ada"
    assert follows() == set()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_twice_is_once(ada: Account, as_cal: Client, headers: dict[str, str]) -> None:
    for _ in range(2):
        assert as_cal.post("/@ada/follow", headers=headers).status_code in (200, 302)
    assert follows() == {("cal", "ada")}
    for _ in range(2):
        assert as_cal.post("/@ada/unfollow", headers=headers).status_code in (200, 302)
    assert follows() == set()


def test_one_ends_ones_own_only(ada: Account, as_ben: Client, as_cal: Client) -> None:
    as_cal.post("/@ada/unfollow")
    assert follows() == {("ben", "ada")}


@pytest.mark.parametrize("action", ["follow", "unfollow"])
def test_by_a_visitor(ada: Account, visitor: Client, action: str) -> None:
    response = visitor.post(f"/@ada/{action}", headers={"Referer": "http://testserver/@ada"})
    assert response["Location"] == "/account/login/?next=/%40ada"
    assert visitor.post(f"/@ada/{action}", headers=HTMX)["HX-Redirect"].startswith(
        "/account/login/"
    )
    assert follows() == set()


@pytest.mark.parametrize("action", ["follow", "unfollow"])
def test_with_get_nothing_changes(ada: Account, as_cal: Client, action: str) -> None:
    for method in ("get", "head", "put", "delete"):
        assert getattr(as_cal, method)(f"/@ada/{action}").status_code == 405
    assert follows() == set()


@pytest.mark.parametrize("handle", ["ben", "grace@x.com"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_neither_oneself_nor_who_is_not_here(
    ada: Account, as_ben: Client, handle: str, headers: dict[str, str]
) -> None:
    external()
    response = as_ben.post(f"/@{handle}/follow", headers=headers)
    assert response.status_code == 422
    assert b"One can follow other people, and only those who are here." in response.content
    assert follows() == {("ben", "ada")}


@pytest.mark.parametrize("action", ["follow", "unfollow"])
def test_nobody(ada: Account, as_cal: Client, action: str) -> None:
    assert as_cal.post(f"/@nobody/{action}").status_code == 404
    assert as_cal.post(f"/@ada@x.com/{action}").status_code == 404
    ada.suspend()
    assert as_cal.post(f"/@ada/{action}").status_code == 410
    assert follows() == set()


def test_a_handle_in_any_case(ada: Account, as_cal: Client) -> None:
    as_cal.post("/@ADA/follow")
    assert follows() == {("cal", "ada")}


def test_a_button_says_what_it_does(
    ada: Account, as_ben: Client, as_cal: Client, as_ada: Client, visitor: Client
) -> None:
    assert find(as_cal.get("/@ada"), "button", formaction="/@ada/follow")
    assert find(as_ben.get("/@ada"), "button", formaction="/@ada/unfollow")
    assert any(
        "Sign in to follow" in link.attrs.get("aria-label", "")
        for link in find(visitor.get("/@ada"), "a")
    )
    page = as_ada.get("/@ada")
    assert not find(page, "button", formaction="/@ada/follow")
    assert find(page, "a", href="/settings/profile")


# --- The lists ---


def test_newest_first(ada: Account, ben: Account, cal: Account, visitor: Client) -> None:
    cal.follow(ada)
    ada.follow(cal)
    assert names(visitor.get("/@ada/followers")) == ["cal", "ben"]
    assert names(visitor.get("/@ada/following")) == ["cal"]
    assert names(visitor.get("/@ben/following")) == ["ada"]


def test_who_follows_me_says_so(ada: Account, ben: Account, as_ada: Client) -> None:
    ben.follow(ada)
    (badge,) = find(as_ada.get("/@ada/followers"), "i", class_="badge")
    assert badge.text == "Follows you"


def test_both_lists_are_tabs(ada: Account, visitor: Client) -> None:
    for tab in ("followers", "following"):
        response = visitor.get(f"/@ada/{tab}")
        (current,) = [
            link for link in find(response, "a", aria_current="page") if link.within("main")
        ]
        assert current.attrs["href"] == f"/@ada/{tab}"
        assert find(visitor.get(f"/@ada/{tab}", headers=HTMX), "section", id="people-tab")


def test_empty(cal: Account, visitor: Client) -> None:
    assert b"No followers yet" in visitor.get("/@cal/followers").content
    assert b"Follows nobody yet" in visitor.get("/@cal/following").content


def test_followers_elsewhere_are_named_as_a_number(cal: Account, visitor: Client) -> None:
    Account.objects.filter(pk=cal.pk).update(imported_followers=118_000)
    assert "118K" in visitor.get("/@cal/followers").content.decode()


def test_pages(ada: Account, visitor: Client) -> None:
    people = Account.objects.bulk_create(
        Account(handle=f"p{number}", name="P") for number in range(45)
    )
    Follow.objects.bulk_create(Follow(follower=account, followed=ada) for account in people)
    seen, url, sizes = [], "/@ada/followers", []
    while url:
        response = visitor.get(url)
        seen += names(response)
        sizes.append(len(names(response)))
        more = find(response, "a", class_="more")
        url = f"/@ada/followers{more[0].attrs['href']}" if more else ""
    assert seen == [f"p{number}" for number in reversed(range(45))]
    assert sizes == [20, 20, 5]


def test_of_nobody_and_of_who_is_suspended(ada: Account, visitor: Client) -> None:
    assert visitor.get("/@nobody/followers").status_code == 404
    ada.suspend()
    assert visitor.get("/@ada/followers").status_code == 410


def test_posting_to_a_list(ada: Account, as_ben: Client) -> None:
    assert as_ben.post("/@ada/followers").status_code == 405


# --- Who to follow ---


def test_three_to_follow_stand_beside(ada: Account, as_cal: Client, visitor: Client) -> None:
    for number in range(5):
        account = make_account(f"writer{number}")
        Account.objects.filter(pk=account.pk).update(last_post_id=number + 1)
    panel = [
        element
        for element in find(as_cal.get("/explore"), "a", class_="author")
        if element.within("aside")
    ]
    assert [person.attrs["href"] for person in panel] == ["/@writer4", "/@writer3", "/@writer2"]
    assert not [
        element
        for element in find(visitor.get("/explore"), "a", class_="author")
        if element.within("aside")
    ]


def test_neither_oneself_nor_whom_one_follows_stands_there(
    ada: Account, ben: Account, as_ben: Client
) -> None:
    Account.objects.update(last_post_id=1)
    panel = [
        element
        for element in find(as_ben.get("/explore"), "a", class_="author")
        if element.within("aside")
    ]
    assert panel == []


# --- What a page shows of it at once ---


def follow(client: Client, page: str, verb: str = "follow", **data: str) -> Any:
    return client.post(
        f"/@ada/{verb}", data, headers={**HTMX, "HX-Current-URL": f"http://testserver{page}"}
    )


def test_the_figures_of_the_profile_change_with_it(ada: Account, as_cal: Client) -> None:
    for verb, figure in (("follow", "1 Follower"), ("unfollow", "0 Followers")):
        response = follow(as_cal, "/@ada/media", verb)
        (figures,) = find(response, "ul", id="profile-figures")
        assert figures.attrs["hx-swap-oob"] == "true"
        assert figure in figures.text
    assert (
        "1 Following"
        in find(follow(as_cal, "/@cal", suggested="1"), "ul", id="profile-figures")[0].text
    ), "one's own"
    assert not find(follow(as_cal, "/explore"), "ul", id="profile-figures")
    assert not find(follow(as_cal, "/@ada/followers"), "ul", id="profile-figures")


def test_the_suggestion_changes_with_it(ada: Account, cal: Account, as_cal: Client) -> None:
    say(ada, "Hello")
    page = as_cal.get("/@ada")
    assert find(page, "section", id="suggestions")
    (panel,) = find(follow(as_cal, "/@ada"), "section", id="suggestions")
    assert "@ada" not in panel.text
    assert (panel.attrs["hx-swap-oob"], "hidden" in panel.attrs) == ("true", True)
    cal.unfollow(ada)
    response = follow(as_cal, "/@ada", suggested="1")
    assert not find(response, "section", id="suggestions"), "it was pressed there, and stays"
    (button,) = find(response, "div", id="profile-follow")
    assert "hx-swap-oob" in button.attrs


def test_it_does_not_turn_red_at_once(ada: Account, as_cal: Client) -> None:
    assert find(follow(as_cal, "/@ada"), "button", class_="fresh")
    assert not find(as_cal.get("/@ada"), "button", class_="fresh")


def test_without_javascript_one_stays_on_the_page(ada: Account, as_cal: Client) -> None:
    say(ada, "Hello")
    response = as_cal.get("/explore")
    assert find(response, "button", form="deed", formaction="/@ada/follow", name="suggested")
    (field,) = find(response, "input", name="next")
    assert as_cal.post("/@ada/follow", {"next": field.attrs["value"]})["Location"] == "/explore"
