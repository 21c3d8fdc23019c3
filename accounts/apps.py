from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.models import Account
        from microblog.media import uploads

        uploads.named_by.append(Account.objects.picture_keys)
