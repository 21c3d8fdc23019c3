"""What the site itself keeps."""

from django.db import models


class Spending(models.Model):
    """How much one subject did of one thing within a window that ends at `ends_at`; after that the
    row means nothing, and is swept.

    Rows are written by microblog.web.ratelimit alone. The key is a keyed digest: it tells no
    address and no name.
    """

    key = models.CharField(max_length=64, primary_key=True)
    amount = models.BigIntegerField()
    last_at = models.DateTimeField()  # of the last thing that was counted
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="spending_ends")]

    def __str__(self) -> str:
        return f"{self.amount} until {self.ends_at:%-d %b %Y, %H:%M}"
