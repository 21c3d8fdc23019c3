"""Find the people that every page asks for, by SQL that is compiled once: who is signed in, whose
page it is, and whom one may like to follow.
"""

import time
from typing import Any

from django.db import connection, models

from accounts import handles
from accounts.models import Account, User
from accounts.shown import ShownAccount, ShownViewer
from microblog.db.prepared import Param, Params, prepared
from microblog.kept.memory import MEMORY

SUGGESTED = 3
CHOSEN, CHOSEN_FOR = 100, 300  # accounts; seconds


def _columns(model: type[models.Model], prefix: str = "") -> list[str]:
    return [f"{prefix}{field.attname}" for field in model._meta.concrete_fields]  # noqa: SLF001  (documented)


USER, ACCOUNT = _columns(User), _columns(Account)


def signed_in_user(pk: int) -> User | None:
    """Return the user `pk` with their account, if they have one."""
    for row in _users(pk=pk):
        values, account = row[: len(USER)], row[len(USER) :]
        user = User.from_db(connection.alias, USER, values)
        if account[0] is not None:
            user.account = Account.from_db(connection.alias, ACCOUNT, account)
        return user
    return None


@prepared
def _users(pk: Param) -> Any:
    return User.objects.filter(pk=pk).values_list(*USER, *_columns(Account, "account__"))


def account_named(name: str, viewer: Account | None) -> Account | None:
    """Return who is called `name` (AccountQuerySet.named), `with_follow_state`, where `viewer` may
    see them.
    """
    handle, host = handles.split(name)
    rows = _named(handle=handle, host=host, viewer=viewer.pk if viewer else None)
    return _with_follow_state(rows[0]) if rows else None


@prepared
def _named(handle: Param, host: Param, viewer: Any) -> Any:
    return _state_of(Account.objects.visible_to(viewer).called(handle, host), viewer)


def suggestions(viewer: Account | ShownViewer) -> tuple[ShownAccount, ...]:
    """Return whom `viewer`, who follows them not yet, may like to follow.

    They are chosen every few minutes, for all; what is shown of them, no bio, is read each time.
    """
    chosen = ("suggested", time.time() // CHOSEN_FOR)
    lively: tuple[int, ...] | None = MEMORY.get(chosen)
    if lively is None:
        lively = tuple(Account.objects.to_follow_for(None).values_list("pk", flat=True)[:CHOSEN])
        MEMORY.put(chosen, lively)
    rows = _suggested(among=lively, viewer=viewer.pk)
    return tuple(
        ShownAccount(pk, handle, host, name, avatar, "", is_followed=False, follows_viewer=bool(by))
        for pk, handle, host, name, avatar, by in rows
    )


@prepared
def _suggested(among: Params, viewer: Any) -> Any:
    found = Account.objects.to_follow_for(viewer).filter(pk__in=among).with_follow_state(viewer)
    columns = ("pk", "handle", "host", "name", "avatar", "follows_viewer")
    return found.values_list(*columns)[:SUGGESTED]


def _state_of(found: Any, viewer: Any) -> Any:
    return found.with_follow_state(viewer).values_list(*ACCOUNT, "is_followed", "follows_viewer")


def _with_follow_state(row: tuple[Any, ...]) -> Account:
    account = Account.from_db(connection.alias, ACCOUNT, row[:-2])
    account.is_followed, account.follows_viewer = row[-2:]  # type: ignore[attr-defined]
    return account
