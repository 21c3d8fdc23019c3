"""How people come in: the policy, invitations, applications, and sign-ups that wait."""

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from microblog.text import fold

if TYPE_CHECKING:
    from accounts.models.account import Account


_CONFIRM_SALT = "accounts.waiting_signup"
MAX_FILL_SECONDS = 2
FEWEST_POSTS = 5  # an hour, whatever the limit for newcomers says


class SignupPolicyQuerySet(models.QuerySet["SignupPolicy"]):
    def current(self) -> "SignupPolicy":
        """Return what holds now: the one row, or the defaults where nobody saved any."""
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
        help_text="In seconds, at most 2; 0 for none. What is sent sooner comes back, "
        "and can be sent again at once.",
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

    objects = SignupPolicyQuerySet.as_manager()

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
        """Tell whether somebody without an invitation can sign up, or apply to."""
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
        """Return when the days of `account` as a newcomer are over; None where nobody signs in."""
        days = timedelta(days=self.newcomer_days)
        return account.user.date_joined + days if account.user else None

    def is_newcomer(self, account: "Account", at: datetime | None = None) -> bool:
        """Tell whether its limits hold for `account` (`at` a time, now): not for staff."""
        until = self.came_of_age(account)
        if until is None or (account.user and account.user.is_staff):
            return False
        return (at or timezone.now()) < until or account.followers_count < self.newcomer_followers


INVITATION_VALID_FOR = timedelta(days=7)


def new_token() -> str:
    """Return 192 bits that nobody guesses, fit for an address."""
    return secrets.token_urlsafe(24)


def in_a_week() -> datetime:
    return timezone.now() + INVITATION_VALID_FOR


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def with_token(self, token: str) -> "Invitation | None":
        # PostgreSQL has no such text
        return self.filter(token=token).first() if "\0" not in token else None


class Invitation(models.Model):
    """A link by which `uses` people sign up until `until`, without being approved."""

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    note = models.CharField(
        max_length=200, blank=True, default="", help_text="For whom it is. Only staff read this."
    )
    uses = models.PositiveIntegerField(
        "for how many people", default=1, validators=[MinValueValidator(1)]
    )
    used = models.PositiveIntegerField("came by it", default=0, editable=False)
    until = models.DateTimeField("valid until", default=in_a_week)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used__lte=F("uses")), name="invitation_used_within_uses"
            )
        ]

    def __str__(self) -> str:
        return self.note or f"invitation {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("account_invitation", args=[self.token])

    @property
    def url(self) -> str:
        """Return what one sends to whom one invites."""
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def is_over(self) -> bool:
        return self.until <= timezone.now()

    @property
    def is_used_up(self) -> bool:
        return self.used >= self.uses

    def use(self) -> bool:
        """Let one more person in by it; return whether there was room, if two come at once too."""
        room = Invitation.objects.filter(pk=self.pk, used__lt=F("uses"), until__gt=timezone.now())
        return bool(room.update(used=F("used") + 1))


MAX_REASON = 500


class ApplicationQuerySet(models.QuerySet["Application"]):
    def seen(self) -> Self:
        """Return those that a moderator decides: their address is confirmed, where it must be."""
        return self.exclude(confirmed_at=None)

    def by(self, user: Any) -> Self:
        return self.filter(user=user)


class Application(models.Model):
    """`user` signed up while that needs approval, and waits: has no account, and cannot sign in.

    The row goes when it is decided.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="application", editable=False
    )
    reason = models.TextField("reason to join", editable=False)
    created_at = models.DateTimeField("asked", default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField("address confirmed", null=True, blank=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "application to join"
        verbose_name_plural = "applications to join"

    def __str__(self) -> str:
        return f"{self.user}, who would like to be @{self.user.wanted_handle}"

    def confirm(self) -> None:
        """Let moderators see it from now on: the address is theirs."""
        Application.objects.filter(pk=self.pk, confirmed_at=None).update(
            confirmed_at=timezone.now()
        )


CONFIRM_WITHIN = timedelta(days=3)


class WaitingSignupQuerySet(models.QuerySet["WaitingSignup"]):
    def waiting(self) -> Self:
        return self.filter(created_at__gt=timezone.now() - CONFIRM_WITHIN)

    def with_token(self, token: str) -> "WaitingSignup | None":
        """Return the one whose link has `token`, while it waits."""
        try:
            return self.waiting().filter(pk=signing.loads(token, salt=_CONFIRM_SALT)).first()
        except signing.BadSignature:
            return None

    def forget_old(self) -> None:
        """Delete those whose link does not work any more."""
        self.filter(created_at__lte=timezone.now() - CONFIRM_WITHIN).delete()


class WaitingSignup(models.Model):
    """What somebody typed who signed up as `email`, while that has to be confirmed.

    It means nothing yet: there is no user, the handle and the address are anybody's, and others may
    wait for the same. Who confirms first has them.
    """

    email = models.EmailField(max_length=254)
    password = models.CharField(max_length=128)  # a hash
    name = models.TextField(blank=True, default="")
    handle = models.CharField(max_length=15, blank=True, default="")
    # the account that is here already
    claims = models.ForeignKey("accounts.Account", models.CASCADE, null=True, related_name="+")
    applies = models.BooleanField(default=False)  # whether a moderator has to let them in
    reason = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    objects = WaitingSignupQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["email"], name="waiting_signup_email"),
            models.Index(fields=["created_at"], name="waiting_signup_created"),
        ]

    def __str__(self) -> str:
        return f"{self.email}, who signed up"

    @property
    def wanted(self) -> str:
        """Return what they signed up for, as pages and mails call it."""
        return str(self.claims) if self.claims else f"@{self.handle}"

    @property
    def url(self) -> str:
        """Return the link that is sent to the address."""
        token = signing.dumps(self.pk, salt=_CONFIRM_SALT)
        return f"{settings.SITE_URL}{reverse('account_confirm_email', args=[token])}"
