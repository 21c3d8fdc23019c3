"""The field of pictures and videos, and how each of its files is opened."""

from typing import Any

from django import forms

from microblog.media import images, video
from microblog.media.isolation import Meter
from microblog.media.video import VideoError
from timeline.posting.attachments import MAX_PICTURES, PICTURE_SIZES


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        found: list[Any] = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        return found


class PicturesField(forms.FileField):
    """One to four pictures and videos.

    Cleans to the files as they came, none of them opened yet: `open_file` does that.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=PicturesInput({"accept": f"{images.ACCEPT},video/mp4,video/webm"}), **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files: list[Any] = data or []
        if len(files) > MAX_PICTURES:
            raise forms.ValidationError(
                f"A post holds up to {MAX_PICTURES} pictures; you chose {len(files)}."
            )
        return [super(PicturesField, self).clean(file) for file in files]


def open_file(file: Any, meter: Meter) -> images.Picture | video.Video:
    """Return the picture in `file`, made anew in the sizes that pages use, or the video, cleared of
    what a camera wrote beside it.

    What a file is, its content says. Raises ValidationError, BusyError, and what `meter` raises.
    """
    is_video = video.is_video(file)
    limit = video.MAX_BYTES if is_video else images.MAX_BYTES
    if (file.size or 0) > limit:
        raise forms.ValidationError(f"{file.name} is too large: at most {limit // 1024**2} MB fit.")
    try:
        if is_video:
            return video.Video.cleared(file.file, meter)
        return images.fit(file, PICTURE_SIZES, meter)
    except (images.ImageError, VideoError) as error:
        raise forms.ValidationError(f"{file.name}: {error}") from error
