"""What the link to a new password holds, and until when it does."""

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetTokenGenerator(PasswordResetTokenGenerator):
    """A link ends when the password or the address changes, at the next sign-in, and with the
    sessions of who is closed or suspended.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.session_epoch}"
