"""What one process changes, the next request to another shows: on every page, out of any memory."""

import os
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Account, HandleTakenError, RefusedError
from microblog.web.ratelimit import TooManyError
from moderation.models import About, Rule
from testing.two_processes.another_process import AnotherProcess
from testing.two_processes.answering import Answer, Asked
from testing.two_processes.changes import CHANGES
from testing.two_processes.village import PAGES, Village, told
from timeline.models import LinkCard, Media, Post
from timeline.posting.edit import TooLateError, edit
from timeline.posting.publish import GoneError, publish

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def inhabited(django_db_setup: None, django_db_blocker: Any) -> Iterator[Village]:
    with AnotherProcess() as other:
        with django_db_blocker.unblock():
            village = Village.build(other)
        yield village


@pytest.fixture
def village(transactional_db: None, inhabited: Village) -> Village:
    """The village as it was at first; the other process keeps what it was asked for before."""
    inhabited.restore()
    return inhabited


def differing(some: dict[str, Answer], others: dict[str, Answer]) -> set[str]:
    return {name for name, answer in some.items() if answer != others[name]}


@pytest.mark.one_database
@pytest.mark.parametrize("name", CHANGES)
def test_change_shows_in_the_next_answer(name: str, village: Village) -> None:
    change = CHANGES[name]
    requests = village.requests()
    change.first(village)
    village.answers(requests)
    before = village.answers(requests)
    change.deed(village)
    after = village.answers(requests)
    assert differing(after, village.fresh_answers(requests)) == set()
    assert set(change.shows.split()) - differing(before, after) == set()


# --- A commit between two statements ---

KINDS = [name for name in PAGES if name not in ("people", "new-tag", "ben", "dora", "grace")]


def revise(village: Village, number: int) -> None:
    """Commit something else about all that a page shows."""
    with transaction.atomic():
        Account.objects.update(name=f"Name {number}", bio_html=f"Bio {number}")
        Post.objects.without_retweets().update(html=f"Text {number}", likes_count=number)
        Post.objects.filter(pk=village.ids["answer"]).update(
            hidden_at=None if number % 2 else timezone.now()
        )
        Media.objects.update(alt=f"Picture {number}")
        LinkCard.objects.update(title=f"Card {number}")
        Rule.objects.update(title=f"Rule {number}")
        About(place=f"Place {number}").save()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("name", "is_warm"),
    [*((name, True) for name in KINDS), ("profile", False), ("post", False), ("rules", False)],
)
def test_commit_between_two_statements(name: str, is_warm: bool, village: Village) -> None:
    """The next answer shows it, whichever two of those that make the page."""
    numbers = count()
    for how, asked in village.requests([name], fragments=False).items():
        for place in count():
            revise(village, next(numbers))
            if not is_warm:
                village.other.forget()
            reached: list[int] = []

            def between(number: int, place: int = place, reached: list[int] = reached) -> None:
                if number == place:
                    revise(village, next(numbers))
                    reached.append(number)

            village.other.ask_slowly(asked, between)
            again = told(village.other.ask([asked])[0])
            village.other.forget()
            assert again == told(village.other.ask([asked])[0]), f"{how}, before {place}"
            if not reached:
                break
        assert place > 2, how


# --- Whoever asked before, and however ---

# what a request may say besides, to be answered otherwise or not
WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "plain": (),
    "HEAD": (("REQUEST_METHOD", "HEAD"),),
    "dark": (("HTTP_COOKIE", "theme=dark"),),
    "large letters": (("HTTP_COOKIE", "theme=large.shown"),),
    "no theme": (("HTTP_COOKIE", "theme=<b>"),),
    "French": (("HTTP_ACCEPT_LANGUAGE", "fr"),),
    "another host": (("HTTP_HOST", "localhost"),),
    "https": (("wsgi.url_scheme", "https"),),
    "a proxy that nobody trusts": (
        *(("HTTP_X_FORWARDED_PROTO", "https"), ("HTTP_X_FORWARDED_HOST", "evil.example")),
        *(("HTTP_X_FORWARDED_FOR", "10.0.0.1"), ("HTTP_FORWARDED", "host=evil.example")),
    ),
    "boosted": (("HTTP_HX_REQUEST", "true"), ("HTTP_HX_BOOSTED", "true")),
    "restored": (("HTTP_HX_REQUEST", "true"), ("HTTP_HX_HISTORY_RESTORE_REQUEST", "true")),
    "a session of nobody": (("HTTP_COOKIE", "sessionid=nonsense"),),
    "messages of nobody": (("HTTP_COOKIE", "messages=nonsense"),),
    "a forged tag": (("HTTP_IF_NONE_MATCH", f'W/"{"0" * 40}"'),),
    "another query": (("QUERY_STRING", "a=1"),),
    "half a query": (("QUERY_STRING", "before="),),
    "two places": (("QUERY_STRING", "before=1&before=2"),),
}
ALIKE = ("dark", "large letters", "HEAD", "another host", "https", "half a query", "two places")
SEEN = ("profile", "replies", "post", "explore", "home", "followers", "retweets", "about")


def all_ways(village: Village) -> dict[str, Asked]:
    found = {}
    for name in SEEN:
        path = PAGES[name].format(**village.ids)
        for way, more in WAYS.items():
            found[f"{name}, {way}"] = Asked(path, more=more)
        found[f"{name}, fragment"] = Asked(path, is_fragment=True)
        for who, session in village.sessions.items():
            found[f"{name} for {who}"] = Asked(path, session)
            found[f"{name}, fragment for {who}"] = Asked(path, session, is_fragment=True)
    return found


@pytest.mark.one_database
def test_no_answer_is_another_one_s(village: Village) -> None:
    """Whoever asked before, in whatever way: each gets what they would get with nothing kept."""
    village.post("root").like(village.account("cal"))
    village.post("root").bookmark(village.account("ada"))
    ways = all_ways(village)
    alone = {}
    for name, asked in ways.items():
        village.other.forget()
        alone[name] = told(village.other.ask([asked])[0])
    mixed = [*ways] * 2
    random.Random(1).shuffle(mixed)
    answers = village.other.ask([ways[name] for name in mixed])
    wrong = {
        name for name, answer in zip(mixed, answers, strict=True) if told(answer) != alone[name]
    }
    assert wrong == set()
    for name in SEEN:
        plain = alone[f"{name}, plain"]
        for way in WAYS.keys() - {*ALIKE}:
            assert alone[f"{name}, {way}"].body == plain.body, (name, way)
        assert alone[f"{name}, HEAD"].headers == plain.headers


# --- Any changes, in any order ---

WALKED = (
    *("home", "explore", "people", "tag", "profile", "replies", "media", "followers"),
    *("post", "thread", "retweets", "quotes", "dora", "rules"),
)
PEOPLE = ("ada", "ben", "cal", "dora")
REFUSALS = (RefusedError, TooManyError, GoneError, HandleTakenError, ValueError)
people = st.sampled_from(PEOPLE)
places = st.integers(0, 20)  # of a post among all


class Walk(RuleBasedStateMachine):
    """Any deed by anybody; after each, what is kept is what would be made without a memory."""

    village: Village

    def __init__(self) -> None:
        super().__init__()
        self.village.restore()
        self.numbers = count()

    def account(self, name: str) -> Account:
        return Account.objects.select_related("user").get(pk=self.village.people[name])

    def post(self, place: int) -> Post:
        """One of those that stand or are hidden, and no retweet."""
        posts = Post.objects.undeleted().without_retweets().with_original().order_by("pk")
        return posts[place % posts.count()]

    def words(self) -> str:
        return f"Words {next(self.numbers)} #engines"

    def publish(self, who: str, **targets: Post) -> None:
        with suppress(*REFUSALS):
            publish(self.account(who), self.words(), limited=False, **targets)

    @rule(who=people)
    def say(self, who: str) -> None:
        self.publish(who)

    @rule(who=people, place=places)
    def reply(self, who: str, place: int) -> None:
        self.publish(who, reply_to=self.post(place))

    @rule(who=people, place=places)
    def quote(self, who: str, place: int) -> None:
        self.publish(who, quote_of=self.post(place))

    @rule(who=people, place=places, verb=st.sampled_from(("like", "retweet", "bookmark")))
    def react(self, who: str, place: int, verb: str) -> None:
        with suppress(*REFUSALS):
            getattr(self.post(place), verb)(self.account(who))

    @rule(who=people, place=places, verb=st.sampled_from(("unlike", "unretweet", "unbookmark")))
    def take_back(self, who: str, place: int, verb: str) -> None:
        getattr(self.post(place), verb)(self.account(who))

    @rule(place=places, verb=st.sampled_from(("hide", "unhide", "pin", "unpin", "detach")))
    def move(self, place: int, verb: str) -> None:
        with suppress(*REFUSALS):
            getattr(self.post(place), verb)()

    @precondition(lambda self: Post.objects.undeleted().without_retweets().count() > 4)
    @rule(place=places)
    def delete(self, place: int) -> None:
        self.post(place).remove()

    @rule(place=places)
    def edit(self, place: int) -> None:
        with suppress(*REFUSALS, TooLateError):
            edit(self.post(place), self.words())

    @rule(place=places)
    def mark(self, place: int) -> None:
        post = self.post(place)
        Post.objects.filter(pk=post.pk).update(sensitive=not post.sensitive)

    @rule(who=people, whom=people, verb=st.sampled_from(("follow", "unfollow")))
    def follow(self, who: str, whom: str, verb: str) -> None:
        with suppress(*REFUSALS):
            getattr(self.account(who), verb)(self.account(whom))

    @rule(who=people, verb=st.sampled_from(("deactivate", "reactivate")))
    def leave(self, who: str, verb: str) -> None:
        getattr(self.account(who), verb)()

    @rule(who=people, verb=st.sampled_from(("suspend", "restore", "limit", "unlimit", "freeze")))
    def decide(self, who: str, verb: str) -> None:
        getattr(self.account(who), verb)()

    @rule(who=people, field=st.sampled_from(("name", "bio", "location")))
    def present(self, who: str, field: str) -> None:
        with suppress(*REFUSALS):
            self.account(who).edit(**{field: self.words()[:20]})

    @rule(who=people, handle=st.sampled_from(("countess", "theo", *PEOPLE)))
    def rename(self, who: str, handle: str) -> None:
        with suppress(*REFUSALS):
            self.account(who).change_handle(handle)

    @rule()
    def describe(self) -> None:
        Media.objects.update(alt=self.words())

    @rule()
    def govern(self) -> None:
        Rule.objects.update(title=self.words())

    @rule(by=st.sampled_from([timedelta(seconds=30), timedelta(hours=1), timedelta(days=40)]))
    def wait(self, by: timedelta) -> None:
        self.village.pass_time(by)

    @invariant()
    def nothing_is_stale(self) -> None:
        requests = self.village.requests(WALKED, fragments=False)
        kept = self.village.answers(requests)
        assert differing(kept, self.village.fresh_answers(requests)) == set()


def test_walk(village: Village) -> None:
    """WALKS says how many, where one has the time for more."""
    Walk.village = village
    walks = int(os.environ.get("WALKS", "5"))
    run_state_machine_as_test(Walk, settings=settings(max_examples=walks, stateful_step_count=12))
