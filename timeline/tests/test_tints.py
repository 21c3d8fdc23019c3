"""A picture has its own colour while it loads, by a class: no page has a style of its own."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Account
from microblog.media.images import Picture
from timeline.models import Media
from timeline.models.media import DIGITS, tint
from timeline.posting.attachments import Attachment
from timeline.posting.publish import publish

FILES = {"small.webp": b"1", "large.webp": b"2"}


@pytest.mark.parametrize(
    ("color", "class_"),
    [
        ("#000000", "r2 g2 b2"),
        ("#ffffff", "re ge be"),
        ("#2288ee", "r2 g8 be"),
        ("#808080", "r8 g8 b8"),
        ("#33ff66", "r5 ge b8"),
        ("", ""),
    ],
)
def test_the_class_of_a_colour(color: str, class_: str) -> None:
    assert tint(color) == class_


def test_every_class_is_in_the_stylesheet() -> None:
    css = (Path(settings.BASE_DIR) / "timeline/static/timeline/media.css").read_text()
    shades = re.findall(r"\.([rgb])(\w) \{\s+--(red|green|blue): (\d+);\s+\}", css)
    assert shades == [
        (part, digit, name, str(int(digit * 2, 16)))
        for part, name in (("r", "red"), ("g", "green"), ("b", "blue"))
        for digit in DIGITS
    ]


def test_no_colour_is_far_from_its_class() -> None:
    for value in range(256):
        shown = int(tint(f"#{value:02x}0000")[1] * 2, 16)
        assert abs(value - shown) <= 34


@pytest.mark.django_db
def test_a_post_and_the_tab_of_media_show_it(ada: Account, visitor: Client) -> None:
    post = publish(
        ada,
        "",
        attachments=[
            Attachment(Picture(FILES, 40, 30, "#2a80f0"), "Sea"),
            Attachment(Picture(FILES, 40, 30), "Glass"),
        ],
    )
    assert [media.color for media in Media.objects.of_posts([post.pk])] == ["#2a80f0", ""]
    for url in ("/@ada", "/@ada/media", post.get_absolute_url(), "/explore"):
        page = visitor.get(url).content.decode()
        assert page.count('class="r2 g8 be"') == 1, url
        assert '<img class=""' not in page
        assert "timeline/media" in page
