"""What two people do at the same moment: reports into one case, decisions about it, links of one
chain. SQLite has one writer.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import Account, User
from conftest import client_of, make_account
from moderation.enforcement.decide import DecidedError, Ruling, decide
from moderation.enforcement.undo import undo
from moderation.models import Action, Case, Decision, Ticket
from moderation.tests.test_kept import form_of
from testing.database import at_once
from testing.scene import say
from timeline.feeds import counters
from timeline.models import Post
from timeline.posting import purge
from timeline.posting.publish import publish

NOTHING_WRONG = {Account: 0, Post: 0}


@pytest.fixture(autouse=True)
def _on_postgresql(transactional_db: None, settings: Any) -> None:
    if connection.vendor == "sqlite":
        pytest.skip(
            "SQLite has one writer at a time: a race cannot happen, and a test of it would "
            "prove nothing"
        )
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}


def keeper(handle: str) -> User:
    user = make_account(handle).user
    user.is_staff = user.is_superuser = True
    user.save()
    return user


def file(by: Account, about: Account) -> None:
    report = Ticket(kind="report", reporter=by, category="spam")
    report.concern(about)
    report.save()
    report.confirm()


def quietly(do: Callable[[], Any], done: list[str]) -> Callable[[], None]:
    def run() -> None:
        try:
            do()
            done.append("done")
        except DecidedError:
            done.append("refused")

    return run


def test_a_crowd_that_reports_one_account_makes_one_case() -> None:
    ben = make_account("ben")
    crowd = [make_account(f"p{n}") for n in range(20)]
    at_once(*(lambda person=person: file(person, ben) for person in crowd))
    case = Case.objects.get()
    assert (case.reports_count, case.people_count) == (20, 20)
    assert Ticket.objects.reports().filter(case=case).count() == 20


def test_a_case_is_decided_by_one_moderator_alone() -> None:
    ada, ben = make_account("ada"), make_account("ben")
    moderators = [keeper(f"k{n}") for n in range(6)]
    file(ada, ben)
    case = Case.objects.get()
    done: list[str] = []

    def freeze(moderator: User) -> Callable[[], None]:
        return quietly(lambda: decide(moderator, ben, Ruling(actions=(Action.FREEZE,)), case), done)

    at_once(*map(freeze, moderators))
    assert sorted(done) == ["done", *["refused"] * 5]
    assert Decision.objects.count() == 1
    batch = Decision.objects.get().batch
    maker = User.objects.get(pk=Decision.objects.get().moderator_number)
    done.clear()
    at_once(*[quietly(lambda: undo(maker, batch), done)] * 4)
    assert sorted(done) == ["done", *["refused"] * 3]
    assert Decision.objects.filter(action=Action.UNDO).count() == 1


def test_the_chain_has_no_forks() -> None:
    moderators = [keeper(f"k{n}") for n in range(5)]
    people = [make_account(f"p{n}") for n in range(20)]

    def warn(n: int) -> Callable[[], object]:
        return lambda: decide(
            moderators[n % 5], people[n], Ruling(actions=(Action.WARN, Action.LIMIT))
        )

    at_once(*map(warn, range(20)))
    assert Decision.objects.count() == 40
    call_command("verify_decisions", verbosity=0)


def test_a_suspension_counts_right_while_a_crowd_acts() -> None:
    moderator, ben = keeper("k"), make_account("ben")
    post = publish(ben, "Hello")
    crowd = [make_account(f"p{n}") for n in range(16)]

    def act(person: Account) -> None:
        post.like(person)
        post.retweet(person)
        person.follow(ben)

    deeds = [lambda person=person: act(person) for person in crowd]
    at_once(
        *deeds[:8], lambda: decide(moderator, ben, Ruling(actions=(Action.SUSPEND,))), *deeds[8:]
    )
    counters.recount_around_account(ben.pk)
    assert counters.recount_everything() == NOTHING_WRONG


def test_one_ruling_that_is_sent_eight_times_at_once_is_one() -> None:
    moderator, ben = keeper("k"), make_account("ben")
    order = Ruling(actions=(Action.WARN,))
    done: list[str] = []
    at_once(*[quietly(lambda: decide(moderator, ben, order), done)] * 8)
    assert sorted(done) == ["done", *["refused"] * 7]
    assert Decision.objects.count() == 1


def test_one_report_that_is_sent_eight_times_at_once_is_one() -> None:
    ada, ben = make_account("ada"), make_account("ben")
    form = {"category": "spam", "idempotency_key": str(uuid4())}
    clients = [client_of(ada) for _ in range(8)]
    at_once(*(lambda client=client: client.post("/@ben/report", form) for client in clients))
    assert (
        Ticket.objects.reports().count(),
        Case.objects.get().reports_count,
        Case.objects.get().account,
    ) == (1, 1, ben)


def test_a_report_keeps_what_is_deleted_at_the_same_time() -> None:
    """Whichever comes first: the report is filed, and what it saw is kept for who decides."""
    ada, ben = make_account("ada"), make_account("ben")
    for _ in range(8):
        post = say(ben, "Buy my watches")
        client, url = client_of(ada), f"/posts/{post.pk}/report"
        form = form_of(client, url)
        standing: list[bool] = []

        def report(
            client: Any = client,
            url: str = url,
            form: Any = form,
            post: Post = post,
            standing: list[bool] = standing,
        ) -> None:
            assert client.post(url, {**form, "category": "spam"}).status_code == 302
            standing.append(Post.objects.filter(pk=post.pk).exists())

        def delete(post: Post = post) -> None:
            post.remove()
            purge.remove_rows(post.pk)

        at_once(report, delete)
        assert Ticket.objects.reports().filter(post_ids=[post.pk]).count() == 1
        purge.remove_left_over()
        assert Post.objects.filter(pk=post.pk).exists() == standing[0], (
            "kept, once the report was there to see"
        )
    assert counters.recount_everything() == NOTHING_WRONG
