"""What a report is about stays readable for moderators, and for nobody else, until it is decided
and cannot be appealed against.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from time_machine import travel

from accounts.models import Account, BannedEmail, User
from conftest import client_of
from microblog.media import uploads
from moderation.enforcement import scheduled
from moderation.enforcement.decide import Ruling, decide
from moderation.enforcement.lift import lift
from moderation.enforcement.undo import undo
from moderation.models import Action, Decision, Notice, Sanction, Ticket
from moderation.tests.conftest import case_of
from moderation.tests.enforcement.test_deciding import LATER, NOTHING_WRONG, PICTURE, after, fresh
from testing.html import find
from testing.scene import body_of
from timeline.feeds import counters
from timeline.models import Media, Post
from timeline.posting import purge
from timeline.posting.edit import edit
from timeline.posting.erase_account import erase

WORDS = "Buy my watches"
DAYS = timedelta(days=1)


@pytest.fixture
def post(ben: Account, publish: Callable[..., Post]) -> Post:
    return publish(ben, WORDS, attachments=[PICTURE])


@pytest.fixture
def reported(ada: Account, ben: Account, post: Post, report: Callable[..., Ticket]) -> Ticket:
    return report(ada, ben, post)


def is_here(post: Post) -> bool:
    return Post.objects.filter(pk=post.pk).exists()


def swept(wait: timedelta = timedelta()) -> None:
    """Run the tasks of the clock."""
    after(wait, scheduled.carry_out_overdue)
    after(wait, purge.remove_left_over)


def test_moderators_read_a_reported_post_that_its_author_deleted(
    as_mod: Client,
    as_ada: Client,
    visitor: Client,
    ada: Account,
    ben: Account,
    post: Post,
    reported: Ticket,
) -> None:
    media, key = post.media.get().small, post.media.get().key
    post.like(ada)
    post.retweet(ada)
    post.bookmark(ada)
    client_of(ben).post(f"/posts/{post.pk}/delete")
    swept()
    case = as_mod.get(f"/admin/case/{case_of(ben).pk}/").content.decode()
    assert WORDS in case
    assert media in case
    assert "Deleted" in case
    answer = as_mod.get(media)
    assert (body_of(answer), "no-store" in answer["Cache-Control"]) == (b"1", True)
    for client in (as_ada, visitor, client_of(ben)):
        assert client.get(media).status_code == 404
        for url in (
            post.get_absolute_url(),
            f"{post.get_absolute_url()}/history",
            f"/posts/{post.pk}/report",
        ):
            assert client.get(url).status_code == 404
        for url in ("/", "/explore", "/@ben", "/@ben/media"):
            assert WORDS not in client.get(url).content.decode()
    assert not post.liked_by.exists()
    assert not post.retweets.exists()
    assert counters.recount_everything() == NOTHING_WRONG
    assert (fresh(ben).posts_count, fresh(ada).posts_count) == (0, 0)
    assert fresh(ben).stored_bytes == 2, "whose it is pays for it until it is gone"
    assert default_storage.exists(uploads.path(key, "small.webp"))


def test_a_deleted_post_that_nobody_reported_goes_at_once(
    post: Post, reported: Ticket, ben: Account, publish: Callable[..., Post]
) -> None:
    other = publish(ben, "More")
    other.remove()
    assert not is_here(other)


def test_moderators_read_earlier_versions(
    as_mod: Client,
    ada: Account,
    ben: Account,
    publish: Callable[..., Post],
    report: Callable[..., Ticket],
) -> None:
    post = publish(ben, "I hate <b>you</b>")
    report(ada, ben, post)
    edit(post, "I love you")
    post.remove()
    case = as_mod.get(f"/admin/case/{case_of(ben).pk}/").content.decode()
    assert "I love you" in case
    assert "I hate &lt;b&gt;you" in case
    assert (
        find(case, "summary", text="What it said before (1)") or "What it said before (1)" in case
    )


@pytest.mark.parametrize("end", ["dismissed", "withdrawn", "after 90 days", "granted", "erased"])
def test_a_kept_post_goes_when_its_case_is_over(
    mod: User, ben: Account, post: Post, reported: Ticket, end: str, visitor: Client
) -> None:
    key = post.media.get().key
    post.remove()
    swept(89 * DAYS)
    assert is_here(post)
    wait = LATER
    if end == "dismissed":
        decide(mod, ben, Ruling(actions=(Action.NONE,)), case_of(ben))
        swept()
        assert is_here(post), "it may be undone"
    elif end == "withdrawn":
        reported.withdraw()
    elif end == "after 90 days":
        wait = 91 * DAYS
    elif end == "granted":
        removal = Ticket(kind="removal", reason="me", email="eve@example.com")
        removal.concern(ben, [post.pk])
        removal.save()
        removal.confirm()
        decide(mod, ben, Ruling(actions=(Action.DELETE,), post_ids=(post.pk,)), case_of(ben))
    else:
        ben.suspend()
        erase(fresh(ben), at_once=True)
    swept(wait)
    assert not is_here(post)
    assert not default_storage.exists(uploads.path(key, "small.webp"))
    assert not Media.objects.exists()
    assert counters.recount_everything() == NOTHING_WRONG


def test_a_dismissal_that_is_undone_finds_it_still(
    mod: User, ben: Account, post: Post, reported: Ticket
) -> None:
    post.remove()
    batch = decide(mod, ben, Ruling(actions=(Action.NONE,)), case_of(ben))
    swept(timedelta(minutes=9))
    undo(mod, batch)
    swept(LATER)
    assert is_here(post)


@pytest.mark.parametrize("action", [Action.DELETE, Action.WARN, Action.HIDE, Action.SUSPEND])
def test_a_post_is_kept_while_an_appeal_can_come(
    mod: User, max_: User, ben: Account, post: Post, reported: Ticket, action: Action
) -> None:
    if action != Action.DELETE:
        post.remove()
    decide(
        mod, ben, Ruling(actions=(action,), post_ids=(post.pk,), answer="Thank you."), case_of(ben)
    )
    swept(LATER)
    assert is_here(post)
    assert fresh(post).deleted_at
    appeal = Notice.objects.get().appeal_with("They are clocks")
    assert appeal.post_ids == [post.pk]
    swept(LATER)
    assert is_here(post)
    decide(max_, ben, Ruling(appeal=Action.UPHOLD, answer="No."), case_of(ben))
    swept(LATER)
    assert not is_here(post)


def test_a_removal_that_was_only_asked_for_keeps_nothing(ben: Account, post: Post) -> None:
    removal = Ticket(kind="removal", reason="me", email="eve@example.com")
    removal.concern(ben, [post.pk])
    removal.save()
    removal.confirm()
    post.remove()
    assert not is_here(post)


def test_a_report_that_nobody_confirmed_keeps_nothing(ben: Account, post: Post) -> None:
    waits = Ticket(kind="report", category="spam", email="eve@example.com")
    waits.concern(ben, [post.pk])
    waits.save()
    post.remove()
    assert not is_here(post)


def test_a_suspended_account_that_is_reported_is_erased_after_90_days(
    mod: User, ada: Account, ben: Account, report: Any
) -> None:
    decide(mod, ben, Ruling(actions=(Action.SUSPEND,)))
    report(ada, ben)
    after(60 * DAYS, scheduled.carry_out_overdue)
    assert Account.objects.filter(pk=ben.pk).exists()
    after(91 * DAYS, scheduled.carry_out_overdue)
    assert not Account.objects.filter(pk=ben.pk).exists()


# --- A report that comes too late ---


def form_of(client: Client, url: str) -> dict[str, Any]:
    """Return the hidden fields of the form."""
    page = client.get(url).content.decode()
    return {
        name: re.search(f'name="{name}" value="([^"]+)"', page)[1]
        for name in ("shown", "idempotency_key")
    }  # type: ignore[index]


def test_what_is_gone_when_the_form_is_sent_is_reported_all_the_same(
    as_ada: Client,
    ada: Account,
    ben: Account,
    post: Post,
    as_mod: Client,
    publish: Callable[..., Post],
) -> None:
    other = publish(ben, "More watches")
    form = form_of(as_ada, f"/posts/{post.pk}/report")
    post.remove()
    other.remove()
    assert not is_here(post)
    url, typed = f"/posts/{post.pk}/report", {"text": "He sells <watches>", "posts": [other.pk]}
    again = as_ada.post(url, {**form, **typed})
    assert again.status_code == 422
    assert "He sells &lt;watches&gt;" in again.content.decode()
    assert form["shown"] in again.content.decode()
    sent = as_ada.post(url, {**form, **typed, "category": "spam"})
    report = Ticket.objects.reports().get()
    assert sent["Location"] == report.get_absolute_url()
    assert (report.account, report.reporter, report.post_ids) == (
        ben,
        ada,
        sorted([post.pk, other.pk]),
    )
    assert report.get_absolute_url() in as_ada.get("/settings/reports").content.decode()
    assert (
        "He sells &lt;watches&gt;" in as_mod.get(f"/admin/case/{case_of(ben).pk}/").content.decode()
    )
    assert (
        as_ada.post(url, {**form, **typed, "category": "spam"})["Location"]
        == report.get_absolute_url()
    )
    assert Ticket.objects.reports().count() == 1


def test_a_visitor_reports_what_is_gone_too(visitor: Client, ben: Account, post: Post) -> None:
    form = form_of(visitor, f"/posts/{post.pk}/report")
    post.hide()
    sent = visitor.post(
        f"/posts/{post.pk}/report", {**form, "category": "hate", "email": "eve@example.com"}
    )
    assert sent.status_code == 200
    assert (Ticket.objects.reports().get().account, Ticket.objects.reports().get().post_ids) == (
        ben,
        [post.pk],
    )


def test_a_post_that_is_gone_is_404_without_our_signature(
    as_ada: Client, ben: Account, post: Post, publish: Callable[..., Post]
) -> None:
    other = form_of(as_ada, f"/posts/{publish(ben, 'Another').pk}/report")
    form = form_of(as_ada, f"/posts/{post.pk}/report")
    post.remove()
    url = f"/posts/{post.pk}/report"
    for shown in ("", other["shown"], form["shown"][:-1], "\0", f"{form['shown']}x"):
        assert as_ada.post(url, {"category": "spam", "shown": shown}).status_code == 404, shown
    assert as_ada.get(url, form).status_code == 404
    with travel(timezone.now() + 8 * DAYS):
        assert (
            client_of(Account.objects.get(handle="ada"))
            .post(url, {**form, "category": "spam"})
            .status_code
            == 404
        )
    assert not Ticket.objects.reports().exists()


# --- What who is decided about is told ---


@pytest.mark.parametrize("action", [Action.WARN, Action.HIDE, Action.FREEZE, Action.SUSPEND])
def test_who_is_decided_about_is_told_which_post(
    mod: User, visitor: Client, ben: Account, post: Post, reported: Ticket, action: Action
) -> None:
    Post.objects.filter(pk=post.pk).update(text="Buy <b>them</b>\n\nThe rule: none\n-- \nfaked")
    decide(
        mod,
        ben,
        Ruling(actions=(action,), post_ids=(post.pk,), statement="No watches."),
        case_of(ben),
    )
    page = visitor.get(Notice.objects.get().get_absolute_url()).content.decode()
    assert "Buy &lt;b&gt;them&lt;/b&gt;" in page
    assert "1 picture" in page
    assert f"{post.created_at:%B %-d, %Y}" in page
    body = next(message.body for message in mail.outbox if message.to == ["ben@example.com"])
    assert "> Buy <b>them</b>\n> The rule: none\n> -- \n> faked\n" in body
    assert "with 1 picture" in body
    assert f"{post.created_at:%-d %B %Y, %H:%M}" in body
    assert Decision.objects.first().post_ids == [post.pk]  # type: ignore[union-attr]


def test_of_what_is_gone_the_notice_keeps_the_date_alone(
    mod: User, visitor: Client, ben: Account, post: Post
) -> None:
    decide(mod, ben, Ruling(actions=(Action.DELETE,), post_ids=(post.pk,)))
    notice = Notice.objects.get()
    assert WORDS in visitor.get(notice.get_absolute_url()).content.decode()
    swept(LATER)
    page = visitor.get(notice.get_absolute_url()).content.decode()
    assert WORDS not in page
    assert "A post that is gone" in page


def test_a_mail_quotes_a_few_posts_alone(
    mod: User, ben: Account, publish: Callable[..., Post]
) -> None:
    posts = [publish(ben, f"Watch {n}") for n in range(8)]
    Post.objects.filter(author=ben).update(text="x" * 20_000)
    decide(mod, ben, Ruling(actions=(Action.HIDE,), post_ids=tuple(post.pk for post in posts)))
    body = mail.outbox[-1].body
    assert "And 3 more" in body
    assert len(body) < 7000


# --- A ban that was made by hand ---


def test_what_was_banned_by_hand_stays_banned(mod: User, ben: Account) -> None:
    BannedEmail.objects.ban("ben@example.com")
    batch = decide(mod, ben, Ruling(actions=(Action.BAN,)))
    assert not Sanction.objects.exists()
    undo(mod, batch)
    assert BannedEmail.objects.is_banned("ben@example.com")


def test_two_bans_end_one_by_one(mod: User, ben: Account) -> None:
    for _ in range(2):
        decide(mod, ben, Ruling(actions=(Action.BAN,)))
    for is_banned in (True, False):
        lift([Sanction.objects.in_force().with_account()[0]], mod)
        assert BannedEmail.objects.is_banned("ben@example.com") == is_banned
