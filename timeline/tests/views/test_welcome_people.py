"""The last step of a first day: /welcome/people."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from accounts.suggestions import TO_FOLLOW
from conftest import make_account
from microblog.kept.memory import MEMORY
from testing.html import find
from testing.scene import HTMX, external, from_outside, say
from timeline.feeds.beside import choose_lively

URL = "/welcome/people"


def shown(client: Client, url: str = URL) -> list[str]:
    """Return whom the page shows, in its order."""
    return [link.attrs["href"] for link in find(client.get(url), "a", class_="author")]


def writer(handle: str, **fields: str) -> Account:
    account = make_account(handle, **fields)
    say(account, f"Hello from {handle}")
    return account


def test_who_wrote_last_comes_first_and_before_all_who_is_lively(
    as_ada: Client, ada: Account
) -> None:
    writer("known", avatar="a" * 22, bio="Keeps bees")
    for name in ("older", "newer"):
        writer(name)
    make_account("silent")
    say(ada, "Hello from me")
    choose_lively()
    assert shown(as_ada) == ["/@known", "/@newer", "/@older"]


def test_thirty_fit(as_ada: Client) -> None:
    for number in range(TO_FOLLOW + 2):
        writer(f"w{number}")
    assert shown(as_ada) == [f"/@w{number}" for number in range(TO_FOLLOW + 1, 1, -1)]


def test_whom_one_should_not_come_across_is_not_there(as_ada: Client, ada: Account) -> None:
    people = {
        name: writer(name)
        for name in ("cal", "limited", "suspended", "protected", "blocked", "blocking", "muted")
    }
    from_outside(external(), "From elsewhere")
    people["limited"].limit()
    people["suspended"].suspend()
    people["protected"].protect()
    ada.block(people["blocked"])
    people["blocking"].block(ada)
    ada.mute(people["muted"])
    assert shown(as_ada) == ["/@cal"]


def test_who_is_followed_stays_with_the_button_to_unfollow(as_ada: Client) -> None:
    cal = writer("cal")
    (button,) = find(as_ada.get(URL), "button", form="deed", formaction="/@cal/follow")
    assert button.attrs["hx-post"] == "/@cal/follow"
    sent = {button.attrs["name"]: button.attrs["value"], "next": f"{URL}?next=/explore"}
    assert as_ada.post("/@cal/follow", sent)["Location"] == f"{URL}?next=/explore"
    assert shown(as_ada) == ["/@cal"]
    assert find(as_ada.get(URL), "button", formaction="/@cal/unfollow")
    fragment = as_ada.post(f"/@{cal.handle}/unfollow", sent, headers=HTMX)
    assert find(fragment, "button", formaction="/@cal/follow")
    assert not find(fragment, "section")  # no other part of the page has to change


def test_site_without_others_says_so_and_leads_home(as_ada: Client) -> None:
    response = as_ada.get(URL)
    assert "Nobody else has posted here yet." in response.content.decode()
    assert "Go home" in [link.text for link in find(response, "a", class_="primary", href="/")]


@pytest.mark.parametrize("way", ["/", "/@ada/following"])
def test_who_follows_nobody_is_led_there(as_ada: Client, way: str) -> None:
    writer("cal")
    assert find(as_ada.get(way), "a", href=URL)


def test_it_asks_no_more_for_twenty_than_for_one(as_ada: Client) -> None:
    counts = []
    for names in (["first"], [f"w{number}" for number in range(20)]):
        for name in names:
            writer(name, bio="Hello")
        MEMORY.clear()  # what was chosen before
        with CaptureQueriesContext(connection) as queries:
            as_ada.get(URL)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
