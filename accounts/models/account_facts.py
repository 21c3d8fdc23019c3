"""What the columns of an account say, whether they were read into an Account or into a value that a
page shows.
"""

from typing import Any

from django.conf import settings

from accounts import handles
from microblog.media import uploads

COLORS = 8  # of missing avatars


class AccountFacts:
    """For a class with `pk`, `handle`, `host`, `name` and `avatar` of an account."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"@{self.full_handle}"

    def get_absolute_url(self) -> str:
        return settings.PROFILE_URL.format(handle=self.full_handle)

    @property
    def full_handle(self: Any) -> str:
        return handles.full_handle(self.handle, self.host)

    @property
    def shown_name(self: Any) -> str:
        return self.name or self.handle  # type: ignore[no-any-return]

    @property
    def initial(self) -> str:
        """Return what stands for a missing avatar."""
        return self.shown_name[:1].upper()

    @property
    def placeholder_color(self: Any) -> int:
        """Return the colour of a missing avatar: 0 to 7."""
        return self.pk % COLORS  # type: ignore[no-any-return]

    @property
    def small_avatar(self: Any) -> str:
        """Return the address of the avatar for a row of a timeline; only where there is one."""
        return uploads.url(self.avatar, "small.webp")

    @property
    def is_external(self: Any) -> bool:
        return bool(self.host)
