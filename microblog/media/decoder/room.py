"""Hold the header of a picture to the memory that decoding it would take."""

from PIL import Image

from microblog.media.decoder.bounds import (
    MAX_FRAMES,
    MAX_MOVING_PIXELS,
    MAX_PIXELS,
    ROOM,
    RefusedError,
)

# Bytes that each pixel takes at most while a still picture is decoded, its file's own buffers and
# Pillow's.
WEBP_BYTES = 20  # two canvases, what a lossless one is decoded into, the frame as bytes, Pillow's
# its planes; the frame as bytes, twice; Pillow's. Of ten bits it may be more: then memory ends it
_AVIF_BYTES = {"RGB": 12, "RGBA": 20}
# planes of 16 bits, what is decoded into them, and what is made of them
HEIF_BYTES = {"L": 12, "I;16": 12, "RGB": 12, "RGBA": 14, "RGBa": 14}
_MOVING_BYTES = 16  # what came before, what is to come after, as RGBA, in a fresh one
_ROW_BYTES = 24  # bytes of each row beside its pixels: addresses, in up to three pictures


def bytes_per_pixel(kind: str, image: Image.Image) -> int:
    if kind in ("WEBP", "AVIF"):
        return WEBP_BYTES if kind == "WEBP" else _AVIF_BYTES[image.mode]
    stored = {"1": 1, "L": 1, "P": 1}.get(image.mode, 4)
    if kind == "JPEG":
        # the coefficients of a progressive one; the rest is made smaller
        return 2 * len(image.getbands()) + stored
    return (
        stored + 4 + (stored if getattr(image, "is_animated", False) else 0)
    )  # in RGB, or weighed by its transparency; an APNG's next one


def check_size(kind: str, width: int, height: int, frames: int = 1, *, in_all: int) -> None:
    """Raise RefusedError for too many pixels or frames, or too much room of `in_all` for each."""
    size = f"{width} × {height} pixels"
    if width * height > MAX_PIXELS:
        raise RefusedError(f"This picture is too large: {size}. At most 50 megapixels fit.")
    if frames > MAX_FRAMES:
        raise RefusedError(f"This animation is too long. At most {MAX_FRAMES} frames fit.")
    if frames > 1 and width * height * frames > MAX_MOVING_PIXELS:
        raise RefusedError(
            f"This animation is too large: {frames} frames of {size}. At most 60 megapixels "
            "fit in all."
        )
    per_pixel = in_all + (_MOVING_BYTES if frames > 1 else 0)
    if width * height * per_pixel + height * _ROW_BYTES > ROOM:
        name = {"HEIF": "HEIC", "WEBP": "WebP"}.get(kind, kind)
        limit = ROOM // per_pixel // 1_000_000
        raise RefusedError(
            f"This picture is too large: {size}. Of this kind of {name}, at most {limit} "
            "megapixels fit."
        )
