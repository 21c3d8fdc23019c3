"""Who signs in."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models.account import Account
from accounts.models.account_queryset import HandleTakenError
from accounts.models.registration import Application
from accounts.models.session import Session
from microblog.db.locks import lock_rows

WAITS = "Nobody has decided yet whether you can join. You get a mail as soon as somebody has."


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return it in lower case, all of it: allauth looks for an address in no other form."""
        return super().normalize_email(email).lower()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            email, password, **{"is_staff": True, "is_superuser": True, **fields}
        )

    def with_email(self, email: str) -> "User | None":
        """Return who has `email`, in any case. One that only waits to be confirmed is nobody's."""
        return self.filter(email=self.normalize_email(email)).first()

    def called(self, name: str) -> "User | None":
        """Return who signs in as `name`, a handle or an e-mail address."""
        email = name if "@" in name else Account.objects.email_behind(name)
        return self.with_email(email) if email and "\0" not in email else None

    def has_administrator(self) -> bool:
        return self.filter(is_superuser=True).exists()


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in: an e-mail address and a password.

    Has no public face; that is the Account.
    """

    email = models.EmailField("e-mail address", max_length=254)
    is_staff = models.BooleanField("staff", default=False, help_text="May enter the admin.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Untick to close the door without deleting anything."
    )
    session_epoch = models.PositiveIntegerField(
        default=0, editable=False
    )  # what was signed in, or sent as a link, before it grew has ended
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    # What somebody signed up as, while a moderator has yet to let them in, or when somebody else
    # was faster: the name that their account begins with, and its handle.
    wanted_name = models.TextField(blank=True, default="", editable=False)
    wanted_handle = models.CharField(max_length=15, blank=True, default="", editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="That e-mail address is taken.",
            )
        ]
        indexes = [models.Index(fields=["date_joined"], name="user_joined")]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = type(self).objects.normalize_email(self.email)

    # --- Sessions ---

    def get_session_auth_hash(self) -> str:
        """Return what a session of this user has to know; it ends with password and epoch."""
        return self._session_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._session_hash, settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, secret: str | bytes) -> str:
        value = f"{self.password} {self.session_epoch}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    def end_sessions(self) -> None:
        """End every session, and every link to a new password that was sent, for good."""
        User.objects.filter(pk=self.pk).update(session_epoch=F("session_epoch") + 1)
        self.refresh_from_db(fields=["session_epoch"])
        Session.objects.of(self).delete()

    def is_last_administrator(self) -> bool:
        """Tell whether nobody else could run the site; no other administrator leaves until the
        transaction ends.
        """
        administrators = User.objects.filter(is_superuser=True)
        if self.pk not in lock_rows(administrators):
            return False
        others = administrators.filter(is_active=True).exclude(pk=self.pk)
        return not others.filter(account__absent_at=None).exists()

    @property
    def is_waiting(self) -> bool:
        """Return whether a moderator has yet to let them in."""
        return Application.objects.by(self).exists()

    @transaction.atomic
    def take_account(self, handle: str) -> Account:
        """Return the account of this user, made with `handle` and the name that they signed up with
        where there is none yet.

        Raises HandleTakenError, also while they wait.
        """
        # a second click waits here, and then finds the account
        User.objects.select_for_update().get(pk=self.pk)
        if self.is_waiting:
            raise HandleTakenError(WAITS)
        return Account.objects.of(self) or Account.objects.create_local(
            handle, user=self, name=self.wanted_name or handle
        )

    @transaction.atomic
    def activate(self) -> None:
        """Hand over what this user signed up for, where it is still to be had; else they choose a
        handle at their next step.

        Who has to be approved first waits from now on.
        """
        application = Application.objects.by(self).first()
        if application:
            application.confirm()
        elif self.wanted_handle:
            with suppress(HandleTakenError):
                self.take_account(self.wanted_handle)
