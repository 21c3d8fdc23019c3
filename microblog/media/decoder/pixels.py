"""Bring pixels into the few shapes that the rest works with."""

from io import BytesIO
from typing import Any

from PIL import Image


def _plain_mode(image: Image.Image) -> str:
    return "RGBA" if image.has_transparency_data else "RGB"


def plain(image: Image.Image, profile: Any = None) -> Image.Image:
    """Return it in RGB or RGBA; as it is, where its profile tells more of CMYK or 16-bit grey."""
    if profile and image.mode in ("CMYK", "I;16"):
        return image
    if image.mode.startswith("I;16"):  # 16 bits of grey, which convert() would cut off at 255
        image = image.point(lambda value: value / 256).convert("L")
    mode = _plain_mode(image)
    return image if image.mode == mode else image.convert(mode)


def fresh(image: Image.Image, size: tuple[int, int] | None = None) -> Image.Image:
    fresh = Image.new(image.mode, size or image.size)
    fresh.paste(image)
    return fresh


def average_color(image: Image.Image) -> str:
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] != 255:
        return ""
    red, green, blue = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"#{red:02x}{green:02x}{blue:02x}"


def webp(image: Image.Image) -> bytes:
    """Return the picture as a WebP file."""
    out = BytesIO()
    image.save(out, "WEBP", quality=82, method=3)
    return out.getvalue()
