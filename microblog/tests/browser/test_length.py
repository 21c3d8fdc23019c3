"""The composer counts what the server counts: one table of cases for both (lengths.json)."""

import json
from pathlib import Path

from playwright.sync_api import expect

from accounts.models import Account

from .conftest import People

LENGTHS = json.loads((Path(__file__).parents[1] / "lengths.json").read_text())
COUNTED = """async texts => {
    const { length } = await import("/static/js/text_length.js");
    // It loads the domains when they are first needed.
    for (let tries = 0; length("a.com") !== 23 && tries < 200; tries++) {
        await new Promise(done => setTimeout(done, 50));
    }
    return texts.map(text => length(text));
}"""


def test_every_length_is_the_servers(browse: People, ben: Account) -> None:
    page = browse(ben)
    page.goto("/compose")
    counted = page.evaluate(COUNTED, [text for text, _ in LENGTHS])
    assert [(text, length) for (text, _), length in zip(LENGTHS, counted, strict=True)] == [
        tuple(case) for case in LENGTHS
    ]


def test_fifty_thousand_characters_do_not_stop_the_page(browse: People, ben: Account) -> None:
    """In steps of the same work for twice the text: the browser's own deadline of 30 seconds is the
    bound.
    """
    page = browse(ben)
    page.goto("/compose")
    for piece in (
        "a.",
        "日com.",
        "www.",
        "http://a.com/(",
        "#a",
        "a.com#()",
        "👨\u200d",
        "\u200b\n",
        "a-",
        "x" * 63 + ".",
    ):
        page.evaluate(COUNTED, [(piece * 50_000)[:50_000]])


def test_the_ring_counts_an_address_without_a_scheme_once_it_knows_the_domains(
    browse: People, ben: Account
) -> None:
    page = browse(ben)
    page.goto("/compose")
    left = page.locator(".ring .left").first
    page.locator("#compose-text").fill("x" * 250 + " node.js ❤️")
    expect(left).to_have_text("19")
    page.locator("#compose-text").fill("x" * 250 + " example.photography")
    expect(left).to_have_text("6")
