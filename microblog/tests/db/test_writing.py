"""Rows that are written by SQL of our own, on what every site has: content types."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from microblog.db.prepared import Param, Statement, prepared
from microblog.db.writing import insert_row, run_together

pytestmark = pytest.mark.django_db
FREE = 2**31 - 10  # an id that nothing has
DELETE = "DELETE FROM django_content_type WHERE app_label = %s"
INSERT = "INSERT INTO django_content_type (app_label, model) VALUES (%s, %s)"


def kind(pk: int, model: str) -> ContentType:
    return ContentType(pk=pk, app_label="tea", model=model)


def test_a_row_is_what_it_would_be_saved_as() -> None:
    green = kind(FREE, "green")
    assert insert_row(green)
    assert ContentType.objects.get(pk=FREE).model == "green"
    green.model = "black"
    green.save()
    assert ContentType.objects.get(pk=FREE).model == "black"


def test_a_key_that_is_taken_breaks_no_transaction() -> None:
    assert insert_row(kind(FREE, "green"))
    assert not insert_row(kind(FREE, "black"))
    assert ContentType.objects.get(pk=FREE).model == "green"


def test_what_else_may_not_be_is_an_error() -> None:
    assert insert_row(kind(FREE, "green"))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_row(kind(FREE + 1, "green"))


def test_writes_that_are_done_together_say_what_each_changed() -> None:
    insert_row(kind(FREE, "green"))
    insert_row(kind(FREE + 1, "black"))
    with CaptureQueriesContext(connection) as asked:
        done = run_together((DELETE, ["tea"]), (INSERT, ["cake", "plum"]), (DELETE, ["none"]))
    assert done == [2, 1, 0]
    assert len(asked) == (1 if connection.vendor == "postgresql" else 3)
    assert run_together((DELETE, ["cake"])) == [1]


@prepared
def _renumber(pk: Param, by: Param) -> Statement:
    return Statement.of_update(ContentType.objects.filter(pk=pk), id=F("id") + by)


def test_a_change_answers_with_the_keys_of_what_there_was() -> None:
    insert_row(kind(FREE, "green"))
    for by in (1, 2):
        assert _renumber(pk=FREE, by=by) == ([(FREE + 1,)] if by == 1 else [])
    found: Any = ContentType.objects.get(app_label="tea")
    assert found.pk == FREE + 1
