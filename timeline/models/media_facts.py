"""What the columns of a picture or a video say, whether they were read into a Media or into a value
that a row shows.
"""

from typing import Any

from microblog.media import images, uploads, video


class MediaFacts:
    """For a class with `key`, `moves` and `container` of a Media: the addresses of its files."""

    __slots__ = ()

    @property
    def small(self: Any) -> str:
        return uploads.url(self.key, "small.webp")

    @property
    def large(self: Any) -> str:
        return uploads.url(self.key, "large.webp")

    @property
    def still(self: Any) -> str:
        return uploads.url(self.key, images.STILL)

    @property
    def preview(self: Any) -> str:
        """A picture made small that stands still, for where nobody could stop it."""
        return str(self.still if self.moves else self.small)

    @property
    def video(self: Any) -> str:
        return uploads.url(self.key, video.file_name(self.container))
