"""The width and height, in pixels, of avatars and banners: twice what a small screen needs."""

AVATAR_SIZES = {"small": (96, 96), "large": (400, 400)}
BANNER_SIZES = {"small": (600, 200), "large": (1500, 500)}
