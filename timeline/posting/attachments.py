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

    def row(self, post: Post, position: int, key: str) -> Media:
        """Return the row of its files, which are stored under `key`, as one of `post`; unsaved."""
        owner = post.author_id
        fields: dict[str, Any] = {
            "width": self.picture.width,
            "height": self.picture.height,
            "color": self.picture.color,
            "alt": self.alt,
        }
        if isinstance(self.picture, Video):
            fields |= {"kind": Media.Kind.VIDEO, "container": self.picture.container}
        else:
            fields["moves"] = self.picture.moves
            fields["small_width"] = self.picture.widths.get("small.webp", self.picture.width)
        return Media(
            post=post,
            owner=owner,
            payer=owner,
            bytes=uploads.size_of(self.picture.files),
            position=position,
            key=key,
            **fields,
        )
