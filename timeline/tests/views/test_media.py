"""Uploads are served by a view: GET /media/KEY/SIZE.webp, to everybody who may see what they belong
to, which may be kept for ever.
"""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from microblog.media import uploads
from testing.html import find
from testing.scene import body_of, retweet, say
from timeline.models import Media, Post

CONTENT = b"a small picture"


@pytest.fixture
def post(ada: Account) -> Post:
    return say(ada, "", pictures=1)


@pytest.fixture
def url(post: Post) -> str:
    return post.media.get().small


def get(client: Client, url: str, **headers: str) -> tuple[Any, bytes]:
    response = client.get(url, headers=headers)
    return response, body_of(response)


def test_served_to_everybody(url: str, visitor: Client, as_ben: Client) -> None:
    for client in (visitor, as_ben):
        response, body = get(client, url)
        assert (response.status_code, response["Content-Type"], body) == (
            200,
            "image/webp",
            CONTENT,
        )
        assert response["Content-Length"] == str(len(CONTENT))


def test_kept_for_ever_by_any_cache(url: str, visitor: Client, as_ben: Client) -> None:
    for client in (visitor, as_ben):
        response, _ = get(client, url)
        assert set(response["Cache-Control"].split(", ")) == {
            "public",
            "max-age=31536000",
            "immutable",
        }
        assert "Cookie" not in response.get("Vary", "")
        assert not response.cookies


def test_no_browser_takes_it_for_something_else(url: str, visitor: Client) -> None:
    response, _ = get(visitor, url)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_it_asks_the_database_little(
    url: str, as_ben: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(2):
        get(as_ben, url)


def test_avatars_and_banners(ada: Account, visitor: Client) -> None:
    for field in ("avatar", "banner"):
        ada.set_picture(field, {"small.webp": b"a face"})  # type: ignore[arg-type]
        assert get(visitor, f"/media/{getattr(ada, field)}/small.webp")[1] == b"a face"
    ada.suspend()
    for key in (ada.avatar, ada.banner):
        assert visitor.get(f"/media/{key}/small.webp").status_code == 404


def test_a_retweet_does_not_bring_back_what_is_hidden(
    post: Post, url: str, ben: Account, visitor: Client
) -> None:
    retweet(ben, post)
    post.hide()
    assert visitor.get(url).status_code == 404


def test_404_for_what_nobody_may_see(
    ada: Account, post: Post, url: str, visitor: Client, as_ada: Client
) -> None:
    post.hide()
    for client in (visitor, as_ada):
        response = client.get(url)
        assert response.status_code == 404
        assert "immutable" not in response.get("Cache-Control", "")
    post.unhide()
    assert get(visitor, url)[0].status_code == 200
    ada.suspend()
    assert visitor.get(url).status_code == 404
    ada.restore()
    assert get(visitor, url)[0].status_code == 200
    post.remove()
    assert visitor.get(url).status_code == 404


def test_404_where_the_file_is_missing(post: Post, url: str, visitor: Client) -> None:
    uploads.discard(post.media.get().key)
    assert visitor.get(url).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "small.png",
        "original.webp",
        "small.webp.bak",
        "SMALL.WEBP",
        ".webp",
        "..",
        "..%2fsmall.webp",
        "%2e%2e",
        "video.mp4",
        "small.webp%00",
        "small.webp%0a",
    ],
)
def test_no_other_name(url: str, visitor: Client, name: str) -> None:
    assert visitor.get(url.replace("small.webp", name)).status_code == 404


@pytest.mark.parametrize(
    "key",
    [
        "",
        "0" * 32,
        "f" * 31,
        "f" * 33,
        "..",
        "%2e%2e",
        "..%2f..%2fetc",
        "../../../../etc/passwd",
        "g" * 32,
        "F" * 32,
        "%00" * 8,
        "f" * 32 + "%0a",
        "١" * 32,
    ],
)
def test_no_other_key(url: str, visitor: Client, key: str) -> None:
    assert visitor.get(f"/media/{key}/small.webp").status_code == 404


def test_a_key_in_other_letters_is_another(url: str, visitor: Client) -> None:
    assert (
        visitor.get(
            url.upper().replace("/MEDIA/", "/media/").replace("SMALL.WEBP", "small.webp")
        ).status_code
        == 404
    )


def test_a_key_is_long_and_hard_to_guess(ada: Account) -> None:
    keys = {say(ada, "", pictures=1).media.get().key for _ in range(5)}
    assert len(keys) == 5
    assert {len(key) for key in keys} == {32}
    assert uploads.key_for("x", "1") == uploads.key_for("x", "1") != uploads.key_for("x1", "")


def test_head(url: str, visitor: Client) -> None:
    response = visitor.head(url)
    assert body_of(response) == b""
    assert (response.status_code, response["Content-Length"]) == (200, str(len(CONTENT)))


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods(url: str, as_ada: Client, method: str) -> None:
    assert getattr(as_ada, method)(url).status_code == 405


def test_a_key_that_the_database_could_not_hold_is_never_asked_for(
    visitor: Client, db: None
) -> None:
    assert (
        visitor.get(
            "/media/" + "\ud800".encode("utf-8", "surrogatepass").hex() + "/small.webp"
        ).status_code
        == 404
    )


# --- Parts of a file, as players ask for them ---


@pytest.mark.parametrize(
    ("asked", "part", "range_"),
    [
        ("bytes=0-", CONTENT, "bytes 0-14/15"),
        ("bytes=0-0", b"a", "bytes 0-0/15"),
        ("bytes=2-6", b"small", "bytes 2-6/15"),
        ("bytes=8-", b"picture", "bytes 8-14/15"),
        ("bytes=8-9999999999", b"picture", "bytes 8-14/15"),
        ("bytes=-7", b"picture", "bytes 8-14/15"),
        ("bytes=-999", CONTENT, "bytes 0-14/15"),
    ],
)
def test_a_part(url: str, visitor: Client, asked: str, part: bytes, range_: str) -> None:
    response, body = get(visitor, url, Range=asked)
    assert (response.status_code, body) == (206, part)
    assert response["Content-Range"] == range_
    assert response["Content-Length"] == str(len(part))
    assert "immutable" in response["Cache-Control"]


@pytest.mark.parametrize(
    "asked", ["bytes=15-", "bytes=15-20", "bytes=5-2", "bytes=-0", "bytes=999999999999999999-"]
)
def test_a_part_that_is_not_there(url: str, visitor: Client, asked: str) -> None:
    response, _ = get(visitor, url, Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */15"
    assert "immutable" not in response["Cache-Control"]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bytes=-",
        "bytes",
        "bytes=a-b",
        "bytes=0-1,3-4",
        "lines=0-1",
        "bytes=1" + "0" * 30 + "-",
        "bytes=0x1-",
    ],
)
def test_what_is_no_range_gets_the_whole(url: str, visitor: Client, asked: str) -> None:
    response, body = get(visitor, url, Range=asked)
    assert (response.status_code, body) == (200, CONTENT)
    assert response["Accept-Ranges"] == "bytes"


# --- Sent by nginx ---


def test_nginx_sends_the_file_where_it_is_told_to(
    post: Post, url: str, visitor: Client, settings: Any
) -> None:
    settings.ACCEL_REDIRECT = "/_media/"
    key = post.media.get().key
    response, body = get(visitor, url)
    assert (response.status_code, response["Content-Type"], body) == (200, "image/webp", b"")
    assert response["X-Accel-Redirect"] == f"/_media/{key[:2]}/{key}/small.webp"
    assert "immutable" in response["Cache-Control"]
    post.hide()
    assert "X-Accel-Redirect" not in visitor.get(url)


def test_a_video(post: Post, visitor: Client) -> None:
    key = uploads.store({"video.mp4": b"moving pictures"})
    Media.objects.create(post=post, position=1, kind="video", key=key, width=640, height=360)
    response, body = get(visitor, f"/media/{key}/video.mp4")
    assert (response.status_code, response["Content-Type"], body) == (
        200,
        "video/mp4",
        b"moving pictures",
    )


def test_the_first_picture_of_a_page_does_not_wait(
    ada: Account, ben: Account, visitor: Client
) -> None:
    """A browser begins with it before it knows what is in view; all others load when they come
    there.
    """
    for number in range(4):
        say(ada, f"Post {number}", pictures=2)
    say(ada, "Careful", pictures=1, sensitive=True)
    pictures = [
        image.attrs for image in find(visitor.get("/@ada"), "img") if image.within("article")
    ]
    assert [image.get("loading") for image in pictures] == ["lazy", None, *["lazy"] * 7]
    assert pictures[1]["fetchpriority"] == "high"


def test_a_picture_far_below_waits(ada: Account, visitor: Client) -> None:
    say(ada, "Below", pictures=1)
    for number in range(3):
        say(ada, f"Post {number}")
    (picture,) = [image for image in find(visitor.get("/@ada"), "img") if image.within("article")]
    assert picture.attrs["loading"] == "lazy"
