"""Who is named in a post."""

from django.db import models

from accounts.models import Account
from timeline.models.post import Post


class Mention(models.Model):
    """`post`, written here, names the local `account`."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions")
    account = models.ForeignKey(Account, models.CASCADE, related_name="mentioned_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "post"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.post_id} mentions {self.account}"
