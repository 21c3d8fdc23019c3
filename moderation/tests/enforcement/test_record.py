"""The record of decisions: only ever added to, each chained to the one before; staff's other deeds
are in it as well.
"""

from io import StringIO
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import Account, User
from conftest import client_of
from microblog.admin import Recorded
from moderation.enforcement import audit_log
from moderation.enforcement.decide import Ruling, decide
from moderation.models import Action, Decision, Rule

VERIFY = "verify_decisions"


def verify(**options: Any) -> str:
    out = StringIO()
    call_command(VERIFY, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def decisions(mod: User, ben: Account) -> list[Decision]:
    for text in ("One", "Twö <b>", "Three"):
        decide(mod, ben, Ruling(actions=(Action.WARN,), statement=text))
    return list(Decision.objects.order_by("pk"))


def test_an_empty_record_is_whole(db: None) -> None:
    assert verify().startswith("0 decisions, the chain is whole.")


def test_the_chain_proves_what_it_held(decisions: list[Decision]) -> None:
    assert [one.previous for one in decisions[1:]] == [one.digest for one in decisions[:-1]]
    head = verify().split()[-1]
    assert head == decisions[-1].digest
    assert verify(head=decisions[0].digest)
    with pytest.raises(CommandError, match="not in the chain"):
        verify(head="0" * 64)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE moderation_decision SET statement = 'x'", "DELETE FROM moderation_decision"],
)
def test_the_database_refuses_to_change_it(decisions: list[Decision], statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="cannot be changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Decision.objects.count() == 3


@pytest.mark.postgresql  # SQLite has no TRUNCATE
def test_the_database_refuses_to_empty_it(decisions: list[Decision]) -> None:
    with (
        pytest.raises(DatabaseError, match="cannot be changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE moderation_decision CASCADE")


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("UPDATE moderation_decision SET statement = 'x' WHERE id = {1}", "not as it was written"),
        (
            "UPDATE moderation_decision SET moderator_number = 1000 WHERE id = {0}",
            "not as it was written",
        ),
        ("DELETE FROM moderation_decision WHERE id = {1}", "broken before decision"),
        ("UPDATE moderation_decision SET digest = 'x' WHERE id = {2}", "not as it was written"),
    ],
)
def test_whoever_gets_round_the_triggers_is_found_out(
    decisions: list[Decision], statement: str, error: str
) -> None:
    audit_log.TRIGGERS.take_down()
    with pytest.raises(CommandError, match="decision_no_delete, decision_no"):
        verify()
    with connection.cursor() as cursor:
        cursor.execute(statement.format(*(decision.pk for decision in decisions)))
    audit_log.TRIGGERS.set_up()
    with pytest.raises(CommandError, match=error):
        verify()


def test_a_rebuilt_table_gets_its_triggers_anew(decisions: list[Decision]) -> None:
    audit_log.TRIGGERS.take_down()
    assert audit_log.TRIGGERS.missing()
    call_command("migrate", verbosity=0)
    assert not audit_log.TRIGGERS.missing()


def test_what_administrators_do_elsewhere_is_in_it(adi: User, as_adi: Client, ben: Account) -> None:
    as_adi.post(
        "/admin/moderation/rule/add/",
        {"title": "No watches", "text": "", "position": "1", "active": "on"},
    )
    rule = Rule.objects.get()
    as_adi.post(
        f"/admin/moderation/rule/{rule.pk}/change/",
        {"title": "No <b>clocks</b>", "text": "", "position": "1", "active": "on"},
    )
    as_adi.post(f"/admin/moderation/rule/{rule.pk}/delete/", {"post": "yes"})
    as_adi.post("/admin/accounts/account/", {"action": "suspend", "_selected_action": [ben.pk]})
    as_adi.post("/admin/accounts/account/", {"action": "restore", "_selected_action": [ben.pk]})
    done = [(one.action, one.statement) for one in Decision.objects.order_by("pk")]
    assert done == [
        ("staff", f"rule {rule.pk}: added"),
        ("staff", f"rule {rule.pk}: changed (Title)"),
        ("staff", f"rule {rule.pk}: deleted"),
        ("suspend", ""),
        ("lift", ""),
    ]
    assert {one.moderator_number for one in Decision.objects.all()} == {adi.pk}
    assert Account.objects.get(pk=ben.pk).suspended_at is None
    verify()


def test_every_table_of_the_admin_is_recorded(db: None) -> None:
    ours = [
        model
        for model in admin.site._registry
        if model._meta.app_label not in ("account", "django_ox")
    ]
    assert not [model for model in ours if not isinstance(admin.site._registry[model], Recorded)]


def test_a_role_is_given_by_those_above_alone(
    as_adi: Client, as_mod: Client, root: User, mod: User, ben: Account, ada: Account
) -> None:
    address = "/admin/roles/"
    as_root = client_of(root.account)
    assert as_adi.post(address, {"name": "@ben", "role": "Moderators"}).status_code == 302
    assert client_of(Account.objects.get(pk=ben.pk)).get("/admin/queue/").status_code == 200
    assert (
        "higher rank"
        in as_adi.post(
            address, {"name": "ada@example.com", "role": "Administrators"}
        ).content.decode()
    )
    assert as_root.post(address, {"name": "ada", "role": "Administrators"}).status_code == 302
    assert "higher rank" in as_adi.post(address, {"name": "ada", "role": ""}).content.decode()
    assert "yourself" in as_adi.post(address, {"name": "adi", "role": ""}).content.decode()
    assert (
        "Nobody signs in" in as_adi.post(address, {"name": "nobody", "role": ""}).content.decode()
    )
    assert as_adi.post(address, {"name": "ben", "role": "nonsense"}).status_code == 422
    assert as_adi.post(address, {"name": "ben", "role": ""}).status_code == 302
    assert client_of(Account.objects.get(pk=ben.pk)).get("/admin/queue/").status_code == 302
    assert as_mod.post(address, {"name": "ben", "role": ""}).status_code == 403
    assert Decision.objects.filter(action=Action.STAFF).count() == 3
    page = as_adi.get(address).content.decode()
    assert "@mod mod@example.com" in page
