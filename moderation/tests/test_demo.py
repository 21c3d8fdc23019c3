"""What the demo community gives moderators to do: it sends nothing, and goes without a trace but in
the record.
"""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Account, User
from conftest import client_of, make_account
from moderation import demo
from moderation.enforcement import scheduled
from moderation.enforcement.decide import Ruling, decide
from moderation.models import Action, Case, DailyFigures, Decision, Notice, Sanction, Ticket
from moderation.statistics import daily_stats
from moderation.tests.conftest import case_of
from testing.scene import say
from timeline.demo import community
from timeline.demo.people import ADA, PEOPLE


@pytest.fixture
def now(db: None) -> datetime:
    """Make a community that said of each thing only what is reported."""
    user = User.objects.create_superuser(
        community.EMAIL, "a long pass phrase", date_joined=ADA.joined
    )
    for person in PEOPLE:
        fields = {
            "host": person.host,
            "joined_at": person.joined,
            "user": user if person is ADA else None,
        }
        Account.objects.create(handle=person.handle, name=person.name, **fields)
    authors = [
        Account.objects.get(handle=handle)
        for handle in ("kofi_fm", "yuki_tram", "priya_counts", "old_ib")
    ]
    texts = dict.fromkeys([*(saying.words for saying in (*demo.OPEN, *demo.DECIDED))])
    for number, words in enumerate(texts):
        say(authors[number % len(authors)], f"They say: {words}.", ago=timedelta(days=40))
    say(
        Account.objects.get(handle="mateo_bakes"), f"Here is {demo.HIDDEN}.", ago=timedelta(days=12)
    )
    return timezone.now()


def test_the_demo_has_some_of_everything_to_decide(now: datetime) -> None:
    demo.move_in(now)
    page = client_of(Account.objects.get(handle="ada")).get("/admin/").content.decode()
    for words in ("Danger", "Harm", "Removal: It is me", "It is a recipe"):
        assert words in page, words
    assert Ticket.objects.reports().filter(state="dismissed").count() == len(demo.DECIDED)
    assert Decision.objects.values("moderator_number").distinct().count() == 1
    call_command("verify_decisions")


def test_the_demo_sends_no_mail(now: datetime) -> None:
    demo.move_in(now)
    make_account("mod")
    User.objects.filter(email="mod@example.com").update(is_staff=True, is_superuser=True)
    Case.objects.update(opened_at=now - timedelta(days=9))
    scheduled.remind_moderators()
    ada = User.objects.get(email=community.EMAIL)
    removal = Ticket.objects.removals().get()
    assert removal.account
    decide(ada, removal.account, Ruling(actions=(Action.SUSPEND,)), case_of(removal.account))
    assert mail.outbox == []


def test_the_demo_goes_and_the_record_stays(now: datetime, cal: Account) -> None:
    demo.move_in(now)
    daily_stats.count_missing()
    assert sum(figures.reports_count for figures in DailyFigures.objects.all()) >= len(demo.DECIDED)
    theirs = Ticket(kind="report", reporter=make_account("ben"), category="spam")
    theirs.concern(cal)
    theirs.save()
    theirs.confirm()
    decisions = Decision.objects.count()
    assert community.remove()
    assert Ticket.objects.reports().get() == theirs
    assert Case.objects.get() == case_of(cal)
    for rows in (
        Ticket.objects.removals(),
        Ticket.objects.appeals(),
        Sanction.objects,
        Notice.objects,
    ):
        assert not rows.exists(), rows
    assert not any(
        figures.reports_count or figures.waits.get("report")
        for figures in DailyFigures.objects.all()
    )
    assert Decision.objects.count() == decisions
    assert {decision.statement for decision in Decision.objects.all()} == {demo.STATEMENT}
    call_command("verify_decisions")


def test_days_that_are_counted_stay_as_they_are(now: datetime) -> None:
    """Nothing of it falls on a day whose figures are kept."""
    day = (now - timedelta(hours=50)).date()
    DailyFigures.objects.create(day=day, reports={"other": 2})
    demo.move_in(now)
    assert not Ticket.objects.reports().filter(confirmed_at__date=day).exists()
    community.remove()
    assert DailyFigures.objects.get(day=day).reports == {"other": 2}
