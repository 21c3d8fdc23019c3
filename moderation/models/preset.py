"""Statements that moderators need again and again."""

from django.db import models


class Preset(models.Model):
    """A statement of reasons to begin with: chosen by its title, sent as it is or changed."""

    title = models.CharField(max_length=100, unique=True)
    statement = models.TextField(
        help_text="Plain words, to the person: what they did, which rule it broke, what follows from it."
    )

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title
