"""Make what moves anew, frame by frame."""

from io import BytesIO

from PIL import Image

from microblog.media.decoder.bounds import LONGER, SHORTEST, STILL, RefusedError
from microblog.media.decoder.colors import in_srgb, profile_of
from microblog.media.decoder.job import Made
from microblog.media.decoder.opening import Opened
from microblog.media.decoder.pixels import average_color, fresh, webp


class Frames(Image.Image):
    """The frames of `opened`, each decoded, made small and let go of when its turn comes;
    `durations` tells the time of those so far.
    """

    def __init__(self, opened: Opened, shrunk: tuple[int, int]) -> None:
        super().__init__()
        self.source, self.n_frames = opened.image, opened.frames
        self.whole = (opened.width, opened.height)
        self.shrunk = shrunk
        self.profile = profile_of(opened.image)
        self.durations: list[int] = []
        self.at = -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        if frame == self.at:
            return
        self.source.seek(frame)
        if self.source.width > self.whole[0] or self.source.height > self.whole[1]:
            raise RefusedError("This picture is broken: a frame is larger than it says.")
        shown = fresh(self.source.convert("RGBA"), self.whole)
        if self.shrunk != self.whole:
            shown = shown.resize(self.shrunk, Image.Resampling.BILINEAR)
        shown = in_srgb(shown, self.profile)
        self.im, self._mode, self._size = shown.im, shown.mode, shown.size
        self.at = frame
        if frame == len(self.durations):
            duration = int(self.source.info.get("duration") or 0)
            self.durations.append(duration if duration > SHORTEST else LONGER)

    def tell(self) -> int:
        return self.at


def moving(opened: Opened, by_size: list[tuple[str, tuple[int, int]]]) -> Made:
    files: dict[str, bytes] = {}
    made: dict[tuple[int, int], bytes] = {}
    widths: dict[str, int] = {}
    largest, color = (0, 0), ""
    for name, size in by_size:
        frames = Frames(opened, size)
        if not made:
            largest, color = frames.size, average_color(frames)
            files[STILL] = webp(fresh(frames))
        if frames.size not in made:
            out = BytesIO()
            times = _times(opened.image)
            frames.save(
                out,
                "WEBP",
                save_all=True,
                duration=frames.durations,
                loop=times,
                background=(0, 0, 0, 0),
                quality=75,
                method=0,
            )
            made[frames.size] = out.getvalue()
        files[f"{name}.webp"], widths[f"{name}.webp"] = made[frames.size], frames.width
    return Made(files, widths, *largest, color)


def _times(image: Image.Image) -> int:
    """Return how many times it plays, as WebP says it: 0 is for ever.

    A GIF says how often it goes on after the first time, or nothing.
    """
    repeats = image.info.get("loop")
    if image.format != "GIF":
        return int(repeats or 0)
    return 1 if repeats is None else min(repeats + 1, 65535) if repeats else 0
