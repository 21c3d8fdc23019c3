"""A device that makes passkeys and signs with them, as a browser hands its answers on (WebAuthn
Level 3, as JSON).
"""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.models import Account

FLAG = AuthenticatorData.FLAG
ORIGIN = "http://localhost:8000"
HOST = {"host": "localhost:8000"}


@dataclass
class Device:
    """Holds one passkey, for the site at `origin`."""

    origin: str = ORIGIN
    rp_id: str = "localhost"
    asks_owner: bool = True
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    user_handle: str = ""

    def create(self, options: dict[str, Any]) -> str:
        """Return what the browser answers to creation options."""
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        public_key = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public_key)
        data = self._data(FLAG.AT, made)
        attestation = bytes(AttestationObject.create("none", data, {}))
        client_data = self._client_data("webauthn.create", asked["challenge"])
        return self._answer(
            {"clientDataJSON": client_data, "attestationObject": websafe_encode(attestation)},
            {"credProps": {"rk": True}},
        )

    def get(self, options: dict[str, Any]) -> str:
        """Return what the browser answers to request options."""
        client_data = self._client_data("webauthn.get", options["publicKey"]["challenge"])
        data = bytes(self._data(0))
        signed = data + sha256(websafe_decode(client_data)).digest()
        return self._answer(
            {
                "clientDataJSON": client_data,
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(self.key.sign(signed, ec.ECDSA(SHA256()))),
                "userHandle": self.user_handle,
            },
            {},
        )

    def _data(self, flags: int, made: Any = b"") -> AuthenticatorData:
        flags |= FLAG.UP | (FLAG.UV if self.asks_owner else 0)
        return AuthenticatorData.create(sha256(self.rp_id.encode()).digest(), flags, 0, made)

    def _client_data(self, kind: str, challenge: str) -> str:
        data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return websafe_encode(json.dumps(data).encode())

    def _answer(self, response: dict[str, str], extensions: dict[str, Any]) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": extensions,
            }
        )


def give(account: Account, name: str = "Phone") -> tuple[Authenticator, Device]:
    """Give the owner of `account` a passkey; return its row, and the device that has it."""
    device = Device()
    options = {"publicKey": {"challenge": "AAAA", "user": {"id": _handle(account)}}}
    credential = json.loads(device.create(options))
    row = Authenticator.objects.create(
        user=account.user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": name, "credential": credential},
    )
    return row, device


def _handle(account: Account) -> str:
    return websafe_encode(user_pk_to_url_str(account.user).encode())
