"""Every stored count equals the rows that a visitor may see, whatever happened, and in whatever
order.
"""

import random
import threading
from collections.abc import Callable
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import Client
from django_ox.testing import run_tasks
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Account
from conftest import client_of, make_account
from microblog.media.images import Picture
from microblog.web import upload_gate
from testing.database import at_once
from testing.pictures import upload
from timeline.feeds import counters
from timeline.models import Draft, Like, Media, Post
from timeline.posting import purge
from timeline.posting.attachments import Attachment
from timeline.posting.publish import PostInput, publish, publish_thread

NOTHING_WRONG = {Account: 0, Post: 0}
PICTURE = Attachment(Picture({"small.webp": b"1", "large.webp": b"2"}, 10, 10), "A picture")


def fresh[T: (Account, Post)](row: T) -> T:
    return type(row).objects.get(pk=row.pk)


# --- One after the other ---

VERBS: list[Callable[[Account, Account, Post], Any]] = [
    lambda a, b, post: publish(a, "Hello"),
    lambda a, b, post: publish(a, "A picture", attachments=[PICTURE, PICTURE]),
    lambda a, b, post: publish(a, "No", reply_to=post),
    lambda a, b, post: publish(a, "Look", quote_of=post),
    lambda a, b, post: publish(a, "Both", reply_to=post, quote_of=post),
    lambda a, b, post: post.retweet(a),
    lambda a, b, post: post.unretweet(a),
    lambda a, b, post: post.like(a),
    lambda a, b, post: post.unlike(a),
    lambda a, b, post: a.follow(b) if a != b else None,
    lambda a, b, post: a.unfollow(b),
    lambda a, b, post: a.block(b) and a.unblock(b) if a != b else None,
    lambda a, b, post: post.hide(),
    lambda a, b, post: post.unhide(),
    lambda a, b, post: post.remove(),
    lambda a, b, post: a.suspend(),
    lambda a, b, post: a.restore(),
]
step = st.tuples(
    st.integers(0, len(VERBS) - 1), st.integers(0, 2), st.integers(0, 2), st.integers(0, 20)
)


class TestSteps(TestCase):
    @pytest.mark.slow
    @settings(max_examples=60)
    @given(st.lists(step, min_size=3, max_size=25))
    def test_no_order_of_verbs_leaves_a_count_wrong(
        self, steps: list[tuple[int, int, int, int]]
    ) -> None:
        people = [Account.objects.create_local(handle) for handle in ("ada", "ben", "cal")]
        for person in people:
            publish(person, "First")
            person.follow(people[0]) if person != people[0] else None
        for verb, one, other, which in steps:
            posts = list(Post.objects.order_by("pk"))
            if not posts:
                break
            VERBS[verb](fresh(people[one]), fresh(people[other]), posts[which % len(posts)])
            assert counters.recount_everything() == NOTHING_WRONG
        for person in people:
            newest = Post.objects.by(person).order_by("-pk").first()
            assert newest is None or fresh(person).last_post_id >= newest.pk


def test_what_is_counted(ada: Account, ben: Account, cal: Account) -> None:
    post = publish(ada, "Hello", attachments=[PICTURE])
    publish(ben, "Yes", reply_to=post)
    publish(ben, "Look", quote_of=post)
    retweet = post.retweet(cal)
    assert retweet
    retweet.like(cal)  # the original is meant
    post = fresh(post)
    assert (post.replies_count, post.quotes_count, post.retweets_count, post.likes_count) == (
        1,
        1,
        1,
        1,
    )
    assert (fresh(ada).posts_count, fresh(ada).media_count, fresh(ada).followers_count) == (1, 1, 1)
    assert (fresh(ben).posts_count, fresh(ben).following_count) == (2, 1)
    assert (fresh(cal).posts_count, fresh(cal).last_post_id) == (1, retweet.pk)


def test_own_replies_are_counted_apart(ada: Account, ben: Account) -> None:
    post = publish(ada, "Hello")
    publish(ben, "Yes", reply_to=post)
    hidden, deleted, stands = (publish(ada, "And on", reply_to=post) for _ in range(3))
    hidden.hide()
    deleted.remove()
    publish(ben, "My own", reply_to=publish(ben, "Mine", reply_to=stands))
    assert (fresh(post).replies_count, fresh(post).own_replies_count) == (2, 1)
    assert fresh(stands).own_replies_count == 0


def test_the_migration_counts_own_replies_of_what_was_there(ada: Account, ben: Account) -> None:
    first = publish(ada, "Hello")
    publish(ada, "And on", reply_to=first)
    publish(ada, "Hidden", reply_to=first).hide()
    publish(ben, "Yes", reply_to=first)
    Post.objects.update(own_replies_count=0)
    migration = import_module("timeline.migrations.0002_post_own_replies_count")
    with connection.cursor() as cursor:
        cursor.execute(migration.COUNT)
    assert fresh(first).own_replies_count == 1
    assert counters.recount_everything() == NOTHING_WRONG


def test_twice_counts_once(ada: Account, ben: Account) -> None:
    post = publish(ada, "Hello")
    for _ in range(2):
        post.like(ben)
        post.retweet(ben)
        ben.follow(ada)
    assert (fresh(post).likes_count, fresh(post).retweets_count, fresh(ada).followers_count) == (
        1,
        1,
        1,
    )
    for _ in range(2):
        post.unlike(ben)
        post.unretweet(ben)
        ben.unfollow(ada)
    assert (fresh(post).likes_count, fresh(post).retweets_count, fresh(ada).followers_count) == (
        0,
        0,
        0,
    )


def test_nothing_is_done_to_what_has_just_gone(ada: Account, ben: Account) -> None:
    post = publish(ada, "Hello")
    stale = fresh(post)
    Post.objects.filter(pk=post.pk).update(deleted_at="2026-01-01T00:00Z")
    stale.like(ben)
    assert stale.retweet(ben) is None
    assert not Like.objects.exists()
    assert not stale.retweets.exists()


def test_recount_mends_what_is_wrong(ada: Account, ben: Account) -> None:
    post = publish(ada, "Hello")
    post.like(ben)
    Post.objects.filter(pk=post.pk).update(likes_count=7, retweets_count=2)
    Account.objects.filter(pk__in=[ada.pk, ben.pk]).update(posts_count=9)
    out = StringIO()
    call_command("recount", stdout=out)
    assert out.getvalue() == "Mended the counts of 2 accounts and 1 post.\n"
    assert (
        fresh(post).likes_count,
        fresh(post).retweets_count,
        fresh(ada).posts_count,
        fresh(ben).posts_count,
    ) == (1, 0, 1, 0)
    out = StringIO()
    call_command("recount", stdout=out)
    assert out.getvalue() == "Every count is right.\n"


def test_recount_takes_more_rows_than_fit_one_batch(
    ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "BATCH", 3)
    for n in range(8):
        publish(ada, f"Post {n}")
    Post.objects.update(likes_count=1)
    assert counters.recount_everything() == {Account: 0, Post: 8}
    assert counters.recount_everything() == NOTHING_WRONG


# --- At the same time ---


@pytest.fixture
def _queue(transactional_db: None, settings: Any) -> None:
    """Tasks wait in the database, as they do on the site."""
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}


def work() -> None:
    """Do the tasks that wait."""
    run_tasks(raise_failures=True)


@pytest.mark.postgresql
@pytest.mark.usefixtures("_queue")
def test_a_hundred_people_at_once() -> None:
    ada = Account.objects.create_local("ada")
    post = publish(ada, "Hello")
    crowd = [Account.objects.create_local(f"p{n}") for n in range(100)]

    def everything(person: Account) -> None:
        chance = random.Random(person.pk)
        doings = [
            lambda: post.like(person),
            lambda: post.unlike(person),
            lambda: post.retweet(person),
            lambda: post.unretweet(person),
            lambda: person.follow(ada),
            lambda: person.unfollow(ada),
            lambda: ada.follow(person),
            lambda: publish(person, "Indeed", reply_to=post),
        ]
        for doing in chance.choices(doings, k=8):
            doing()

    at_once(*(lambda person=person: everything(person) for person in crowd))
    assert counters.recount_everything() == NOTHING_WRONG
    assert fresh(post).likes_count == Like.objects.count() > 0


@pytest.mark.postgresql
@pytest.mark.usefixtures("_queue")
def test_one_person_presses_many_times_at_once() -> None:
    ada, ben = Account.objects.create_local("ada"), Account.objects.create_local("ben")
    post = publish(ada, "Hello")
    at_once(
        *[lambda: post.like(ben)] * 10,
        *[lambda: post.retweet(ben)] * 10,
        *[lambda: ben.follow(ada)] * 10,
    )
    assert (
        fresh(post).likes_count,
        fresh(post).retweets_count,
        fresh(ada).followers_count,
        fresh(ben).posts_count,
    ) == (1, 1, 1, 1)
    at_once(
        *[lambda: post.unlike(ben)] * 10,
        *[lambda: post.unretweet(ben)] * 10,
        *[lambda: ben.unfollow(ada)] * 10,
    )
    assert (
        fresh(post).likes_count,
        fresh(post).retweets_count,
        fresh(ada).followers_count,
        fresh(ben).posts_count,
    ) == (0, 0, 0, 0)
    assert counters.recount_everything() == NOTHING_WRONG


@pytest.mark.postgresql
@pytest.mark.usefixtures("_queue")
@pytest.mark.parametrize("deed", ["hide", "suspend", "remove"])
def test_a_moderator_acts_while_a_crowd_does(deed: str) -> None:
    ada = Account.objects.create_local("ada")
    post = publish(ada, "Hello")
    crowd = [Account.objects.create_local(f"p{n}") for n in range(24)]

    def act(person: Account) -> None:
        post.retweet(person)
        post.like(person)
        person.follow(ada)

    def moderate() -> None:
        {"hide": post.hide, "suspend": ada.suspend, "remove": post.remove}[deed]()

    def recount() -> None:
        counters.recount_around_post(post.pk)
        counters.recount_around_account(ada.pk)

    half = [lambda person=person: act(person) for person in crowd]
    at_once(*half[:12], moderate, *half[12:], recount, recount)
    work()
    assert counters.recount_everything() == NOTHING_WRONG
    if deed == "remove":
        assert not Post.objects.exists()


INTERLEAVED: dict[
    str, tuple[Callable[[Account, Account, Post], Any], Callable[[Account, Account, Post], Any]]
] = {
    "a like, its giver suspended": (
        lambda ada, ben, post: post.like(ben),
        lambda ada, ben, post: ben.suspend(),
    ),
    "a follow, the followed suspended": (
        lambda ada, ben, post: ben.follow(ada),
        lambda ada, ben, post: ada.suspend(),
    ),
    "a follow, the follower suspended": (
        lambda ada, ben, post: ben.follow(ada),
        lambda ada, ben, post: ben.suspend(),
    ),
    "a retweet, the original's author suspended": (
        lambda ada, ben, post: post.retweet(ben),
        lambda ada, ben, post: ada.suspend(),
    ),
    "a retweet, the original hidden": (
        lambda ada, ben, post: post.retweet(ben),
        lambda ada, ben, post: post.hide(),
    ),
    "a retweet, the original deleted": (
        lambda ada, ben, post: post.retweet(ben),
        lambda ada, ben, post: post.remove(),
    ),
    "a reply, its author suspended": (
        lambda ada, ben, post: publish(ben, "Yes", reply_to=post),
        lambda ada, ben, post: ben.suspend(),
    ),
    "a deletion, the post hidden": (
        lambda ada, ben, post: post.remove(),
        lambda ada, ben, post: post.hide(),
    ),
    "a deletion, its author suspended": (
        lambda ada, ben, post: post.remove(),
        lambda ada, ben, post: ada.suspend(),
    ),
    "a like, the post deleted": (
        lambda ada, ben, post: post.like(ben),
        lambda ada, ben, post: post.remove(),
    ),
}


@pytest.mark.postgresql
@pytest.mark.usefixtures("_queue")
@pytest.mark.parametrize("case", INTERLEAVED)
def test_what_was_begun_before_and_ends_after_is_counted_right(case: str) -> None:
    """A deed that is not yet committed when a moderator acts, and when the task that mends the
    counts wants to run, once.
    """
    ada, ben = Account.objects.create_local("ada"), Account.objects.create_local("ben")
    post = publish(ada, "Hello")
    deed, moderation = INTERLEAVED[case]

    def moderate() -> None:
        try:
            moderation(fresh(ada), fresh(ben), fresh(post))
            counters.recount_around_post(post.pk)
            for account in (ada, ben):
                counters.recount_around_account(account.pk)
        finally:
            connections.close_all()

    moderator = threading.Thread(target=moderate)
    with transaction.atomic():
        deed(fresh(ada), fresh(ben), fresh(post))
        moderator.start()
        moderator.join(0.7)
    moderator.join()
    purge.remove_rows(post.pk)
    assert counters.recount_everything() == NOTHING_WRONG


@pytest.mark.postgresql
@pytest.mark.usefixtures("_queue")
def test_four_hundred_likes_and_unlikes_of_a_hundred_people_at_once() -> None:
    """By the buttons, as they are pressed."""
    post = publish(Account.objects.create_local("ada"), "Hello")
    crowd = [client_of(make_account(f"p{n}")) for n in range(100)]
    verbs = [random.Random(n).choices(["like", "unlike"], k=4) for n in range(100)]

    def press(client: Client, deeds: list[str]) -> None:
        assert {client.post(f"/posts/{post.pk}/{deed}").status_code for deed in deeds} == {302}

    at_once(
        *(
            lambda client=client, deeds=deeds: press(client, deeds)
            for client, deeds in zip(crowd, verbs, strict=True)
        )
    )
    assert (
        fresh(post).likes_count
        == Like.objects.count()
        == sum(deeds[-1] == "like" for deeds in verbs)
    )
    assert counters.recount_everything() == NOTHING_WRONG


@pytest.mark.postgresql
@pytest.mark.usefixtures("_queue")
def test_a_thread_that_is_sent_eight_times_at_once_while_its_draft_is_kept() -> None:
    ada = Account.objects.create_local("ada")
    idempotency_key = uuid4()
    Draft.objects.keep(ada, idempotency_key, "post", ["One"], {})
    send = [
        lambda: publish_thread(
            ada, [PostInput("One #a"), PostInput("Two #b")], idempotency_key=idempotency_key
        )
    ] * 8
    keep = [lambda: Draft.objects.keep(ada, idempotency_key, "post", ["One", "Two"], {})] * 8
    at_once(*(deed for pair in zip(send, keep, strict=True) for deed in pair))
    assert (Post.objects.count(), Draft.objects.count()) == (2, 0)
    assert counters.recount_everything() == NOTHING_WRONG


@pytest.mark.postgresql
@pytest.mark.usefixtures("_queue")
@pytest.mark.parametrize("kind", ["post", "reply", "quote"])
def test_one_form_that_is_sent_eight_times_at_once_posts_once(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        upload_gate, "places", threading.BoundedSemaphore(8)
    )  # all eight are served
    ada, ben = make_account("ada"), make_account("ben")
    target = publish(ada, "Hello")
    more = {"reply": {"reply_to": target.pk}, "quote": {"quote": target.pk}}.get(kind, {})
    form = {"text": "Once #tag @ada", "idempotency_key": str(uuid4()), **more}
    clients = [client_of(ben) for _ in range(8)]
    answers: list[Any] = []
    at_once(
        *(
            lambda client=client: answers.append(
                client.post("/compose", {**form, "images": upload()})
            )
            for client in clients
        )
    )
    post = Post.objects.get(author=ben)
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, post.get_absolute_url())
    ] * 8
    assert (post.kind, fresh(ben).posts_count, fresh(ben).media_count, Media.objects.count()) == (
        kind,
        1,
        1,
        1,
    )
    assert len([path for path in tmp_path.rglob("small.webp") if path.is_file()]) == 1, (
        "no file of the other seven is left"
    )
    assert counters.recount_everything() == NOTHING_WRONG


@pytest.mark.postgresql
@pytest.mark.usefixtures("_queue")
def test_threads_of_the_same_links_and_tags_do_not_wait_in_a_circle() -> None:
    crowd = [Account.objects.create_local(f"p{n}") for n in range(12)]
    words = [f"#tag{n} https://example.com/{n}" for n in range(8)]

    def write(person: Account) -> None:
        chance = random.Random(person.pk)
        for _ in range(3):
            publish_thread(person, [PostInput(text) for text in chance.sample(words, 8)])

    at_once(*(lambda person=person: write(person) for person in crowd))
    assert Post.objects.count() == 12 * 3 * 8
    assert counters.recount_everything() == NOTHING_WRONG
