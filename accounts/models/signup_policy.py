"""How people come in, and what newcomers may do."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from microblog.text import fold

if TYPE_CHECKING:
    from accounts.models.account import Account

MAX_FILL_SECONDS = 2
FEWEST_POSTS = 5  # an hour, whatever the limit for newcomers says


class AdmissionQuerySet(models.QuerySet["SignupPolicy"]):
    def current(self) -> "SignupPolicy":
        """What holds now: the one row, or the defaults where nobody saved any."""
        return self.first() or self.model()


class SignupPolicy(models.Model):
    """How people come in, and what newcomers may do: one row, which the admin edits.

    By default it refuses nobody.
    """

    class Mode(models.TextChoices):
        OPEN = "open", "Open: anybody signs up"
        APPROVAL = "approval", "By approval: they say why, and wait for a moderator"
        INVITATION = "invitation", "By invitation: with a link that staff made"
        CLOSED = "closed", "Closed: nobody signs up"

    mode = models.CharField("sign-up", max_length=10, choices=Mode, default=Mode.OPEN)
    fill_seconds = models.PositiveSmallIntegerField(
        "shortest time to fill in the form",
        default=1,
        validators=[MaxValueValidator(MAX_FILL_SECONDS)],
        help_text="In seconds, at most 2; 0 for none. What is sent sooner comes back, and can be sent "
        "again at once.",
    )
    question = models.CharField(
        max_length=200,
        blank=True,
        default="",
        help_text="A question of your own that who signs up has to answer, or nothing.",
    )
    answers = models.TextField(
        blank=True,
        default="",
        help_text="Every right answer, one a line. Capitals and spaces do not matter.",
    )

    newcomer_days = models.PositiveSmallIntegerField(
        "newcomer for",
        default=7,
        validators=[MaxValueValidator(365)],
        help_text="In days since they signed up; 0 for not at all.",
    )
    newcomer_followers = models.PositiveIntegerField(
        "and until this many followers",
        default=0,
        help_text="0: the days alone decide. Else whoever has fewer stays a newcomer.",
    )
    newcomer_links = models.PositiveSmallIntegerField(
        "a newcomer's links", default=2, help_text="In a post."
    )
    newcomer_mentions = models.PositiveSmallIntegerField(
        "a newcomer's mentions", default=5, help_text="In a post."
    )
    newcomer_posts = models.PositiveSmallIntegerField(
        "a newcomer's posts",
        default=30,
        validators=[MinValueValidator(FEWEST_POSTS)],
        help_text=f"Within an hour, retweets among them; at least {FEWEST_POSTS}.",
    )

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "sign-up and newcomers"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="signup_policy_is_one_row"),
            models.CheckConstraint(
                condition=Q(mode__in=["open", "approval", "invitation", "closed"]),
                name="signup_policy_mode",
            ),
            models.CheckConstraint(
                condition=Q(fill_seconds__lte=MAX_FILL_SECONDS), name="signup_policy_fill_seconds"
            ),
        ]

    def __str__(self) -> str:
        return "Sign-up and newcomers"

    def save(self, **more: object) -> None:
        self.pk = 1
        super().save(**more)  # type: ignore[arg-type]

    def clean(self) -> None:
        if bool(self.question.strip()) != bool(self.right_answers):
            raise ValidationError("A question needs an answer, and an answer a question.")

    # --- Signing up ---

    @property
    def is_open(self) -> bool:
        """Whether somebody without an invitation can sign up, or apply to."""
        return self.mode in (self.Mode.OPEN, self.Mode.APPROVAL)

    @property
    def takes_invitations(self) -> bool:
        return self.mode != self.Mode.CLOSED

    @property
    def right_answers(self) -> set[str]:
        return {folded for line in self.answers.splitlines() if (folded := fold(line))}

    def is_right(self, answer: str) -> bool:
        return fold(answer) in self.right_answers

    # --- Newcomers ---

    def came_of_age(self, account: "Account") -> datetime | None:
        """When the days of `account` as a newcomer are over; None where nobody signs in as it."""
        return (
            account.user.date_joined + timedelta(days=self.newcomer_days) if account.user else None
        )

    def is_newcomer(self, account: "Account", at: datetime | None = None) -> bool:
        """Whether its limits hold for `account` (`at` a time, now): not for staff, and not for what
        nobody signs in as.
        """
        until = self.came_of_age(account)
        if until is None or (account.user and account.user.is_staff):
            return False
        return (at or timezone.now()) < until or account.followers_count < self.newcomer_followers
