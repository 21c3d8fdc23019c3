"""Pictures and videos that are about to be published, and the rows that they become."""

from dataclasses import dataclass
from typing import Any

from microblog.media import uploads
from microblog.media.images import Picture
from microblog.media.video import Video
from timeline.models import Media, Post

MAX_PICTURES = 4  # of a post, videos among them
MAX_ALT = 1500  # characters
# of the longer side, and of the shorter one at least (images.fit)
PICTURE_SIZES = {"small": (680, 382), "large": (2048, 1080)}


@dataclass(frozen=True)
class Attachment:
    """A picture or a video to publish, and what it shows in words."""

    picture: Picture | Video
    alt: str = ""

    @property
    def kind(self) -> str:
        return Media.Kind.VIDEO if isinstance(self.picture, Video) else Media.Kind.IMAGE

    def row(self, post: Post, position: int, key: str) -> Media:
        """Return the row of its files, which are stored under `key`, as one of `post`; unsaved."""
        picture, owner = self.picture, post.author_id
        more: dict[str, Any] = (
            {"container": picture.container}
            if isinstance(picture, Video)
            else {
                "moves": picture.moves,
                "small_width": picture.widths.get("small.webp", picture.width),
            }
        )
        return Media(
            post=post,
            position=position,
            kind=self.kind,
            owner=owner,
            payer=owner,
            key=key,
            bytes=uploads.size_of(picture.files),
            width=picture.width,
            height=picture.height,
            color=picture.color,
            alt=self.alt,
            **more,
        )
