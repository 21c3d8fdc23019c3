"""All that a newcomer does on a first day, with JavaScript and without."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Account
from conftest import PASSWORD
from timeline.models import Post

from .conftest import People


def act(page: Page, button: Locator) -> None:
    """Press a button that changes something, and wait for the answer: a fragment with JavaScript,
    the whole page without.
    """
    with page.expect_response(lambda response: response.request.method == "POST"):
        button.click()
    page.wait_for_load_state()


def retweet_menu(post: Locator, entry: str) -> Locator:
    post.locator(".retweet summary").click()
    return post.locator(".retweet").get_by_text(entry, exact=True)


@pytest.mark.both_databases
@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_first_day(browse: People, ada: Account, publish, picture: Path, js: bool) -> None:
    publish(ada, "Hello, everybody")
    page = browse(js=js)

    # Signs up
    page.goto("/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Sign up").click()
    page.get_by_label("Name").fill("Nora")
    page.get_by_label("Handle").fill("newcomer")
    page.get_by_label("E-mail").fill("new@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    reveal = page.get_by_role("button", name="Show password")
    expect(reveal).to_have_count(1 if js else 0)
    if js:
        reveal.click()
        expect(reveal).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_label("Password")).to_have_attribute("type", "text")
        box = reveal.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    page.wait_for_timeout(1000)  # as long as anybody needs to type all that
    page.get_by_role("button", name="Sign up").click()

    # Is led through picture, bio and people to follow, and back
    expect(page).to_have_url(f"{browse.url}/welcome/picture")
    expect(page.get_by_role("heading", name="Choose a picture")).to_be_visible()
    page.get_by_label("New avatar").set_input_files(picture)
    page.get_by_role("button", name="Next").click()
    expect(page).to_have_url(f"{browse.url}/welcome/bio")
    page.get_by_label("Bio").fill("Knits")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Step 3 of 3")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("Bio")).to_have_value("Knits")
    page.get_by_role("link", name="Skip for now").click()
    act(page, page.get_by_role("button", name="Follow @ada"))
    act(page, page.get_by_role("button", name="Unfollow @ada"))
    expect(page.get_by_role("button", name="Follow @ada")).to_be_visible()
    page.get_by_role("link", name="Done").click()

    # Follows nobody, and reads all the same
    expect(page).to_have_url(f"{browse.url}/")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    expect(page.get_by_text("this is what everybody can read")).to_be_visible()
    expect(page.get_by_role("article").filter(has_text="Hello, everybody")).to_be_visible()

    # Writes, sees it, opens it, replies
    page.get_by_role("link", name="What is happening?").click()
    page.get_by_role("textbox", name="What is happening?").fill("My first post #hello")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Your post was sent.")
    page.goto("/")
    mine = page.get_by_role("article").filter(has_text="My first post")
    expect(mine).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)  # it is home now
    mine.locator(".when").click()
    expect(page.get_by_role("heading", name="Post", exact=True)).to_be_visible()
    page.get_by_role("link", name="Post your reply").click()
    page.get_by_role("textbox", name="Your reply").fill("And my first reply")
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.get_by_role("article").filter(has_text="And my first reply")).to_be_visible()
    expect(page.get_by_role("article").filter(has_text="My first post").first).to_be_visible()

    # Edits the profile
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Profile").click()
    page.get_by_role("link", name="Edit profile").click()
    page.get_by_label("Name", exact=True).fill("Nora Newcomer")
    page.get_by_label("Bio").fill("I am new here")
    page.get_by_label("New avatar").set_input_files(picture)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Your profile is saved.")
    expect(page.get_by_role("heading", name="Nora Newcomer", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Nora Newcomer", level=2)).to_be_visible()
    expect(page.get_by_text("I am new here")).to_be_visible()
    expect(page.get_by_role("link", name="Portrait of Nora Newcomer, large")).to_be_visible()

    # Finds somebody and follows them
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Explore").click()
    page.get_by_role("article").filter(has_text="Hello, everybody").get_by_role(
        "link", name="Ada Lovelace @ada"
    ).click()
    profile = page.get_by_role("region", name="Profile")
    act(page, profile.get_by_role("button", name="Follow @ada"))
    expect(profile.get_by_role("button", name="Unfollow @ada")).to_be_visible()
    page.goto("/")
    hers = page.get_by_role("article").filter(has_text="Hello, everybody")
    expect(hers).to_be_visible()

    # Retweets, undoes it, quotes
    act(page, retweet_menu(hers, "Retweet"))
    expect(page.locator(".retweet.on").first).to_be_visible()
    page.goto("/@newcomer")
    retweeted = page.get_by_role("article").filter(has_text="Nora Newcomer retweeted")
    expect(retweeted).to_contain_text("Hello, everybody")
    act(page, retweet_menu(retweeted, "Undo retweet"))
    page.goto("/@newcomer")
    expect(page.get_by_role("article").filter(has_text="Nora Newcomer retweeted")).to_have_count(0)
    page.goto("/@ada")
    retweet_menu(page.get_by_role("article").first, "Quote").click()
    expect(page.get_by_role("heading", name="Quote")).to_be_visible()
    expect(page.locator(".composer .quoted")).to_contain_text("Hello, everybody")
    page.locator(".composer [name=text]").fill("Well said")
    page.get_by_role("button", name="Post", exact=True).click()
    if js:  # in the dialog one stays where one is
        page.get_by_role("status").get_by_role("link", name="View").click()
    quote = page.get_by_role("article").filter(has_text="Well said")
    expect(quote.locator(".quoted")).to_contain_text("Hello, everybody")

    # Likes and unlikes
    page.goto("/@ada")
    act(page, page.get_by_role("button", name="Like; 0 likes"))
    like = page.get_by_role("button", name="Like; 1 like", exact=True)
    expect(like).to_have_attribute("aria-pressed", "true")
    act(page, like)
    expect(page.get_by_role("button", name="Like; 0 likes")).to_have_attribute(
        "aria-pressed", "false"
    )

    # Deletes
    page.goto("/@newcomer")
    mine = page.get_by_role("article").filter(has_text="Well said")
    mine.locator(".byline summary").click()
    mine.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_contain_text("Your post was deleted.")
    expect(page.get_by_role("article").filter(has_text="Well said")).to_have_count(0)
    assert not Post.objects.filter(text="Well said").exists()

    # Signs out, and in again, by handle and by e-mail
    for name in ("newcomer", "new@example.com"):
        page.get_by_role("navigation", name="Site").get_by_role("link", name="Settings").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Explore", level=1)).to_be_visible()
        page.get_by_role("navigation", name="Site").get_by_role("link", name="Sign in").click()
        page.get_by_label("Handle or e-mail").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_pictures_with_words(browse: People, ada: Account, picture: Path, js: bool) -> None:
    page = browse(ada, js=js)
    page.goto("/compose")
    page.get_by_label("What is happening?").fill("Look at this")
    page.get_by_text("Pictures", exact=True).click()
    page.get_by_label("Up to four pictures").set_input_files([picture, picture])
    page.get_by_label("Description of picture 1").fill("An orange field")
    page.get_by_label("Description of picture 2").fill("Another one")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("img", name="An orange field")).to_be_visible()
    expect(page.get_by_role("img", name="Another one")).to_be_visible()
    page.goto("/@ada/media")
    page.get_by_role("link", name="An orange field").click()
    expect(page).to_have_url(re.compile(r"/@ada/\d+$"))


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_was_refused_is_still_there(browse: People, ada: Account, js: bool) -> None:
    browse.expect_problem("422")
    page = browse(ada, js=js)
    page.goto("/compose")
    page.get_by_label("What is happening?").fill("x" * 281)
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("This is too long: 281 of 280 characters.")
    expect(page.get_by_label("What is happening?")).to_have_value("x" * 281)
