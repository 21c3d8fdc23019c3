"""The way out: /removal, its confirming link, and the page by which one follows it."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from moderation import limits, schedules
from moderation.models import Case, Message, Ticket
from moderation.tests.test_report import link_in
from timeline.models import Post

EVE = "eve@example.com"
ASKED = {"handle": "eve@x.com", "reason": "me", "text": "That is me", "email": EVE}


@pytest.fixture
def eve(db: None) -> Account:
    return Account.objects.create(handle="eve", host="x.com", name="Eve")


def confirmed(visitor: Client) -> Ticket:
    visitor.post("/" + link_in(mail.outbox[-1].body))
    return Ticket.objects.removals().get()


def test_every_profile_leads_to_removal(
    visitor: Client, as_ada: Client, eve: Account, ben: Account
) -> None:
    for client in (visitor, as_ada):
        for account in (eve, ben):
            page = client.get(account.get_absolute_url()).content.decode()
            assert f"/removal?handle={account.full_handle.replace('@', '%40')}" in page
            assert "Don&#x27;t wanna be here?" in page or "Don't wanna be here?" in page
    assert 'value="eve@x.com"' in visitor.get("/removal?handle=eve@x.com").content.decode()


def test_nobody_sees_it_before_the_address_is_confirmed(
    visitor: Client, as_mod: Client, eve: Account
) -> None:
    assert visitor.post("/removal", ASKED).status_code == 200
    removal = Ticket.objects.removals().get()
    assert (removal.account, removal.reason, removal.confirmed_at) == (eve, "me", None)
    assert "@eve" not in as_mod.get("/admin/").content.decode()
    assert visitor.get(removal.get_absolute_url()).status_code == 404
    link = "/" + link_in(mail.outbox[-1].body)
    for look in (visitor.get, visitor.head, visitor.get):  # what a mail scanner does
        assert look(link).status_code == 200
    assert f'action="{link}"' in visitor.get(link).content.decode()
    assert not Case.objects.exists()
    removal = confirmed(visitor)
    assert removal.confirmed_at
    assert "@eve@x.com" in as_mod.get("/admin/").content.decode()
    assert "A moderator will look at it" in visitor.get(removal.get_absolute_url()).content.decode()


def test_a_request_may_name_posts(
    visitor: Client, ben: Account, publish: Callable[..., Post]
) -> None:
    one, two = publish(ben, "One"), publish(ben, "Two")
    posts = f"http://testserver{one.get_absolute_url()}\n{two.get_absolute_url()[1:]}?x=1\n\n"
    assert visitor.post("/removal", {**ASKED, "handle": "", "posts": posts}).status_code == 200
    removal = Ticket.objects.removals().get()
    assert (removal.account, removal.post_ids) == (ben, [one.pk, two.pk])


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"handle": ""}, "Say which account"),
        ({"handle": "@nobody"}, "Nobody here is called @nobody"),
        ({"handle": "a\0b"}, "Null characters"),
        ({"posts": "http://testserver/@ben/1"}, "There is no post here"),
        ({"posts": "nonsense"}, "There is no post here"),
        ({"posts": "\n".join(f"/@ben/{n}" for n in range(101))}, "At most 100 posts"),
        ({"email": "nonsense"}, "valid email"),
        ({"email": ""}, "required"),
        ({"reason": ""}, "required"),
        ({"text": "x" * 5001}, "At most 5000"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(
    visitor: Client, eve: Account, changes: dict[str, str], error: str
) -> None:
    response = visitor.post("/removal", {**ASKED, **changes})
    page = response.content.decode()
    assert response.status_code == 422
    assert error in page
    assert changes.get("text", "That is me")[:20] in page
    assert not Ticket.objects.removals().exists()
    assert not mail.outbox


def test_posts_of_several_accounts_are_several_requests(
    visitor: Client, ada: Account, ben: Account, publish: Callable[..., Post]
) -> None:
    posts = "\n".join(publish(account, "x").get_absolute_url() for account in (ada, ben))
    assert (
        "not all by the same account"
        in visitor.post("/removal", {**ASKED, "handle": "", "posts": posts}).content.decode()
    )


def test_a_bad_link_and_an_old_one_confirm_nothing(visitor: Client, eve: Account) -> None:
    assert visitor.get("/removal/confirm/nonsense").status_code == 404
    visitor.post("/removal", ASKED)
    link = "/" + link_in(mail.outbox[0].body)
    assert visitor.get(link[:-3]).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert visitor.get(link).status_code == 410
        schedules.forget_unconfirmed.call()
    assert not Ticket.objects.removals().exists()
    assert visitor.get(link).status_code == 410


def test_sender_and_moderators_write_to_each_other(
    visitor: Client, as_mod: Client, eve: Account
) -> None:
    visitor.post("/removal", ASKED)
    removal = confirmed(visitor)
    assert (
        visitor.post(removal.get_absolute_url(), {"text": "Please <b>soon</b>"}).status_code == 302
    )
    case = Case.objects.get()
    assert "Please &lt;b&gt;soon" in as_mod.get(f"/admin/case/{case.pk}/").content.decode()
    mail.outbox.clear()
    as_mod.post(
        f"/admin/case/{case.pk}/message/", {"to": removal.name, "text": "Is it <i>you</i>?"}
    )
    assert mail.outbox[0].to == [EVE]
    assert removal.reference in mail.outbox[0].body
    page = visitor.get(removal.get_absolute_url()).content.decode()
    assert "Is it &lt;i&gt;you" in page
    assert "@mod" not in page  # who wrote is not told
    assert visitor.post(removal.get_absolute_url(), {"text": ""}).status_code == 422


def test_what_is_sent_twice_is_said_once(visitor: Client, as_mod: Client, eve: Account) -> None:
    for _ in range(2):
        visitor.post(
            "/removal", {**ASKED, "idempotency_key": "0b3ba8b2-3c5a-4d5c-8c25-5f7b5d0b2a10"}
        )
    assert len(mail.outbox) == 1
    removal = confirmed(visitor)
    case = Case.objects.get()
    message = {"text": "Hello", "idempotency_key": "0b3ba8b2-3c5a-4d5c-8c25-5f7b5d0b2a11"}
    answer = {
        "to": removal.name,
        "text": "Who?",
        "idempotency_key": "0b3ba8b2-3c5a-4d5c-8c25-5f7b5d0b2a12",
    }
    mail.outbox.clear()
    for _ in range(2):
        assert visitor.post(removal.get_absolute_url(), message).status_code == 302
        assert as_mod.post(f"/admin/case/{case.pk}/message/", answer).status_code == 302
    assert [message.text for message in Message.objects.order_by("pk")] == ["Hello", "Who?"]
    assert len(mail.outbox) == 1


def test_messages_are_limited(
    visitor: Client, eve: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MESSAGES", replace(limits.MESSAGES, most=1))
    visitor.post("/removal", ASKED)
    removal = confirmed(visitor)
    assert visitor.post(removal.get_absolute_url(), {"text": "One"}).status_code == 302
    response = visitor.post(removal.get_absolute_url(), {"text": "Two"})
    assert response.status_code == 429
    assert "Two" in response.content.decode()
    assert Message.objects.count() == 1


def test_a_request_can_be_withdrawn(visitor: Client, as_mod: Client, eve: Account) -> None:
    visitor.post("/removal", ASKED)
    removal = confirmed(visitor)
    for _ in range(2):
        visitor.post(removal.get_absolute_url(), {"withdraw": "yes"})
    assert Ticket.objects.removals().get().state == "withdrawn"
    assert Case.objects.get().closed_at
    assert visitor.post(removal.get_absolute_url(), {"text": "But"}).status_code == 422
    assert "@eve" not in as_mod.get("/admin/").content.decode()


def test_a_guess_is_404_and_takes_the_same_time(
    visitor: Client, eve: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "GUESSING", replace(limits.GUESSING, most=12))
    visitor.post("/removal", ASKED)
    waiting = Ticket.objects.removals().get()

    def seconds(address: str) -> float:
        began = time.thread_time()
        assert visitor.get(address).status_code == 404
        return time.thread_time() - began

    seconds("/removal/warm")
    known, unknown = (
        min(seconds(address) for _ in range(5))
        for address in (waiting.get_absolute_url(), f"/removal/{'x' * 32}")
    )
    assert known < unknown * 3
    assert unknown < known * 3
    codes = [visitor.get(f"/removal/{n}").status_code for n in range(3)]
    assert codes[-1] == 429


def test_floods_are_limited(visitor: Client, eve: Account) -> None:
    codes = [visitor.post("/removal", ASKED).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    assert len(mail.outbox) == 5


def test_who_is_signed_in_asks_in_the_same_way(as_ada: Client, eve: Account) -> None:
    assert as_ada.post("/removal", ASKED).status_code == 200
    assert Ticket.objects.removals().get().email == EVE


def test_a_suspended_account_is_named_by_nobody(
    visitor: Client, ada: Account, as_ben: Client
) -> None:
    ada.suspend()
    assert visitor.post("/removal", {**ASKED, "handle": "ada"}).status_code == 422


def test_other_methods_are_refused(visitor: Client) -> None:
    assert visitor.put("/removal").status_code == 405
    assert visitor.put("/removal/confirm/x").status_code == 405
    assert visitor.post("/removal/confirm/x").status_code == 404
