"""Videos from the composer: in the field of the pictures, recognised by what is in them, cleared of what a camera wrote."""

import struct
import time

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from archives.tests.make import box, mp4
from microblog import uploads, video
from microblog.tests.pictures import plain, upload
from microblog.tests.reading import find
from microblog.tests.videos import track, webm
from timeline.models import Media, Post
from timeline.tests.scene import body_of

SECRET = b"+52.5200+013.4050/"
TURNED = (0, 1 << 16, 0, -(1 << 16) & 0xFFFFFFFF, 0, 0, 0, 0, 1 << 30)
UPRIGHT = (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)


def film(width: int = 640, height: int = 360, matrix: tuple[int, ...] = UPRIGHT) -> bytes:
    """An MP4 whose track says so many pixels, with a secret wherever cameras write such things."""
    content = mp4(SECRET)
    at = content.index(b"tkhd") - 4
    old = struct.unpack(">I", content[at : at + 4])[0]
    head = content[at + 8 : at + 28]
    tkhd = box(b"tkhd", head, bytes(16), struct.pack(">9I", *matrix), struct.pack(">II", width << 16, height << 16))
    whole = content[:at] + tkhd + content[at + old :]
    for kind in (b"moov", b"trak"):
        where = whole.index(kind) - 4
        size = struct.unpack(">I", whole[where : where + 4])[0] + len(tkhd) - old
        whole = whole[:where] + struct.pack(">I", size) + whole[where + 4 :]
    return whole


def send(client: Client, *files: SimpleUploadedFile, **more: str):
    return client.post("/compose", {"text": "", "images": list(files), **more})


@pytest.mark.parametrize(("matrix", "size"), [(UPRIGHT, (640, 360)), (TURNED, (360, 640))])
def test_a_video(as_ben: Client, matrix: tuple[int, ...], size: tuple[int, int]) -> None:
    response = send(as_ben, upload(film(matrix=matrix), "holiday.txt"), alt_1="Waves")
    assert response.status_code == 302
    media = Media.objects.get()
    assert (media.kind, media.width, media.height, media.alt) == ("video", *size, "Waves")
    with default_storage.open(uploads.path(media.key, "video.mp4")) as file:
        kept = file.read()
    assert SECRET not in kept
    assert kept.endswith(b"picture")
    (player,) = find(as_ben.get(response["Location"]), "video")
    assert (player.attrs["src"], player.attrs["width"], player.attrs["aria-label"]) == (media.video, str(size[0]), "Waves")


def test_a_webm(as_ben: Client, visitor: Client) -> None:
    """As a browser records it: in the field of the pictures, kept, shown and served as what it is."""
    response = send(as_ben, upload(webm(SECRET, live=True), "holiday.mp4"), alt_1="Waves")
    assert response.status_code == 302
    media = Media.objects.get()
    assert (media.kind, media.container, media.width, media.height) == ("video", "webm", 640, 360)
    (player,) = find(visitor.get(response["Location"]), "video")
    assert player.attrs["src"] == media.video == f"/media/{media.key}/video.webm"
    served = visitor.get(media.video)
    assert (served.status_code, served["Content-Type"]) == (200, "video/webm")
    kept = body_of(served)
    assert b"picture" in kept
    assert SECRET not in kept
    assert body_of(visitor.get(media.video, headers={"Range": "bytes=0-3"})) == b"\x1a\x45\xdf\xa3"
    assert visitor.get(f"/media/{media.key}/video.mp4").status_code == 404


def test_the_form_offers_what_the_site_takes(as_ben: Client) -> None:
    (field,) = find(as_ben.get("/compose"), "input", name="images")
    assert {"video/mp4", "video/webm", "image/heic", "image/avif"} <= set(field.attrs["accept"].split(","))


def test_a_video_among_pictures(as_ben: Client) -> None:
    send(as_ben, upload(), upload(film(), "a.mp4"), upload(plain(kind="AVIF"), "b.mp4"))
    assert list(Media.objects.order_by("position").values_list("kind", flat=True)) == ["image", "video", "image"]
    assert Post.objects.get().media_count == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (webm(kind=b"matroska"), "This is no video that we know. MP4 and WebM work."),
        (webm(SECRET, track(kind=17)), "neither picture nor sound"),
        (webm(SECRET)[:-3], "broken"),
        (box(b"ftyp", b"isom") + box(b"mdat", bytes(1000)), "no picture in it"),
        (film()[:-3], "broken"),
        (film()[:300], "broken"),
        (film(0, 0), "how large"),
        (film(65000, 65000), "how large"),
        (mp4(SECRET, handler=b"meta"), "neither picture nor sound"),
        (box(b"ftyp", b"isom") + box(b"free") * 60_000, "too many parts"),
    ],
    ids=[
        "Matroska",
        "WebM with a track of words",
        "WebM, cut",
        "no track",
        "cut",
        "cut early",
        "no size",
        "huge",
        "a track of places",
        "a bomb of boxes",
    ],
)
def test_what_is_no_video(as_ben: Client, content: bytes, says: str) -> None:
    began = time.process_time()  # nothing is waited for
    response = send(as_ben, upload(content, "film.mp4"), text="Look")
    assert time.process_time() - began < 1
    assert response.status_code == 422
    assert says in " ".join(element.text for element in find(response, "div", class_="errors"))
    assert find(response, "textarea", name="text")[0].text == "Look"
    assert not Post.objects.exists()


def test_a_video_that_is_too_large(as_ben: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "MAX_BYTES", 100)
    response = send(as_ben, upload(film(), "film.mp4"))
    assert "film.mp4 is too large" in response.content.decode()


def test_a_request_has_room_for_the_largest(settings) -> None:
    assert settings.MAX_BODY > video.MAX_BYTES + 1024**2
