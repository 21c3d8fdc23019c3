"""The admin of what people say."""

from timeline.admin import posts

__all__ = ["posts"]
