"""The steps of a first day: /welcome/picture and /welcome/bio. Whom to follow is in timeline."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts import limits
from accounts.auth.one_time_links import claim_url
from accounts.models import Account
from accounts.profile_pictures import AVATAR_SIZES
from accounts.tests.conftest import HTMX, SIGN_UP, WELCOME, picture, sign_up_form
from conftest import PASSWORD
from microblog.media import uploads
from microblog.models import Spending
from microblog.web.ratelimit import spend
from testing.html import find

BIO, PEOPLE = "/welcome/bio", "/welcome/people"
STEPS = [WELCOME, BIO, PEOPLE]


def way(response: Any, words: str) -> str:
    """Return where the page's link `words` leads."""
    (link,) = (one for one in find(response, "a", class_="button") if one.text.strip() == words)
    return str(link.attrs["href"])


@pytest.mark.parametrize(("number", "url"), list(enumerate(STEPS, 1)))
def test_each_step_says_which_it_is_and_leads_on_and_back(
    as_ada: Client, ben: Account, number: int, url: str
) -> None:
    ways = ["", *STEPS, "/"]
    response = as_ada.get(url)
    assert f"Step {number} of 3" in response.content.decode()
    assert number == 3 or way(response, "Skip for now") == ways[number + 1]
    assert number == 1 or way(response, "Back") == ways[number - 1]


def test_where_somebody_wanted_to_go_is_where_the_steps_end(visitor: Client) -> None:
    url = visitor.post(SIGN_UP, sign_up_form(next="/@ada?x=1&y=2"))["Location"]
    for _ in range(2):
        response = visitor.get(url)
        (form,) = find(response, "form", class_="form")
        following = visitor.post(form.attrs["action"], {"avatar_position": "middle"})["Location"]
        assert following == way(response, "Skip for now")
        url = following
    assert url.startswith(PEOPLE)
    assert way(visitor.get(url), "Go home") == "/@ada?x=1&y=2"


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/nothing", "\0", "x"])
def test_no_step_leads_elsewhere(as_ada: Client, to: str) -> None:
    for url, end in zip(STEPS, [BIO, PEOPLE, "/"], strict=True):
        response = as_ada.get(url, {"next": to})
        assert way(response, "Skip for now" if url != PEOPLE else "Go home") == end


def test_picture_is_kept_as_the_profile_keeps_it(as_ada: Client, ada: Account) -> None:
    sent = {"avatar": picture(900, 900), "avatar_position": "middle"}
    assert as_ada.post(WELCOME, sent)["Location"] == BIO
    ada.refresh_from_db()
    assert ada.avatar
    assert ada.stored_bytes > 0
    for name in AVATAR_SIZES:
        assert default_storage.exists(uploads.path(ada.avatar, f"{name}.webp"))
    assert (ada.name, ada.bio) == ("Ada Lovelace", "")


def test_bio_is_cleaned_and_linked_as_on_the_profile(
    as_ada: Client, ada: Account, ben: Account
) -> None:
    assert as_ada.post(BIO, {"bio": " Works with @ben <b>\r\n"})["Location"] == PEOPLE
    ada.refresh_from_db()
    assert ada.bio == "Works with @ben <b>"
    assert 'href="/@ben"' in ada.bio_html
    assert ada.name == "Ada Lovelace"


def test_what_is_refused_says_why_and_stays(as_ada: Client, ada: Account) -> None:
    response = as_ada.post(BIO, {"bio": "x" * 161})
    assert response.status_code == 422
    assert "At most 160 characters fit" in response.content.decode()
    assert "x" * 161 in response.content.decode()
    response = as_ada.post(WELCOME, {"avatar": picture(kind="PDF"), "avatar_position": "middle"})
    assert response.status_code == 422
    assert "please choose them again" in response.content.decode()
    ada.refresh_from_db()
    assert (ada.avatar, ada.bio) == ("", "")


def test_a_picture_is_cut_and_kept_as_on_the_page_of_the_profile(
    as_ada: Client, ada: Account
) -> None:
    sent = {"avatar": picture(), "avatar_position": "middle"}
    response = as_ada.post(WELCOME, {**sent, "avatar_crop": "0,0,2,2"})
    assert "lies outside of the picture" in response.content.decode()
    spend(limits.PROFILES, ada.pk, limits.PROFILES.most)
    response = as_ada.post(WELCOME, {**sent, "avatar": picture()})
    assert response.status_code == 429
    [kept] = find(response, "input", name="avatar_kept")
    Spending.objects.all().delete()
    again = {"avatar_position": "middle", "avatar_kept": kept.attrs["value"]}
    assert as_ada.post(WELCOME, again)["Location"] == BIO
    ada.refresh_from_db()
    assert ada.avatar


def test_step_asks_for_nothing(as_ada: Client, ada: Account) -> None:
    ada.edit(bio="Was here before")
    assert as_ada.post(WELCOME, {"avatar_position": "middle"})["Location"] == BIO
    ada.refresh_from_db()
    assert (ada.avatar, ada.bio) == ("", "Was here before")


def test_who_is_frozen_changes_nothing(as_ada: Client, ada: Account) -> None:
    ada.freeze()
    for url, sent in (
        (WELCOME, {"avatar": picture(), "avatar_position": "middle"}),
        (BIO, {"bio": "Hello"}),
    ):
        response = as_ada.post(url, sent)
        assert response.status_code == 422
        assert "Your account is frozen" in response.content.decode()


def test_htmx_is_led_on_as_well(as_ada: Client) -> None:
    assert as_ada.post(BIO, {"bio": "Hello"}, headers=HTMX)["HX-Redirect"] == PEOPLE


@pytest.mark.parametrize("url", STEPS)
def test_visitor_signs_in_first(visitor: Client, url: str) -> None:
    assert visitor.get(url)["Location"] == f"/account/login/?next={url}"


def test_later_sign_ins_lead_home(ada: Account, visitor: Client) -> None:
    visitor.post(SIGN_UP, sign_up_form())
    later = Client().post("/account/login/", {"login": "dora", "password": PASSWORD})
    assert later["Location"] == "/"
    never = Client().post("/account/login/", {"login": "ada", "password": PASSWORD})
    assert never["Location"] == "/"  # made on the command line


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        ({"avatar": "a" * 22, "bio": "Kept bees"}, PEOPLE),
        ({"avatar": "a" * 22}, BIO),
        ({"bio": "Kept bees"}, WELCOME),
    ],
)
def test_who_claims_an_account_begins_with_what_it_lacks(
    db: None, visitor: Client, fields: dict[str, str], first: str
) -> None:
    bea = Account.objects.create_local("bea", name="Bea of old", **fields)
    claim = claim_url(bea).removeprefix("http://127.0.0.1:8000")
    form = {"email": "bea@example.com", "password1": PASSWORD}
    assert visitor.post(claim, form)["Location"] == first
