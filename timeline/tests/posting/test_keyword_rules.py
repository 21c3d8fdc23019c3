"""Rules about words: what they catch, what becomes of a post, and how one is tried and switched on
in the admin.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Account, RefusedError, SignupPolicy, User
from conftest import PASSWORD, client_of
from microblog.text import fold
from testing.effort import takes_less_than
from testing.html import find
from testing.pictures import upload
from testing.scene import HTMX, picture, retweet, say
from timeline.feeds import counters
from timeline.models import KeywordRule, Mention, Post, Revision
from timeline.models.keyword_rule import REFUSED, UntriedError
from timeline.posting import keyword_trial
from timeline.posting.describe import describe
from timeline.posting.edit import edit
from timeline.posting.publish import publish
from timeline.signals import keyword_rule_matched

NOW = timedelta()
RULES = "/admin/timeline/keywordrule/"


def rule(words: str = "casino", action: str = "refuse", **fields: Any) -> KeywordRule:
    """A rule that is on."""
    made = KeywordRule(words=words, action=action, **fields)
    made.full_clean()
    made.save()
    keyword_trial.try_out(made)
    made.switch_on()
    return made


@contextmanager
def only_receiver(monkeypatch: pytest.MonkeyPatch, receiver: Callable[..., None]) -> Iterator[None]:
    """Let `receiver` alone be told of what a rule matched, and no app above."""
    with monkeypatch.context() as patch:
        patch.setattr(keyword_rule_matched, "receivers", [])
        keyword_rule_matched.connect(receiver)
        yield


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str, bool]]]:
    """What an app above this one hears: the text of the post, the words of the rule, and whether it
    was within a transaction.
    """
    told: list[tuple[str, str, bool]] = []

    def hear(post: Post, rule: KeywordRule, **_: Any) -> None:
        assert Post.objects.filter(pk=post.pk).exists()
        told.append((post.text, rule.words, bool(post.hidden_at)))

    with only_receiver(monkeypatch, hear):
        yield told


def errors(response: Any) -> str:
    return " ".join(element.text for element in find(response, "div", class_="errors")).strip()


# --- What a rule catches ---


@pytest.mark.parametrize(
    ("words", "text", "caught"),
    [
        ("casino", "A CASINO, here", True),
        ("casino", "casinos", False),
        ("casino", "#casino", True),
        ("casino", "@casino", True),
        ("casino", "see casino.example/x", True),
        ("casino", "my_casino_now", True),
        ("casino", "ｃａｓｉｎｏ", True),
        ("casino", "cas\u200dino", True),
        ("casino", "casinò", False),
        ("casino", "casino買う", True),
        ("free  Money", "Get FREE\nmoney!", True),
        ("free money", "free moneys", False),
        ("free money", "freemoney", False),
        ("one\ntwo", "and two", True),
        ("$$$", "a$$$b", True),
        ("c++", "I like C++, not C", True),
        ("a.b", "acb", False),
        ("賭博", "大賭博場", True),
        ("straße", "STRASSE", True),
        ("[(", "a [( b", True),
        ("2026", "12026", False),
        ("🎰", "x🎰🎰", True),
    ],
)
def test_rule_catches_whole_words(words: str, text: str, caught: bool) -> None:
    assert KeywordRule(words=words).catches(fold(text)) is caught


@pytest.mark.parametrize(
    ("words", "text", "caught"),
    [("casino", "megacasinos", True), ("casino", "cas ino", False), ("", "anything", False)],
)
def test_rule_catches_inside_of_words_where_it_says_so(words: str, text: str, caught: bool) -> None:
    assert KeywordRule(words=words, anywhere=True).catches(fold(text)) is caught


@given(st.text(min_size=1, max_size=30), st.text(max_size=60))
def test_what_is_typed_is_taken_literally(words: str, text: str) -> None:
    phrases = [fold(line) for line in words.splitlines() if fold(line)]
    found = KeywordRule(words=words, anywhere=True).catches(fold(text))
    assert found == any(phrase in fold(text) for phrase in phrases)


@pytest.mark.parametrize("said", ["a", "a ", "ab", "a1-", "日a"])
def test_no_words_and_no_text_take_long(said: str) -> None:
    """Twenty milliseconds for each phrase that stands in a text of 25,000 characters as often as it
    can, and never as a word.
    """
    words = "\n".join([*(f"{'a' * 98}{number}" for number in range(100, 199)), "a1b", "a" * 99])
    rule = KeywordRule(words=f"{words}\naa\nba")
    with takes_less_than(0.06):
        assert not rule.catches((said * 25_000)[:25_000])


@pytest.mark.parametrize(
    "words",
    [
        "",
        " \n ",
        "\u200b",
        "x" * 101,
        "\n".join(f"w{n}" for n in range(201)),
        "\u200b" * 50_000 + "ab",
    ],
)
def test_rule_that_cannot_be_is_refused(db: None, words: str) -> None:
    with pytest.raises(ValidationError):
        rule(words)


def test_its_words_are_kept_once(db: None) -> None:
    assert rule(" Casino \n\ncasino\nfree  money").words == "casino\nfree money"


# --- Refuse ---


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("message", ["", "No <b>gambling</b> here."])
def test_refused_the_form_comes_back(as_ada: Client, headers: dict[str, str], message: str) -> None:
    rule(message=message)
    response = as_ada.post("/compose", {"text": "My casino", "images": upload()}, headers=headers)
    assert response.status_code == 422
    assert (message or REFUSED) in errors(response)
    assert "casino" not in errors(response)
    assert headers or find(response, "textarea", name="text")[0].text == "My casino"
    assert not Post.objects.exists()
    assert as_ada.post("/compose", {"text": "My garden"}).status_code == 302


def test_every_way_to_say_it_is_refused(ada: Account, ben: Account, as_ada: Client) -> None:
    post = say(ben, "Hello")
    mine = say(ada, "Helo", ago=NOW, pictures=1)
    rule()
    for more in ({"reply_to": post}, {"quote_of": post}, {"attachments": [picture("A casino")]}):
        with pytest.raises(RefusedError):
            publish(ada, "A casino" if "attachments" not in more else "Look", **more)
    with pytest.raises(RefusedError):
        edit(mine, "Hello casino")
    media = mine.media.get()
    describe(media, "")
    assert (
        as_ada.post("/settings/descriptions", {"media": media.pk, "alt": "A casino"}).status_code
        == 422
    )
    media.refresh_from_db()
    assert media.alt == ""
    assert (
        as_ada.post("/settings/descriptions", {"media": media.pk, "alt": "A garden"}).status_code
        == 302
    )
    response = as_ada.post(f"/posts/{mine.pk}/edit", {"text": "Hello casino"})
    assert response.status_code == 422
    assert REFUSED in errors(response)
    assert find(response, "textarea", name="text")[0].text == "Hello casino"
    assert (Post.objects.count(), Revision.objects.count()) == (2, 0)


def test_what_was_said_before_can_still_be_retweeted(ada: Account, ben: Account) -> None:
    post = say(ada, "casino")
    rule()
    assert post.retweet(ben)


# --- Hold back ---


def test_held_back_it_waits_and_is_nowhere(
    ada: Account, ben: Account, as_ada: Client, visitor: Client, heard: list[Any]
) -> None:
    target = say(ben, "Hello")
    rule(action="hold")
    response = as_ada.post(
        "/compose", {"text": "A casino @ben #play", "reply_to": target.pk}, follow=True
    )
    assert response.redirect_chain == [("/", 302)]
    assert "waits for a moderator" in find(response, "div", id="messages")[0].text
    post = Post.objects.by(ada).get()
    assert post.hidden_at
    assert heard == [("A casino @ben #play", "casino", True)]
    for page in (
        "/",
        "/explore",
        "/@ada",
        "/@ada/replies",
        "/tags/play",
        target.get_absolute_url(),
    ):
        for client in (visitor, as_ada):
            assert "casino" not in client.get(page).content.decode()
    for account in (ada, ben):
        account.refresh_from_db()
    target.refresh_from_db()
    assert (ada.posts_count, target.replies_count) == (0, 0)
    assert not any(counters.recount_everything().values())
    post.unhide()
    ada.refresh_from_db()
    target.refresh_from_db()
    assert (ada.posts_count, target.replies_count) == (1, 1)
    assert not any(counters.recount_everything().values())
    assert "casino" in visitor.get(post.get_absolute_url()).content.decode()
    assert Mention.objects.filter(post=post, account=ben).exists()


def test_held_back_with_htmx_leads_home_as_well(as_ada: Client) -> None:
    rule(action="hold")
    assert as_ada.post("/compose", {"text": "A casino"}, headers=HTMX)["HX-Redirect"] == "/"


def test_sent_twice_it_waits_once(ada: Account, as_ada: Client, heard: list[Any]) -> None:
    rule(action="hold")
    data = {"text": "A casino", "idempotency_key": str(uuid4())}
    assert [as_ada.post("/compose", data)["Location"] for _ in range(2)] == ["/", "/"]
    assert (Post.objects.count(), len(heard)) == (1, 1)


def test_an_edit_is_held_back(
    ada: Account, as_ada: Client, visitor: Client, heard: list[Any]
) -> None:
    post = say(ada, "A garden", ago=NOW)
    rule(action="hold")
    response = as_ada.post(f"/posts/{post.pk}/edit", {"text": "A casino"}, follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "waits for a moderator" in response.content.decode()
    post.refresh_from_db()
    assert (post.text, bool(post.hidden_at)) == ("A casino", True)
    assert visitor.get(post.get_absolute_url()).status_code == 404
    assert heard == [("A casino", "casino", True)]
    ada.refresh_from_db()
    assert ada.posts_count == 0
    assert not any(counters.recount_everything().values())


def test_a_description_is_held_back(ada: Account, as_ada: Client, heard: list[Any]) -> None:
    post = say(ada, "Look", ago=NOW, pictures=1)
    media = post.media.get()
    rule(action="hold")
    assert (
        as_ada.post("/settings/descriptions", {"media": media.pk, "alt": "A casino"}).status_code
        == 302
    )
    post.refresh_from_db()
    assert post.hidden_at
    assert len(heard) == 1
    assert not any(counters.recount_everything().values())


def test_what_fails_afterwards_tells_nobody(ada: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise ValueError

    rule(action="hold")
    with only_receiver(monkeypatch, fail), pytest.raises(ValueError):  # noqa: PT011
        publish(ada, "A casino", attachments=[picture()])
    assert not Post.objects.exists()


# --- Report ---


def test_reported_it_is_posted_and_told_once(
    ada: Account, as_ada: Client, visitor: Client, heard: list[Any]
) -> None:
    rule(action="report")
    response = as_ada.post("/compose", {"text": "A casino"})
    post = Post.objects.get()
    assert response["Location"] == post.get_absolute_url()
    assert visitor.get(post.get_absolute_url()).status_code == 200
    assert heard == [("A casino", "casino", False)]
    as_ada.post(f"/posts/{post.pk}/edit", {"text": "My casino"})
    assert len(heard) == 1, "it was told of these words already"
    as_ada.post(f"/posts/{post.pk}/edit", {"text": "My garden"})
    as_ada.post(f"/posts/{post.pk}/edit", {"text": "My casino again"})
    assert len(heard) == 2


def test_without_anybody_to_hear_it_nothing_else_happens(
    as_ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyword_rule_matched, "receivers", [])
    rule(action="report")
    assert as_ada.post("/compose", {"text": "A casino"}).status_code == 302


def test_every_rule_that_catches_is_told_and_the_strictest_decides(
    ada: Account, heard: list[Any]
) -> None:
    rule("casino", "report")
    rule("play", "hold")
    assert publish(ada, "Play in my casino").hidden_at
    assert [words for _, words, _ in heard] == ["casino", "play"]
    rule("mine", "refuse")
    with pytest.raises(RefusedError):
        publish(ada, "Play in my casino, mine alone")
    assert len(heard) == 2


# --- For whom ---


def test_rule_for_newcomers_catches_them_alone(ada: Account, ben: Account) -> None:
    rule(scope="newcomers")
    User.objects.filter(pk=ben.user_id).update(date_joined=timezone.now() - timedelta(days=8))
    with pytest.raises(RefusedError):
        publish(ada, "A casino")
    assert publish(Account.objects.get(pk=ben.pk), "A casino").pk
    SignupPolicy(newcomer_followers=1).save()
    with pytest.raises(RefusedError):
        publish(Account.objects.get(pk=ben.pk), "A casino")


def test_a_rule_that_is_off_does_nothing(ada: Account) -> None:
    made = rule()
    made.switch_off()
    assert publish(ada, "A casino").pk


# --- What it costs ---


@pytest.mark.parametrize("rules", [0, 1, 30])
def test_posting_asks_no_more_than_eight(ada: Account, as_ada: Client, rules: int) -> None:
    for number in range(rules):
        rule(f"word{number}", "hold", scope="newcomers" if number % 2 else "everybody")
    with CaptureQueriesContext(connection) as captured:
        assert as_ada.post("/compose", {"text": "Hello"}).status_code == 302
    assert (
        len([query for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])
        <= 8
    )


# --- Trying, and switching on ---


def test_a_rule_is_tried_before_it_is_switched_on(db: None) -> None:
    made = KeywordRule.objects.create(words="casino")
    with pytest.raises(UntriedError):
        made.switch_on()
    keyword_trial.try_out(made)
    made.switch_on()
    made.words = "casino\nplay"
    made.save()
    made.refresh_from_db()
    assert (made.active, made.is_tried) == (False, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeywordRule.objects.update(active=True)


def test_its_message_and_what_it_does_may_change_meanwhile(db: None) -> None:
    made = rule()
    made.message, made.action = "No.", "report"
    made.save()
    assert KeywordRule.objects.get().active


def test_a_trial_looks_at_the_last_week(ada: Account, ben: Account) -> None:
    caught = [
        say(ada, "A casino", ago=timedelta(days=6)),
        say(ben, "Look", pictures=1, ago=timedelta(days=5)),
    ]
    caught[1].media.update(alt="My casino")
    hidden = say(ada, "casino!", ago=timedelta(days=1))
    hidden.hide()
    say(ada, "A casino", ago=timedelta(days=8))
    say(ada, "A garden", ago=timedelta(days=1))
    retweet(ben, caught[0])
    found = keyword_trial.try_out(KeywordRule.objects.create(words="casino"))
    assert [post.pk for post in found.posts] == [hidden.pk, caught[1].pk, caught[0].pk]
    assert (found.number, found.looked_at, found.back_to, found.more) == (3, 4, None, 0)


def test_a_trial_for_newcomers_takes_them_as_they_were(ada: Account, ben: Account) -> None:
    User.objects.filter(pk=ada.user_id).update(date_joined=timezone.now() - timedelta(days=9))
    early, _ = say(ada, "casino", ago=timedelta(days=5)), say(ada, "casino", ago=timedelta(days=1))
    found = keyword_trial.try_out(KeywordRule.objects.create(words="casino", scope="newcomers"))
    assert [post.pk for post in found.posts] == [early.pk]


def test_a_trial_is_bounded(ada: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, value in (("MOST_POSTS", 4), ("BATCH", 2), ("MOST_SHOWN", 1)):
        monkeypatch.setattr(keyword_trial, number, value)
    posts = [say(ada, "casino") for _ in range(6)]
    made = KeywordRule.objects.create(words="casino")
    found = keyword_trial.try_out(made)
    assert ([post.pk for post in found.posts], found.number, found.looked_at, found.more) == (
        [posts[5].pk],
        4,
        4,
        3,
    )
    assert found.back_to == posts[2].created_at
    monkeypatch.setattr(keyword_trial, "SECONDS", 0)
    assert keyword_trial.try_out(made).looked_at == 2


@pytest.fixture
def administrator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", PASSWORD))
    return client


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_from_a_new_rule_to_one_that_is_on(administrator: Client, ada: Account) -> None:
    say(ada, "A casino <script>")
    assert (
        administrator.get(RULES).status_code == administrator.get(f"{RULES}add/").status_code == 200
    )
    data = {"words": "Casino", "action": "refuse", "scope": "everybody"}
    page = administrator.post(f"{RULES}add/", data, follow=True)
    made = KeywordRule.objects.get()
    address = f"{RULES}{made.pk}/try/"
    assert page.redirect_chain[-1][0] == address
    assert "Switch it on" not in page.content.decode()
    assert not made.is_tried
    act = {"action": "switch_on", "_selected_action": [made.pk]}
    assert "was not tried as it stands" in said(administrator.post(RULES, act, follow=True))[0]
    page = administrator.post(address).content.decode()
    assert "It would have caught 1 of 1 post" in page
    assert "A casino &lt;script&gt;" in page
    assert "Switch it on" in page
    assert said(administrator.post(RULES, act, follow=True)) == ["Switched 1 keyword rule on."]
    made.refresh_from_db()
    assert made.active
    assert "on" in administrator.get(f"{RULES}{made.pk}/change/").content.decode()
    same = administrator.post(
        f"{RULES}{made.pk}/change/", {**data, "words": made.words, "message": "No."}, follow=True
    )
    assert same.redirect_chain[-1][0] == RULES
    assert KeywordRule.objects.get().active
    changed = administrator.post(
        f"{RULES}{made.pk}/change/", {**data, "words": "Garden"}, follow=True
    )
    assert changed.redirect_chain[-1][0] == address
    assert not KeywordRule.objects.get().active
    page = administrator.post(address).content.decode()
    assert "It would have caught none of 1 post" in page
    assert said(administrator.post(RULES, {**act, "action": "switch_off"}, follow=True)) == [
        "1 keyword rule had been off before."
    ]


@pytest.mark.parametrize("method", ["get", "post"])
def test_others_try_nothing(
    ada: Account, visitor: Client, administrator: Client, method: str
) -> None:
    made = KeywordRule.objects.create(words="casino")
    User.objects.filter(pk=ada.user_id).update(is_staff=True)
    assert getattr(visitor, method)(f"{RULES}{made.pk}/try/").status_code == 302
    assert (
        getattr(client_of(Account.objects.get(pk=ada.pk)), method)(
            f"{RULES}{made.pk}/try/"
        ).status_code
        == 403
    )
    for pk in (0, made.pk + 1, 2**63 - 1):
        assert getattr(administrator, method)(f"{RULES}{pk}/try/").status_code == 404
    assert not KeywordRule.objects.get().is_tried


def test_an_empty_site_has_nothing_to_catch(administrator: Client) -> None:
    made = KeywordRule.objects.create(words="casino")
    assert "none of 0 posts" in administrator.post(f"{RULES}{made.pk}/try/").content.decode()


def test_a_trial_asks_little(administrator: Client, ada: Account) -> None:
    made = KeywordRule.objects.create(words="casino")
    numbers = []
    for _ in range(2):
        for _ in range(5):
            say(ada, "casino", pictures=1)
        with CaptureQueriesContext(connection) as captured:
            administrator.post(f"{RULES}{made.pk}/try/")
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= 15
