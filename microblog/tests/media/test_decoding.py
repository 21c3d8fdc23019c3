"""A picture is decoded in a process of its own: whatever happens there, it is a picture or a
refusal here, and costs what was said.
"""

import fcntl
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from PIL import Image

from microblog.media import decoder, images, isolation
from microblog.media.decoder import Job
from microblog.tests.media.test_colors import GREEN, GREY, SWAPPED, of
from testing import color_profiles
from testing.effort import peak_of, takes_less_than
from testing.pictures import (
    icc,
    jpeg_of_scans,
    moving,
    plain,
    png_of,
    png_with,
    saved,
    upload,
    webp_of_frames,
)

HEIC = Path(__file__).parents[1] / "heic"  # libheif's encoder, x265, made them
PHONE = (Path(__file__).parents[1] / "phone.heic").read_bytes()
SIZES = {"small": (680, 382), "large": (2048, 1080)}
BROKEN = "This picture is broken: it could not be read to its end."
MEGABYTE = 1_000_000

# A kind of metadata that is no UTF-8: pi_heif 1.4.0 dies of it while it reads the header. Another
# makes it read from nowhere.
DEADLY = PHONE.replace(b"Exif\0\0", b"\xbaxif\0\0", 1)
DEADLY_TOO = PHONE.replace(b"\0\4\0\0mime", b"\0\4_i\xfbime")


def refusal(content: bytes) -> str:
    with pytest.raises(images.ImageError) as caught:
        images.fit(BytesIO(content), SIZES)
    return str(caught.value)


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run another program as the process: as a decoder that strangers took over might behave."""

    def replace(program: str) -> None:
        path = tmp_path / "program.py"
        path.write_text(f"import os, sys, time\nsay = lambda what: os.write(1, what)\n{program}\n")
        monkeypatch.setattr(images, "PROGRAM", path)

    return replace


# --- What comes back ---


def test_a_picture_comes_back() -> None:
    picture = images.fit(BytesIO(plain(80, 40)), {"small": (20, 0), "large": (40, 0)})
    assert (picture.width, picture.height, picture.color, len(picture.files)) == (
        40,
        20,
        "#000080",
        2,
    )
    assert {name: Image.open(BytesIO(file)).size for name, file in picture.files.items()} == {
        "small.webp": (20, 10),
        "large.webp": (40, 20),
    }


def test_a_cut_one_comes_back() -> None:
    picture = images.crop(BytesIO(plain(7, 900)), {"small": (60, 20), "large": (150, 50)}, "end")
    assert {name: Image.open(BytesIO(file)).size for name, file in picture.files.items()} == {
        "small.webp": (60, 20),
        "large.webp": (150, 50),
    }


def test_it_can_be_looked_at_alone() -> None:
    images.check(BytesIO(PHONE))
    with pytest.raises(images.ImageError):
        images.check(BytesIO(PHONE[:700]))


def test_a_file_may_have_been_read_before() -> None:
    source = BytesIO(plain())
    source.read()
    assert images.fit(source, SIZES).width == 40


def test_far_too_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_BYTES", 10)
    assert "too large" in refusal(plain())


OPENS_A_PICTURE = """
import sys
from io import BytesIO
from pathlib import Path
from django.conf import settings
settings.configure(VAR=Path(sys.argv[2]))
from microblog.media import images
assert images.fit(BytesIO(Path(sys.argv[1]).read_bytes()), {"large": (40, 0)}).width == 40
assert not {name.partition(".")[0] for name in sys.modules} & {"PIL", "pi_heif"}
"""


def test_this_process_decodes_nothing(tmp_path: Path) -> None:
    """Not even a header: Pillow is not loaded at all."""
    phone = Path(__file__).parents[1] / "phone.heic"
    subprocess.run([sys.executable, "-c", OPENS_A_PICTURE, phone, tmp_path], check=True)


# --- HEIC ---


def heic(name: str, most: int = 40) -> Image.Image:
    made = decoder.make(BytesIO((HEIC / f"{name}.heic").read_bytes()), Job({"large": (most, 0)}))
    return Image.open(BytesIO(made.files["large.webp"]))


@pytest.mark.parametrize(
    ("name", "mode", "pixel"),
    [
        ("grey-of-ten-bits", "RGB", (128, 128, 128)),
        ("ten-bits", "RGB", (254, 0, 0)),
        ("see-through", "RGBA", (254, 0, 0, 100)),
    ],
)
def test_every_kind_of_pixel(name: str, mode: str, pixel: tuple[int, ...]) -> None:
    made = heic(name)
    assert (made.mode, made.size) == (mode, (40, 10))
    assert all(
        abs(one - other) < 4 for one, other in zip(made.getpixel((5, 5)), pixel, strict=True)
    )  # type: ignore[arg-type]


@pytest.mark.parametrize("most", [40, 680, 2048, 9000])
def test_a_large_one_stands_upright_whatever_it_is_made_smaller_by(most: int) -> None:
    """Three thousand pixels wide and four thousand high, which was turned by a quarter when it was
    taken.
    """
    made = heic("large", most)
    right, bottom = made.width - 3, made.height - 3
    assert (made.height, made.width) == (min(most, 4000), min(most, 4000) * 3 // 4)
    colors = [made.getpixel(at) for at in ((2, 2), (right, 2), (2, bottom), (right, bottom))]
    drawn = [(0, 255, 0), (255, 0, 0), (255, 255, 255), (0, 0, 255)]
    assert all(
        abs(one - other) < 12
        for pair in zip(colors, drawn, strict=True)
        for one, other in zip(*pair, strict=True)
    )  # type: ignore[arg-type]


def test_a_phones_picture_under_its_other_name() -> None:
    assert (
        decoder.make(
            BytesIO(PHONE.replace(b"ftypheic", b"ftypmif1", 1)), Job({"large": (40, 0)})
        ).width
        == 40
    )


@pytest.mark.parametrize("brand", [b"avif", b"mif1"])
def test_avif_under_both_its_names(brand: bytes) -> None:
    content = plain(80, 20, kind="AVIF").replace(b"ftypavif", b"ftyp" + brand, 1)
    assert decoder.make(BytesIO(content), Job({"large": (40, 0)})).width == 40


@pytest.mark.parametrize("deadly", [DEADLY, DEADLY_TOO])
def test_what_kills_the_decoder_is_a_broken_picture(deadly: bytes) -> None:
    assert deadly != PHONE
    for _ in range(2):
        assert refusal(deadly) == BROKEN
    assert images.fit(BytesIO(PHONE), SIZES).width == 80


# --- What goes wrong there ---


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("sys.exit(0)", id="ends at once"),
        pytest.param("time.sleep(600)", id="hangs"),
        pytest.param(
            "while True: say(b'x' * 4096) if os.fstat(1).st_size < 10**7 else time.sleep(1)",
            id="talks for ever",
        ),
        pytest.param("say(b'{\"files\": {')", id="says half of it"),
        pytest.param("say(bytes(range(256)))", id="says anything"),
        pytest.param("os.abort()", id="dies"),
    ],
)
def test_a_process_that_misbehaves_is_a_broken_picture(
    program: str, instead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "SECONDS", 1)
    instead(program)
    assert refusal(PHONE) == BROKEN


def limited(program: str) -> subprocess.CompletedProcess[str]:
    command = f"from microblog.media.decoder.__main__ import limit; limit(1); {program}"
    return subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(sys.platform != "linux", reason="macOS limits no memory")
def test_its_memory_its_time_and_its_files_are_limited(tmp_path: Path) -> None:
    assert "MemoryError" in limited(f"bytearray({decoder.MEMORY})").stderr
    assert limited("\nwhile True: pass").returncode < 0
    assert (
        "OSError"
        in limited(
            f"open({str(tmp_path / 'file')!r}, 'wb').write(bytes({decoder.MAX_RESULT + 10_000}))"
        ).stderr
    )


# --- What it costs ---

PHOTO = (8064, 6048)


ATTACKS: dict[str, Callable[[], bytes]] = {
    "lossless WebP": lambda: plain(7000, 7000, kind="WEBP", lossless=True),
    "34 bytes": lambda: b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0/\x57\xdb\xd5\x06\0\x88\x88\x08\0\0\0\0",
    "moving WebP": lambda: webp_of_frames(2, 7000, 7000),
    "moving WebP of less": lambda: webp_of_frames(2, 5000, 5000),
    "AVIF that one looks through": lambda: plain(
        7000, 7000, kind="AVIF", mode="RGBA", color=(1, 2, 3, 100), speed=10
    ),
    "one pixel wide": lambda: png_of(1, 25_000_000, 2),
    "one pixel wide, of a palette": lambda: png_of(1, 25_000_000, 3),
    "scans": lambda: jpeg_of_scans(2500, 7000, 7000),
}
"""What asks for more than there is room for, in a few bytes: refused by its header."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ATTACKS)
def test_what_asks_for_too_much_is_refused_by_its_header(kind: str) -> None:
    content = ATTACKS[kind]()
    with takes_less_than(0.7):
        assert "This picture is" in refusal(content)


ACCEPTED: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: plain(*PHOTO, kind="JPEG"),
    "progressive JPEG": lambda: plain(*PHOTO, kind="JPEG", progressive=True, subsampling=0),
    "progressive CMYK": lambda: plain(
        *PHOTO, kind="JPEG", mode="CMYK", color=(0, 0, 0, 0), progressive=True
    ),
    "PNG": lambda: png_of(*PHOTO, 2),
    "PNG that one looks through, of 16 bits": lambda: png_of(*PHOTO, 6, 16),
    "PNG of grey that one looks through": lambda: png_of(*PHOTO, 4),
    "PNG of 16 bits of grey": lambda: png_of(*PHOTO, 0, 16),
    "PNG of two colours": lambda: png_of(*PHOTO, 3, 1),
    "APNG": lambda: moving(
        *[Image.new("RGBA", (7000, 7000), (n, n, 0, 99)) for n in range(2)], kind="PNG"
    ),
    "GIF": lambda: plain(*PHOTO, kind="GIF", mode="P", color=0, transparency=0),
    "lossless WebP": lambda: plain(5400, 5400, kind="WEBP", lossless=True),
    "moving WebP": lambda: webp_of_frames(2, 4000, 4000),
    "AVIF": lambda: plain(*PHOTO, kind="AVIF", speed=10),
    "AVIF that one looks through": lambda: plain(
        5400, 5400, "#00008060", "AVIF", "RGBA", speed=10, subsampling="4:4:4"
    ),
    "one pixel wide": lambda: png_of(1, 14_000_000, 2),
    "one pixel high": lambda: png_of(50_000_000, 1, 2),
    "HEIC": (HEIC / "48-megapixels.heic").read_bytes,
    "JPEG with a profile": lambda: of(GREEN, SWAPPED, "JPEG", size=PHOTO),
    "progressive CMYK with a profile": lambda: of(
        (9, 9, 9, 9), color_profiles.of_ink(), "JPEG", "CMYK", size=PHOTO, progressive=True
    ),
    "PNG with a large profile": lambda: png_with(png_of(*PHOTO, 6, 16), icc(color_profiles.huge())),
    "PNG of 16 bits of grey with a profile": lambda: png_with(png_of(*PHOTO, 0, 16), icc(GREY)),
}
"""The dearest of each kind that are taken, today's phones among them."""


JOBS: dict[str, dict[str, Any]] = {
    "fit": {"fits": SIZES},
    "crop": {"sizes": {"large": (1500, 500)}},
}
# Before it is cut, a picture is read and made smaller as any other is. Another way go what moves,
# of which a cut keeps the first picture; what is smaller already as it is read; what is so narrow
# that a cut leaves it longer; and what holds the most bytes for a pixel.
CUT = {"APNG", "moving WebP", "progressive JPEG", "one pixel wide", "one pixel high"}
CUT |= {"PNG that one looks through, of 16 bits"}


@cache
def accepted(kind: str) -> bytes:
    """Return such a file, which takes as long to make as to read."""
    return ACCEPTED[kind]()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell it in other ways")
@pytest.mark.parametrize(
    ("kind", "job"),
    [(kind, job) for kind in ACCEPTED for job in JOBS if job == "fit" or kind in CUT],
)
def test_what_is_taken_stays_below_700_megabytes(kind: str, job: str, tmp_path: Path) -> None:
    large, made = (tmp_path / "large").open("w+b"), (tmp_path / "made").open("w+b")
    large.write(accepted(kind))
    large.seek(0)
    with large, made, takes_less_than(10):
        peak = peak_of(
            images.PROGRAM,
            json.dumps({"seconds": images.SECONDS, **JOBS[job]}),
            source=large,
            target=made,
        )
        made.seek(0)
        assert "refused" not in json.loads(made.readline())
    assert peak < 700 * MEGABYTE


SENDS = """
import resource, sys
from io import BytesIO
from pathlib import Path
from django.conf import settings
settings.configure(VAR=Path(sys.argv[1]))
from microblog.media import images
from testing.pictures import png_of
content = Path(sys.argv[2]).read_bytes()
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
idle = peak()
sizes = {"small": (680, 382), "large": (2048, 1080)}
pictures = [images.fit(BytesIO(content), sizes) for _ in range(3)]
print(peak() - idle)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count in other units")
def test_who_asks_needs_next_to_no_memory(tmp_path: Path) -> None:
    noise = Image.effect_noise((3000, 2000), 90).convert("RGB")
    large = tmp_path / "large"
    large.write_bytes(saved(noise, "JPEG", quality=80))
    ran = subprocess.run(
        [sys.executable, "-c", SENDS, tmp_path, large], capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) < 10_000, "kilobytes"


# --- One at a time ---


def test_one_at_a_time(instead: Any, tmp_path: Path) -> None:
    """Each process makes a directory that must not be there yet, and takes it away again."""
    busy = tmp_path / "busy"
    instead(
        f"os.mkdir({str(busy)!r}); time.sleep(0.1); "
        f'os.rmdir({str(busy)!r})\nsay(b\'{{"refused": "alone"}}\\n\')'
    )
    said: list[str] = []
    threads = [Thread(target=lambda: said.append(refusal(PHONE))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["alone"] * 4


def test_who_waits_too_long_is_told_so(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with (settings.VAR / "turn.lock").open("a") as lock, monkeypatch.context() as impatient:
        impatient.setattr(isolation.UNMETERED, "patience", 0.1)
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(isolation.BusyError):
            images.fit(BytesIO(PHONE), SIZES)
    assert images.fit(BytesIO(PHONE), SIZES).width == 80


def test_the_turn_lasts_as_long_as_the_process_whoever_started_it(
    settings: Any, tmp_path: Path
) -> None:
    """Where a web process is killed, its decoder may still work: nobody else begins."""
    started = tmp_path / "started"
    slow = tmp_path / "slow.py"
    slow.write_text(
        f"import pathlib, time; pathlib.Path({str(started)!r}).touch(); time.sleep(600)"
    )
    asks = (
        "import sys; from io import BytesIO; from pathlib import Path; from django.conf import "
        "settings\n"
        "settings.configure(VAR=Path(sys.argv[1])); from microblog.media import images; "
        "images.PROGRAM = sys.argv[2]\n"
        "import subprocess; begin = subprocess.Popen.__init__\n"
        "def told(self, *a, **k): begin(self, *a, **k); print(self.pid, flush=True)\n"
        "subprocess.Popen.__init__ = told; images.check(BytesIO(b'x'))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", asks, settings.VAR, slow], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        decoder = int(process.stdout.readline())
        process.kill()
    try:
        with (settings.VAR / "turn.lock").open("a") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        subprocess.run(["kill", "-9", str(decoder)], check=True)


# --- Who pays ---


class Purse:
    """A meter that remembers."""

    patience = 20.0

    def __init__(self) -> None:
        self.paid: list[tuple[int, int]] = []

    def reserve(self, milliseconds: int) -> None:
        self.paid.append((milliseconds, -1))

    def settle(self, reserved: int, spent: int) -> None:
        self.paid[-1] = (reserved, spent)


@pytest.mark.parametrize("content", [plain(3000, 2000), DEADLY, b"no picture", upload().read()])
def test_whatever_becomes_of_it_it_is_paid_for(content: bytes) -> None:
    purse = Purse()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with suppress(images.ImageError):
        images.fit(BytesIO(content), SIZES, purse)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    ((reserved, spent),) = purse.paid
    assert reserved == 1000 * images.SECONDS
    assert 10 < spent < 1000 * took + 1


def test_who_may_not_pay_has_nothing_opened(instead: Any, tmp_path: Path) -> None:
    class Empty(Purse):
        def reserve(self, milliseconds: int) -> None:
            raise PermissionError

    instead(f"os.mkdir({str(tmp_path / 'ran')!r})")
    with pytest.raises(PermissionError):
        images.fit(BytesIO(PHONE), SIZES, Empty())
    assert not (tmp_path / "ran").exists()
