"""Make of a picture what a job says."""

import math
from typing import IO

from PIL import Image, ImageOps

from microblog.media.decoder.bounds import MAX_MADE, MAX_SIDE
from microblog.media.decoder.colors import in_srgb, profile_of
from microblog.media.decoder.job import Job, Made
from microblog.media.decoder.moving import Frames, moving
from microblog.media.decoder.opening import Opened, open_picture
from microblog.media.decoder.pixels import average_color, fresh, plain, webp


def make(source: IO[bytes], job: Job) -> Made:
    """Make what `job` says, of the picture in `source`. Raises RefusedError."""
    with open_picture(source) as opened:
        if job.fits:
            size = opened.width, opened.height
            sizes = {name: _fitting(size, *limit) for name, limit in job.fits.items()}
            return _fitted(opened, sorted(sizes.items(), key=lambda item: -item[1][0]))
        if job.sizes:
            return _cut(opened, job, {"start": 0.0, "middle": 0.5, "end": 1.0}[job.keep])
        _read(opened)
        return Made()


def _fitting(size: tuple[int, int], longer: int, shorter: int) -> tuple[int, int]:
    """Return the most pixels (width, height) that `Job.fits` leaves a picture of `size`."""
    room = min((MAX_MADE / (size[0] * size[1])) ** 0.5, MAX_SIDE / max(size))
    scale = min(1, max(longer / max(size), min(shorter / min(size), room)))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _fitted(opened: Opened, by_size: list[tuple[str, tuple[int, int]]]) -> Made:
    """Make the whole picture in each size; what moves goes on moving, with STILL beside it."""
    if opened.moves:
        return moving(opened, by_size)
    pixels = still(opened.image, limit=max(by_size[0][1]))
    files: dict[str, bytes] = {}
    widths: dict[str, int] = {}
    largest, color = pixels.size, average_color(pixels)
    for name, limit in by_size:
        # it may have been turned by a quarter
        pixels.thumbnail((max(limit),) * 2, Image.Resampling.LANCZOS)
        files[f"{name}.webp"], widths[f"{name}.webp"] = webp(pixels), pixels.width
    return Made(files, widths, *largest, color)


def _cut(opened: Opened, job: Job, at: float) -> Made:
    """Cut it to shape; of what moves, the first picture."""
    sizes = job.sizes
    width, height = largest = max((width, height) for width, height in sizes.values())
    left, top, wide, high = job.box
    # as many pixels as the box wants, within bounds: it may be a corner of a large picture
    shorter, longer = sorted((opened.width, opened.height))
    room = max(*largest, int((MAX_MADE * shorter / longer) ** 0.5))
    whole = still(opened.image, least=min(room, math.ceil(max(largest) / min(wide, high))))
    right, bottom = ((left + wide) * whole.width, (top + high) * whole.height)
    kept = whole.crop(
        (
            math.floor(left * whole.width),
            math.floor(top * whole.height),
            min(math.ceil(right), whole.width),
            min(math.ceil(bottom), whole.height),
        )
    )
    pixels = ImageOps.fit(kept, largest, Image.Resampling.LANCZOS, centering=(at, at))
    files = {
        f"{name}.webp": webp(pixels.resize((wide, high), Image.Resampling.LANCZOS))
        for name, (wide, high) in sizes.items()
    }
    widths = {f"{name}.webp": wide for name, (wide, _) in sizes.items()}
    return Made(files, widths, width, height, average_color(pixels))


def _read(opened: Opened) -> None:
    if opened.moves:
        frames = Frames(opened, (1, 1))
        for number in range(frames.n_frames):
            frames.seek(number)
    else:
        opened.image.draft("RGB", (1, 1))
        opened.image.load()


def still(image: Image.Image, *, limit: int = 0, least: int = 0) -> Image.Image:
    """Return it upright, in RGB or RGBA, in a fresh image that holds nothing but pixels.

    A larger one is made smaller first, so that little is copied: its longer side to `limit`, or its
    shorter one to `least`.
    """
    profile = profile_of(image)
    image.draft("RGB", (limit or least,) * 2)
    image.load()
    shown = plain(image, profile)
    if shown is not image:
        image.close()  # gives its memory back
    longest = limit or max(least, -(-max(shown.size) * least // min(shown.size)))
    gap = None if shown.mode == "I;16" else 2.0  # which Pillow makes smaller in one step only
    shown.thumbnail((longest, longest), Image.Resampling.LANCZOS, gap)
    return in_srgb(fresh(ImageOps.exif_transpose(shown)), profile)
