from collections.abc import Collection
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.signals import user_logged_in

from microblog.signals import upload_keys_checked


class AccountsConfig(AppConfig):
    name = "accounts"
    # see microblog.db.change_number
    shown = ("Account", "Follow", "FormerHandle", "LivelyAccount", "SignupPolicy")
    not_shown = (
        *("AccountWord", "AddressChange", "Application", "BannedEmail", "Block", "BlockedDomain"),
        *("BlockedRange", "FollowRequest", "Invitation", "Mute", "MutedWord", "RemovedHandle"),
        *(
            "ReservedHandle",
            "Session",
            "User",
            "User_groups",
            "User_user_permissions",
            "WaitingSignup",
        ),
    )

    def ready(self) -> None:
        from accounts.security import sessions  # noqa: PLC0415  (models are there from now on)

        upload_keys_checked.connect(_name_uploads)
        user_logged_in.connect(sessions.note_sign_in)


def _name_uploads(keys: Collection[str], **_: Any) -> set[str]:
    """Return those of `keys` that are somebody's avatar or banner."""
    found: set[str] = apps.get_model("accounts", "Account").objects.picture_keys(keys)
    return found
