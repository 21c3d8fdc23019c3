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


class ChangeNumber(models.Model):
    """What microblog.db.change_number counts from: one row, with the changes that are not rows of
    their own any more.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    base = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_change_number")]

    def __str__(self) -> str:
        return str(self.base)
