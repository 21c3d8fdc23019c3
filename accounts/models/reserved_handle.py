"""Handles that nobody may have here, on top of those that the code reserves."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from accounts import handles


class ReservedHandleQuerySet(models.QuerySet["ReservedHandle"]):
    def named(self, handle: str) -> "ReservedHandleQuerySet":
        return self.filter(handle__lower=handle.lower())


class ReservedHandle(models.Model):
    """Nobody takes `handle`, in any case. Who has it already keeps it."""

    handle = models.CharField(max_length=15, help_text="Without the @.")
    note = models.CharField(
        max_length=200, blank=True, default="", help_text="Why. Only staff read this."
    )

    objects = ReservedHandleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("handle"),
                name="reserved_handle_unique",
                violation_error_message="This handle is reserved already.",
            )
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    def clean_fields(self, exclude: object = None) -> None:
        self.handle = self.handle.strip().removeprefix("@")
        super().clean_fields(exclude)  # type: ignore[arg-type]
        if not handles.LOCAL.fullmatch(self.handle):
            raise ValidationError(
                {
                    "handle": "A handle has 1 to 15 characters: letters from A to Z, digits and "
                    "underscores."
                }
            )
        if handles.is_reserved(self.handle):
            raise ValidationError({"handle": "The site reserves this handle already."})
