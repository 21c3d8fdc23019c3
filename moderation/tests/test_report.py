"""Reporting a post or an account: /posts/ID/report, /@HANDLE/report."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils.html import escape

from accounts.auth import unsolicited_mail
from accounts.models import Account
from conftest import client_of, make_account
from moderation import limits
from moderation.models import Case, Rule, Severity, Ticket
from timeline.models import Post

HTMX = {"HX-Request": "true"}


@pytest.fixture
def post(ben: Account, publish: Callable[..., Post]) -> Post:
    return publish(ben, "Buy my watches")


def link_in(text: str) -> str:
    return (
        next(line for line in text.splitlines() if "/removal/confirm/" in line)
        .partition("://")[2]
        .partition("/")[2]
    )


def test_who_is_signed_in_reports_at_once(
    as_ada: Client, ada: Account, ben: Account, post: Post, publish: Callable[..., Post]
) -> None:
    other = publish(ben, "More watches")
    data = {"category": "spam", "text": "Every hour", "posts": [other.pk]}
    response = as_ada.post(f"/posts/{post.pk}/report", data)
    report = Ticket.objects.reports().get()
    assert response.url == f"/removal/{report.reference}"
    assert (report.reporter, report.account, report.post_ids, report.text) == (
        ada,
        ben,
        sorted([post.pk, other.pk]),
        "Every hour",
    )
    case = Case.objects.get()
    assert (case.account, case.reports_count, case.people_count, case.severity) == (
        ben,
        1,
        1,
        Severity.NUISANCE,
    )
    page = as_ada.get(response.url).content.decode()
    assert "A moderator will look at it" in page
    assert "@ben" in page


def test_an_account_is_reported_from_its_profile(as_ada: Client, ben: Account) -> None:
    assert "/@ben/report" in as_ada.get("/@ben").content.decode()
    assert as_ada.post("/@ben/report", {"category": "impersonation"}).status_code == 302
    assert Ticket.objects.reports().get().post_ids == []


def test_a_visitor_confirms_an_address_first(visitor: Client, ben: Account, post: Post) -> None:
    page = visitor.post(
        f"/posts/{post.pk}/report", {"category": "hate", "email": "Eve@Example.com"}
    )
    assert "eve@example.com" in page.content.decode()
    assert not Case.objects.exists()
    # nobody sees it, the sender neither
    assert visitor.get(Ticket.objects.reports().get().get_absolute_url()).status_code == 404
    (sent,) = mail.outbox
    assert sent.to == ["eve@example.com"]
    link = "/" + link_in(sent.body)
    assert "Send my report" in visitor.get(link).content.decode()
    assert not Case.objects.exists()
    response = visitor.post(link)
    assert response.url == Ticket.objects.reports().get().get_absolute_url()
    assert Case.objects.get().people_count == 1
    assert visitor.post(link).status_code == visitor.get(link).status_code == 302  # twice is once
    assert Case.objects.get().reports_count == 1


def test_what_is_wrong_comes_back_with_what_was_typed(
    as_ada: Client, visitor: Client, post: Post
) -> None:
    response = as_ada.post(f"/posts/{post.pk}/report", {"text": "You <b>know</b>"})
    assert response.status_code == 422
    assert escape("You <b>know</b>") in response.content.decode()
    assert (
        visitor.post(f"/posts/{post.pk}/report", {"category": "spam", "email": "no"}).status_code
        == 422
    )
    assert (
        as_ada.post(
            f"/posts/{post.pk}/report", {"category": "spam", "text": "x" * 5001}
        ).status_code
        == 422
    )
    assert as_ada.post(f"/posts/{post.pk}/report", {"category": "nonsense"}).status_code == 422
    assert not Ticket.objects.reports().exists()


def test_rules_are_offered_and_shown(as_ada: Client, visitor: Client, post: Post) -> None:
    assert "No rules are written down yet" in visitor.get("/rules").content.decode()
    rule = Rule.objects.create(title="No <i>watches</i>", text="None.\nNot one.")
    Rule.objects.create(title="Of old", active=False)
    page = visitor.get("/rules").content.decode()
    assert "No &lt;i&gt;watches" in page
    assert "Of old" not in page
    assert (
        as_ada.post(f"/posts/{post.pk}/report", {"category": "rule", "rule": rule.pk}).status_code
        == 302
    )
    assert Ticket.objects.reports().get().rule == rule


def test_who_reports_twice_is_counted_once(
    ada: Account, cal: Account, ben: Account, post: Post, report: Callable[..., Ticket]
) -> None:
    report(ada, ben, post)
    report(ada, ben, post, category="hate")
    report(cal, ben)
    report(None, ben, email="eve@example.com")
    case = Case.objects.get()
    assert (case.reports_count, case.people_count, case.severity) == (4, 3, Severity.HARM)


def test_a_form_sent_twice_is_one_report(as_ada: Client, visitor: Client, post: Post) -> None:
    form = {"category": "spam", "idempotency_key": str(uuid4())}
    answers = [as_ada.post(f"/posts/{post.pk}/report", form)["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert Case.objects.get().reports_count == Ticket.objects.reports().count() == 1
    form = {"category": "spam", "email": "eve@example.com", "idempotency_key": str(uuid4())}
    for _ in range(2):
        assert visitor.post(f"/posts/{post.pk}/report", form).status_code == 200
    assert (Ticket.objects.reports().count(), len(mail.outbox)) == (2, 1)


def test_a_flood_is_limited(
    as_ada: Client, visitor: Client, ben: Account, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REPORTS", replace(limits.REPORTS, most=2))
    monkeypatch.setattr(
        unsolicited_mail, "FROM_NETWORK", replace(unsolicited_mail.FROM_NETWORK, most=6)
    )
    for expected in (302, 302, 429):
        assert as_ada.post(f"/posts/{post.pk}/report", {"category": "spam"}).status_code == expected
    for n in range(5):
        assert (
            visitor.post(
                "/@ben/report", {"category": "spam", "email": "eve@example.com"}
            ).status_code
            == 200
        ), n
    response = visitor.post(
        "/@ben/report", {"category": "spam", "text": "again", "email": "eve@example.com"}
    )
    assert response.status_code == 429
    assert "again" in response.content.decode()
    codes = [
        visitor.post("/@ben/report", {"category": "spam", "email": f"{n}@example.com"}).status_code
        for n in range(3)
    ]
    assert codes[-1] == 429


@pytest.mark.parametrize(
    "address", ["/posts/1/report", "/@nobody/report", "/posts/99999999999999999999/report"]
)
def test_what_is_not_there_is_404(as_ada: Client, address: str) -> None:
    assert as_ada.get(address).status_code == 404
    assert as_ada.post(address, {"category": "spam"}).status_code == 404


def test_other_methods_are_refused(as_ada: Client, post: Post) -> None:
    assert as_ada.put(f"/posts/{post.pk}/report").status_code == 405
    assert as_ada.get(f"/posts/{post.pk}/report", headers=HTMX).status_code == 200
    assert as_ada.post("/rules").status_code == 405


def test_a_retweet_reports_its_original(
    as_ada: Client, cal: Account, ben: Account, post: Post
) -> None:
    retweet = post.retweet(cal)
    assert retweet
    as_ada.post(f"/posts/{retweet.pk}/report", {"category": "spam"})
    assert (Ticket.objects.reports().get().account, Ticket.objects.reports().get().post_ids) == (
        ben,
        [post.pk],
    )


def test_who_reported_sees_what_became_of_it(
    as_ada: Client, visitor: Client, ada: Account, ben: Account, report: Callable[..., Any]
) -> None:
    assert "No reports yet" in as_ada.get("/settings/reports").content.decode()
    mine = report(ada, ben)
    report(make_account("dan"), ben)
    page = as_ada.get("/settings/reports").content.decode()
    assert page.count("/removal/") == 1
    assert mine.get_absolute_url() in page
    assert visitor.get("/settings/reports").status_code == 302
    assert client_of(ben).get("/settings/reports").content.decode().count(mine.reference) == 0
