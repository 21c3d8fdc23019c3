"""A picture in a row and in the tab of media: what its link is called, its description, and what
moves.
"""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from accounts.models import Account
from microblog.media import images, uploads
from microblog.media.images import Picture
from testing.html import find
from testing.pictures import moving, plain
from testing.scene import body_of, picture, say
from timeline.models import Media, Post
from timeline.posting.attachments import PICTURE_SIZES, Attachment
from timeline.posting.publish import publish
from timeline.tests.test_admin import LIST, staff

FRAMES = [Image.new("RGB", (40, 30), color) for color in ("red", "blue")]


def lamp(alt: str = "A lamp") -> Attachment:
    return Attachment(images.fit(BytesIO(moving(*FRAMES, duration=100)), PICTURE_SIZES), alt)


def links(client: Client, post: Post) -> list[str]:
    """What the links to the pictures of `post` are called on its author's page."""
    response = client.get(post.author.get_absolute_url())
    alts = {
        image.inside[-1].attrs["href"]: image.attrs["alt"]
        for image in find(response, "img")
        if image.within("a")
    }
    return [
        link.attrs.get("aria-label") or alts[link.attrs["href"]]
        for link in find(response, "a")
        if "data-view" in link.attrs
    ]


@pytest.mark.parametrize(
    ("alts", "names"),
    [
        (["A cat"], ["A cat"]),
        ([""], ["Picture, no description"]),
        (["A cat", "", "A dog"], ["A cat", "Picture 2 of 3, no description", "A dog"]),
    ],
)
def test_a_link_to_a_picture_has_a_name(
    ada: Account, visitor: Client, alts: list[str], names: list[str]
) -> None:
    assert links(visitor, publish(ada, "Look", attachments=[picture(alt) for alt in alts])) == names


def test_a_description_has_a_badge_that_opens_it(
    ada: Account, ben: Account, visitor: Client
) -> None:
    post = publish(ada, "Look", attachments=[picture("<b>A cat</b>"), picture()])
    publish(ben, "See", quote_of=post)
    post.retweet(ben)
    for path, number in (
        ("/@ada", 1),
        ("/@ada/media", 1),
        ("/@ben", 2),
        (post.get_absolute_url(), 1),
    ):
        response = visitor.get(path)
        opened = [
            button.attrs["popovertarget"] for button in find(response, "button", class_="alt")
        ]
        shown = [box for box in find(response, "div") if "popover" in box.attrs]
        assert opened == [box.attrs["id"] for box in shown], path
        assert len(set(opened)) == number, path
        assert b"&lt;b&gt;A cat&lt;/b&gt;" in response.content


def test_the_tile_of_what_is_sensitive_tells_nothing(ada: Account, visitor: Client) -> None:
    say(ada, "Careful", pictures=1, sensitive=True)
    response = visitor.get("/@ada/media")
    assert not find(response, "button", class_="alt")
    assert b"Picture 1" not in response.content


# --- What moves ---


def test_what_moves_is_known_and_has_a_still_picture(ada: Account, visitor: Client) -> None:
    post = publish(
        ada, "Look", attachments=[lamp(), Attachment(images.fit(BytesIO(plain()), PICTURE_SIZES))]
    )
    moves, stands = post.media.all()
    assert (moves.moves, stands.moves) == (True, False)
    response = visitor.get(moves.still)
    with Image.open(BytesIO(body_of(response))) as still:
        assert (still.format, still.size, getattr(still, "n_frames", 1)) == ("WEBP", (40, 30), 1)
    assert visitor.get(stands.still).status_code == 404
    assert moves.bytes == uploads.bytes_of(moves.key), "its owner pays for it"


def test_its_row_has_both_and_a_switch_and_its_tile_stands_still(
    ada: Account, visitor: Client
) -> None:
    media = publish(ada, "Look", attachments=[lamp(), picture("Still")]).media.first()
    assert media
    row = visitor.get("/@ada")
    assert [
        image.attrs["alt"]
        for image in find(row, "img")
        if image.attrs["src"] in (media.small, media.still)
    ] == ["A lamp"] * 2
    assert len(find(row, "label", class_="motion")) == 1
    tab = visitor.get("/@ada/media")
    assert find(tab, "img", src=media.still)
    assert not find(tab, "img", src=media.small)
    assert not find(tab, "label", class_="motion")


def test_where_nothing_can_be_stopped_it_stands_still(ada: Account, as_ada: Client) -> None:
    post = publish(ada, "Look", attachments=[lamp("")])
    media, moderator = post.media.get(), staff("view_post", "view_media")
    for client, path in (
        (as_ada, "/settings/descriptions"),
        (moderator, LIST),
        (moderator, f"{LIST}{post.pk}/change/"),
    ):
        page = client.get(path).content.decode()
        assert media.still in page, path
        assert media.small not in page, path


def test_what_was_made_knows_whether_it_moves() -> None:
    assert lamp().picture.moves  # type: ignore[union-attr]
    assert not Picture({"small.webp": b"1"}, 1, 1).moves
    assert not Media().moves
