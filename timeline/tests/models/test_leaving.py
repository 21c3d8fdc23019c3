"""Who is deactivated counts nowhere until they come back; of who is deleted nothing stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.test import Client

from accounts import leaving
from accounts.models import Account, MutedWord
from conftest import make_account
from microblog.media import uploads
from testing.scene import picture
from timeline.feeds import counters
from timeline.models import Draft, Post
from timeline.posting import erase_account, purge
from timeline.posting.publish import publish
from timeline.tasks import erase_account as task
from timeline.tasks import remove_left_over
from timeline.tests.models.test_standing import NOTHING_WRONG, figures, fresh

pytestmark = pytest.mark.both_databases


@pytest.fixture
def it(ada: Account, ben: Account, cal: Account) -> dict[str, Post]:
    """What Ben, who leaves, did with Ada and Cal, and they with him."""
    found = {name: publish(ada, name) for name in ("liked", "retweeted", "quoted", "answered")}
    found["his"] = publish(ben, "Hello @ada #looms", attachments=[picture("A loom")])
    found["liked"].like(ben)
    found["liked"].bookmark(ben)
    found["retweeted"].retweet(ben)
    publish(ben, "Look", quote_of=found["quoted"])
    publish(ben, "Yes", reply_to=found["answered"])
    found["his"].like(ada)
    found["his"].retweet(cal)
    found["his"].bookmark(cal)
    found["his"].pin()
    found["reply"] = publish(ada, "To @ben", reply_to=found["his"])
    cal.follow(ben)
    cal.mute(ben)
    ben.mute(cal)
    ben.set_picture("avatar", {"small.webp": b"x", "large.webp": b"xx"})
    MutedWord.objects.create(account=ben, text="Loom", folded="loom")
    Draft.objects.create(account=ben, idempotency_key="0" * 32, texts=["Half a thought"])
    other = make_account("eve")
    ben.block(other)
    make_account("dan").block(ben)
    return found


def rows_of(account: Account) -> dict[str, int]:
    """Count the rows that name `account`, in all tables."""
    found: dict[str, int] = {}
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Account:
                number = model._base_manager.filter(**{field.name: account.pk}).count()
                found[f"{model._meta.label}.{field.name}"] = number
    return {name: number for name, number in found.items() if number}


def test_deactivation_takes_somebody_out_of_all_counts_until_they_come_back(
    it: dict[str, Post], ada: Account, ben: Account, cal: Account
) -> None:
    rows = (ada, ben, cal, it["liked"], it["retweeted"], it["quoted"], it["answered"])
    before = figures(*rows)
    ben.deactivate()
    assert figures(ada, it["liked"], it["retweeted"], it["quoted"], it["answered"]) == [
        (5, 0, 0, 0),
        *[(0, 0, 0, 0)] * 4,
    ]
    assert counters.recount_everything() == NOTHING_WRONG
    ben.reactivate()
    assert figures(*rows) == before
    assert counters.recount_everything() == NOTHING_WRONG


def test_deletion_leaves_nothing_but_what_others_wrote(
    it: dict[str, Post],
    ben: Account,
    cal: Account,
    visitor: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    keys = [it["his"].media.get().key, fresh(ben).avatar]
    assert len(rows_of(ben)) > 12
    with django_capture_on_commit_callbacks(execute=True):
        leaving.delete(fresh(ben))
    assert rows_of(ben) == {}
    assert not Account.objects.filter(pk=ben.pk).exists()
    assert not any(default_storage.exists(uploads.path(key, "small.webp")) for key in keys)
    assert fresh(it["reply"]).reply_to is None
    assert "To @ben" in visitor.get(it["reply"].get_absolute_url()).content.decode()
    assert figures(cal) == [(0, 0, 0, 0)]
    assert counters.recount_everything() == NOTHING_WRONG


def test_deletion_goes_in_batches(
    it: dict[str, Post], ben: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (erase_account, purge, counters):
        monkeypatch.setattr(module, "BATCH", 1)
    for number in range(3):
        make_account(f"p{number}").follow(ben)
    leaving.delete(fresh(ben))
    assert rows_of(ben) == {}
    assert counters.recount_everything() == NOTHING_WRONG


STEPS: dict[str, tuple[Any, str]] = {
    "the counts": (counters, "recount_around_account"),
    "a post": (purge, "remove_rows"),
    "the rest": (erase_account.account_erasing, "send"),
    "itself": (erase_account, "_remove_itself"),
}


@pytest.mark.parametrize("step", STEPS)
def test_deletion_that_was_interrupted_is_finished_by_the_next_worker(
    it: dict[str, Post], ben: Account, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Account.objects.filter(pk=ben.pk).update(deleted_at=ben.joined_at)

    def die(*_: Any, **__: Any) -> None:
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(*STEPS[step], die)
        with pytest.raises(InterruptedError):
            task.call(ben.pk)
    remove_left_over.call()
    assert rows_of(ben) == {}
    assert counters.recount_everything() == NOTHING_WRONG
    task.call(ben.pk)


def test_the_task_takes_nobody_who_was_not_deleted(ben: Account) -> None:
    for hide in (lambda: None, ben.suspend, ben.deactivate):
        hide()
        task.call(ben.pk)
        remove_left_over.call()
        assert fresh(ben)


DEEDS: dict[str, Callable[[dict[str, Post], Account], Any]] = {
    "like": lambda it, ben: it["answered"].like(ben),
    "retweet": lambda it, ben: it["answered"].retweet(ben),
    "follow": lambda it, ben: make_account("fay").follow(ben),
    "unfollow": lambda it, ben: Account.objects.get(handle="cal").unfollow(ben),
    "post": lambda it, ben: publish(ben, "Still here"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_was_under_way_counts_nowhere(it: dict[str, Post], ben: Account, deed: str) -> None:
    """A request that began before the deactivation ends after it."""
    before = fresh(ben)
    ben.deactivate()
    DEEDS[deed](it, before)
    assert counters.recount_everything() == NOTHING_WRONG
    ben.reactivate()
    assert counters.recount_everything() == NOTHING_WRONG
