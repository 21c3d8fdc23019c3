"""Queries that are compiled once, on what every site has: content types and permissions."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from microblog.db.prepared import Param, Params, compiled, prepared

pytestmark = pytest.mark.django_db
IS_POSTGRESQL = connection.vendor == "postgresql"


@prepared
def of_types(types: Params, least: Param | None) -> Any:
    found = Permission.objects.filter(content_type__in=types).order_by("pk")
    found = found.annotate(is_first=Q(pk=least)) if least else found
    return found.values_list("pk", *(["is_first"] if least else []))


def walked(least: Param) -> Any:
    return Permission.objects.filter(pk__gte=least).values_list("pk")


def ids_of(types: list[int]) -> list[int]:
    permissions = Permission.objects.filter(content_type__in=types).order_by("pk")
    return list(permissions.values_list("pk", flat=True))


def test_it_answers_what_the_queryset_does() -> None:
    types = list(ContentType.objects.order_by("pk").values_list("pk", flat=True))
    for some in ([], types[:1], types, [2**63 - 1]):
        assert [pk for (pk,) in of_types(types=some, least=None)] == ids_of(some)


def test_sql_is_the_same_for_any_number_of_values(monkeypatch: pytest.MonkeyPatch) -> None:
    types = list(ContentType.objects.values_list("pk", flat=True))
    of_types(types=types, least=None)
    monkeypatch.setattr("microblog.db.prepared.Statement.of", None)  # nothing is compiled anew
    for number in (1, 2, len(types)):
        assert len(of_types(types=types[:number], least=None)) == len(ids_of(types[:number]))


def test_without_a_value_it_is_another_query_and_truth_is_bool() -> None:
    types = list(ContentType.objects.values_list("pk", flat=True))
    first = ids_of(types)[0]
    rows = of_types(types=types, least=first)
    assert [is_first for _, is_first in rows[:2]] == [True, False]
    assert {type(is_first) for _, is_first in rows} == {bool}


def statements() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%auth_p%'"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.skipif(not IS_POSTGRESQL, reason="SQLite plans in no time")
@pytest.mark.parametrize("keeps_none", [False, True])
def test_postgresql_plans_once_unless_a_pooler_keeps_no_statements(
    monkeypatch: pytest.MonkeyPatch, *, keeps_none: bool
) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", keeps_none)
    before = statements()
    walk = compiled(walked)
    for number in range(3):
        walk(least=number)
        of_types(types=[number, 2**40 + number], least=number + 1)
    assert statements() - before == (0 if keeps_none else 1)


def test_queries_are_seen_by_who_counts_them() -> None:
    with CaptureQueriesContext(connection) as queries:
        of_types(types=[1, 2], least=None)
    assert len(queries) == 1
