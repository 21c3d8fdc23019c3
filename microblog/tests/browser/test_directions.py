"""Texts in Arabic and Hebrew, and what is not in them: each part stands in its own direction."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.models import Account
from timeline.models import Post

from .conftest import PHONE, WIDE, People

# Where the first and the last letter of each link in a text stand, from the left.
ENDS = """element => [...element.querySelectorAll("a")].map(link => {
    const letters = link.firstChild;
    const at = n => {
        const range = new Range();
        range.setStart(letters, n);
        range.setEnd(letters, n + 1);
        return range.getBoundingClientRect().left;
    };
    return [link.textContent, at(0), at(letters.length - 1)];
})"""


def directions(page: Page, selector: str) -> dict[str, str]:
    """Which way each link runs."""
    return {
        text: "right" if first < last else "left"
        for text, first, last in page.locator(selector).first.evaluate(ENDS)
    }


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_names_and_addresses_in_arabic_and_tags_of_it_in_english(
    browse: People, ada: Account, ben: Account, publish: Callable[..., Post], width: int
) -> None:
    arabic = publish(ada, "مرحبا @ben، انظر example.com #هندسة")
    english = publish(ada, "Hello @ben, see example.com #هندسة")
    ada.edit(bio="مرحبا @ben")
    expected = {"@ben": "right", "example.com": "right", "#هندسة": "left"}
    page = browse(width=width)
    page.goto("/@ada")
    for post, direction in ((arabic, "rtl"), (english, "ltr")):
        assert directions(page, f"#p{post.pk} .text") == expected
        assert (
            page.locator(f"#p{post.pk} .text").evaluate(
                "element => getComputedStyle(element).direction"
            )
            == direction
        )
    assert directions(page, ".bio") == {"@ben": "right"}


def test_names_in_a_list_of_people_stand_above_each_other(
    browse: People, ada: Account, ben: Account, cal: Account
) -> None:
    """A name in Arabic is read from the right, and begins where the others do."""
    ben.edit(name="عبد الرحمن")
    cal.follow(ada)
    page = browse()
    page.goto("/@ada/followers")
    left = """name => {
        const range = new Range();
        range.selectNodeContents(name);
        return Math.round(range.getBoundingClientRect().left);
    }"""
    names = page.locator("#people-tab .author b")
    assert names.count() == 2
    assert len({names.nth(n).evaluate(left) for n in range(2)}) == 1


# How far the first letter of each line stands from the left and from the right side of the text.
EDGES = """element => {
    const [box, style] = [element.getBoundingClientRect(), getComputedStyle(element)];
    const from = box.left + parseFloat(style.paddingLeft);
    const to = box.right - parseFloat(style.paddingRight);
    const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const places = [];
    let begins = true;
    while (nodes.nextNode()) [...nodes.currentNode.data].forEach((letter, n) => {
        const range = new Range();
        range.setStart(nodes.currentNode, n);
        range.setEnd(nodes.currentNode, n + 1);
        const { left, right } = range.getBoundingClientRect();
        if (begins && letter !== "\\n") places.push([left - from, to - right]);
        begins = letter === "\\n";
    });
    return places;
}"""


def sides(page: Page, selector: str) -> list[str]:
    """On which side each line begins."""
    return [
        "left" if left < 1 else "right" if right < 1 else "neither"
        for left, right in page.locator(selector).first.evaluate(EDGES)
    ]


def test_each_line_takes_its_own_direction(
    browse: People, ada: Account, publish: Callable[..., Post]
) -> None:
    arabic_first = publish(ada, "مرحبا بالعالم (1)\nHello, world!\n\nשלום לכולם.")
    english_first = publish(ada, "Hello, world!\nمرحبا @ben، انظر\nمرحبا 123")
    ada.edit(bio="Writes in English.\nوبالعربية.")
    page = browse()
    page.goto("/@ada")
    assert sides(page, f"#p{arabic_first.pk} .text") == ["right", "left", "right"]
    assert sides(page, f"#p{english_first.pk} .text") == ["left", "right", "right"]
    assert sides(page, ".bio") == ["left", "right"]
    page.goto(english_first.get_absolute_url())
    assert sides(page, f"#p{english_first.pk} .text") == ["left", "right", "right"]


# Whether the first letter of a text, and all of it that is Latin, is inside of what is cut off.
BEGINNING = """name => {
    const range = new Range();
    range.setStart(name.firstChild, 0);
    range.setEnd(name.firstChild, 1);
    const letter = range.getBoundingClientRect(), box = name.getBoundingClientRect();
    return letter.left >= box.left - 1 && letter.right <= box.right + 1;
}"""


def test_a_long_name_is_cut_off_at_its_end(
    browse: People, ada: Account, ben: Account, publish: Callable[..., Post]
) -> None:
    """Read from the right, the end is on the left; that it was retweeted is said all the same."""
    ben.edit(name="عبد الرحمن بن محمد بن عبد الله بن أحمد الطويل")
    publish(ada, "Hello").retweet(ben)
    page = browse(width=PHONE)
    page.goto("/@ben")
    for name in (page.locator("h1 bdi"), page.locator(".context bdi")):
        assert name.evaluate("name => name.scrollWidth > name.clientWidth"), "it is too long"
        assert name.evaluate(BEGINNING)
    said = page.locator(".context a:has(bdi)")
    assert said.evaluate("link => link.scrollWidth <= link.clientWidth")
