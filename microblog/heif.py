"""HEIC and HEIF pictures for Pillow, each opened and decoded in a process of its own: what decodes them crashes on damaged ones.

Run as a program, this file is that process. `python -I heif.py BYTES` reads so many from its standard input and answers with mode, width
and height in a line. Then it reads how many pixels each side must have at least, and answers with such a line again, and the pixels.
"""

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import BoundedSemaphore, Timer
from typing import IO, Any, cast
from weakref import finalize

from PIL import Image, ImageFile

BRANDS = frozenset(b"heic heix heim heis hevc hevx hevm hevs mif1 msf1".split())
MODES = ("RGB", "RGBA", "RGBa", "L", "I;16")
SECONDS = 20  # for the header, and for the pixels again
LIMITS = {
    resource.RLIMIT_AS: 1024**3,  # 50 megapixels need 340 MB; of ten bits, with transparency, 660
    resource.RLIMIT_CPU: SECONDS,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}
STRIP = 64  # rows that are sent at a time
PROGRAM = __file__

_turns = BoundedSemaphore(2)  # so that the memory of one process is not needed for each thread of the server


def register() -> None:
    """From now on Image.open() opens HEIF."""
    Image.register_open(HeifFile.format, HeifFile, accepts)


def accepts(head: bytes) -> bool:
    """Whether a file that begins so is HEIF (ISO/IEC 23008-12, section 10). An AVIF file may call itself mif1, too; ask for AVIF first."""
    return head[4:8] == b"ftyp" and head[8:12] in BRANDS


class HeifFile(ImageFile.ImageFile):
    """A picture in the hands of a process that may crash, hang or ask for too much, which is an OSError or a ValueError here."""

    format = "HEIF"
    format_description = "HEIF, decoded in another process"

    def _open(self) -> None:
        content = cast("IO[bytes]", self.fp).read()
        command = [sys.executable, "-I", PROGRAM, str(len(content))]
        until_end = ExitStack()
        self._end = finalize(self, until_end.close)
        until_end.enter_context(_turns)
        until_end.enter_context(suppress(BrokenPipeError))  # about what it did not read any more
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._child = until_end.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, env={}))  # noqa: S603
        until_end.callback(self._child.kill)
        self._least = 0
        with self._watched():
            self._mode, self._size = self._ask(content)

    def draft(self, mode: str | None, size: tuple[int, int] | None) -> None:
        """Have it made smaller where it is decoded, by a whole number, to no less than `size`. The mode stays."""
        self._least = max(size or (0,))

    def load(self) -> Any:
        if self._im is not None:
            return super().load()
        with self._watched():
            mode, size = self._ask(b"%d\n" % self._least)
            if size[0] > self.width or size[1] > self.height:
                raise OSError("it is larger than it said")
            self._mode, self._size = mode, size
            self.tile = [ImageFile._Tile("raw", (0, 0, *size), 0, (mode, 0, 1))]  # noqa: SLF001
            self.decodermaxblock = max(ImageFile.MAXBLOCK, 4 * self.width)
            pixels = super().load()
        self._end()
        return pixels

    def load_seek(self, pos: int) -> None:
        pass

    def load_read(self, size: int) -> bytes:
        return self._from.read(size)

    def close(self) -> None:
        self._end()
        super().close()

    def __exit__(self, *args: object) -> None:
        self._end()
        super().__exit__(*args)

    @property
    def _from(self) -> IO[bytes]:
        return cast("IO[bytes]", self._child.stdout)

    def _ask(self, what: bytes) -> tuple[str, tuple[int, int]]:
        """Mode and size that the process answers with."""
        to = cast("IO[bytes]", self._child.stdin)
        to.write(what)
        to.flush()
        mode, width, height = self._from.readline(100).decode("ascii").split()
        size = int(width), int(height)
        if mode not in MODES or min(size) < 1:
            raise OSError("it has no pixels that we know")
        return mode, size

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """The process is killed when the block takes too long, or fails."""
        timer = Timer(SECONDS, self._child.kill)
        timer.start()
        try:
            yield
        except BaseException:
            self._end()
            raise
        finally:
            timer.cancel()


# --- The process ---


def limit() -> None:
    """What this process may take, from now on."""
    for kind, most in LIMITS.items():
        with suppress(ValueError):  # there is a stricter one, or none, as on macOS for memory
            resource.setrlimit(kind, (most, most))


def answer(source: IO[bytes], size: int, to: IO[bytes]) -> None:
    import pi_heif

    limit()
    pi_heif.options.DECODE_THREADS = 1
    pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
    picture = pi_heif.open_heif(source.read(size), remove_stride=False)
    _tell(to, picture.mode, *picture.size)
    least = int(source.readline())
    pixels, stride = picture.data, picture.stride
    mode, (width, height) = picture.mode, picture.size  # decoding may have changed them
    times = max(1, min(width // least, height // least)) if least and mode != "I;16" else 1  # which Pillow cannot reduce
    _tell(to, mode, -(-width // times), -(-height // times))
    for top in range(0, height, STRIP * times):
        end = min(top + STRIP * times, height)
        strip = Image.frombuffer(mode, (width, end - top), pixels[top * stride : end * stride], "raw", mode, stride, 1)
        to.write((strip.reduce(times) if times > 1 else strip).tobytes())


def _tell(to: IO[bytes], mode: str, width: int, height: int) -> None:
    to.write(f"{mode} {width} {height}\n".encode("ascii"))
    to.flush()


if __name__ == "__main__":
    answer(sys.stdin.buffer, int(sys.argv[1]), sys.stdout.buffer)
