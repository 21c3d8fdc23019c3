"""What somebody takes along of moderation."""

import json
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, User
from archives.export.archive import write_archive
from moderation.enforcement.decide import Ruling, decide
from moderation.models import Action, Case, Message, Note, Notice, Ticket
from moderation.public.own_records import records_of
from testing.history import ask_removal, moderator, report
from testing.scene import say

pytestmark = pytest.mark.both_databases


@pytest.fixture
def mod(db: None) -> User:
    return moderator()


def reported_by(account: Account, about: Account, text: str = "He shouts") -> Ticket:
    ticket = report(about, timezone.now())
    Ticket.objects.filter(pk=ticket.pk).update(reporter=account, text=text)
    return Ticket.objects.get(pk=ticket.pk)


def taken(account: Account) -> dict[str, list[dict[str, Any]]]:
    return {name: list(rows) for name, rows in records_of(account).items()}


def test_a_report_with_what_became_of_it(mod: User, ada: Account, ben: Account) -> None:
    ticket = reported_by(ada, ben)
    Message.objects.say(ticket, "Since when?", uuid4(), mod)
    Message.objects.say(ticket, "Since noon", uuid4())
    case = Case.objects.get(pk=ticket.case_id)
    decide(mod, ben, Ruling(actions=(Action.WARN,), statement="No shouting."), case)
    (said,) = taken(ada)["reports"]
    assert (said["about"], said["category"], said["text"]) == ("@ben", "Spam", "He shouts")
    assert said["state"] == "You were right, and something was done"
    assert [(one["from"], one["text"]) for one in said["messages"]] == [
        ("moderators", "Since when?"),
        ("you", "Since noon"),
    ]


def test_a_decision_with_its_appeal(mod: User, ada: Account) -> None:
    post = say(ada, "Watches")
    decide(mod, ada, Ruling((Action.HIDE,), post_ids=(post.pk,), statement="No watches."))
    Notice.objects.get().appeal_with("That was a joke")
    (said,) = taken(ada)["decisions"]
    assert said["decisions"] == ["One of your posts is hidden."]
    assert (said["statement"], said["posts"]) == ("No watches.", [str(post.pk)])
    assert said["appeal"]["text"] == "That was a joke"


def test_nothing_of_what_moderators_keep_to_themselves(
    mod: User, ada: Account, ben: Account
) -> None:
    """Who reported her, what colleagues noted, and who decided."""
    about_her = reported_by(ben, ada, "Words about Ada")
    Note.objects.create(case_id=about_her.case_id, moderator=mod, text="A note to colleagues")
    ask_removal(ada, timezone.now())
    decide(mod, ada, Ruling((Action.WARN,), statement="Please."))
    file = BytesIO()
    write_archive(ada, file)
    with ZipFile(file) as archive:
        words = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "Please." in words
    for secret in ("Words about Ada", "A note", str(mod.account), mod.email, about_her.reference):
        assert secret not in words
    assert json.loads(json.dumps(taken(ada)))["reports"] == []


def test_many_ask_no_more_than_few(mod: User, ada: Account, ben: Account) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            taken(ada)
        return len(queries)

    def more(number: int) -> None:
        for _ in range(number):
            reported_by(ada, ben)
            decide(mod, ada, Ruling((Action.WARN,), statement="Please."))

    more(2)
    few = asked()
    more(8)
    assert asked() == few
