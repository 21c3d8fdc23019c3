"""The cast of moderation: Mod works the queue, Max as well, Adi administers, Root keeps the server.

Ada and Ben are people.
"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import Account, User
from conftest import client_of, make_account
from moderation.models import Case, Ticket
from timeline.models import Post


def with_role(handle: str, role: str) -> User:
    user = make_account(handle).user
    user.is_staff = True
    user.save()
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def mod(db: None) -> User:
    return with_role("mod", "Moderators")


@pytest.fixture
def max_(db: None) -> User:
    return with_role("max", "Moderators")


@pytest.fixture
def adi(db: None) -> User:
    return with_role("adi", "Administrators")


@pytest.fixture
def root(db: None) -> User:
    user = make_account("root_").user
    user.is_staff = user.is_superuser = True
    user.save()
    return user


@pytest.fixture
def as_mod(mod: User) -> Client:
    return client_of(mod.account)


@pytest.fixture
def as_adi(adi: User) -> Client:
    return client_of(adi.account)


@pytest.fixture
def report() -> Callable[..., Ticket]:
    """`report(by, account, *posts, category=…, text=…)`: a report that moderators see."""

    def file(
        by: Account | None, account: Account, *posts: Post, email: str = "", **fields: str
    ) -> Ticket:
        report = Ticket(kind="report", reporter=by, email=email, **{"category": "spam", **fields})
        report.concern(account, [post.pk for post in posts])
        report.save()
        report.confirm()
        return report

    return file


def case_of(account: Account) -> Case:
    return Case.objects.open().get(account=account)
