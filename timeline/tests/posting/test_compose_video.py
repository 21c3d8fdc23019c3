"""Videos from the composer: in the field of the pictures, recognised by what is in them, cleared of
what a camera wrote.
"""

import struct
import time
from io import BytesIO

import av
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from microblog.media import uploads, video
from testing.html import find
from testing.pictures import plain, upload
from testing.scene import body_of
from testing.videos import box, film, mp4, webm
from timeline.models import Media, Post

SECRET = b"+52.5200+013.4050/"
SIZE = (128, 96)
UPRIGHT = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
TURNED = struct.pack(">9I", 0, 1 << 16, 0, -(1 << 16) & 0xFFFFFFFF, 0, 0, 0, 0, 1 << 30)


def send(client: Client, *files: SimpleUploadedFile, **more: str):
    return client.post("/compose", {"text": "", "images": list(files), **more})


@pytest.mark.parametrize(("matrix", "size"), [(UPRIGHT, SIZE), (TURNED, SIZE[::-1])])
def test_video_is_published_and_served(
    as_ben: Client, matrix: bytes, size: tuple[int, int]
) -> None:
    content = mp4(SECRET, size=SIZE)
    at = content.index(b"tkhd") + 44
    response = send(
        as_ben, upload(content[:at] + matrix + content[at + 36 :], "holiday.txt"), alt_1="Waves"
    )
    assert response.status_code == 302
    media = Media.objects.get()
    assert (media.kind, media.width, media.height, media.alt) == ("video", *size, "Waves")
    with default_storage.open(uploads.path(media.key, "video.mp4")) as file:
        kept = file.read()
    assert SECRET not in kept
    with av.open(BytesIO(kept)) as file:
        assert len(frames := list(file.decode(video=0))) == 4
        assert frames[0].rotation % 180 == (0 if matrix == UPRIGHT else 90), (
            "as it was turned, it still is"
        )
    (player,) = find(as_ben.get(response["Location"]), "video")
    assert (player.attrs["src"], player.attrs["width"], player.attrs["aria-label"]) == (
        media.video,
        str(size[0]),
        "Waves",
    )


def test_webm_is_published_and_served(as_ben: Client, visitor: Client) -> None:
    """As a browser records it: sent as a picture, kept, shown and served as what it is."""
    response = send(as_ben, upload(webm(SECRET, size=SIZE), "holiday.mp4"), alt_1="Waves")
    assert response.status_code == 302
    media = Media.objects.get()
    assert (media.kind, media.container, media.width, media.height) == ("video", "webm", *SIZE)
    (player,) = find(visitor.get(response["Location"]), "video")
    assert player.attrs["src"] == media.video == f"/media/{media.key}/video.webm"
    served = visitor.get(media.video)
    assert (served.status_code, served["Content-Type"]) == (200, "video/webm")
    kept = body_of(served)
    assert SECRET not in kept
    assert body_of(visitor.get(media.video, headers={"Range": "bytes=0-3"})) == b"\x1a\x45\xdf\xa3"
    assert visitor.get(f"/media/{media.key}/video.mp4").status_code == 404


def test_the_form_offers_what_the_site_takes(as_ben: Client) -> None:
    (field,) = find(as_ben.get("/compose"), "input", name="images")
    assert {"video/mp4", "video/webm", "image/heic", "image/avif"} <= set(
        field.attrs["accept"].split(",")
    )


def test_video_may_stand_among_pictures(as_ben: Client) -> None:
    send(as_ben, upload(), upload(film(), "a.mp4"), upload(plain(kind="AVIF"), "b.mp4"))
    assert list(Media.objects.order_by("position").values_list("kind", flat=True)) == [
        "image",
        "video",
        "image",
    ]
    assert Post.objects.get().media_count == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x1a\x45\xdf\xa3" + bytes(500), "broken"),
        (box(b"ftyp", b"isom") + box(b"mdat", bytes(1000)), "broken"),
        (film()[:-900], "broken"),
        (film("webm").replace(b"V_VP8", b"V_VP9"), "not what it says"),
        (film(codec="mpeg4"), "browsers do not play"),
    ],
    ids=["no WebM", "no track", "cut", "another codec", "an old codec"],
)
def test_what_is_no_video_is_refused(as_ben: Client, content: bytes, says: str) -> None:
    began = time.process_time()  # nothing is waited for
    response = send(as_ben, upload(content, "film.mp4"), text="Look")
    assert time.process_time() - began < 1
    assert response.status_code == 422
    assert says in " ".join(element.text for element in find(response, "div", class_="errors"))
    assert find(response, "textarea", name="text")[0].text == "Look"
    assert not Post.objects.exists()


def test_video_that_is_too_large_is_refused(
    as_ben: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video, "MAX_BYTES", 100)
    response = send(as_ben, upload(film(), "film.mp4"))
    assert "film.mp4 is too large" in response.content.decode()


def test_a_request_has_room_for_the_largest(settings) -> None:
    assert settings.MAX_BODY > video.MAX_BYTES + 1024**2
