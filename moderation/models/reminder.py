"""When moderators were told that something waits."""

from datetime import date

from django.db import models


class ReminderManager(models.Manager["Reminder"]):
    def is_first(self, day: date) -> bool:
        """Whether nobody was reminded on `day` until now.

        To be called in the transaction that reminds.
        """
        return self.get_or_create(day=day)[1]


class Reminder(models.Model):
    """On `day`, everybody who works the queue got a mail: one, however often the task runs."""

    day = models.DateField(unique=True, editable=False)

    objects = ReminderManager()

    def __str__(self) -> str:
        return f"Reminder of {self.day:%-d %b %Y}"
