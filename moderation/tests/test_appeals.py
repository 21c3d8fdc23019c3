"""Reading what was decided about oneself, and asking for another look: /decisions/REFERENCE."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Account, User
from conftest import client_of
from moderation.enforcement.decide import Ruling, decide
from moderation.enforcement.undo import undo
from moderation.models import Action, Case, Decision, Notice, Sanction, Ticket, TicketState
from moderation.models.ticket import OUTCOMES
from moderation.roles import RankError
from moderation.tests.conftest import case_of
from timeline.models import Post


@pytest.fixture
def post(ben: Account, publish: Callable[..., Post]) -> Post:
    return publish(ben, "Buy my watches")


@pytest.fixture
def notice(mod: User, ben: Account, post: Post) -> Notice:
    decide(
        mod,
        ben,
        Ruling(actions=(Action.HIDE, Action.SUSPEND), post_ids=(post.pk,), statement="No watches."),
    )
    return Notice.objects.get()


def answer(moderator: User, ben: Account, outcome: Action, words: str = "We looked again.") -> None:
    decide(moderator, ben, Ruling(appeal=outcome, answer=words), case_of(ben))


def test_who_is_suspended_reads_and_appeals_without_signing_in(
    visitor: Client, as_mod: Client, ben: Account, notice: Notice
) -> None:
    page = visitor.get(notice.get_absolute_url()).content.decode()
    assert "Your account is suspended." in page
    assert "No watches." in page
    response = visitor.post(notice.get_absolute_url(), {"text": "They are <b>clocks</b>"})
    appeal = Ticket.objects.appeals().get()
    assert response.url == appeal.get_absolute_url()
    assert "A moderator will look at it" in visitor.get(response.url).content.decode()
    assert (
        "They are &lt;b&gt;clocks" in as_mod.get(f"/admin/case/{case_of(ben).pk}/").content.decode()
    )
    again = visitor.post(notice.get_absolute_url(), {"text": "And again"})
    assert again.status_code == 422
    assert "appealed against this already" in again.content.decode()
    assert "And again" in again.content.decode()
    assert Ticket.objects.appeals().count() == 1


def test_an_empty_appeal_is_refused(visitor: Client, notice: Notice) -> None:
    assert visitor.post(notice.get_absolute_url(), {"text": " "}).status_code == 422
    assert not Ticket.objects.appeals().exists()


def test_an_overturned_decision_is_taken_back(
    max_: User, ben: Account, post: Post, notice: Notice
) -> None:
    appeal = notice.appeal_with("They are clocks")
    mail.outbox.clear()
    answer(max_, ben, Action.OVERTURN)
    assert Account.objects.get(pk=ben.pk).suspended_at is None
    assert Post.objects.get(pk=post.pk).hidden_at is None
    assert Ticket.objects.appeals().get().state == "overturned"
    assert not Sanction.objects.in_force().exists()
    assert Decision.objects.latest("pk").action == Action.OVERTURN
    told = {to for message in mail.outbox for to in message.to}
    assert told == {"ben@example.com"}
    page = Client().get(appeal.get_absolute_url()).content.decode()
    assert "the decision was taken back" in page
    assert "We looked again." in page
    assert not Case.objects.open().exists()


def test_an_upheld_decision_stays(max_: User, ben: Account, notice: Notice) -> None:
    notice.appeal_with("They are clocks")
    answer(max_, ben, Action.UPHOLD)
    assert Account.objects.get(pk=ben.pk).suspended_at
    assert Ticket.objects.appeals().get().state == "upheld"
    assert (
        "The decision stays"
        in Client().get(Ticket.objects.appeals().get().get_absolute_url()).content.decode()
    )
    answered = Notice.objects.latest("pk")
    assert answered.why_no_appeal() == "This is the answer to an appeal."


def test_another_moderator_looks_where_there_is_one(
    mod: User, ben: Account, notice: Notice, request: Any
) -> None:
    notice.appeal_with("They are clocks")
    max_ = request.getfixturevalue("max_")
    with pytest.raises(RankError, match="colleague"):
        answer(mod, ben, Action.UPHOLD)
    assert Ticket.objects.appeals().get().state == "open"
    max_.is_active = False
    max_.save()
    answer(mod, ben, Action.UPHOLD)
    assert Ticket.objects.appeals().get().state == "upheld"


def test_the_time_for_an_appeal_ends(notice: Notice) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        page = Client().post(notice.get_absolute_url(), {"text": "Late"})
        assert page.status_code == 422
        assert "six months" in page.content.decode()


def test_what_was_undone_cannot_be_appealed_against(mod: User, notice: Notice) -> None:
    undo(mod, notice.batch)
    page = Client().get(notice.get_absolute_url()).content.decode()
    assert "This decision was taken back" in page
    assert Client().post(notice.get_absolute_url(), {"text": "But"}).status_code == 422


def test_a_notice_is_listed_for_its_account_alone(
    as_ada: Client, ben: Account, mod: User, visitor: Client
) -> None:
    decide(mod, ben, Ruling(actions=(Action.WARN,)))
    assert "Nothing was decided about you" in as_ada.get("/settings/decisions").content.decode()
    assert "This is a warning" in client_of(ben).get("/settings/decisions").content.decode()
    assert visitor.get("/settings/decisions").status_code == 302
    assert visitor.get("/decisions/nonsense").status_code == 404
    assert visitor.put("/decisions/nonsense").status_code == 405


def test_every_state_reads_as_a_sentence() -> None:
    assert set(OUTCOMES) == set(TicketState)
