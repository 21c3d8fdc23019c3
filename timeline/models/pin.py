"""What stands first on a profile."""

from django.db import models

from accounts.models import Account
from timeline.models.post import Post


class Pin(models.Model):
    """`account` shows `post`, which is its own, above its other posts.

    One at most. Made and ended by Post.pin and .unpin.
    """

    account = models.OneToOneField(Account, models.CASCADE, related_name="pin")
    post = models.OneToOneField(Post, models.CASCADE, related_name="pinned_by")

    def __str__(self) -> str:
        return f"{self.account} pinned {self.post_id}"
