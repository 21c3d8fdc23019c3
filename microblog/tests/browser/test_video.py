"""A video that a browser recorded is sent with a post, and plays in its place."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account
from testing.videos import element
from timeline.models import Media

from .conftest import People

SECRET = b"+52.5200+013.4050/"

RECORD = """async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
    const pen = canvas.getContext("2d", { alpha: false });
    const draw = setInterval(() => {
        pen.fillStyle = `hsl(${performance.now() / 3} 80% 50%)`;
        pen.fillRect(0, 0, 320, 180);
    }, 30);
    const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: "video/webm" });
    const pieces = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const stopped = new Promise((done) => { recorder.onstop = done; });
    recorder.start(100);
    await new Promise((done) => setTimeout(done, 800));
    recorder.stop();
    await stopped;
    clearInterval(draw);
    return btoa(String.fromCharCode(...new Uint8Array(await new Blob(pieces).arrayBuffer())));
}"""


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    return tmp_path / "recorded.webm"


def record(page: Page, path: Path) -> None:
    """Keep in `path` what the browser records, and behind it where it would have been recorded."""
    tags = element(
        "1254C367",
        element("7373", element("67C8", element("45A3", b"LOCATION"), element("4487", SECRET))),
    )
    path.write_bytes(base64.b64decode(page.evaluate(RECORD)) + tags)


def test_a_recorded_video_plays(browse: People, ada: Account, recorded: Path) -> None:
    page = browse(ada)
    page.goto("/compose")
    record(page, recorded)
    assert SECRET in recorded.read_bytes()
    page.get_by_text("Pictures", exact=True).click()
    page.locator("[name=images]").set_input_files(recorded)
    page.get_by_role("button", name="Post", exact=True).click()
    player = page.locator("article video")
    expect(player).to_be_visible()
    media = Media.objects.get()
    assert (media.container, media.width, media.height) == ("webm", 320, 180)
    played = player.evaluate(
        """async (video) => {
            video.muted = true;
            await video.play();
            await new Promise((done) => {
                video.ontimeupdate = () => video.currentTime > 0.2 && done();
            });
            return [video.videoWidth, video.videoHeight, video.error];
        }"""
    )
    assert played == [320, 180, None]
    assert SECRET not in page.request.get(media.video).body()
