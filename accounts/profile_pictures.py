"""The width and height, in pixels, of avatars and banners: twice what a small screen needs."""

from typing import Literal

type Field = Literal["avatar", "banner"]

AVATAR_SIZES = {"small": (96, 96), "large": (400, 400)}
BANNER_SIZES = {"small": (600, 200), "large": (1500, 500)}
PICTURES: dict[Field, dict[str, tuple[int, int]]] = {
    "avatar": AVATAR_SIZES,
    "banner": BANNER_SIZES,
}
