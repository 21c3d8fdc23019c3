"""Find the people that every page asks for, by SQL that is compiled once: who is signed in, and
whose page it is.
"""

from collections.abc import Callable, Collection
from functools import cache, reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery

from accounts import handles
from accounts.models import Account, Mute, MutedWord, User
from accounts.models.account_queryset import FOLLOW_STATE, RELATIONS
from accounts.signals import news_requested, tags_requested
from microblog.db.prepared import Param, column_names, prepared

FLAGS = ("mutes_people", "has_news", "follows_tags")


USER, ACCOUNT = column_names(User), column_names(Account)


def signed_in_user(pk: int) -> User | None:
    """Return the user `pk` with their account, if they have one."""
    for row in _users(pk=pk):
        user = User.from_db(connection.alias, USER, row[: len(USER)])
        if row[len(USER)] is not None:
            user.account = _account(row[len(USER) : -1], *FLAGS)
            user.account.muted_words_in_one = row[-1] or ""
        return user
    return None


@prepared
def _users(pk: Param) -> Any:
    account: Any = OuterRef("account")
    news = (condition for _, condition in news_requested.send(User, account=account))
    tags = (condition for _, condition in tags_requested.send(User, account=account))
    found = User.objects.filter(pk=pk).annotate(
        mutes_people=Exists(Mute.objects.by(account)),
        words=Subquery(MutedWord.objects.by(account).standing().in_one()),
        has_news=reduce(or_, map(Q, news), Q()),
        follows_tags=reduce(or_, map(Q, tags), Q()),
    )
    return found.values_list(*USER, *column_names(Account, "account__"), *FLAGS, "words")


def account_named(name: str, viewer: Account | None) -> Account | None:
    """Return who is called `name` (AccountQuerySet.named), `with_relations` to `viewer`; nobody who
    is absent.

    Who blocks the viewer is among them: the views of an account say so (timeline.views.people).
    """
    handle, host = handles.split(name)
    rows = _named(handle=handle, host=host, viewer=viewer.pk if viewer else None)
    return _account(rows[0], *FOLLOW_STATE, *RELATIONS) if rows else None


@prepared
def _named(handle: Param, host: Param, viewer: Any) -> Any:
    found = Account.objects.standing().called(handle, host).with_relations(viewer)
    return found.values_list(*ACCOUNT, *FOLLOW_STATE, *RELATIONS)


def accounts_named(names: Collection[str], viewer: Account | None) -> list[Account]:
    """Return those who are called one of `names` (AccountQuerySet.named), as far as `viewer` may
    see them.
    """
    if not names:
        return []
    pairs = [handles.split(name) for name in names]
    values = {
        f"{part}_{n}": pair[i] for n, pair in enumerate(pairs) for i, part in enumerate(_PARTS)
    }
    rows = _any_of(len(pairs))(viewer=viewer.pk if viewer else None, **values)
    return [Account.from_db(connection.alias, ACCOUNT, row) for row in rows]


_PARTS = ("handle", "host")


@cache
def _any_of(number: int) -> Callable[..., list[Any]]:
    """Return what asks for so many names: no more than fit into a post."""

    @prepared
    def named(viewer: Any, **values: Param) -> Any:
        pairs = [(values[f"handle_{n}"], values[f"host_{n}"]) for n in range(number)]
        return Account.objects.visible_to(viewer).called_any(pairs).values_list(*ACCOUNT)

    return named


def _account(row: tuple[Any, ...], *state: str) -> Account:
    """Return the account of `row`, whose last columns are its `state`."""
    account = Account.from_db(connection.alias, ACCOUNT, row[: len(ACCOUNT)])
    for name, value in zip(state, row[len(ACCOUNT) :], strict=True):
        setattr(account, name, bool(value))
    return account
