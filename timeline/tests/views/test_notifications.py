"""What one is told, and what one is not."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from conftest import client_of, make_account
from testing.scene import HTMX, say
from timeline.forms.notifications import LABELS
from timeline.models import Like, Notification, NotificationSettings, Post
from timeline.models.notification import tell_of_today
from timeline.posting.edit import edit
from timeline.posting.purge import remove_rows

Kind = Notification.Kind


@pytest.fixture(autouse=True)
def _nobody_was_told(ada: Account, ben: Account) -> None:
    """The cast is told of nothing yet."""
    ben.unfollow(ada)
    Notification.objects.all().delete()


def told(account: Account, tab: str = "") -> list[str]:
    """Return what the page says to `account`, a line for each place, without the ages."""
    page = client_of(account).get(f"/notifications{tab}", headers={"Sec-Purpose": "prefetch"})
    html = page.content.decode().partition('<div class="rows">')[2].partition("</section>")[0]
    places = re.split(r'<div class="notification ', html)[1:]
    return [_line(place) for place in places]


def _line(place: str) -> str:
    text = re.sub(
        r"<time.*?</time>|<span\s+class=\"avatar.*?</span>|<[^>]*>",
        "",
        place.partition(">")[2],
        flags=re.DOTALL,
    )
    return " ".join(text.split()).removeprefix("New: ")


def number(account: Account) -> str:
    """Return the number in the navigation; "" for none."""
    html = client_of(account).get("/bookmarks").content.decode()
    found = re.search(r'<b class="number">(.*?)<i', html)
    return found[1] if found else ""


def test_a_like_is_there_on_the_next_request(ada: Account, ben: Account) -> None:
    post = say(ada, "Engines weave")
    assert (told(ada), number(ada)) == ([], "")
    assert client_of(ben).post(f"/posts/{post.pk}/like").status_code == 302
    assert number(ada) == "1"
    assert told(ada) == ["Ben liked your post Engines weave"]


def test_opening_the_page_moves_the_mark(ada: Account, ben: Account) -> None:
    say(ada, "Engines weave").like(ben)
    client = client_of(ada)
    client.head("/notifications")
    client.get("/notifications", headers={"Sec-Purpose": "prefetch;prerender"})
    client.get("/notifications/mentions")
    assert number(ada) == "1"
    opened = client.get("/notifications").content.decode()
    assert 'class="notification like unread"' in opened
    assert 'class="number"' not in opened
    assert number(ada) == ""
    assert 'class="notification like"' in client.get("/notifications").content.decode()
    say(ada, "Looms too").like(ben)
    assert number(ada) == "1"


def test_a_group_is_one_row(ada: Account, ben: Account, cal: Account) -> None:
    post = say(ada, "Engines weave")
    for account in (ben, cal):
        post.like(account)
    assert told(ada) == ["Cal and Ben liked your post Engines weave"]
    for number_ in range(10):
        post.like(make_account(f"p{number_}", name=f"P{number_}"))
    assert told(ada) == ["P9 and 11 others liked your post Engines weave"]
    assert Notification.objects.count() == 1
    assert number(ada) == "1"


def test_a_like_taken_back_is_in_no_group(ada: Account, ben: Account, cal: Account) -> None:
    post = say(ada, "Engines weave")
    post.like(ben)
    post.like(cal)
    post.unlike(cal)
    assert told(ada) == ["Ben liked your post Engines weave"]
    post.unlike(ben)
    assert (told(ada), number(ada)) == ([], "")


type Deed = Callable[[Account, Account], object]


def _ask(ada: Account, cal: Account) -> None:
    ada.protect()
    cal.follow(ada)


def _approve(ada: Account, cal: Account) -> None:
    cal.protect()
    ada.follow(cal)
    cal.accept(ada)


def _edit(ada: Account, cal: Account) -> None:
    post = say(cal, "Tpyo", ago=timedelta(minutes=1))
    post.retweet(ada)
    edit(post, "Typo")


DEEDS: dict[Kind, tuple[Deed, str]] = {
    Kind.FOLLOW: (lambda ada, cal: cal.follow(ada), "Cal followed you"),
    Kind.REQUEST: (_ask, "Cal asks to follow you"),
    Kind.APPROVAL: (_approve, "Cal let you follow them"),
    Kind.REPLY: (lambda ada, cal: say(cal, "So?", reply_to=say(ada, "Engines")), "Cal @cal · So?"),
    Kind.MENTION: (lambda ada, cal: say(cal, "Hello @ada"), "Cal @cal Hello @ada"),
    Kind.QUOTE: (lambda ada, cal: say(cal, "Look", quote_of=say(ada, "Engines")), "Cal"),
    Kind.RETWEET: (
        lambda ada, cal: say(ada, "Engines").retweet(cal),
        "Cal retweeted your post Engines",
    ),
    Kind.LIKE: (lambda ada, cal: say(ada, "Engines").like(cal), "Cal liked your post Engines"),
    Kind.EDIT: (_edit, "Cal edited a post that you retweeted Typo"),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", DEEDS, ids=lambda kind: kind.name.lower())
def test_one_is_told_of_each_kind(ada: Account, cal: Account, kind: Kind) -> None:
    deed, line = DEEDS[kind]
    deed(ada, cal)
    (shown,) = told(ada)
    assert shown.startswith(line.partition(" ")[0])
    if kind not in (Kind.REPLY, Kind.MENTION, Kind.QUOTE):
        assert shown == line
    assert number(ada) == "1"
    assert Notification.objects.to(ada).get().kind == kind


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", DEEDS, ids=lambda kind: kind.name.lower())
@pytest.mark.parametrize("done", ["block", "mute", "blocked", "suspend", "limit"])
def test_nobody_is_shown_whom_one_turned_away(
    ada: Account, cal: Account, kind: Kind, done: str
) -> None:
    DEEDS[kind][0](ada, cal)
    ada.unfollow(cal)  # of a limited account, who follows it is told
    match done:
        case "blocked":
            cal.block(ada)
        case "block" | "mute":
            getattr(ada, done)(cal)
        case _:
            getattr(cal, done)()
    assert (told(ada), number(ada)) == ([], "")


def test_one_is_told_nothing_of_oneself(ada: Account) -> None:
    post = say(ada, "Engines, says @ada", ago=timedelta(minutes=1))
    say(ada, "And on", reply_to=post)
    say(ada, "Look", quote_of=post)
    post.like(ada)
    post.retweet(ada)
    edit(post, "Engines, says @ada again")
    assert not Notification.objects.exists()


# --- What one wants ---


def choose(account: Account, **chosen: str) -> Any:
    """Send the form of `account` with these choices; everything else is from everyone."""
    data = {kind.name.lower(): "everyone" for kind in LABELS} | chosen
    return client_of(account).post("/settings/notifications", data)


def test_a_kind_can_be_switched_off(ada: Account, ben: Account) -> None:
    say(ada, "Engines").like(ben)
    ben.follow(ada)
    assert choose(ada, like="nobody").status_code == 302
    assert told(ada) == ["Ben followed you"]
    assert number(ada) == "1"
    choose(ada)
    assert number(ada) == "2"


def test_a_kind_can_be_limited_to_whom_one_follows(
    ada: Account, ben: Account, cal: Account
) -> None:
    post = say(ada, "Engines")
    for account in (cal, ben):
        post.like(account)
    say(ada, "Looms").like(cal)
    page = client_of(ada).get("/notifications").content.decode()
    assert "/notifications/filtered" not in page, "a tab for who chose it"
    ada.follow(ben)
    choose(ada, like="followed")
    assert told(ada) == ["Ben liked your post Engines"]
    assert told(ada, "/filtered") == ["Cal liked your post Looms", "Cal liked your post Engines"]
    assert "/notifications/filtered" in client_of(ada).get("/notifications").content.decode()


@pytest.mark.parametrize("data", [{}, {"like": "x"}, {"like": ["a", "\0"]}])
def test_a_choice_that_is_none_is_refused(as_ada: Client, data: dict[str, Any]) -> None:
    for headers in ({}, HTMX):
        response = as_ada.post("/settings/notifications", data, headers=headers)
        assert response.status_code == 422
        assert "Choose one of these for likes." in response.content.decode()
    assert not NotificationSettings.objects.exists()


# --- What changed since ---


def test_a_mention_that_is_edited_away_is_told_no_more(ada: Account, cal: Account) -> None:
    post = say(cal, "Hello", ago=timedelta(minutes=1))
    edit(post, "Hello @ada")
    assert number(ada) == "1"
    edit(post, "Hello @ada, and all")
    assert len(told(ada)) == 1
    edit(post, "Hello, and all")
    assert told(ada) == []


def test_a_quote_that_one_detached_is_told_no_more(ada: Account, cal: Account) -> None:
    quote = say(cal, "Look", quote_of=say(ada, "Engines"))
    assert len(told(ada)) == 1
    quote.detach()
    assert told(ada) == []


def test_of_one_post_one_is_told_once(ada: Account, cal: Account) -> None:
    above = say(ada, "Engines")
    say(cal, "So, @ada?", reply_to=above, quote_of=above)
    assert len(told(ada)) == 1
    assert Notification.objects.to(ada).get().kind == Kind.REPLY


def test_a_deleted_post_takes_its_notifications_along(ada: Account, cal: Account) -> None:
    post = say(ada, "Engines")
    post.like(cal)
    say(cal, "So?", reply_to=post)
    post.remove()
    remove_rows(post.pk)
    assert len(told(ada)) == 1, "the reply stands"
    assert [one.kind for one in Notification.objects.all()] == [Kind.REPLY]


def test_a_hidden_post_is_shown_nowhere(ada: Account, cal: Account) -> None:
    post = say(ada, "Engines")
    post.like(cal)
    reply = say(cal, "So?", reply_to=post)
    for one in (post, reply):
        one.hide()
    assert (told(ada), number(ada)) == ([], "")


def test_a_muted_word_is_not_come_across(ada: Account, cal: Account) -> None:
    say(cal, "Hello @ada, have you seen the spoiler?")
    ada.mute_word("spoiler")
    assert told(ada) == []


def test_the_demo_and_an_import_tell_nobody(ada: Account, cal: Account) -> None:
    post = say(ada, "Engines")
    imported = Post(author=cal, kind=Post.Kind.RETWEET, retweet_of=post, is_imported_retweet=True)
    imported.insert()
    assert told(ada) == []
    post.retweet(make_account("dora", name="Dora"))
    assert told(ada) == ["Dora retweeted your post Engines"], "nor is it in a group"


# --- Pages ---


def test_mentions_are_a_tab(ada: Account, cal: Account) -> None:
    say(ada, "Engines").like(cal)
    say(cal, "Hello @ada")
    assert len(told(ada)) == 2
    (shown,) = told(ada, "/mentions")
    assert shown.startswith("Cal @cal")


def test_older_ones_are_on_further_pages(ada: Account, ben: Account) -> None:
    for number_ in range(45):
        say(ada, f"Post {number_}").like(ben)
    client, url, shown = client_of(ada), "/notifications", []
    for _ in range(3):
        page = client.get(url).content.decode()
        shown += re.findall(r"Post \d+", page)
        more = re.search(r'href="(\?before=\d+)"', page)
        url = f"/notifications{more[1]}" if more else ""
    assert sorted(shown) == sorted(f"Post {number_}" for number_ in range(45))
    assert not url
    assert client.get("/notifications?before=x").status_code == 404


def test_the_number_ends_at_twenty(ada: Account, ben: Account) -> None:
    for number_ in range(22):
        say(ada, f"Post {number_}").like(ben)
        if number_ in (19, 20):
            assert number(ada) == {19: "20", 20: "20+"}[number_]


def test_a_group_of_a_crowd_is_counted_to_a_hundred(ada: Account, ben: Account) -> None:
    post = say(ada, "Engines")
    people = Account.objects.bulk_create(Account(handle=f"c{n}", name=f"C{n}") for n in range(120))
    Like.objects.bulk_create(Like(post=post, account=account) for account in people)
    post.like(ben)
    assert told(ada) == ["Ben and 99+ others liked your post Engines"]


def test_one_must_be_signed_in(visitor: Client) -> None:
    for url in ("/notifications", "/notifications/mentions", "/settings/notifications"):
        assert visitor.get(url)["Location"].startswith("/account/login/"), url


def test_it_is_empty_and_says_so(as_cal: Client) -> None:
    assert "Nothing yet" in as_cal.get("/notifications").content.decode()
    assert "Nobody mentioned you yet" in as_cal.get("/notifications/mentions").content.decode()
    assert "Nothing filtered" in as_cal.get("/notifications/filtered").content.decode()


def test_the_site_tells_of_decisions_and_archives(ada: Account) -> None:
    for kind in (Kind.DECISION, Kind.IMPORT, Kind.EXPORT):
        tell_of_today(kind, [ada.pk])
    choose(ada, **{kind.name.lower(): "nobody" for kind in LABELS})
    assert sorted(told(ada)) == [
        "A moderator decided something about your account. Read what, and why",
        "Your archive is here: see your profile",
        "Your archive is ready: download it within 7 days",
    ]
