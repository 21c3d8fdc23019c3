"""The moderators' pages in the admin: the queue, a case, the order, its preview, its undo."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, User
from conftest import client_of, make_account
from moderation.models import Case, Decision, Note, Preset, Sanction, Ticket
from moderation.tests.conftest import case_of
from moderation.tests.test_deciding import PICTURE
from testing.html import find
from testing.scene import body_of
from timeline.models import Post

MOST_QUERIES = 15
# of 8 KB, that PostgreSQL looks at for one query: with ten thousand cases 1,009, a few milliseconds
MOST_BLOCKS = 2000


@pytest.fixture
def post(ben: Account, publish: Callable[..., Post]) -> Post:
    return publish(ben, "Buy my <b>watches</b>")


def page(client: Client, address: str = "/admin/", status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return str(response.content.decode())


def fields_of(html: str) -> dict[str, list[str]]:
    """Return what a browser sends of the first POST form to /admin/decide/: hidden fields and
    ticked boxes.
    """
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        ticked = attributes.get("type") != "checkbox" or " checked" in tag
        if attributes.get("type") in ("hidden", "checkbox") and ticked and "value" in attributes:
            found.setdefault(attributes["name"], []).append(attributes["value"])
    return found


def decide(client: Client, case: Case, **order: Any) -> Any:
    """Decide from the case's page through the preview to the deed."""
    data = fields_of(page(client, f"/admin/case/{case.pk}/")) | order
    preview = client.post("/admin/decide/preview/", data)
    if preview.status_code != 200:
        return preview
    return client.post("/admin/decide/do/", fields_of(preview.content.decode()), follow=True)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# --- Who gets in ---


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/queue/", "/admin/case/1/", "/admin/decide/", "/admin/roles/"]
)
def test_only_staff_get_in(visitor: Client, as_ada: Client, address: str) -> None:
    assert visitor.get(address).status_code == 302
    assert as_ada.get(address).status_code in (302, 403)


def test_a_moderator_sees_the_queue_and_nothing_else(
    as_mod: Client, as_adi: Client, ben: Account
) -> None:
    assert "Nothing waits" in page(as_mod)
    for address in (
        "/admin/accounts/account/",
        "/admin/moderation/rule/",
        "/admin/moderation/decision/",
        "/admin/roles/",
    ):
        assert as_mod.get(address).status_code == 403, address
        assert as_adi.get(address).status_code == 200, address
    assert "accounts/account" not in page(as_mod, "/admin/tables/")


def test_other_staff_see_their_tables(ada: Account) -> None:
    ada.user.is_staff = True
    ada.user.save()
    assert "queue" not in page(client_of(ada))
    assert client_of(ada).get("/admin/queue/").status_code == 403


# --- The queue ---


def test_the_worst_and_oldest_come_first(
    as_mod: Client, ada: Account, cal: Account, report: Callable[..., Ticket]
) -> None:
    people = [make_account(name) for name in ("dan", "eve", "fay")]
    report(ada, people[0])
    report(ada, people[1], category="illegal", text="<i>Look</i>")
    report(ada, people[2])
    report(cal, people[2])
    html = page(as_mod)
    assert [html.index(handle) for handle in ("@eve", "@dan", "@fay")] == sorted(
        html.index(h) for h in ("@eve", "@dan", "@fay")
    )
    assert "2 people" in html
    assert "Spam × 2" in html
    assert "“&lt;i&gt;Look" in html
    assert "3 cases" in html


def test_filters_narrow_the_queue(
    as_mod: Client,
    mod: User,
    ada: Account,
    ben: Account,
    cal: Account,
    report: Callable[..., Ticket],
) -> None:
    report(ada, ben, category="hate")
    report(ada, cal)
    case_of(ben).assign(mod)
    wish = Ticket(kind="removal", reason="me", email="eve@example.com")
    wish.concern(ada)
    wish.save()
    wish.confirm()

    def shown(query: str) -> set[str]:
        return set(re.findall(r"<span>(@\w+)</span>", page(as_mod, f"/admin/?{query}")))

    assert shown("") == {"@ada", "@ben", "@cal"}
    assert shown("show=mine") == {"@ben"}
    assert shown("show=free") == {"@ada", "@cal"}
    assert shown("show=later") == set()
    assert shown("kind=reports") == {"@ben", "@cal"}
    assert shown("kind=removals") == {"@ada"}
    assert shown("kind=appeals") == set()
    assert shown("category=hate") == {"@ben"}
    assert shown("category=nonsense&show=nonsense&after=nonsense") == {"@ada", "@ben", "@cal"}
    case_of(cal).snooze(1)
    assert shown("show=later") == {"@cal"}
    assert "Nothing of that kind waits" in page(as_mod, "/admin/?kind=appeals")


def test_filters_are_chosen_on_the_page_and_stay_chosen(as_mod: Client) -> None:
    html = as_mod.get("/admin/?show=mine&category=hate")
    assert [one.attrs["name"] for one in find(html, "select")] == ["show", "kind", "category"]
    chosen = [one.attrs["value"] for one in find(html, "option") if "selected" in one.attrs]
    assert chosen == ["mine", "", "hate"]


def test_the_queue_has_pages(as_mod: Client, ada: Account, report: Callable[..., Ticket]) -> None:
    people = [make_account(f"p{n}") for n in range(53)]
    for n, account in enumerate(people):
        report(ada, account, category=["spam", "hate"][n % 2])
    first = page(as_mod)
    more = re.search(r'after=(\d+)"', first)
    assert more
    second = page(as_mod, f"/admin/?after={more.group(1)}")
    handles = [re.findall(r"<span>(@p\d+)</span>", html) for html in (first, second)]
    assert [len(found) for found in handles] == [50, 3]
    assert len({*handles[0], *handles[1]}) == 53


def test_queries_do_not_grow(
    as_mod: Client, ada: Account, publish: Callable[..., Post], report: Callable[..., Ticket]
) -> None:
    numbers = []
    for name in ("dan", "eve", "fay", "gil"):
        account = make_account(name)
        report(ada, account, publish(account, "x"), text="y")
        with CaptureQueriesContext(connection) as queries:
            page(as_mod)
        numbers.append(len(queries))
    assert numbers[0] == numbers[-1] <= MOST_QUERIES


@pytest.mark.slow
def test_ten_thousand_open_cases_are_listed_along_the_index(as_mod: Client, ada: Account) -> None:
    now = timezone.now()
    Account.objects.bulk_create(Account(handle=f"q{n}", name="Q") for n in range(10_000))
    accounts = list(Account.objects.filter(handle__startswith="q").values_list("pk", flat=True))
    counts = {"reports_count": 1, "people_count": 1}
    Case.objects.bulk_create(
        Case(
            account_id=pk,
            account_number=pk,
            severity=n % 4,
            opened_at=now - timedelta(minutes=n % 999),
            **counts,
        )
        for n, pk in enumerate(accounts)
    )
    cases = dict(Case.objects.values_list("account_number", "pk"))
    Ticket.objects.reports().bulk_create(
        Ticket(
            kind="report",
            account_id=pk,
            account_number=pk,
            case_id=cases[pk],
            category="hate" if n % 3 else "spam",
            email="e@x.test",
            confirmed_at=now,
        )
        for n, pk in enumerate(accounts)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for address in (
        "/admin/",
        "/admin/?category=spam",
        "/admin/?category=self-harm",
        "/admin/?kind=reports&show=free",
    ):
        page(as_mod, address)
        with CaptureQueriesContext(connection) as queries:
            page(as_mod, address)
        assert len(queries) <= MOST_QUERIES
        asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
        if connection.vendor == "postgresql":
            assert max(map(blocks_read, asked)) < MOST_BLOCKS, address


def blocks_read(query: str) -> int:
    """Return how many blocks PostgreSQL looks at to answer `query`, in memory or not: its work,
    however busy the machine is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + query.replace("%", "%%"), []
        )
        (plan,) = cursor.fetchone()[0]
    return int(plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"])


# --- A case ---


def test_a_case_shows_all_at_one_look(
    as_mod: Client,
    ada: Account,
    cal: Account,
    ben: Account,
    publish: Callable[..., Post],
    report: Any,
) -> None:
    question = publish(ada, "What time is it?")
    answer = publish(ben, "Buy my <b>watches</b>", reply_to=question)
    for state in ("acted", "acted", "dismissed"):
        Ticket.objects.create(
            kind="report",
            reporter=cal,
            account=ada,
            category="spam",
            state=state,
            closed_at=timezone.now(),
            confirmed_at=timezone.now(),
        )
    report(cal, ben, answer, text="Every <i>hour</i>")
    case = case_of(ben)
    html = page(as_mod, f"/admin/case/{case.pk}/")
    for part in (
        "Buy my &lt;b&gt;watches",
        "What time is it?",
        "Every &lt;i&gt;hour",
        "@cal, right 2 times of 3",
        "Joined",
        "1 post",
    ):
        assert part in html, part
    assert "Nothing." in html  # decided before
    assert "Ben @ben · Microblog" in html  # its title


def test_queries_of_a_case_do_not_grow(
    as_mod: Client, adi: User, ada: Account, ben: Account, publish: Any, report: Any
) -> None:
    numbers = []
    for n in range(4):
        report(make_account(f"r{n}"), ben, publish(ben, str(n)), text="x")
        case = case_of(ben)
        Note.objects.create(case=case, moderator=adi, text="x")
        with CaptureQueriesContext(connection) as queries:
            page(as_mod, f"/admin/case/{case.pk}/")
        numbers.append(len(queries))
    assert numbers[0] == numbers[-1] <= MOST_QUERIES


def test_a_colleagues_case_can_only_be_taken_over(
    as_mod: Client, mod: User, max_: User, ada: Account, ben: Account, report: Any
) -> None:
    report(ada, ben)
    case = case_of(ben)
    address = f"/admin/case/{case.pk}/"
    as_max = client_of(max_.account)
    as_mod.post(f"{address}take/")
    assert "You have it in hand" in page(as_mod, address)
    response = as_max.post(f"{address}take/", follow=True)
    assert "@mod took this case" in said(response)[0]
    assert Case.objects.get().assignee == mod
    assert "@mod has it in hand" in page(as_max, address)
    as_max.post(f"{address}take_over/")
    assert Case.objects.get().assignee == max_
    as_max.post(f"{address}release/")
    assert Case.objects.get().assignee is None


def test_a_case_takes_notes_and_waits_and_refuses_nonsense(
    as_mod: Client, ada: Account, ben: Account, report: Any
) -> None:
    report(ada, ben)
    address = f"/admin/case/{case_of(ben).pk}/"
    as_mod.post(f"{address}note/", {"text": "Ask <b>legal</b>"})
    assert "Ask &lt;b&gt;legal" in page(as_mod, address)
    as_mod.post(f"{address}snooze/", {"days": "3"})
    assert "Put off until" in page(as_mod, address)
    as_mod.post(f"{address}wake/")
    assert Case.objects.due().exists()
    assert as_mod.post(f"{address}nonsense/").status_code == 404
    for verb in ("take", "snooze", "note"):  # who signs in again on the way comes back to the page
        assert as_mod.get(f"{address}{verb}/")["Location"] == address
    assert "write something" in said(as_mod.post(f"{address}note/", {"text": ""}, follow=True))[0]
    assert (
        "Choose to whom"
        in said(as_mod.post(f"{address}message/", {"text": "x", "to": "report 0"}, follow=True))[0]
    )
    assert as_mod.get("/admin/case/999/").status_code == 404
    assert as_mod.put(address).status_code == 405


# --- Deciding ---


def test_a_case_is_decided_from_the_queue_on(
    as_mod: Client, ada: Account, ben: Account, post: Post, report: Any, visitor: Client
) -> None:
    """Open the case, choose, show, do: four clicks."""
    report(ada, ben, post)
    case = case_of(ben)
    data = fields_of(page(as_mod, f"/admin/case/{case.pk}/"))
    assert data["posts"] == [str(post.pk)]
    preview = as_mod.post(
        "/admin/decide/preview/", data | {"actions": ["hide", "freeze"], "duration": "7"}
    ).content.decode()
    assert "Hide 1 post" in preview
    assert "Freeze @ben until" in preview
    assert "This was reported to us: spam." in preview
    assert "Buy my &lt;b&gt;watches" in preview
    assert not Decision.objects.exists()
    done = as_mod.post("/admin/decide/do/", fields_of(preview), follow=True)
    assert said(done) == ["Decided 1 case."]
    assert visitor.get(post.get_absolute_url()).status_code == 404
    assert {d.action for d in Decision.objects.all()} == {"hide", "freeze"}
    assert Sanction.objects.filter(decision__action="freeze").get().until
    assert "Undo" in done.content.decode()
    batch = Decision.objects.earliest("pk").batch
    assert "as it was before" in said(as_mod.post(f"/admin/undo/{batch}/", follow=True))[0]
    assert visitor.get(post.get_absolute_url()).status_code == 200
    assert case_of(ben) == case


def test_a_refused_order_keeps_what_was_typed(
    as_mod: Client, ada: Account, ben: Account, report: Any
) -> None:
    report(ada, ben)
    case = case_of(ben)
    for order, reason in (
        ({}, "Choose what to do"),
        ({"actions": ["none", "warn"]}, "goes with nothing else"),
        ({"actions": ["hide"]}, "There are no posts"),
        ({"actions": ["nonsense"]}, "not one of the available choices"),
        ({"actions": ["warn"], "statement": "x" * 5001}, "At most 5000"),
    ):
        response = decide(as_mod, case, answer="Kept <b>words</b>", **order)
        html = response.content.decode()
        assert response.status_code == 422, order
        assert reason in html
        assert "Kept &lt;b&gt;words" in html
    assert not Decision.objects.exists()


def test_a_preset_gives_the_statement(
    as_mod: Client, ada: Account, ben: Account, report: Any
) -> None:
    report(ada, ben)
    preset = Preset.objects.get(title="Spam")
    decide(as_mod, case_of(ben), actions=["warn"], preset=preset.pk)
    assert Decision.objects.get().statement == preset.statement
    report(ada, ben)
    decide(as_mod, case_of(ben), actions=["warn"], preset=preset.pk, statement="My own.")
    assert Decision.objects.latest("pk").statement == "My own."


def test_who_asks_for_removal_is_refused_with_reasons(as_mod: Client, ben: Account) -> None:
    wish = Ticket(kind="removal", reason="me", email="eve@example.com")
    wish.concern(ben)
    wish.save()
    wish.confirm()
    assert "say why" in decide(as_mod, case_of(ben), actions=["none"]).content.decode()
    decide(as_mod, case_of(ben), actions=["none"], answer="It is not you.")
    assert Ticket.objects.removals().get().state == "refused"
    assert "It is not you." in mail.outbox[-1].body


def test_one_of_several_stays_open(
    as_mod: Client, ada: Account, cal: Account, ben: Account, report: Any
) -> None:
    first, second = report(ada, ben), report(cal, ben)
    decide(as_mod, case_of(ben), actions=["none"], leave=[second.name])
    assert Ticket.objects.reports().get(pk=first.pk).state == "dismissed"
    assert Ticket.objects.reports().get(pk=second.pk).state == "open"
    assert case_of(ben).people_count == 1


@pytest.mark.slow
def test_many_cases_are_decided_at_once(
    as_mod: Client, mod: User, max_: User, ada: Account, publish: Any, report: Any
) -> None:
    spammers = [make_account(f"spam{n}") for n in range(20)]
    for account in spammers:
        report(ada, account, publish(account, "Buy"))
    report(ada, max_.account)
    chosen = [case.pk for case in Case.objects.open()]
    form = as_mod.post("/admin/decide/", {"case": chosen}).content.decode()
    assert "people of your own rank or above, others decide" in form
    with CaptureQueriesContext(connection) as queries:
        preview = as_mod.post(
            "/admin/decide/preview/", fields_of(form) | {"actions": ["suspend", "hide"]}
        ).content.decode()
    assert len(queries) <= MOST_QUERIES
    assert preview.count("Suspend @spam") == 20
    done = as_mod.post("/admin/decide/do/", fields_of(preview), follow=True)
    assert said(done)[-1] == "Decided 20 cases."
    assert Account.objects.exclude(suspended_at=None).count() == 20
    assert Case.objects.open().count() == 1


def test_what_is_decided_already_is_told(
    as_mod: Client, max_: User, ada: Account, ben: Account, report: Any
) -> None:
    report(ada, ben)
    case = case_of(ben)
    preview = as_mod.post(
        "/admin/decide/preview/",
        fields_of(page(as_mod, f"/admin/case/{case.pk}/")) | {"actions": ["suspend"]},
    ).content.decode()
    decide(client_of(max_.account), case, actions=["none"])
    done = as_mod.post("/admin/decide/do/", fields_of(preview), follow=True)
    assert "decided already" in said(done)[0]
    assert Account.objects.get(pk=ben.pk).suspended_at is None


def test_an_order_that_is_sent_twice_is_carried_out_once(as_mod: Client, ben: Account) -> None:
    form = as_mod.get(f"/admin/case/about/{ben.pk}/", follow=True).content.decode()
    preview = as_mod.post(
        "/admin/decide/preview/", fields_of(form) | {"actions": ["warn"]}
    ).content.decode()
    first, second = (
        as_mod.post("/admin/decide/do/", fields_of(preview), follow=True) for _ in range(2)
    )
    assert said(first) == ["Decided."]
    assert "decided already" in said(second)[0]
    assert Decision.objects.count() == 1


def test_an_account_without_a_case_can_be_decided_about(as_mod: Client, ben: Account) -> None:
    response = as_mod.get(f"/admin/case/about/{ben.pk}/", follow=True)
    preview = as_mod.post(
        "/admin/decide/preview/", fields_of(response.content.decode()) | {"actions": ["limit"]}
    ).content.decode()
    as_mod.post("/admin/decide/do/", fields_of(preview))
    assert Account.objects.get(pk=ben.pk).limited_at
    measure = Sanction.objects.get()
    as_mod.post(f"/admin/lift/{measure.pk}/", {"statement": "Enough."})
    assert Account.objects.get(pk=ben.pk).limited_at is None
    assert (
        "was not in force any more"
        in said(as_mod.post(f"/admin/lift/{measure.pk}/", follow=True))[-1]
    )
    assert as_mod.get("/admin/case/about/0/").status_code == 404


def test_an_account_leads_to_its_case(
    as_mod: Client, as_adi: Client, as_ada: Client, ben: Account
) -> None:
    link = f"/admin/case/about/{ben.pk}/"
    assert link in page(as_mod, "/@ben")
    assert link in page(as_adi, f"/admin/accounts/account/{ben.pk}/change/")
    assert link not in page(as_ada, "/@ben")


def test_who_chose_nothing_is_led_back_to_the_queue(as_mod: Client) -> None:
    for data in (
        {},
        {"case": ["nonsense", "999", "9" * 30]},
        {"account": "0"},
        {"account": "nonsense"},
    ):
        assert "Choose a case first" in said(as_mod.post("/admin/decide/", data, follow=True))[0]
    assert as_mod.get("/admin/undo/00000000-0000-0000-0000-000000000000/").status_code == 405
    response = as_mod.post("/admin/undo/00000000-0000-0000-0000-000000000000/", follow=True)
    assert "no such decision" in said(response)[0]


def test_an_undo_is_offered_for_ten_minutes(
    as_mod: Client, mod: User, ada: Account, ben: Account, report: Any
) -> None:
    report(ada, ben)
    decide(as_mod, case_of(ben), actions=["none"])
    assert ">Undo<" in page(as_mod)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert ">Undo<" not in page(client_of(mod.account))


def test_moderators_see_hidden_pictures_and_no_cache_keeps_them(
    as_mod: Client, as_ada: Client, visitor: Client, ben: Account, publish: Callable[..., Post]
) -> None:
    post = publish(ben, "Look", attachments=[PICTURE])
    address = post.media.get().small
    seen = visitor.get(address)
    assert body_of(seen)
    assert "immutable" in seen["Cache-Control"]
    post.hide()
    for client in (visitor, as_ada):
        assert client.get(address).status_code == 404
    response = as_mod.get(address)
    assert body_of(response)
    assert response["Cache-Control"] == "private, no-store"
    post.remove()
    assert as_mod.get(address).status_code == 404
    assert as_mod.get("/media/x/small.webp").status_code == 404
