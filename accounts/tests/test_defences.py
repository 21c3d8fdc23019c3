"""Programs are told from people at the sign-up form, and nobody is stopped twice."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.auth.antispam import opened, opened_at
from accounts.models import Account, SignupPolicy, User
from accounts.tests.conftest import SIGN_UP, sign_up_form
from conftest import PASSWORD
from testing.html import find

TYPED = {
    "name": "Dora",
    "handle": "dora",
    "email": "dora@example.com",
    "password1": PASSWORD,
}


def fields(response: Any) -> dict[str, str]:
    """What the form holds, hidden fields included."""
    return {
        element.attrs["name"]: element.attrs.get("value", "")
        for element in find(response, "input")
        if "name" in element.attrs
    }


def refused(response: Any) -> str:
    """The message of a form that came back with all that was typed, but for the password."""
    assert response.status_code == 422
    assert (fields(response)["handle"], fields(response)["email"]) == ("dora", "dora@example.com")
    assert not User.objects.exists()
    return " ".join(element.text for element in find(response, "div", role="alert"))


def test_person_signs_up_with_the_form_they_opened(visitor: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        form = fields(visitor.get(SIGN_UP))
        clock.shift(timedelta(seconds=1))
        assert visitor.post(SIGN_UP, {**form, **TYPED}).status_code == 302
    assert Account.objects.get().handle == "dora"


@pytest.mark.parametrize("after", [timedelta(minutes=1), timedelta(days=1), timedelta(days=6)])
def test_form_may_be_open_for_long(visitor: Client, after: timedelta) -> None:
    form = fields(visitor.get(SIGN_UP))
    with time_machine.travel(timezone.now() + after):
        assert visitor.post(SIGN_UP, {**form, **TYPED}).status_code == 302


def test_form_sent_at_once_comes_back_and_then_works(visitor: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        response = visitor.post(SIGN_UP, {**fields(visitor.get(SIGN_UP)), **TYPED})
        assert "send it once more" in refused(response)
        clock.shift(timedelta(seconds=1))
        assert visitor.post(SIGN_UP, {**fields(response), "password1": PASSWORD}).status_code == 302


OLD = opened(timezone.now() - timedelta(days=8))


@pytest.mark.parametrize(
    "token",
    [None, "", "nonsense", "x" * 10_000, OLD],
    ids=["none", "empty", "nonsense", "long", "old"],
)
def test_form_without_our_token_comes_back_with_one(visitor: Client, token: str | None) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        response = visitor.post(SIGN_UP, {**TYPED, **({} if token is None else {"opened": token})})
        assert "send it once more" in refused(response)
        assert opened_at(fields(response)["opened"])
        clock.shift(timedelta(seconds=1))
        assert visitor.post(SIGN_UP, {**fields(response), "password1": PASSWORD}).status_code == 302


def test_form_works_after_the_back_button(visitor: Client) -> None:
    form = sign_up_form()
    assert visitor.post(SIGN_UP, {**form, "handle": "a b"}).status_code == 422
    assert visitor.post(SIGN_UP, form).status_code == 302  # the same form, from the history


def test_no_shortest_time_can_be_set(visitor: Client) -> None:
    SignupPolicy(fill_seconds=0).save()
    assert visitor.post(SIGN_UP, TYPED).status_code == 302


def test_unseen_field_must_stay_empty(visitor: Client) -> None:
    page = visitor.get(SIGN_UP)
    (trap,) = find(page, "input", name="subject")
    assert (trap.attrs["tabindex"], trap.attrs["autocomplete"]) == ("-1", "off")
    assert "required" not in trap.attrs
    around = trap.within("div")
    assert around
    assert "unseen" in around.classes
    assert around.attrs["aria-hidden"] == "true"
    response = visitor.post(SIGN_UP, sign_up_form(subject="Buy"))
    assert "perhaps by your browser" in refused(response)
    assert fields(response)["subject"] == ""
    assert visitor.post(SIGN_UP, {**fields(response), "password1": PASSWORD}).status_code == 302


@pytest.mark.parametrize("answer", ["a loom", "A  LOOM ", "Ａ Loom", "Webstuhl"])
def test_question_of_the_site_needs_its_answer(visitor: Client, answer: str) -> None:
    SignupPolicy(question="What weaves <b>?", answers="A loom\n\nwebstuhl\n").save()
    page = visitor.get(SIGN_UP).content.decode()
    assert "What weaves &lt;b&gt;?" in page
    for wrong in ("", "A net", "a", "x" * 500, "\n"):
        response = visitor.post(SIGN_UP, sign_up_form(answer=wrong))
        refused(response)
        assert find(response, "p", class_="error")[0].text
    assert visitor.post(SIGN_UP, sign_up_form(answer=answer)).status_code == 302


def test_default_form_asks_no_question(visitor: Client) -> None:
    assert set(fields(visitor.get(SIGN_UP))) - {"csrfmiddlewaretoken"} == {
        "name",
        "handle",
        "email",
        "password1",
        "subject",
        "opened",
    }


@pytest.mark.usefixtures("confirms")
def test_defences_come_before_the_address_is_looked_at(
    ada: Account, visitor: Client, mailed: Any
) -> None:
    response, mails = mailed(visitor.post, SIGN_UP, {**TYPED, "email": "ada@example.com"})
    assert (response.status_code, mails) == (422, [])
