"""Who has a mail of what is new, when, and what it says."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.policy import SMTP
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from accounts.models import Account
from conftest import client_of, make_account
from testing.database import at_once as all_at_once
from testing.scene import say
from timeline import tasks
from timeline.feeds import notifications
from timeline.mailing import sending
from timeline.models import Notification, NotificationSettings, Post
from timeline.models.notification import tell_of_today
from timeline.posting.publish import publish

Mail = NotificationSettings.Mail
Kind = Notification.Kind
MINUTE, HOUR = 60, 3600


@pytest.fixture(autouse=True)
def _noon(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-05-01T12:02:00Z", tick=False)


@pytest.fixture
def at_once(ada: Account, ben: Account) -> Account:
    return wanting(ada, Mail.AT_ONCE)


@pytest.fixture
def daily(ada: Account, ben: Account) -> Account:
    return wanting(ada, Mail.DAILY)


@pytest.fixture
def sent(mailoutbox: list[EmailMessage], time_machine: TimeMachineFixture) -> Callable[..., Any]:
    """`sent(after)`: the mails of what the clock starts `after` so many seconds."""

    def call(after: float = 6 * MINUTE) -> list[EmailMessage]:
        time_machine.shift(after)
        mailoutbox.clear()
        tasks.mail_at_once.enqueue()
        tasks.mail_daily.enqueue()
        return list(mailoutbox)

    return call


def wanting(account: Account, mail: Mail) -> Account:
    """Return `account`, which has mails from now on, and was told of nothing yet."""
    Notification.objects.to(account).delete()
    NotificationSettings.objects.choose_mail(account, mail)
    return account


def answer(to: Account, by: Account, words: str = "So?") -> Post:
    return publish(by, words, reply_to=publish(to, "Engines weave"), limited=False)


def test_nobody_has_mails_who_did_not_ask_for_them(ada: Account, ben: Account, sent: Any) -> None:
    answer(ada, ben)
    assert sent() == sent(24 * HOUR) == []


def test_at_once_is_some_minutes_later(at_once: Account, ben: Account, sent: Any) -> None:
    reply = answer(at_once, ben, "So?\nTell <b>me</b> & us")
    assert sent(4 * MINUTE) == []
    [mail] = sent(2 * MINUTE)
    assert (mail.to, mail.subject) == (["ada@example.com"], "Microblog: Ben answered you")
    said = "Ben (@ben) answered you:\n> So?\n> Tell <b>me</b> & us\n"
    assert f"{said}http://127.0.0.1:8000{reply.get_absolute_url()}\n" in mail.body
    assert "http://127.0.0.1:8000/settings/notifications" in mail.body
    assert "because @ada has mails at once" in mail.body
    assert sent() == sent(24 * HOUR) == []


def test_what_was_before_one_asked_for_mails_is_in_none(
    ada: Account, ben: Account, sent: Any, time_machine: TimeMachineFixture
) -> None:
    answer(ada, ben)
    time_machine.shift(1)
    NotificationSettings.objects.choose_mail(ada, Mail.AT_ONCE)
    assert sent() == []
    NotificationSettings.objects.choose_mail(ada, Mail.DAILY)
    assert sent() == []


def test_several_are_one_mail(
    at_once: Account, ben: Account, cal: Account, sent: Any, time_machine: TimeMachineFixture
) -> None:
    ben.unfollow(at_once)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: answer(at_once, ben),
        lambda: publish(cal, "Hello @ada"),
        lambda: cal.follow(at_once),
        lambda: ben.follow(at_once),
    )
    for deed in deeds:
        time_machine.shift(1)
        deed()
    [mail] = sent()
    assert mail.subject == "Microblog: Ben and 1 other followed you, and 2 more"
    for said in ("Ben (@ben) and 1 other followed you", "Cal (@cal) mentioned you:", "answered"):
        assert said in mail.body


def test_no_more_than_four_an_hour(at_once: Account, ben: Account, sent: Any) -> None:
    mails = []
    for _ in range(12):
        answer(at_once, ben)
        mails += sent(5 * MINUTE + 1)
    assert 3 <= len(mails) <= 5
    said = sum(mail.body.count("answered you:") for mail in [*mails, *sent(20 * MINUTE)])
    assert said == 12, "what waited is in the next"


def _like(post: Post, ben: Account) -> Post:
    post.like(ben)
    post.retweet(ben)
    return post


def test_likes_and_retweets_are_for_the_morning(
    ada: Account, ben: Account, cal: Account, sent: Any
) -> None:
    wanting(ada, Mail.AT_ONCE)
    wanting(cal, Mail.DAILY)
    _like(publish(ada, "Engines"), ben)
    _like(publish(cal, "Looms"), ben)
    [mail] = sent()
    assert mail.to == ["cal@example.com"]
    assert "Ben (@ben) liked your post:\n> Looms\n" in mail.body
    assert "retweeted your post" in mail.body
    assert "once a day" in mail.body
    assert sent(24 * HOUR) == []


def test_one_digest_a_day(daily: Account, ben: Account, sent: Any) -> None:
    answer(daily, ben)
    assert len(sent()) == 1
    answer(daily, ben)
    assert sent(HOUR) == []
    [mail] = sent(23 * HOUR)
    assert mail.body.count("answered you:") == 1


type Undoing = Callable[[Account, Account, Post], object]
UNDONE: dict[str, Undoing] = {
    "blocked": lambda ada, ben, post: ada.block(ben),
    "blocking": lambda ada, ben, post: ben.block(ada),
    "muted": lambda ada, ben, post: ada.mute(ben),
    "suspended": lambda ada, ben, post: ben.suspend(),
    "protected": lambda ada, ben, post: ben.protect(),
    "hidden": lambda ada, ben, post: post.hide(),
    "deleted": lambda ada, ben, post: post.remove(),
    "word": lambda ada, ben, post: ada.mute_word("weaver"),
    "off": lambda ada, ben, post: NotificationSettings.objects.choose(
        ada, off=[Kind.REPLY], limited=[]
    ),
    "limited": lambda ada, ben, post: NotificationSettings.objects.choose(
        ada, off=[], limited=[Kind.REPLY]
    ),
    "seen": lambda ada, ben, post: client_of(ada).get("/notifications"),
    "no mails": lambda ada, ben, post: NotificationSettings.objects.choose_mail(ada, Mail.NONE),
    "deactivated": lambda ada, ben, post: ada.deactivate(),
    "suspended reader": lambda ada, ben, post: ada.suspend(),
    "closed door": lambda ada, ben, post: type(ada.user).objects.update(is_active=False),
}


@pytest.mark.parametrize("undone", UNDONE)
@pytest.mark.parametrize("mail", [Mail.AT_ONCE, Mail.DAILY])
def test_nothing_is_sent_of_what_is_not_for_its_reader_any_more(
    ada: Account, ben: Account, sent: Any, undone: str, mail: Mail
) -> None:
    wanting(ada, mail)
    reply = answer(ada, ben, "The weaver said so")
    UNDONE[undone](ada, ben, reply)
    assert sent() == []


@pytest.mark.parametrize("undone", UNDONE)
def test_nor_where_that_comes_between_the_clock_and_the_mail(
    at_once: Account, ben: Account, sent: Any, undone: str, mailoutbox: list[EmailMessage]
) -> None:
    """A mail that could not be sent is tried again for hours."""
    reply = answer(at_once, ben, "The weaver said so")
    start = NotificationSettings.objects.get(account=at_once).mailed_id
    assert len(sent()) == 1
    until = NotificationSettings.objects.get(account=at_once).mailed_id
    UNDONE[undone](at_once, ben, reply)
    mailoutbox.clear()
    sending.send(at_once.pk, Mail.AT_ONCE, start, until)
    assert mailoutbox == []


def test_what_is_written_while_the_clock_looks_is_in_the_next(
    daily: Account, ben: Account, sent: Any, time_machine: TimeMachineFixture
) -> None:
    answer(daily, ben, "First")
    assert len(sent()) == 1
    time_machine.shift(-1)  # of a transaction that began a second ago
    answer(daily, ben, "Second")
    [mail] = sent(24 * HOUR)
    assert "Second" in mail.body


def test_who_goes_between_two_questions_is_in_no_mail(
    daily: Account, ben: Account, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(daily, "Engines").like(ben)
    monkeypatch.setattr(notifications, "_people", lambda **_: [])
    assert sent() == []


def test_a_deed_taken_back_is_in_no_mail(daily: Account, ben: Account, sent: Any) -> None:
    post = publish(daily, "Engines")
    post.like(ben)
    post.unlike(ben)
    assert sent() == []


@pytest.mark.parametrize("kind", [Kind.DECISION, Kind.EXPORT])
def test_what_has_a_mail_of_its_own_is_in_no_other(daily: Account, sent: Any, kind: Kind) -> None:
    tell_of_today(kind, [daily.pk])
    assert sent() == []
    tell_of_today(Kind.IMPORT, [daily.pk])
    [mail] = sent(24 * HOUR)
    assert mail.subject == "Microblog: Your archive is here"
    assert "Your archive is here\nhttp://127.0.0.1:8000/@ada\n" in mail.body


def test_more_than_fit_are_on_the_page(at_once: Account, ben: Account, sent: Any) -> None:
    for number in range(22):
        publish(ben, f"@ada {number}", limited=False)
    [mail] = sent()
    assert mail.body.count("mentioned you:") == 20
    assert "And more:\nhttp://127.0.0.1:8000/notifications\n" in mail.body


def test_a_picture_without_words_is_said(at_once: Account, ben: Account, sent: Any) -> None:
    say(ben, "", pictures=2, quote_of=publish(at_once, "Engines"), ago=timedelta())
    [mail] = sent()
    assert "Ben (@ben) quoted you:\n> (2 pictures)\n" in mail.body


def test_a_name_is_no_header(at_once: Account, ben: Account, sent: Any) -> None:
    """Whatever was kept as a name, by whatever way."""
    name = "Ben\r\nBcc: eve@example.com\u202eneB\u0000" + "n" * 100
    Account.objects.filter(pk=ben.pk).update(name=name.replace("\0", ""))
    answer(at_once, ben)
    [mail] = sent()
    assert "\u202e" not in mail.subject + mail.body
    message = mail.message()
    assert message["Bcc"] is None
    assert len(mail.subject) < 100
    assert mail.recipients() == ["ada@example.com"]


def test_the_headers_end_the_mails(
    at_once: Account, ben: Account, sent: Any, settings: Any
) -> None:
    settings.SITE_URL = "https://a-microblog-with-a-long-name.example"
    settings.HTTPS = True
    answer(at_once, ben)
    [mail] = sent()
    # as it is sent
    raw = mail.message(policy=SMTP).as_bytes().decode().replace("\r\n", "\n")
    [url] = re.findall(r"^List-Unsubscribe: <(https://\S+)>$", raw, re.MULTILINE)
    assert url.startswith("https://a-microblog-with-a-long-name.example/unsubscribe/")
    assert "\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" in raw
    assert "\nAuto-Submitted: auto-generated\n" in raw
    assert url in mail.body
    assert "<img" not in raw
    settings.HTTPS = False
    answer(at_once, ben)
    [mail] = sent(20 * MINUTE)
    assert "List-Unsubscribe-Post" not in mail.extra_headers


def test_a_mail_that_was_sent_twice_says_that_it_is_one(
    at_once: Account, ben: Account, sent: Any, mailoutbox: list[EmailMessage]
) -> None:
    """A worker may be killed between sending a mail and noting that."""
    start = NotificationSettings.objects.get(account=at_once).mailed_id
    answer(at_once, ben)
    [first] = sent()
    until = NotificationSettings.objects.get(account=at_once).mailed_id
    sending.send(at_once.pk, Mail.AT_ONCE, start, until)
    again = mailoutbox[-1]
    assert again is not first
    assert again.message()["Message-ID"] == first.message()["Message-ID"]
    answer(at_once, ben)
    [other] = sent(20 * MINUTE)
    assert other.message()["Message-ID"] != first.message()["Message-ID"]


def test_what_was_noted_and_not_enqueued_was_not_noted(
    at_once: Account, ben: Account, sent: Any, time_machine: TimeMachineFixture
) -> None:
    answer(at_once, ben)
    time_machine.shift(6 * MINUTE)

    def die(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sending.start_due(Mail.AT_ONCE, die)
    assert len(sent(0)) == 1


def test_the_demo_has_no_mailbox(at_once: Account, ben: Account, sent: Any) -> None:
    type(at_once.user).objects.filter(account=at_once).update(email="ada@demo.example")
    answer(at_once, ben)
    assert sent() == []


def test_the_clock_leaves_an_idle_site_alone(
    ada: Account, ben: Account, cal: Account, sent: Any, time_machine: TimeMachineFixture
) -> None:
    for account, mail in ((ada, Mail.AT_ONCE), (cal, Mail.DAILY)):
        wanting(account, mail)
        answer(account, ben)
    assert len(sent()) == 2
    time_machine.shift(24 * HOUR)
    with CaptureQueriesContext(connection) as asked:
        for mail in (Mail.AT_ONCE, Mail.DAILY):
            sending.start_due(mail, pytest.fail)
    assert [query["sql"][:6] for query in asked] == ["SELECT", "SELECT"]


def test_likes_that_no_mail_tells_of_are_looked_at_once(
    at_once: Account, ben: Account, sent: Any, django_assert_num_queries: Any
) -> None:
    publish(at_once, "Engines").like(ben)
    assert sent() == []
    with django_assert_num_queries(1):
        sending.start_due(Mail.AT_ONCE, pytest.fail)


@pytest.mark.parametrize("number", [2, 20])
def test_a_mail_asks_as_much_of_two_as_of_twenty(
    at_once: Account, ben: Account, sent: Any, number: int, django_assert_num_queries: Any
) -> None:
    start = NotificationSettings.objects.get(account=at_once).mailed_id
    for one in range(number):
        answer(at_once, ben, f"Number {one}")
    sent()
    until = NotificationSettings.objects.get(account=at_once).mailed_id
    with django_assert_num_queries(6):
        sending.send(at_once.pk, Mail.AT_ONCE, start, until)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_clocks_start_one_mail_each(time_machine: TimeMachineFixture) -> None:
    people = [wanting(make_account(f"p{n}"), Mail.AT_ONCE) for n in range(5)]
    ben = make_account("ben")
    for account in people:
        answer(account, ben)
    time_machine.shift(6 * MINUTE)
    started: list[int] = []
    clock = lambda: sending.start_due(Mail.AT_ONCE, lambda pk, *_: started.append(pk))  # noqa: E731
    all_at_once(*[clock] * 4)
    assert sorted(started) == sorted(account.pk for account in people)


def test_the_choice_is_kept(ada: Account, as_ada: Client) -> None:
    form = as_ada.get("/settings/notifications").context["form"]
    typed = {name: form[name].value() for name in form.fields}
    assert typed["mail"] == "none"
    for mail in ("daily", "at_once", "none"):
        as_ada.post("/settings/notifications", {**typed, "mail": mail})
        kept = NotificationSettings.objects.get(account=ada)
        assert kept.mail == Mail[mail.upper()]
        page = as_ada.get("/settings/notifications").content.decode()
        assert re.search(rf'name="mail" value="{mail}"[^>]*checked', page)
    NotificationSettings.objects.choose_mail(ada, Mail.DAILY)
    del typed["mail"]  # by a page that was open since before there were mails
    assert as_ada.post("/settings/notifications", typed).status_code == 302
    assert NotificationSettings.objects.get(account=ada).mail == Mail.DAILY
    refused = as_ada.post("/settings/notifications", {**typed, "mail": "hourly", "like": "nobody"})
    assert refused.status_code == 422
    assert "Choose one of these for mail." in refused.content.decode()
    assert refused.context["form"]["like"].value() == "nobody"
    assert NotificationSettings.objects.get(account=ada).mail == Mail.DAILY


def test_saving_the_same_again_skips_nothing(
    at_once: Account, ben: Account, as_ada: Client, sent: Any
) -> None:
    answer(at_once, ben)
    form = as_ada.get("/settings/notifications").context["form"]
    as_ada.post("/settings/notifications", {name: form[name].value() for name in form.fields})
    assert len(sent()) == 1
