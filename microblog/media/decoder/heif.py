"""Decode HEIC pictures in strips, so that no second copy of their pixels is made."""

from typing import IO, Any

from PIL import Image

from microblog.media.decoder.bounds import STRIP
from microblog.media.decoder.room import HEIF_BYTES, check_size


class HeifImage(Image.Image):
    """A HEIC picture that libheif decodes when `load` is called; no second copy of its pixels is
    made where it is much too large.
    """

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__()
        import pi_heif  # noqa: PLC0415 -- loads libheif: few pictures need it

        pi_heif.options.DECODE_THREADS = 1
        pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = (
            False
        )
        self.picture: Any = pi_heif.open_heif(source.read(), remove_stride=False)
        self._mode, self._size = self.picture.mode, self.picture.size
        self.info = {name: self.picture.info.get(name) for name in ("icc_profile", "nclx_profile")}
        self.least = 0

    def draft(self, mode: str | None, size: tuple[int, int] | None) -> None:
        """Have it made smaller, by a whole number, to no less than `size`. The mode stays."""
        self.least = max(size or (0,))

    def load(self) -> Any:
        if self.picture is None:
            return super().load()
        pixels, stride = self.picture.data, self.picture.stride
        # decoding may have changed them
        mode, (width, height) = self.picture.mode, self.picture.size
        check_size("HEIF", width, height, in_all=HEIF_BYTES[mode])
        can_shrink = self.least and mode != "I;16"
        times = max(1, min(width, height) // self.least) if can_shrink else 1
        made = Image.new(mode, (-(-width // times), -(-height // times)))
        for top in range(0, height, STRIP * times):
            end = min(top + STRIP * times, height)
            rows = pixels[top * stride : end * stride]
            size = (width, end - top)
            strip = Image.frombuffer(mode, size, rows, "raw", mode, stride, 1)
            made.paste(strip.reduce(times) if times > 1 else strip, (0, top // times))
        self.picture = None
        self.im, self._mode, self._size = made.im, mode, made.size
        return super().load()
