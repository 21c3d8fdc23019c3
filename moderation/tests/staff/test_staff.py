"""What moderators see: of whom, of what, what they are offered, and what comes next.

Nobody learns anything about themselves.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Account, User
from accounts.ranks import RankError
from conftest import client_of, make_account
from moderation import tasks
from moderation.enforcement import scheduled
from moderation.enforcement.decide import Ruling, decide
from moderation.models import Action, Case, DailyFigures, Decision, Ticket
from moderation.staff.offers import Matter, groups
from moderation.tests.conftest import case_of
from moderation.tests.enforcement.test_deciding import PICTURE
from testing.html import find
from timeline.models import Post

ELSE = "Somebody else decides this"


def page(client: Client, address: str = "/admin/") -> str:
    return str(client.get(address).content.decode())


def ask_removal(account: Account, *posts: Post, email: str = "eve@example.com") -> Ticket:
    removal = Ticket(kind="removal", reason="me", email=email)
    removal.concern(account, [post.pk for post in posts])
    removal.save()
    removal.confirm()
    return removal


def offered(client: Client, case: Case) -> list[str]:
    """Return the actions that the page of `case` offers, in their order."""
    return [
        box.attrs["value"]
        for box in find(client.get(f"/admin/case/{case.pk}/"), "input", name="actions")
    ]


# --- About oneself ---


def test_a_case_about_oneself_is_nowhere(
    as_mod: Client, mod: User, ada: Account, ben: Account, report: Callable[..., Ticket]
) -> None:
    report(ada, ben)
    before = page(as_mod)
    report(ada, mod.account, category="illegal", text="They sleep at work")
    own = case_of(mod.account)
    after = page(as_mod)
    assert "1 case<" in before
    assert "1 case<" in after
    assert "sleep at work" not in after
    assert ELSE not in after
    for address in (f"/admin/case/{own.pk}/", f"/admin/case/about/{mod.account.pk}/"):
        assert as_mod.get(address).status_code == 404
    assert as_mod.post(f"/admin/case/{own.pk}/take/").status_code == 404
    response = as_mod.post("/admin/decide/", {"case": [own.pk]}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Choose a case first."]


def test_a_case_about_oneself_is_in_no_number(
    as_mod: Client,
    mod: User,
    max_: User,
    ada: Account,
    report: Callable[..., Ticket],
    settings: Any,
) -> None:
    User.objects.update(date_joined=timezone.now() - timedelta(days=9))
    report(ada, mod.account)
    decided = report(ada, mod.account, category="hate")
    then = timezone.now() - timedelta(days=4)
    Ticket.objects.reports().filter(pk=decided.pk).update(created_at=then, confirmed_at=then)
    ask_removal(mod.account)
    tasks.count_days.enqueue()

    def figures(user: User) -> list[str]:
        sections = client_of(user.account).get("/admin/dashboard/").context["dashboard"].sections
        rows = next(
            table.rows
            for section in sections
            for table in section.tables
            if table.title == "Reports and removal requests, by day"
        )
        numbers = [[cell.words for cell in cells] for _, cells in rows]
        return ["/".join(values) for values in numbers if set(values) - {"0", "–"}]

    assert figures(mod) == []
    assert figures(max_) == ["1/1", "1/0"]  # of others they are whole
    unconfirmed = Ticket(kind="removal", reason="me", email="x@example.com")
    unconfirmed.concern(mod.account)
    unconfirmed.save()
    settings.EMAIL_URL = ""
    assert "No mail server" not in page(as_mod)
    assert "No mail server" in page(client_of(max_.account))


def test_a_case_about_oneself_is_in_no_mail(
    mod: User, max_: User, ada: Account, ben: Account, report: Callable[..., Ticket]
) -> None:
    report(ada, mod.account)
    report(mod.account, ben)
    Case.objects.update(opened_at=timezone.now() - timedelta(days=5))
    mail.outbox.clear()
    scheduled.remind_moderators()
    assert {message.to[0]: message.subject[-14:] for message in mail.outbox} == {
        "max@example.com": "1 case waiting"
    }


# --- What somebody else decides ---


def test_ones_own_report_and_ones_superiors_come_last_by_title_alone(
    as_mod: Client,
    mod: User,
    adi: User,
    ada: Account,
    ben: Account,
    cal: Account,
    report: Callable[..., Ticket],
) -> None:
    report(mod.account, ben, category="illegal", text="I saw it")
    report(ada, adi.account, category="hate", text="They shout")
    report(ada, cal)
    html = page(as_mod)
    assert html.index("@cal") < html.index(ELSE) < html.index("@ben") < html.index("@adi")
    assert "1 case<" in html
    for account in (ben, adi.account):
        assert f"/admin/case/{case_of(account).pk}/" not in html
        assert as_mod.get(f"/admin/case/{case_of(account).pk}/").status_code == 403
    for words in ("I saw it", "They shout", "Something illegal<", "Hate<"):
        assert f"{words}" not in html.split('id="queue"')[1]
    with pytest.raises(RankError, match="You reported this yourself"):
        decide(mod, ben, Ruling(actions=(Action.WARN,)), case_of(ben))
    assert not Decision.objects.exists()


def test_who_takes_their_report_back_may_decide(
    as_mod: Client, mod: User, ada: Account, ben: Account, report: Callable[..., Ticket]
) -> None:
    own = report(mod.account, ben)
    report(ada, ben)
    own.withdraw()
    assert as_mod.get(f"/admin/case/{case_of(ben).pk}/").status_code == 200
    assert ELSE not in page(as_mod)


def test_a_case_of_ones_own_request_cannot_be_read(as_mod: Client, mod: User, ben: Account) -> None:
    ask_removal(ben, email=mod.email)
    assert as_mod.get(f"/admin/case/{case_of(ben).pk}/").status_code == 403


def test_the_dashboard_says_how_to_appoint_a_second(as_adi: Client, adi: User, db: None) -> None:
    alone = "You are the only one who moderates here"
    assert alone in page(as_adi, "/admin/dashboard/")
    assert find(as_adi.get("/admin/dashboard/"), "a", href="/admin/roles/")
    as_adi.post("/admin/roles/", {"name": make_account("dan").handle, "role": "Moderators"})
    assert alone not in page(as_adi, "/admin/dashboard/")


# --- What is offered ---


def shown(**fields: Any) -> Post:
    return Post(media_count=len(fields.pop("media", [])), **fields)


def names(matter: Matter) -> list[str]:
    return [offer.action for group in groups(matter) for offer in group.offers]


def test_only_what_can_apply_is_offered(db: None) -> None:
    here, elsewhere = Account(handle="a", user_id=1), Account(handle="b", host="x.com")
    account = ["warn", "limit", "freeze", "suspend", "remove", "ban"]
    assert names(Matter()) == ["none", "sensitive", "hide", "delete", *account]
    assert names(Matter(here, [])) == ["none", *account]
    # nothing to mark in words alone
    assert names(Matter(here, [shown()])) == ["none", "hide", "delete", *account]
    assert names(Matter(here, [shown(media=["a picture"])])) == [
        "none",
        "sensitive",
        "hide",
        "delete",
        *account,
    ]
    assert "sensitive" not in names(Matter(here, [shown(media=["a picture"], sensitive=True)]))
    assert names(Matter(here, [shown(hidden_at=timezone.now())])) == ["none", "delete", *account]
    assert names(Matter(here, [shown(deleted_at=timezone.now(), media=["a picture"])])) == [
        "none",
        *account,
    ]
    # nobody reads, writes or signs in
    assert names(Matter(elsewhere, [])) == ["none", "suspend", "remove"]
    assert "suspend" not in names(Matter(here, [], lasting={"suspend"}))


def test_a_removal_request_is_answered_first(
    as_mod: Client, ben: Account, ada: Account, publish: Callable[..., Post]
) -> None:
    ask_removal(ben)
    assert offered(as_mod, case_of(ben))[0] == "remove"
    ask_removal(ada, publish(ada, "Me"))
    assert offered(as_mod, case_of(ada))[:2] == ["delete", "none"]
    assert not find(
        as_mod.get(f"/admin/case/{case_of(ben).pk}/"), "input", name="actions", checked=""
    )


def test_a_digit_is_the_same_action_in_every_case(
    as_mod: Client, ben: Account, ada: Account, report: Callable[..., Ticket]
) -> None:
    report(ada, ben)
    ask_removal(ada)
    for account in (ben, ada):
        boxes = find(
            as_mod.get(f"/admin/case/{case_of(account).pk}/"),
            "input",
            name="actions",
            value="suspend",
        )
        assert [box.attrs["data-key"] for box in boxes] == ["7"]


# --- What comes next ---


def order(client: Client, case: Case, **data: Any) -> Any:
    return client.post(
        "/admin/decide/do/",
        {"case": case.pk, "actions": ["none"], **data},
    )


def test_after_a_decision_comes_the_next_case(
    as_mod: Client, max_: User, ada: Account, report: Callable[..., Ticket]
) -> None:
    people = [make_account(name) for name in ("dan", "eve", "fay", "gil")]
    for account in people:
        report(ada, account)
    dan, eve, fay, gil = (case_of(account) for account in people)
    fay.assign(max_)  # a colleague's
    assert order(as_mod, eve)["Location"] == f"/admin/case/{gil.pk}/"
    assert order(as_mod, gil)["Location"] == f"/admin/case/{dan.pk}/"
    assert order(as_mod, dan)["Location"] == "/admin/"


def test_undo_is_one_line_that_names_whom(
    as_mod: Client, ada: Account, report: Callable[..., Ticket]
) -> None:
    for number in range(20):
        account = make_account(f"p{number}")
        report(ada, account)
        order(as_mod, case_of(account), actions=["warn"])
    html = page(as_mod)
    first, rest = html.split('<details class="undos">')
    assert first.count(">Undo<") == 1
    assert "Warn: <b><bdi>@p19</bdi></b>" in first
    assert "19 more that can be undone" in rest
    assert rest.count(">Undo<") == 19


# --- The pages ---


def test_a_moderator_goes_where_they_may(as_mod: Client, as_adi: Client, as_ada: Client) -> None:
    def ways(client: Client) -> list[str]:
        return [way.name for way in client.get("/admin/").context["ways"]]

    assert ways(as_mod) == ["Queue", "Dashboard"]
    assert ways(as_adi) == [
        "Queue",
        "Accounts",
        "Posts",
        "Rules and words",
        "Roles",
        "Dashboard",
        "Tables",
    ]
    for way in as_adi.get("/admin/").context["ways"]:
        assert as_adi.get(way.url).status_code == 200
    assert [as_mod.get("/admin/words/").status_code, as_ada.get("/admin/words/").status_code] == [
        403,
        302,
    ]
    assert len(find(as_adi.get("/admin/words/"), "a", href="/admin/accounts/signuppolicy/")) == 1
    assert as_mod.get("/admin/tables/").status_code == 200
    for address in ("/admin/", "/admin/dashboard/", "/admin/tables/"):
        assert "have permission" not in page(as_mod, address)
        assert "nav-sidebar" not in page(as_adi, "/admin/")


def test_the_theme_of_the_site_is_theirs(as_mod: Client, settings: Any) -> None:
    as_mod.cookies[settings.DISPLAY_COOKIE_NAME] = "dark"
    assert '<html lang="en" data-theme="dark">' in page(as_mod)


def test_thumbnails_severity_in_words_and_what_was_said(
    as_mod: Client,
    ada: Account,
    ben: Account,
    publish: Callable[..., Post],
    report: Callable[..., Ticket],
) -> None:
    post = publish(ben, "Look", attachments=[PICTURE])
    report(ada, ben, post, category="illegal")
    html = page(as_mod)
    assert post.media.get().small in html
    assert 'severity-3">Danger<' in html
    post.hide()
    assert post.media.get().small in page(as_mod)  # moderators see it
    case = case_of(ben)
    assert "1 person says so" in page(as_mod, f"/admin/case/{case.pk}/")
    order(as_mod, case)
    closed = page(as_mod, f"/admin/case/{case.pk}/")
    assert "What was said" in closed
    assert "0 people" not in closed
    assert "No action</b> · @mod ·" in closed


def test_an_appeal_shows_in_the_queue_what_it_is_about(
    as_mod: Client, mod: User, ben: Account, publish: Callable[..., Post]
) -> None:
    post = publish(ben, "A recipe")
    decide(mod, ben, Ruling(actions=(Action.HIDE,), post_ids=(post.pk,)))
    ben.notices.get().appeal_with("It is bread")
    html = page(as_mod)
    assert "A recipe" in html
    assert "It is bread" in html


def test_the_record_names_people(as_adi: Client, mod: User, ben: Account, ada: Account) -> None:
    decide(mod, ben, Ruling(actions=(Action.WARN,)))
    rows = page(as_adi, "/admin/moderation/decision/")
    assert ">@mod</a>" in rows
    assert ">@ben</a>" in rows
    mod.account.delete()
    assert ">mod@example.com</a>" in page(as_adi, "/admin/moderation/decision/")


def test_nothing_is_missing_before_there_was_a_site(as_mod: Client, mod: User) -> None:
    User.objects.update(date_joined=timezone.now())
    assert "not counted yet" not in page(as_mod, "/admin/dashboard/")
    User.objects.update(date_joined=timezone.now() - timedelta(days=3))
    assert "3 days of these twelve weeks are not counted yet" in page(as_mod, "/admin/dashboard/")
    assert not DailyFigures.objects.exists()


def test_settings_of_one_row_have_no_link_to_add(as_adi: Client) -> None:
    assert "/admin/accounts/signuppolicy/add/" not in page(as_adi, "/admin/tables/")
    assert "/admin/accounts/signuppolicy/" in page(as_adi, "/admin/tables/")
    html = page(as_adi, "/admin/accounts/signuppolicy/add/")
    assert "Add sign-up" not in html


def test_opening_a_protected_post_is_on_record(
    as_mod: Client,
    mod: User,
    max_: User,
    ada: Account,
    ben: Account,
    report: Callable[..., Ticket],
    publish: Callable[..., Post],
) -> None:
    post = publish(ada, "For few eyes")
    ada.protect()
    report(ben, ada, post)
    address = f"/admin/case/{case_of(ada).pk}/"
    for shown in (page(as_mod), page(as_mod, address)):
        assert "For few eyes" not in shown
    as_mod.post(f"{address}open_post/", {"post": post.pk})
    assert "For few eyes" in page(as_mod, address)
    done = Decision.objects.get(action=Action.STAFF)
    assert (done.moderator_number, str(post.pk) in done.statement) == (mod.pk, True)
    assert "For few eyes" not in page(client_of(max_.account), address)


def test_a_post_of_another_case_is_not_opened(
    as_mod: Client,
    ada: Account,
    ben: Account,
    report: Callable[..., Ticket],
    publish: Callable[..., Post],
) -> None:
    post = publish(ada, "For few eyes")
    ada.protect()
    report(ada, ben)
    as_mod.post(f"/admin/case/{case_of(ben).pk}/open_post/", {"post": post.pk})
    assert not Decision.objects.filter(action=Action.STAFF).exists()
