"""What a shared link shows, and what search engines are told: previews, canonical addresses,
robots.txt, the sitemap, the manifest.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from accounts.models import Account
from conftest import make_account
from testing.html import find
from testing.scene import external, say
from timeline.models import Post
from timeline.views import sitemap

HOSTILE = '"><script>alert(1)</script>\n\n& <b>bold</b>'


def meta(response: Any) -> dict[str, str]:
    """What the page says of itself; a name that comes twice fails."""
    named = [
        (tag.attrs.get("property") or tag.attrs["name"], tag.attrs["content"])
        for tag in find(response, "meta")
        if "content" in tag.attrs
    ]
    said = [(name, value) for name, value in named if name != "theme-color"]
    assert len(dict(said)) == len(said), "nothing is said twice"
    return dict(said)


def canonical(response: Any) -> str:
    [link] = find(response, "link", rel="canonical")
    return str(link.attrs["href"])


def is_indexed(response: Any) -> bool:
    return "noindex" not in meta(response).get("robots", "")


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = "https://blog.example"
    settings.SITE_NAME = "Engines & friends"


class TestProfiles:
    def test_words(self, ada: Account, visitor: Client) -> None:
        Account.objects.filter(pk=ada.pk).update(name=HOSTILE, bio=HOSTILE)
        response = visitor.get("/@ada")
        said = meta(response)
        assert said["og:title"] == f"{HOSTILE} (@ada)"
        assert (
            said["og:description"]
            == said["description"]
            == '"><script>alert(1)</script> & <b>bold</b>'
        )
        assert (said["og:type"], said["profile:username"], said["og:site_name"]) == (
            "profile",
            "ada",
            "Engines & friends",
        )
        assert said["og:url"] == canonical(response) == "https://blog.example/@ada"
        assert b"<script>alert" not in response.content

    def test_a_picture_is_the_banner_else_the_avatar_else_ours(
        self, ada: Account, visitor: Client
    ) -> None:
        said = meta(visitor.get("/@ada"))
        assert said["og:image"].startswith("https://blog.example/static/card")
        assert (said["og:image:width"], said["og:image:height"], said["twitter:card"]) == (
            "1200",
            "630",
            "summary_large_image",
        )
        Account.objects.filter(pk=ada.pk).update(avatar="a" * 32)
        said = meta(visitor.get("/@ada"))
        assert said["og:image"] == f"https://blog.example/media/{'a' * 32}/large.webp"
        assert (said["og:image:width"], said["og:image:height"], said["twitter:card"]) == (
            "400",
            "400",
            "summary",
        )
        Account.objects.filter(pk=ada.pk).update(banner="b" * 32)
        said = meta(visitor.get("/@ada"))
        assert said["og:image"] == f"https://blog.example/media/{'b' * 32}/large.webp"
        assert (said["og:image:width"], said["og:image:alt"]) == ("1500", "Banner of @ada")

    def test_a_tab_and_a_later_page_have_addresses_of_their_own(
        self, ada: Account, visitor: Client
    ) -> None:
        for path in ("/@ada", "/@ada/replies", "/@ada/media"):
            assert canonical(visitor.get(f"{path}?utm_source=x")) == f"https://blog.example{path}"
            later = visitor.get(f"{path}?before=77&utm_source=x")
            assert canonical(later) == f"https://blog.example{path}?before=77"
            assert not is_indexed(later)

    def test_who_is_not_to_be_found_has_none(self, ada: Account, visitor: Client) -> None:
        post = say(ada, "Hello")
        for change in ({"limited_at": timezone.now()}, {"suspended_at": timezone.now()}):
            Account.objects.filter(pk=ada.pk).update(
                **{"limited_at": None, "suspended_at": None, **change}
            )
            for path in ("/@ada", "/@ada/media", post.get_absolute_url()):
                response = visitor.get(path)
                assert not is_indexed(response), (change, path)
                assert not [
                    name
                    for name in meta(response)
                    if name.startswith(("og:", "twitter:", "article:"))
                ]

    def test_who_never_came_has_none(self, ada: Account, visitor: Client) -> None:
        eve = external("eve")
        assert not is_indexed(visitor.get(eve.get_absolute_url()))
        assert "og:title" not in meta(visitor.get(eve.get_absolute_url()))


class TestPosts:
    def test_words_and_time(self, ada: Account, visitor: Client) -> None:
        post = say(ada, HOSTILE)
        response = visitor.get(post.get_absolute_url())
        said = meta(response)
        assert said["og:type"] == "article"
        assert said["og:title"] == "Ada Lovelace (@ada)"
        assert said["og:description"] == '"><script>alert(1)</script> & <b>bold</b>'
        assert (
            abs(
                datetime.fromisoformat(said["article:published_time"]) - post.created_at
            ).total_seconds()
            < 1
        )
        assert said["article:author"] == "https://blog.example/@ada"
        assert canonical(response) == f"https://blog.example{post.get_absolute_url()}"
        assert is_indexed(response)

    def test_its_picture_with_size_and_description(self, ada: Account, visitor: Client) -> None:
        post = say(ada, "Look", pictures=2)
        media = post.media.first()
        said = meta(visitor.get(post.get_absolute_url()))
        assert said["og:image"] == f"https://blog.example{media.large}"
        assert (said["og:image:width"], said["og:image:height"]) == (
            str(media.width),
            str(media.height),
        )
        assert said.get("og:image:alt", "") == media.alt
        assert said["twitter:card"] == "summary_large_image"

    def test_none_of_a_sensitive_post(self, ada: Account, visitor: Client) -> None:
        post = say(ada, "Look away", pictures=1)
        Post.objects.filter(pk=post.pk).update(sensitive=True)
        page = visitor.get(post.get_absolute_url())
        assert meta(page)["og:image"].startswith("https://blog.example/static/card")

    def test_what_is_hidden_is_not_there(self, ada: Account, visitor: Client) -> None:
        post = say(ada, "A secret")
        post.hide()
        response = visitor.get(post.get_absolute_url())
        assert response.status_code == 404
        assert not is_indexed(response)
        assert "A secret" not in response.content.decode()
        assert find(response, "link", rel="canonical") == []


def test_every_page_of_a_visitor_has_a_description_and_one_address(
    ada: Account, visitor: Client
) -> None:
    say(ada, "Hello #engines")
    paths = "/ /explore /about /rules /transparency /removal?handle=ada /tags/Engines".split()
    for path in paths:
        response = visitor.get(path)
        assert meta(response)["description"], path
        address = f"https://blog.example{path.partition('?')[0]}"
        assert canonical(response).casefold() == address.casefold()
        assert is_indexed(response), path


@pytest.mark.parametrize(
    "path",
    ["/", "/@ada", "/settings", "/compose", "/bookmarks", "/@ada/likes", "/settings/appearance"],
)
def test_a_page_of_who_is_signed_in_says_nothing_to_machines(as_ada: Client, path: str) -> None:
    response = as_ada.get(path)
    assert not {"description", "twitter:card", "og:title"} & meta(response).keys()
    assert not find(response, "link", rel="canonical")


# --- What machines ask for ---


def needs_signing_in(client: Client, path: str) -> bool:
    return "/account/login" in client.get(path).get("Location", "")


def test_robots_are_kept_out_of_what_is_for_people_signed_in(ada: Account, visitor: Client) -> None:
    post = say(ada, "Hello")
    response = visitor.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert "public" in response["Cache-Control"]
    assert "Sitemap: https://blog.example/sitemap.xml" in response.content.decode().splitlines()
    rules = RobotFileParser()
    rules.parse(response.content.decode().splitlines())
    private = [
        "/settings",
        "/settings/profile",
        "/bookmarks",
        "/drafts",
        "/compose",
        "/complete?text=a",
        "/account/password/change/",
    ]
    private += [
        f"/posts/{post.pk}/edit",
        f"/posts/{post.pk}/delete",
        "/settings/reports",
        "/settings/decisions",
    ]
    for path in private:
        assert needs_signing_in(visitor, path), path
        assert not rules.can_fetch("*", path), path
    assert not rules.can_fetch("*", "/admin/")
    for path in (
        "/",
        "/explore",
        "/@ada",
        "/@ada/media",
        post.get_absolute_url(),
        "/about",
        "/removal",
        "/media/x/large.webp",
        "/static/x.css",
    ):
        assert rules.can_fetch("*", path), path


class TestSitemap:
    def test_it_names_who_may_be_found(
        self, ada: Account, ben: Account, cal: Account, visitor: Client
    ) -> None:
        external("eve")
        Account.objects.filter(pk=ben.pk).update(limited_at=timezone.now())
        Account.objects.filter(pk=cal.pk).update(suspended_at=timezone.now())
        response = visitor.get("/sitemap.xml")
        assert response["Content-Type"].startswith("application/xml")
        found = ElementTree.fromstring(response.content)
        assert found.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset"
        places = [
            str(place.text)
            for place in found.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
        ]
        assert [place for place in places if "@" in place] == ["https://blog.example/@ada"]
        for place in places:
            assert visitor.get(place.removeprefix("https://blog.example")).status_code == 200

    def test_when_it_changed(self, ada: Account, visitor: Client) -> None:
        Account.objects.filter(pk=ada.pk).update(joined_at=datetime(2020, 1, 2, tzinfo=UTC))
        assert "<lastmod>2020-01-02</lastmod>" in visitor.get("/sitemap.xml").content.decode()
        post = say(ada, "Hello")
        assert (
            f"<lastmod>{post.created_at:%Y-%m-%d}</lastmod>"
            in visitor.get("/sitemap.xml").content.decode()
        )

    def test_many_are_parts(self, visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        people = [make_account(f"person_{n}") for n in range(7)]
        monkeypatch.setattr(sitemap, "RANGE", people[0].pk // 2 + 1)
        index = visitor.get("/sitemap.xml").content.decode()
        parts = re.findall(r"<loc>https://blog\.example(/sitemap\.xml\?part=\d+)</loc>", index)
        assert "<sitemapindex" in index
        assert len(parts) >= 2
        found = "".join(visitor.get(part).content.decode() for part in parts)
        assert sorted(re.findall(r"/@(\w+)", found)) == sorted(person.handle for person in people)
        for nothing in (str(len(parts)), "-1", "x", "", "9" * 30):
            assert visitor.get("/sitemap.xml", {"part": nothing}).status_code == 404

    def test_it_asks_the_same_of_many(self, ada: Account, visitor: Client) -> None:
        for number in (0, 20):
            Account.objects.bulk_create(Account(handle=f"p{n}", name="P") for n in range(number))
            with CaptureQueriesContext(connection) as queries:
                visitor.get("/sitemap.xml")
            assert len(queries) == 2


def test_the_manifest(visitor: Client) -> None:
    response = visitor.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    said = json.loads(response.content)
    assert (said["name"], said["start_url"]) == ("Engines & friends", "/")
    for icon in said["icons"]:
        with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in said["icons"]}
    [link] = find(visitor.get("/"), "link", rel="manifest")
    assert link.attrs["href"] == "/manifest.webmanifest"


@pytest.mark.parametrize(
    ("theme", "colors"),
    [("", ["#ffffff", "#0b0d10"]), ("light", ["#ffffff"]), ("dark", ["#0b0d10"])],
)
def test_the_browser_has_the_pages_colour(visitor: Client, theme: str, colors: list[str]) -> None:
    visitor.cookies["theme"] = theme
    assert [
        tag.attrs["content"] for tag in find(visitor.get("/"), "meta", name="theme-color")
    ] == colors
