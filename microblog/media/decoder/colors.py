"""Turn what the numbers of a picture mean into sRGB, as browsers show it."""

import struct
import zlib
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from typing import Any, cast

from PIL import Image, ImageFile

from microblog.media.decoder.bounds import MAX_PROFILE
from microblog.media.decoder.icc import D65, PRIMARIES, coded_profile, profile_with
from microblog.media.decoder.pixels import plain
from microblog.media.decoder.structure import avif_coded, content_of, png_coded


def profile_of(image: Image.Image) -> Any:
    """Return the ImageCmsProfile of `image`; None where none fits, and its colours are sRGB's."""
    profile = _profile_said(image)
    if not profile or len(profile) >= MAX_PROFILE:
        return None
    from PIL import ImageCms  # noqa: PLC0415 -- loads lcms: few pictures need it

    with suppress(Exception):  # it may be anything
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
        space, is_ink = opened.profile.xcolor_space.strip(), image.mode == "CMYK"
        fits = {"RGB": not is_ink, "GRAY": image.mode in {"1", "L", "LA", "I;16"}, "CMYK": is_ink}
        if fits.get(space) and opened.profile.device_class in {"mntr", "scnr", "prtr", "spac"}:
            return opened
    return None


def in_srgb(image: Image.Image, profile: Any) -> Image.Image:
    """Return `image`, whose numbers mean what `profile` says, in RGB or RGBA, where that works."""
    if profile is None:
        return image
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    if profile.profile.xcolor_space == "GRAY" and image.mode != "I;16":
        image = image.getchannel(0)
    elif alpha:
        image = image.convert("RGB")
    try:
        made: Image.Image = _transform(profile, image.mode).apply(image)
    except Exception:  # noqa: BLE001  (its tables may be anything)
        made = plain(image)
    if alpha:
        made.putalpha(alpha)
    made.info.clear()
    return made


@lru_cache(1)
def _transform(profile: Any, mode: str) -> Any:
    """Lead from `profile` in `mode` to sRGB; as in browsers, black is not made fully black."""
    from PIL import ImageCms  # noqa: PLC0415 -- loads lcms: few pictures need it

    # else a table of 33 greys, coarse in the shadows
    exact = ImageCms.Flags.NOOPTIMIZE if mode == "I;16" else ImageCms.Flags.NONE

    srgb: Any = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ImageCms.ImageCmsTransform(
        profile, srgb, mode, "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC, flags=exact
    )


def _profile_said(image: Image.Image) -> bytes:
    """Return the ICC profile of `image`, or one made of what it says in fewer bytes: cICP, gAMA and
    cHRM of a PNG, nclx of HEIC and AVIF.
    """
    profile: bytes = image.info.get("icc_profile") or b""
    with suppress(ArithmeticError, struct.error):  # what nobody sees
        if image.format == "PNG":
            return _png_colors(cast("ImageFile.ImageFile", image), profile)
        if profile or image.format not in (None, "AVIF"):
            return profile
        nclx = image.info.get("nclx_profile") or {}  # of HEIC
        primaries, curve = nclx.get("color_primaries", 2), nclx.get("transfer_characteristics", 2)
        if image.format == "AVIF":
            primaries, curve = avif_coded(content_of(cast("ImageFile.ImageFile", image)))
        curve = 13 if curve in {2, 6, 14, 15, 1} else curve  # as of videos
        return coded_profile(1 if primaries == 2 else primaries, curve)
    return profile


def read_png_profile(stream: Any, at: int, length: int) -> bytes:
    """Read an iCCP chunk in Pillow's place, which refuses the picture for a bad or large one."""
    chunk: bytes = ImageFile._safe_read(stream.fp, length)  # noqa: SLF001
    packed = chunk.partition(b"\0")[2][1:]
    with suppress(zlib.error):
        stream.im_info["icc_profile"] = zlib.decompressobj().decompress(packed, MAX_PROFILE)
    return chunk


def _png_colors(image: ImageFile.ImageFile, profile: bytes) -> bytes:
    """Return what the first of cICP, iCCP, sRGB, gAMA says (PNG, third edition, 4.3)."""
    primaries, curve, matrix, is_full = png_coded(content_of(image))
    if is_full and not matrix and (coded := coded_profile(primaries, curve)):
        return coded
    gamma = image.info.get("gamma", 0)
    if profile or "srgb" in image.info or not 0.05 < gamma < 20:
        return profile
    chromaticity = image.info.get("chromaticity")
    if not chromaticity and abs(gamma - 1 / 2.2) < 0.001:  # which is how some say sRGB
        return b""
    white_x, white_y, *corners = chromaticity or (*D65, *PRIMARIES[1][0])
    return profile_with((corners, (white_x, white_y)), [1 / gamma])
