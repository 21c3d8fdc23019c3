"""/about: what this place is, in the words of who keeps it."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from conftest import client_of
from moderation.models import About
from testing.html import find
from testing.staffed_site import staff

ABOUT = "/admin/moderation/about/"


def test_about_has_words_before_anybody_wrote_any(visitor: Client) -> None:
    page = visitor.get("/about").content.decode()
    for words in (
        "What this place is",
        "Who runs it",
        "has not written down yet",
        "Privacy",
        "keyed digest",
    ):
        assert words in page
    assert not About.objects.exists()


def test_text_becomes_paragraphs_and_links_and_nothing_else(visitor: Client) -> None:
    contact = (
        "Ada <b>Lovelace</b> & Co\n\nhttps://ada.example/?a=1&b=2 "
        "javascript:alert(1)\nada@ada.example"
    )
    About.objects.create(contact=contact)
    page = visitor.get("/about")
    text = page.content.decode()
    assert "<b>Lovelace" not in text
    assert "<p>Ada &lt;b&gt;Lovelace&lt;/b&gt; &amp; Co</p>" in text
    links = [link.attrs["href"] for link in find(page, "a")]
    assert "https://ada.example/?a=1&b=2" in links
    assert not [link for link in links if link.startswith("javascript")]


def test_an_administrator_writes_it_and_a_moderator_does_not(visitor: Client) -> None:
    words = {"place": "A garden", "contact": "Ask Ada", "privacy": "Nothing leaves"}
    adi, mod = client_of(staff("adi", "Administrators")), client_of(staff("mod", "Moderators"))
    assert mod.post(f"{ABOUT}add/", words).status_code == 403
    assert adi.get(ABOUT)["Location"] == f"{ABOUT}add/"
    # the words that it comes with, to begin from
    assert "This is a microblog" in adi.get(f"{ABOUT}add/").content.decode()
    assert adi.post(f"{ABOUT}add/", words).status_code == 302
    assert adi.get(ABOUT)["Location"] == f"{ABOUT}1/change/"
    assert "A garden" in visitor.get("/about").content.decode()
    assert (
        "at most 10000"
        in adi.post(f"{ABOUT}1/change/", {**words, "place": "x" * 10_001}).content.decode()
    )


def test_about_is_one_row(db: None) -> None:
    About.objects.create()
    with pytest.raises(IntegrityError):
        About.objects.bulk_create([About(pk=2)])


def test_every_page_leads_to_about(visitor: Client, as_ada: Client, settings: Any) -> None:
    settings.SITE_DESCRIPTION = "Engines, & who builds them."
    for client in (visitor, as_ada):
        for path in ("/explore", "/@ada", "/account/login/", "/rules", "/nothing"):
            links = {link.attrs["href"] for link in find(client.get(path, follow=True), "a")}
            assert {"/about", "/about#privacy", "/rules", "/transparency", "/removal"} <= links, (
                path
            )
    assert (
        "Engines, &amp; who builds them." in visitor.get("/").content.decode().partition("<main")[2]
    )
