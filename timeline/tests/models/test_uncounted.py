"""A count is right whatever is undone between a change of standing and the task that counts it."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.test import override_settings

from accounts.models import Account
from testing.scene import picture
from timeline.feeds import counters
from timeline.models import Post
from timeline.posting.publish import publish
from timeline.tasks import recount_around, recount_around_post
from timeline.tests.models.test_counts import NOTHING_WRONG, fresh, work

type Scene = dict[str, Any]

CHANGES: dict[str, Callable[[Scene], Any]] = {
    "who acts is suspended and restored": lambda it: there_and_back(
        it["ben"].suspend, it["ben"].restore
    ),
    "who is acted upon is suspended and restored": lambda it: there_and_back(
        it["ada"].suspend, it["ada"].restore
    ),
    "who acts is deactivated and restored": lambda it: there_and_back(
        it["ben"].deactivate, it["ben"].reactivate
    ),
    "who is acted upon is deactivated and restored": lambda it: there_and_back(
        it["ada"].deactivate, it["ada"].reactivate
    ),
    "the post is hidden and shown": lambda it: there_and_back(
        it["retweeted"].hide, it["retweeted"].unhide
    ),
    "the answer is hidden and shown": lambda it: there_and_back(
        it["reply"].hide, it["reply"].unhide
    ),
    "the quote is hidden and shown": lambda it: there_and_back(
        it["quote"].hide, it["quote"].unhide
    ),
    "the post is deleted": lambda it: it["post"].remove(),
    "the quote is deleted": lambda it: it["quote"].remove(),
}
TAKEN: dict[str, Callable[[Scene], Any]] = {
    "a like": lambda it: it["liked"].unlike(it["ben"]),
    "a retweet": lambda it: it["retweeted"].unretweet(it["ben"]),
    "a follow": lambda it: it["ben"].unfollow(it["dan"]),
    "a follower": lambda it: it["eve"].unfollow(it["ben"]),
    "a follow, by a block": lambda it: it["ben"].block(it["dan"]),
    "a follower, by a block": lambda it: it["ben"].block(it["eve"]),
    "an answer": lambda it: it["reply"].remove(),
    "a quote": lambda it: it["quote"].remove(),
    "a quote that is detached": lambda it: it["quote"].detach(),
    "pictures": lambda it: it["pictures"].remove(),
    "the post": lambda it: it["post"].remove(),
}


def there_and_back(go: Callable[[], None], come: Callable[[], None]) -> None:
    """And the first is counted, and the second is not."""
    go()
    work()
    come()


QUEUE = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}


def make() -> Scene:
    """Let Ben do things with others' posts, and Cal as well, so that no count stops at zero: each
    with one of its own, so that nothing else leads to what it counts in.
    """
    people = [
        Account.objects.create_local(handle) for handle in ("ada", "ben", "cal", "dan", "eve")
    ]
    ada, ben, cal, dan, eve = people
    found: Scene = {"ada": ada, "ben": ben, "dan": dan, "eve": eve}
    found |= {name: publish(ada, name) for name in ("post", "liked", "retweeted", "quoted")}
    for person in (ben, cal):
        person.follow(dan)
        eve.follow(person)
        found["liked"].like(person)
        found["retweeted"].retweet(person)
        quote = publish(person, "Look", quote_of=found["quoted"])
        made = {"reply": publish(person, "Yes", reply_to=found["post"]), "quote": quote}
        publish(person, "More", attachments=[picture()])
        if person == ben:
            found |= made | {"pictures": publish(ben, "See", attachments=[picture(), picture()])}
    work()
    return {name: fresh(row) for name, row in found.items()}


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """The scene, once for its file: it takes longer to make than what is done with it."""
    with django_db_blocker.unblock(), override_settings(TASKS=QUEUE), transaction.atomic():
        yield make()
        transaction.set_rollback(True)


@pytest.fixture
def it(made: Scene, db: None, settings: Any) -> Scene:
    """The scene as it was at first. Tasks wait in a queue."""
    settings.TASKS = QUEUE
    return {name: fresh(row) for name, row in made.items()}


@pytest.fixture
def committed(transactional_db: None, settings: Any) -> Scene:
    """The scene, for two connections to see."""
    settings.TASKS = QUEUE
    return make()


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("taken", TAKEN)
def test_what_is_taken_back_before_the_worker_has_counted(
    it: Scene, change: str, taken: str
) -> None:
    CHANGES[change](it)
    TAKEN[taken]({name: fresh(row) for name, row in it.items()})
    work()
    assert counters.recount_everything() == NOTHING_WRONG
    assert not Account.objects.exclude(uncounted_at=None).exists()
    assert not Post.objects.exclude(uncounted_at=None).exists()


@pytest.mark.parametrize("is_counted", [True, False], ids=["counted", "not yet counted"])
@pytest.mark.parametrize("suspended", ["ben", "dan", "eve"])
@pytest.mark.parametrize(("blocker", "blocked"), [("ben", "dan"), ("dan", "ben"), ("eve", "ben")])
def test_who_is_suspended_is_blocked_or_blocks(
    it: Scene, blocker: str, blocked: str, suspended: str, is_counted: bool
) -> None:
    """And comes back, before or after that is counted."""
    it[suspended].suspend()
    if is_counted:
        work()
    fresh(it[blocker]).block(fresh(it[blocked]))
    if is_counted:
        work()
        assert counters.recount_everything() == NOTHING_WRONG
    fresh(it[suspended]).restore()
    work()
    assert counters.recount_everything() == NOTHING_WRONG


@pytest.mark.postgresql
@pytest.mark.parametrize("taken", TAKEN)
@pytest.mark.parametrize(
    "change", [change for change in CHANGES if "restored" in change or "shown" in change]
)
def test_what_is_taken_back_while_the_worker_counts(
    committed: Scene, change: str, taken: str
) -> None:
    """The verb is not yet committed when the task begins, and the task has to wait for it or to
    miss its row.
    """
    it = committed
    CHANGES[change](it)

    def count() -> None:
        try:
            counters.recount_around_account(it["ben"].pk)
            counters.recount_around_account(it["ada"].pk)
            for name in ("retweeted", "reply", "quote"):
                counters.recount_around_post(it[name].pk)
        finally:
            connections.close_all()

    worker = threading.Thread(target=count)
    with transaction.atomic():
        TAKEN[taken]({name: fresh(row) for name, row in it.items()})
        worker.start()
        worker.join(0.1)
    worker.join()
    work()
    assert counters.recount_everything() == NOTHING_WRONG


def test_a_second_change_is_not_taken_for_counted(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that began before it leaves the mark for the task of that change."""
    ben = it["ben"]
    ben.suspend()
    whole = counters._posts_around

    def meanwhile(account: Account) -> Any:
        yield from whole(account)
        fresh(ben).restore()

    with monkeypatch.context() as patch:
        patch.setattr(counters, "_posts_around", meanwhile)
        counters.recount_around_account(ben.pk)
    assert fresh(ben).uncounted_at
    it["liked"].unlike(fresh(ben))
    work()
    assert counters.recount_everything() == NOTHING_WRONG


def test_a_crowd_around_an_account_is_walked_in_batches(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "BATCH", 2)
    for change in (
        "who is acted upon is suspended and restored",
        "who acts is suspended and restored",
        "the post is hidden and shown",
    ):
        CHANGES[change](it)
        work()
        assert counters.recount_everything() == NOTHING_WRONG


def test_the_tasks_may_run_twice_and_late(it: Scene) -> None:
    CHANGES["who acts is suspended and restored"](it)
    it["liked"].unlike(fresh(it["ben"]))
    work()
    recount_around.call(it["ben"].pk)
    recount_around_post.call(it["post"].pk)
    assert counters.recount_everything() == NOTHING_WRONG
    call_command("recount", verbosity=0)
