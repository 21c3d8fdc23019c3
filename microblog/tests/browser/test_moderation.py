"""Moderation by hand, by keyboard and without JavaScript; and who asks to be removed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import Account
from conftest import make_account
from microblog.tests.browser.test_accessibility import violations
from moderation.enforcement.decide import Ruling, decide
from moderation.models import Action, Case, Decision, Ticket
from moderation.tests.public.test_report import link_in
from timeline.models import Post

from .conftest import PHONE, WIDE, People, pictures


@pytest.fixture
def keeper(db: None) -> Account:
    account = make_account("keeper")
    account.user.is_staff = account.user.is_superuser = True
    account.user.save()
    return account


@pytest.fixture
def spam(ada: Account, ben: Account, publish: Callable[..., Post]) -> Post:
    post = publish(ben, "Buy my watches")
    for category in ("spam", "hate"):
        report = Ticket(kind="report", reporter=ada, category=category, text="Every hour")
        report.concern(ben, [post.pk])
        report.save()
        report.confirm()
    return post


def fits(page: Page) -> bool:
    """Whether nothing stands out of the page to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.both_databases
def test_four_keys_from_the_queue_to_the_deed(browse: People, keeper: Account, spam: Post) -> None:
    page = browse(keeper)
    page.goto("/admin/")
    page.keyboard.press("Enter")  # opens the first case
    expect(page.get_by_text("What to do")).to_be_visible()
    page.keyboard.press("7")  # suspend
    page.keyboard.press("Enter")  # show what will change
    expect(page.get_by_text("Suspend @ben: gone from every page")).to_be_visible()
    page.keyboard.press("Enter")  # struck twice, it decides nothing
    expect(page.get_by_role("button", name="Do it")).to_be_visible()
    assert not Decision.objects.exists()
    page.keyboard.press("y")  # do it
    expect(page.get_by_text("Decided 1 case.")).to_be_visible()
    assert Account.objects.get(handle="ben").suspended_at
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("as it was before")).to_be_visible()
    assert Account.objects.get(handle="ben").suspended_at is None


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_without_javascript(browse: People, keeper: Account, spam: Post, width: int) -> None:
    page = browse(keeper, js=False, width=width)
    page.goto("/admin/")
    page.get_by_role("link", name="@ben").click()
    page.get_by_label("Hide the posts").check()
    page.get_by_role("button", name="Show what will change").click()
    expect(page.get_by_text("Hide 1 post")).to_be_visible()
    page.get_by_role("button", name="Change it").click()
    page.get_by_label("Hide the posts").uncheck()
    page.get_by_label("No action").check()
    page.get_by_role("button", name="Show what will change").click()
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_text("Nothing waits. Well done.")).to_be_visible()
    assert Decision.objects.get().action == "none"


def test_choosing_by_keyboard(
    browse: People, keeper: Account, spam: Post, cal: Account, ada: Account
) -> None:
    report = Ticket(kind="report", reporter=ada, category="spam")
    report.concern(cal)
    report.save()
    report.confirm()
    page = browse(keeper)
    page.goto("/admin/")
    for key in ("x", "j", "x", "k", "d"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Decide 2 cases")).to_be_visible()


KINDS = (
    "a report",
    "an appeal",
    "a removal request",
    "sensitive pictures",
    "an account alone",
    "held back",
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_case_is_about_is_visible(
    browse: People, keeper: Account, ada: Account, ben: Account, publish: Any, kind: str
) -> None:
    """Words and pictures take room on the page, whatever became of the post."""
    post = publish(
        ben,
        "Buy my watches",
        attachments=pictures((60, 40)),
        sensitive=kind == "sensitive pictures",
    )
    posts = [] if kind == "an account alone" else [post.pk]
    if kind == "an appeal":
        decide(keeper.user, ben, Ruling(actions=(Action.HIDE,), post_ids=(post.pk,)))
        ben.notices.get().appeal_with("They are good watches")
    else:
        filing: Any = (
            Ticket(kind="report", reporter=ada, category="spam")
            if kind != "a removal request"
            else Ticket(kind="removal", reason="me", email="e@x.com")
        )
        filing.concern(ben, posts)
        filing.save()
        filing.confirm()
    if kind == "held back":
        post.hide()
    page = browse(keeper)
    page.goto(f"/admin/case/{Case.objects.get().pk}/")
    expect(page.get_by_role("heading", name="Ben @ben")).to_be_visible()
    expect(page.get_by_text("What to do")).to_be_visible()
    if posts:
        expect(page.locator("article").get_by_text("Buy my watches")).to_be_visible()
        picture = page.get_by_role("img", name="A plain field")
        expect(picture).to_be_visible()
        assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    if kind in ("an appeal", "held back"):
        expect(page.get_by_text("moderators alone see it")).to_be_visible()
    if kind == "an appeal":
        expect(page.get_by_text("They are good watches")).to_be_visible()


def test_nothing_stands_out_and_axe_is_content(browse: People, keeper: Account, spam: Post) -> None:
    page = browse(keeper)
    found: list[str] = []
    for path in (
        "/admin/",
        f"/admin/case/{Ticket.objects.reports().latest('pk').case_id}/",
        "/admin/roles/",
        "/admin/words/",
        "/admin/dashboard/",
    ):
        page.goto(path)
        for width in (WIDE, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page), (path, width)
        found += violations(page)
    assert not found, "\n".join(found)


def test_axe_on_what_everybody_sees(browse: People, ada: Account, spam: Post) -> None:
    page = browse(ada)
    found: list[str] = []
    for path in (
        f"/posts/{spam.pk}/report",
        "/removal",
        "/rules",
        "/settings/reports",
        Ticket.objects.reports().latest("pk").get_absolute_url(),
    ):
        page.goto(path)
        assert fits(page), path
        found += violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("js", [True, False])
def test_somebody_asks_to_be_removed(browse: People, ben: Account, js: bool, settings: Any) -> None:
    page = browse(js=js, width=PHONE)
    page.goto("/@ben")
    page.get_by_role("link", name="Don't wanna be here?").first.click()
    expect(page.get_by_label("Which account?")).to_have_value("ben")
    page.get_by_label("It is me").check()
    page.get_by_label("Your e-mail address").fill("eve@example.com")
    page.get_by_role("button", name="Ask for removal").click()
    expect(page.get_by_text("Please open the link that we sent you")).to_be_visible()
    page.goto("/" + link_in(mail.outbox[-1].body))
    page.get_by_role("button", name="Send my request").click()
    expect(page.get_by_text("A moderator will look at it")).to_be_visible()
    page.get_by_label("Your message").fill("Please hurry")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Please hurry")).to_be_visible()
    page.get_by_role("button", name="Take the request back").click()
    expect(page.get_by_text("You took it back")).to_be_visible()
    assert Ticket.objects.removals().get().state == "withdrawn"
