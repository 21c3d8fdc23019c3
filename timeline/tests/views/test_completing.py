"""/complete: what `@` and `#` may be about to become."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from conftest import make_account
from testing.html import find
from testing.scene import external, say


def offered(client: Client, typed: str) -> list[str]:
    response = client.get("/complete", {"q": typed})
    assert response.status_code == 200
    return [option.attrs["data-insert"] for option in find(response, "li", role="option")]


@pytest.fixture
def people(db: None) -> dict[str, Account]:
    names = {
        "anna": "Anna",
        "ANDY": "Andrew",
        "a_b": "Underscore",
        "zed": "Änne Andersson",
        "bob": "an Other",
    }
    return {handle: make_account(handle, name=name) for handle, name in names.items()}


@pytest.mark.parametrize("typed", ["@an", "@AN"])
def test_people_by_handle_and_then_by_name(
    people: dict[str, Account], as_ben: Client, typed: str
) -> None:
    assert offered(as_ben, typed) == ["@ANDY", "@anna", "@bob"]


def test_those_one_follows_come_first(
    people: dict[str, Account], ben: Account, as_ben: Client
) -> None:
    ben.follow(people["bob"])
    ben.follow(people["anna"])
    assert offered(as_ben, "@an") == ["@anna", "@bob", "@ANDY"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("@a_", ["@a_b"]),
        ("@%", []),
        ("@_", []),
        ("@a%", []),
        ("@ben", []),
        ("@", []),
        ("an", []),
        ("", []),
    ],
)
def test_signs_mean_themselves_and_nobody_is_offered_oneself(
    people: dict[str, Account], as_ben: Client, typed: str, found: list[str]
) -> None:
    assert offered(as_ben, typed) == found


def test_who_is_suspended_or_not_here_is_not_offered(
    people: dict[str, Account], as_ben: Client
) -> None:
    external("anders")
    people["anna"].suspend()
    assert offered(as_ben, "@an") == ["@ANDY", "@bob"]


def test_names_are_text(as_ben: Client) -> None:
    make_account("xss", name="<script>alert(1)</script>")
    (option,) = find(as_ben.get("/complete", {"q": "@xss"}), "li", role="option")
    assert "<script>alert(1)</script>" in option.text


def test_tags_by_their_beginning_in_any_spelling(ada: Account, as_ben: Client) -> None:
    say(ada, "#Engines #engineering #日本語 #Straße")
    say(ada, "#ENGINES")
    assert offered(as_ben, "#eng") == ["#engineering", "#Engines"]
    assert offered(as_ben, "#日") == ["#日本語"]
    assert offered(as_ben, "#STRASS") == ["#Straße"]


def test_a_tag_of_what_nobody_sees_is_not_offered(ada: Account, as_ben: Client) -> None:
    say(ada, "#secret").hide()
    say(ada, "#seldom").remove()
    say(ada, "#seen")
    assert offered(as_ben, "#se") == ["#seen"]


def test_at_most_eight_are_offered(ada: Account, as_ben: Client) -> None:
    for n in range(12):
        make_account(f"many{n}")
        say(ada, f"#many{n}")
    assert len(offered(as_ben, "@many")) == len(offered(as_ben, "#many")) == 8
    assert offered(as_ben, "@many11") == ["@many11"]


@pytest.mark.parametrize("typed", ["@an", "#an"])
def test_it_asks_as_much_however_many_there_are(
    people: dict[str, Account], ben: Account, as_ben: Client, typed: str
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            offered(as_ben, typed)
        return len(queries)

    say(ben, "#an")
    few = asked()
    for n in range(20):
        ben.follow(make_account(f"an{n}"))
        say(ben, f"#an{n}")
    assert asked() == few <= 6


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "typed",
    [
        "@\x00",
        "#\x00a",
        "@" + "a" * 10_000,
        "#" + "ß" * 2000,
        "@\U0010ffff",
        "@@",
        "##",
        "@'--",
        "٣",
    ],
)
def test_no_input_breaks_it(as_ben: Client, typed: str) -> None:
    assert offered(as_ben, typed) == []


def test_visitor_is_offered_nothing(visitor: Client) -> None:
    response: Any = visitor.get("/complete", {"q": "@a"}, headers={"HX-Request": "true"})
    assert response["HX-Redirect"].startswith("/account/login/")


def test_another_method_is_not_allowed(as_ben: Client) -> None:
    assert as_ben.post("/complete", {"q": "@a"}).status_code == 405
