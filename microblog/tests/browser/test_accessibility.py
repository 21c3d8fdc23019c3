"""axe finds nothing to complain about: in light and in dark, on a wide screen and on a phone, with
menus open and errors shown.
"""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image
from playwright.sync_api import Page, expect

from accounts.auth import one_time_links
from accounts.models import Account, SignupPolicy
from accounts.security import authenticator_app
from conftest import PASSWORD, make_account
from microblog.media import images
from testing import passkeys
from testing.pictures import moving
from timeline.mailing.unsubscribing import unsubscribe_url
from timeline.models import Draft, Post
from timeline.posting.attachments import PICTURE_SIZES, Attachment
from timeline.posting.publish import publish

from .conftest import LONG_WORD, PHONE, WIDE, People, path_of, pictures, png

# On a wide screen in the dark and on a phone in the light only what depends on colours and sizes
# can differ.
# Selectors, which take axe long to find, nobody reads.
ALL: dict[str, Any] = {"resultTypes": ["violations"], "selectors": False}
SEEN = {
    **ALL,
    "runOnly": {
        "type": "rule",
        "values": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"],
    },
}
LOOKS = ((WIDE, "light", ALL), (WIDE, "dark", SEEN), (PHONE, "light", SEEN), (PHONE, "dark", ALL))


def violations(page: Page) -> Iterator[str]:
    """What axe finds in every look of the page, an element each."""
    page.evaluate(AXE_SCRIPT)
    for width, scheme, options in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for violation in page.evaluate(f"axe.run({json.dumps(options)})")["violations"]:
            for node in violation["nodes"]:
                reason = " ".join(
                    check["message"] for kind in ("any", "all", "none") for check in node[kind]
                )
                yield (
                    f"{page.url} {width} {scheme}: {violation['id']} ({violation['help']}): "
                    f"{node['html'][:200]}: {reason}"
                )


def assert_accessible_pages(page: Page, paths: list[str], post: Post) -> None:
    found = []
    for path in paths:
        page.goto(path_of(path, post))
        found += violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "paths",
    [
        ["/", "/@ada", "POST"],
        [
            "/explore",
            "/explore/people",
            "/tags/rising",
            "/settings/tags",
            "/@ada/replies",
            "/@ada/media",
            "/@ada/followers",
        ],
        [
            "/compose",
            "/compose?quote=ID",
            "/posts/ID/audience",
            "/drafts",
            "/settings",
            "/settings/profile",
            "/settings/handle",
            *("/settings/account", "/settings/account/deactivate", "/settings/account/delete"),
            "/settings/export",
            "/settings/privacy/words",
            "/welcome/picture",
            "/welcome/bio",
            "/welcome/people",
            "/settings/appearance",
            "/search",
            "/search?q=b",
            "/search?q=in:bookmarks",
            "/bookmarks",
            "/@ada/likes",
            "/search?q=ada&tab=people",
            "/search?q=since:never",
            "/nobody-is-here",
        ],
        [
            *("/settings/privacy", "/settings/privacy/open", "/settings/privacy/blocked"),
            *("/settings/privacy/muted", "/follow-requests", "/@dora/block", "/@dora/mute"),
            *("/@dora", "/@eve", "/@fay", "/@fay/followers"),
        ],
        ["/notifications", "/notifications/mentions", "/settings/notifications"],
    ],
    ids=["the first", "the lists", "the forms", "who sees whom", "what one is told"],
)
def test_pages_for_who_is_signed_in(
    browse: People, ada: Account, nasty: Post, paths: list[str]
) -> None:
    browse.expect_problem("status of 400")
    browse.expect_problem("status of 404")
    browse.expect_problem("status of 403")
    nasty.like(ada)
    keep_apart(ada)
    Draft.objects.keep(ada, uuid4(), "reply", [LONG_WORD, "And on"], {"reply_to": nasty})
    assert_accessible_pages(browse(ada), paths, nasty)


def test_home_that_says_that_posts_came(
    browse: People, ada: Account, publish: Callable[..., Post]
) -> None:
    publish(ada, "Seen")
    page = browse(ada)
    page.clock.install()
    page.goto("/")
    publish(ada, "New")
    page.clock.fast_forward("01:01")
    expect(page.get_by_role("link", name="Show 1 post", exact=True)).to_be_visible()
    assert not list(violations(page))


def keep_apart(ada: Account) -> None:
    """Let Ada be protected, block Dora, mute Eve and wait for Fay, who is protected as well."""
    dora, eve, fay, gus = (make_account(name) for name in ("dora", "eve", "fay", "gus"))
    for account in (ada, fay):
        account.protect()
    ada.block(dora)
    ada.mute(eve)
    ada.follow(fay)
    gus.follow(ada)


def test_pages_of_security(browse: People, ada: Account, nasty: Post) -> None:
    browse.expect_problem("status of 422")
    passkeys.give(ada, LONG_WORD[:50])
    TOTP.activate(ada.user, "JBSWY3DPEHPK3PXP")
    authenticator_app.keep_codes(ada.user)
    page = browse(ada)
    page.goto("/settings/security/codes")
    found = list(violations(page))  # "Is it you?"
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    key = passkeys.Authenticator.objects.get(type="webauthn").pk
    paths = ["", "/codes", "/passkeys/add", f"/passkeys/{key}/rename", f"/passkeys/{key}/remove"]
    assert_accessible_pages(page, [f"/settings/security{path}" for path in paths], nasty)
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_role("heading", name="Security")).to_be_visible()
    page.goto("/settings/security/app/remove")
    found += violations(page)
    page.get_by_role("button", name="Remove the app").click()
    expect(page.get_by_text("The app is removed")).to_be_visible()
    page.goto("/settings/security/app/add")
    page.get_by_role("textbox").fill("1")
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_text("This is not the code")).to_be_visible()
    found += violations(page)
    assert not found, "\n".join(found)


def test_pages_on_the_way_in(browse: People, ada: Account, nasty: Post) -> None:
    browse.expect_problem("status of 422")
    TOTP.activate(ada.user, "JBSWY3DPEHPK3PXP")
    page = browse()
    page.goto("/account/login/")
    page.get_by_label("Handle or e-mail").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill("1")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("This code is not right")).to_be_visible()
    found = list(violations(page))
    rescue = one_time_links.rescue_url(ada.user).removeprefix("http://127.0.0.1:8000")
    assert_accessible_pages(page, [rescue], nasty)
    SignupPolicy(fill_seconds=0).save()
    page = browse()
    page.goto("/account/signup/")
    for label, typed in (("Name", "Dora"), ("Handle", "dora"), ("E-mail", "dora@example.com")):
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_role("button", name="With a passkey").click()
    page.get_by_text("Use a password instead").click()
    expect(page.get_by_role("heading", name="Make your passkey")).to_be_visible()
    found += violations(page)
    assert not found, "\n".join(found)


def test_pages_for_a_visitor(browse: People, nasty: Post) -> None:
    assert_accessible_pages(
        browse(),
        [
            "/@ada",
            "POST",
            "/account/login/",
            "/account/signup/",
            "/account/waiting",
            "/settings/appearance",
            "/account/password/reset/",
            f"/unsubscribe/{unsubscribe_url(nasty.author.user, nasty.author).rpartition('/')[2]}",
        ],
        nasty,
    )


# --- Pages in a state ---


@pytest.fixture
def post(ada: Account, publish: Callable[..., Post]) -> Post:
    return publish(ada, "Look @ada", attachments=pictures((600, 400), (60, 40)))


def open_menus(page: Page, post: Post) -> None:
    """All at once, which no hand does, but axe looks at each."""
    page.goto("/@ada")
    page.locator("details.menu").evaluate_all(
        "menus => menus.forEach(menu => { menu.open = true })"
    )


def folded_replies(page: Page, post: Post) -> None:
    """One of them unfolded, by keyboard; what one does with it leaves it there."""
    for name in ("dora", "eve"):
        publish(make_account(name), "A spoiler", reply_to=post)
    post.author.mute_word("spoiler")
    page.goto(post.get_absolute_url())
    page.locator("summary", has_text="A reply with a word that you muted").first.press("Enter")
    unfolded = page.locator("details.muted-reply[open]")
    unfolded.get_by_role("button", name="Like").click()
    expect(unfolded.get_by_role("button", name="Like")).to_have_attribute("aria-pressed", "true")
    expect(unfolded.locator("article")).to_be_visible()


def ruled_post(page: Page, post: Post) -> None:
    """With a rule, a reply that was put aside, and the choices of its author open."""
    post.set_audience("followed", "mentioned")
    publish(make_account("dot"), "Rude", reply_to=post, limited=False).put_aside(post.author)
    page.goto(post.get_absolute_url())
    page.get_by_role("link", name="Hidden replies").wait_for()
    page.get_by_label("More").first.click()


def closed_post(page: Page, post: Post) -> None:
    other = publish(make_account("dot"), "Closed", may_reply="mentioned")
    page.goto(other.get_absolute_url())
    page.get_by_text("Only people whom").wait_for()


def choosing_the_audience(page: Page, post: Post) -> None:
    page.goto("/compose")
    page.get_by_text("Who can reply and quote").click()


def refused_reply(page: Page, post: Post) -> None:
    page.goto(f"/compose?reply_to={post.pk}")
    page.locator("[name=text]").fill(LONG_WORD * 2)
    page.get_by_text("Pictures", exact=True).click()
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="This is too long")).to_be_visible()


def reminded_of_descriptions(page: Page, post: Post) -> None:
    post.author.set_alt_reminder(on=True)
    page.goto("/compose")
    page.locator("#compose-images").set_input_files(
        [{"name": "red.png", "mimeType": "image/png", "buffer": png()}]
    )
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("button", name="Post without descriptions")).to_be_visible()


def refused_sign_up(page: Page, post: Post) -> None:
    page.context.clear_cookies()
    page.goto("/account/signup/")
    page.get_by_label("Name").fill("Nora")
    page.get_by_label("Handle").fill("ada")
    page.get_by_label("E-mail").fill("new@example.com")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("@ada is taken")).to_be_visible()


def shown_password(page: Page, post: Post) -> None:
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Show password").click()
    expect(page.get_by_label("Password")).to_have_attribute("type", "text")


def home_of_who_follows_nobody(page: Page, post: Post) -> None:
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_label("Handle or e-mail").fill(make_account("nora").handle)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Find people to follow")).to_be_visible()


def refused_profile(page: Page, post: Post) -> None:
    page.goto("/settings/profile")
    refuse_profile(page)


def refuse_profile(page: Page) -> None:
    page.get_by_label("Website").fill("no address")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is no web address")).to_be_visible()


def cropped_pictures(page: Page, post: Post) -> None:
    page.goto("/settings/profile")
    for which in ("avatar", "banner"):
        page.get_by_label(f"New {which}").set_input_files(
            [{"name": "red.png", "mimeType": "image/png", "buffer": png(600, 400)}]
        )
    expect(page.get_by_role("slider", name="Zoom")).to_have_count(2)
    refuse_profile(page)


def picture(page: Page, post: Post) -> None:
    page.goto("/@ada")
    page.locator("article .media a").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def picture_enlarged(page: Page, post: Post) -> None:
    picture(page, post)
    page.keyboard.press("ArrowRight")
    for _ in range(8):
        page.keyboard.press("+")


def description(page: Page, post: Post) -> None:
    page.goto("/@ada/media")
    page.get_by_role("button", name="ALT of picture 1").click()
    expect(page.locator(":popover-open")).to_have_text("A plain field")


def shown_descriptions(page: Page, post: Post) -> None:
    """With the largest letters, reduced motion and the colours chosen by hand."""
    page.goto("/settings/appearance")
    for choice in ("Larger", "Always reduced", "Show the descriptions of pictures below them"):
        page.get_by_label(choice).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your appearance is saved.")).to_be_visible()
    page.goto("/@ada")
    expect(page.get_by_text("A plain field").first).to_be_visible()


def moving_picture(page: Page, post: Post) -> None:
    frames = [Image.new("RGB", (200, 120), color) for color in ("red", "blue")]
    made = images.fit(BytesIO(moving(*frames, duration=60)), PICTURE_SIZES)
    publish(
        post.author,
        "It moves, and nobody said what it is",
        attachments=[Attachment(made)],
        limited=False,
    )
    page.goto("/@ada")
    page.get_by_role("checkbox").check(force=True)


def open_dialog(page: Page, post: Post) -> None:
    page.goto("/")
    page.locator(".reply").first.click()
    expect(page.get_by_role("dialog", name="Write").locator("[name=text]")).to_be_focused()


def thread_in_dialog(page: Page, post: Post) -> None:
    open_dialog(page, post)
    page.keyboard.type("x" * 290)
    page.get_by_role("dialog").get_by_role("button", name="Add another post").click()
    page.keyboard.type("y" * 265)


def completion_list(page: Page, post: Post) -> None:
    make_account("anna")
    page.goto("/compose")
    page.locator("[name=text]").press_sequentially("@an")
    expect(page.locator("li[role=option]")).to_have_count(1)


def completion_list_in_dialog(page: Page, post: Post) -> None:
    make_account("anna")
    open_dialog(page, post)
    page.keyboard.type("@an")
    expect(page.locator("li[role=option]")).to_have_count(1)


def message(page: Page, post: Post) -> None:
    page.goto("/@ada")
    page.locator("summary[aria-label='More about @ada']").click()
    page.get_by_role("link", name="Copy link to profile").click()
    expect(page.get_by_role("status")).to_have_text("The link is copied.")


STATES = [
    open_menus,
    folded_replies,
    refused_reply,
    reminded_of_descriptions,
    refused_sign_up,
    refused_profile,
    cropped_pictures,
    picture,
    picture_enlarged,
    description,
    shown_descriptions,
    moving_picture,
    message,
]
STATES += [open_dialog, thread_in_dialog, completion_list, completion_list_in_dialog]
STATES += [ruled_post, closed_post, choosing_the_audience]
STATES += [shown_password, home_of_who_follows_nobody]


@pytest.mark.parametrize("state", STATES)
def test_states(
    browse: People, ada: Account, post: Post, state: Callable[[Page, Post], None]
) -> None:
    browse.expect_problem("status of 422")
    page = browse(ada)
    state(page, post)
    found = list(violations(page))
    assert not found, "\n".join(found)
