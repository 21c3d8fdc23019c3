from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    # see microblog.db.change_number
    shown = ("Account", "Follow", "FormerHandle", "SignupPolicy")
    not_shown = (
        *("AddressChange", "Application", "BannedEmail", "BlockedDomain", "BlockedRange"),
        *("Invitation", "RemovedHandle", "ReservedHandle", "User", "User_groups"),
        *("User_user_permissions", "WaitingSignup"),
    )

    def ready(self) -> None:
        from accounts import receivers  # noqa: PLC0415 -- Django asks for it: models load first
        from microblog.signals import upload_keys_checked  # noqa: PLC0415 -- likewise

        upload_keys_checked.connect(receivers.name_uploads)
