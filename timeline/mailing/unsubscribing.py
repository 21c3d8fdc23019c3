"""The link in each mail by which its reader has no more of them, without signing in.

It names an account, and works for the address that the mail went to alone, for as long as that is
the account's: who has an old address of somebody's changes nothing.
"""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from accounts.models import Account, User
from microblog.web.converters import parse_id
from timeline.models import NotificationSettings


def unsubscribe_url(user: User, account: Account) -> str:
    """Return the address at which a POST ends the mails to `account`, whose user is `user`."""
    token = _signer(user).sign(str(account.pk))
    return f"{settings.SITE_URL}{reverse('unsubscribe', args=[token])}"


def account_of(token: str) -> Account | None:
    """Return whose mails the link with `token` ends; None where it is none of ours, or not the
    whole of it, or its account has another address by now, or is gone.
    """
    pk = parse_id(token.partition(":")[0]) or 0
    account = Account.objects.undeleted().filter(pk=pk).select_related("user").first()
    if account is None or account.user is None:
        return None
    try:
        _signer(account.user).unsign(token)
    except BadSignature:
        return None
    return account


def unsubscribe(account: Account) -> None:
    """Let `account` have no more mails of notifications, which it may have none of already."""
    NotificationSettings.objects.choose_mail(account, NotificationSettings.Mail.NONE)


def _signer(user: User) -> Signer:
    return Signer(salt=f"timeline.unsubscribe\0{user.email}")
