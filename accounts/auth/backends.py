# mypy: allow-subclassing-any, no-warn-return-any
"""Who may sign in, and stay signed in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.finding import signed_in_user
from accounts.models import User


class AccountBackend(AuthenticationBackend):
    """By e-mail address and password. Whose account is not here has no session."""

    def get_user(self, user_id: int) -> User | None:
        user = signed_in_user(user_id)
        return user if user and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        account = getattr(user, "account", None)
        return super().user_can_authenticate(user) and not (account and account.absent_at)
