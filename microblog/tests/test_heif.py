"""What a phone takes is decoded in a process of its own: whatever happens there, it is a picture or a refusal here."""

import resource
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from microblog import heif, images
from microblog.tests.pictures import plain

HEIC = Path(__file__).parent / "heic"  # libheif's encoder, x265, made them
PHONE = (Path(__file__).parent / "phone.heic").read_bytes()
SIZES = {"small": 20, "large": 40}
BROKEN = "This picture is broken: it could not be read to its end."

# A kind of metadata that is no UTF-8: pi_heif 1.4.0 dies of it while it reads the header.
DEADLY = PHONE.replace(b"Exif\0\0", b"\xbaxif\0\0", 1)


def large_one(content: bytes, most: int = 40) -> Image.Image:
    return Image.open(BytesIO(images.fit(BytesIO(content), {"large": most}).files["large.webp"]))


def refusal(content: bytes) -> str:
    with pytest.raises(images.ImageError) as caught:
        images.fit(BytesIO(content), SIZES)
    return str(caught.value)


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Has another program run as the process: as a decoder that strangers took over might behave."""

    def replace(program: str) -> None:
        path = tmp_path / "program.py"
        path.write_text(f"import os, sys, time\nsay = lambda what: os.write(1, what)\n{program}\n")
        monkeypatch.setattr(heif, "PROGRAM", str(path))

    return replace


# --- What it makes ---


@pytest.mark.parametrize(
    ("name", "mode", "pixel"),
    [
        ("grey-of-ten-bits", "RGB", (128, 128, 128)),
        ("ten-bits", "RGB", (254, 0, 0)),
        ("see-through", "RGBA", (254, 0, 0, 100)),
    ],
)
def test_every_kind_of_pixel(name: str, mode: str, pixel: tuple[int, ...]) -> None:
    made = large_one((HEIC / f"{name}.heic").read_bytes())
    assert (made.mode, made.size) == (mode, (40, 10))
    assert all(abs(one - other) < 4 for one, other in zip(made.getpixel((5, 5)), pixel, strict=True))  # type: ignore[arg-type]


@pytest.mark.parametrize("most", [40, 680, 2048, 9000])
def test_a_large_one_stands_upright_whatever_it_is_made_smaller_by(most: int) -> None:
    """Three thousand pixels wide and four thousand high, which was turned by a quarter when it was taken."""
    made = large_one((HEIC / "large.heic").read_bytes(), most)
    right, bottom = made.width - 3, made.height - 3
    assert (made.height, made.width) == (min(most, 4000), min(most, 4000) * 3 // 4)
    colors = [made.getpixel(at) for at in ((2, 2), (right, 2), (2, bottom), (right, bottom))]
    drawn = [(0, 255, 0), (255, 0, 0), (255, 255, 255), (0, 0, 255)]
    assert all(abs(one - other) < 12 for pair in zip(colors, drawn, strict=True) for one, other in zip(*pair, strict=True))  # type: ignore[arg-type]


def test_it_is_made_smaller_where_it_is_decoded() -> None:
    with Image.open(HEIC / "large.heic") as image:
        image.draft("RGB", (700, 700))
        assert image.size == (3000, 4000)
        image.load()
        assert image.size == (750, 1000)


# --- What is one ---


def test_a_phones_picture_under_its_other_name() -> None:
    assert large_one(PHONE.replace(b"ftypheic", b"ftypmif1", 1)).size == (40, 10)


@pytest.mark.parametrize("brand", [b"avif", b"mif1"])
def test_avif_needs_no_process(brand: bytes, instead: Any) -> None:
    instead("sys.exit(1)")
    assert large_one(plain(80, 20, kind="AVIF").replace(b"ftypavif", b"ftyp" + brand, 1)).size == (40, 10)


def test_this_process_never_loads_the_decoder() -> None:
    look = (
        "import sys; from io import BytesIO; from microblog import images\n"
        f"images.fit(BytesIO(open(sys.argv[1], 'rb').read()), {SIZES})\n"
        "assert not [name for name in sys.modules if 'pi_heif' in name]"
    )
    subprocess.run([sys.executable, "-c", look, Path(__file__).parent / "phone.heic"], check=True)


# --- What goes wrong there ---


def test_what_kills_the_decoder_is_a_broken_picture() -> None:
    assert DEADLY != PHONE
    command = [sys.executable, "-I", heif.PROGRAM, str(len(DEADLY))]
    assert subprocess.run(command, input=DEADLY, capture_output=True, check=False).returncode == -signal.SIGSEGV, "the test proves nothing"
    for _ in range(5):  # more often than processes may run at a time
        assert refusal(DEADLY) == BROKEN
    assert large_one(PHONE).size == (40, 10)


SAYS = "say(b'RGB 80 20\\n'); sys.stdin.buffer.read(int(sys.argv[1])); sys.stdin.buffer.readline()"


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("sys.exit(0)", id="ends at once"),
        pytest.param("time.sleep(600)", id="hangs"),
        pytest.param(f"{SAYS}; time.sleep(600)", id="hangs later"),
        pytest.param("while True: say(b'x' * 4096)", id="talks for ever"),
        pytest.param("say(b'RGB 80 20 30\\n')", id="says too much"),
        pytest.param("say(b'P 80 20\\n')", id="another kind of pixel"),
        pytest.param("say(b'RGB 0 20\\n')", id="nothing to see"),
        pytest.param("say(b'RGB 80 -20\\n')", id="less than nothing"),
        pytest.param(f"{SAYS}; say(b'RGB 80 21\\n'); say(b'x' * 5040)", id="larger than it said"),
        pytest.param(f"{SAYS}; say(b'RGB 80 20\\n'); say(b'x' * 4799)", id="a byte is missing"),
        pytest.param(f"{SAYS}; os.abort()", id="dies later"),
    ],
)
def test_a_process_that_misbehaves_is_a_broken_picture(program: str, instead: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heif, "SECONDS", 1)
    instead(program)
    assert refusal(PHONE) == BROKEN


def test_what_comes_after_the_pixels_is_not_read(instead: Any) -> None:
    instead(f"{SAYS}; say(b'RGB 80 20\\n')\nwhile True: say(bytes(4096))")
    assert large_one(PHONE).getpixel((5, 5)) == (0, 0, 0)


@pytest.mark.filterwarnings("ignore:Image size")
@pytest.mark.parametrize("size", ["7100 7100", "50000001 1", "20000 20000"])
def test_a_bomb_is_not_decoded(size: str, instead: Any) -> None:
    instead(f"say(b'RGB {size}\\n'); sys.stdin.buffer.read()")
    assert "50 megapixels" in refusal(PHONE)


@pytest.mark.skipif(sys.platform != "linux", reason="macOS limits no memory")
def test_its_memory_and_its_time_are_limited() -> None:
    program = "from microblog import heif; heif.limit(); import resource; print(resource.getrlimit(resource.RLIMIT_CPU)); bytearray(2**30)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.stdout == f"{(heif.LIMITS[resource.RLIMIT_CPU],) * 2}\n"
    assert "MemoryError" in ran.stderr
