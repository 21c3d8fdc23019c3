# mypy: allow-subclassing-any, no-warn-return-any
"""How allauth's second factors behave here, and what a browser is asked for a passkey."""

import base64
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.http.request import split_domain_port
from fido2.utils import websafe_encode
from fido2.webauthn import RegistrationResponse

from accounts.models import RefusedError, User
from accounts.security import authenticator_app, devices, second_factor

MOST_PASSKEYS = 20  # of one user
LAST_WAY_IN = (
    "This passkey is your only way in. Set a password, or add another passkey, and then remove "
    "this one."
)
_KEY_SALT = "accounts.totp_secret"


class Passkey:
    """A passkey of somebody, as it is shown."""

    def __init__(self, row: Authenticator) -> None:
        self.row = row
        self.pk: int = row.pk
        self.name: str = row.data["name"]
        self.created_at, self.last_used_at = row.created_at, row.last_used_at


class Adapter(DefaultMFAAdapter):
    """Secrets are encrypted under SECRET_KEY; a passkey belongs to the host of SITE_URL."""

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": _domain(context.request), "name": settings.SITE_NAME}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """Return what a device calls the passkey: by the handle, where there is one."""
        account = getattr(user, "account", None)
        name = f"@{account.handle}" if account else user.wanted_handle or user.email  # type: ignore[attr-defined]
        entity = super().get_public_key_credential_user_entity(user)
        return entity | {"name": name, "display_name": account.name if account else name}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002  (allauth's name)
        return devices.name_of(context.request.headers.get("User-Agent", ""))


def are_possible(request: HttpRequest) -> bool:
    """Tell whether browsers make passkeys for the address of this page: not for a number."""
    try:
        ip_address(_domain(request).strip("[]"))
    except ValueError:
        return True
    return False


def creation_options(user: AbstractBaseUser) -> dict[str, Any]:
    """Return what a browser needs to make a passkey for `user`, who is asked by their device."""
    return auth.begin_registration(user, passwordless=True)


def request_options(user: AbstractBaseUser | None = None) -> dict[str, Any]:
    """Return what a browser needs to find a passkey: one of `user`, or of whoever has one."""
    return auth.begin_authentication(user)


def of(user: User) -> list[Passkey]:
    """Return the passkeys of `user`, in the order in which they were made."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return [Passkey(row) for row in found.order_by("pk")]


@transaction.atomic
def add(user: User, name: str, credential: dict[str, Any]) -> None:
    """Let `user` sign in with what their device has made, `credential`; twice is once."""
    User.objects.select_for_update().get(pk=user.pk)
    made = auth.parse_registration_response(credential)
    if auth.get_authenticator_by_credential_id(user, made.raw_id):
        return
    auth.WebAuthn.add(user, name, _kept(made))
    if second_factor.is_required_of(user):  # a browser without scripts is asked for a code
        authenticator_app.keep_codes(user)
    get_account_adapter().send_notification_mail("mfa/email/webauthn_added", user)


def _kept(made: RegistrationResponse) -> dict[str, Any]:
    """Return what is needed of it: what else a browser sends, no database need take."""
    name, response = websafe_encode(made.raw_id), made.response
    return {
        "id": name,
        "rawId": name,
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(response.client_data),
            "attestationObject": websafe_encode(response.attestation_object),
        },
    }


def rename(passkey: Passkey, name: str) -> None:
    """Call it `name`, if it is not gone meanwhile."""
    data = {**passkey.row.data, "name": name}
    Authenticator.objects.filter(pk=passkey.pk).update(data=data)


def check_removable(passkey: Passkey) -> None:
    """Raise RefusedError where its owner could not sign in any more, or needs it."""
    user: Any = passkey.row.user
    if not user.has_usable_password() and len(of(user)) == 1:
        raise RefusedError(LAST_WAY_IN)
    if second_factor.would_lack(user, passkey.row):
        raise RefusedError(second_factor.KEEPS_ONE)


@transaction.atomic
def remove(passkey: Passkey) -> None:
    user: Any = User.objects.select_for_update().get(pk=passkey.row.user_id)
    check_removable(passkey)
    passkey.row.delete()
    get_account_adapter().send_notification_mail("mfa/email/webauthn_removed", user)


def _domain(request: HttpRequest) -> str:
    """Return the host whose passkeys count: SITE_URL's, for itself and what is below it."""
    host, _ = split_domain_port(request.get_host())
    site = cast("str", urlsplit(settings.SITE_URL).hostname)
    return site if host.endswith(f".{site}") else host


def _cipher() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (sha256(f"{_KEY_SALT}\0{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
