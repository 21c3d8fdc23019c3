"""HEIC pictures, read in a process of their own: the library falls over some broken ones, and takes its process along. Knows no database.

The process that reads is this very file, run as a program. It knows nothing but Pillow and pi-heif, and ends after some seconds at the
latest, or when it wants more memory than any picture that we take.
"""

import resource
import subprocess
import sys
from io import BytesIO
from typing import IO

from PIL import Image, UnidentifiedImageError

MAX_SIDE = 4096  # pixels of what is handed over; more is shown nowhere
MAX_SECONDS = 20
MAX_MEMORY = 2 * 1024**3  # bytes
TOO_LARGE, UNKNOWN = 3, 4  # how the program ends
BRANDS = frozenset(b"heic heix heim heis hevc hevx hevm hevs".split())
COMMON_BRANDS = frozenset([b"mif1", b"msf1"])  # of AVIF as well, which then is among the brands that follow


def is_heif(source: IO[bytes]) -> bool:
    """Whether `source` says that it is one."""
    source.seek(0)
    head = source.read(64)
    source.seek(0)
    brands = {head[at : at + 4] for at in range(16, min(len(head), int.from_bytes(head[:4])), 4)}
    return head[4:8] == b"ftyp" and (head[8:12] in BRANDS or (head[8:12] in COMMON_BRANDS and not {b"avif", b"avis"} & brands))


def read(source: IO[bytes], max_pixels: int) -> Image.Image:
    """The picture in `source`, upright, in RGB or RGBA, its longer side at most MAX_SIDE. Raises what Pillow raises."""
    command = [sys.executable, "-I", __file__, str(max_pixels)]
    try:
        done = subprocess.run(command, input=source.read(), capture_output=True, timeout=2 * MAX_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise OSError("it took too long") from error
    if done.returncode == TOO_LARGE:
        raise Image.DecompressionBombError("it is too large")
    if done.returncode == UNKNOWN:
        raise UnidentifiedImageError("it is no picture")
    if done.returncode:
        raise OSError(f"the library ended with {done.returncode}")
    mode, width, height, pixels = done.stdout.split(b" ", 3)
    return Image.frombuffer(mode.decode(), (int(width), int(height)), pixels, "raw", mode.decode(), 0, 1)


def main() -> None:
    """Read a picture from standard input and write its mode, width, height and pixels to standard output."""
    import pi_heif

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    try:
        image: Image.Image = Image.open(BytesIO(sys.stdin.buffer.read()), formats=["HEIF"])
    except UnidentifiedImageError:
        sys.exit(UNKNOWN)
    if image.width * image.height > int(sys.argv[1]):
        sys.exit(TOO_LARGE)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    shown = image.convert(mode)
    shown.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    sys.stdout.buffer.write(f"{mode} {shown.width} {shown.height} ".encode())
    sys.stdout.buffer.write(shown.tobytes())


if __name__ == "__main__":
    main()
