"""Sessions, and where somebody is signed in.

The table is ours (accounts.models.Session), and is asked by SQL that is compiled once: each page
asks for one. allauth's own list of sessions writes a row on each request, or never knows the last
use.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.dateparse import parse_datetime

from accounts.models import Session, User
from accounts.models.session import MOST_SESSIONS, NOTED_EVERY
from accounts.security import devices
from microblog.db.prepared import Param, prepared

_DEVICE = "device"  # the session's key for what signed in: user agent, address, time
_LONGEST_USER_AGENT = 200


class SessionStore(db.SessionStore):
    """Reads a session as Django's does, and writes it so, with the columns beside its data."""

    seen_at: datetime | None = None  # as it was when this was read

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        for data, ends_at, seen_at in _sessions(key=self.session_key) if self.session_key else ():
            if ends_at > timezone.now():
                self.seen_at = seen_at
                return self.decode(data)
        self._session_key = None
        return {}

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast("Session", super().create_model_instance(data))
        agent, address, at = data.get(_DEVICE) or ("", "", "")
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.user_agent, row.address, row.signed_in_at = agent, address, parse_datetime(at)
        return row


def is_open(key: str) -> bool:
    """Tell whether the session `key` has not ended; of whom it is, nothing is asked."""
    return any(ends_at > timezone.now() for _, ends_at, _ in _sessions(key=key))


@prepared
def _sessions(key: Param) -> Any:
    columns = ("session_data", "expire_date", "seen_at")
    return Session.objects.filter(session_key=key).values_list(*columns)


@dataclass(frozen=True)
class SignedIn:
    """A place where somebody is signed in. `name` says which, and opens nothing."""

    name: str
    device: str
    address: str
    signed_in_at: datetime | None
    seen_at: datetime
    is_this: bool


def note_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Keep with the session what signed in, and end the oldest sessions where `user` has many."""
    address = get_adapter().get_client_ip(request) if "REMOTE_ADDR" in request.META else ""
    agent = request.headers.get("User-Agent", "")[:_LONGEST_USER_AGENT].replace("\0", "")
    request.session[_DEVICE] = (agent, address, timezone.now().isoformat())
    Session.objects.end_oldest(user)


def note_use(request: HttpRequest) -> None:
    """Note that the session of `request` is used, once in a while."""
    seen_at = getattr(request.session, "seen_at", None)
    if seen_at and seen_at < timezone.now() - NOTED_EVERY:
        Session.objects.filter(pk=request.session.session_key).update(seen_at=timezone.now())


def of(request: HttpRequest) -> list[SignedIn]:
    """Return where the user of `request` is signed in: here first, then by the last use."""
    user = cast("User", request.user)
    here = request.session.session_key
    rows = Session.objects.of(user).standing()[: MOST_SESSIONS + 1]
    found = [
        SignedIn(
            _name(row),
            devices.name_of(row.user_agent),
            row.address,
            row.signed_in_at,
            row.seen_at,
            row.pk == here,
        )
        for row in rows
        if _is_right(row, user)
    ]
    return sorted(found, key=lambda place: not place.is_this)


def end(request: HttpRequest, name: str) -> str | None:
    """End that session of the user of `request`; return its device, or None where it has ended."""
    for row in Session.objects.of(cast("User", request.user)).standing():
        if _name(row) == name:
            row.delete()
            return devices.name_of(row.user_agent)
    return None


def end_others(request: HttpRequest) -> None:
    """End all sessions of the user of `request` but this one, and every link that was sent."""
    user = cast("User", request.user)
    user.end_sessions()
    update_session_auth_hash(request, user)


def _is_right(row: Session, user: User) -> bool:
    """Tell whether the session still opens anything: a new password ends those before."""
    known = SessionStore().decode(row.session_data).get(HASH_SESSION_KEY, "")
    return constant_time_compare(known, user.get_session_auth_hash())


def _name(row: Session) -> str:
    return salted_hmac("accounts.session_name", row.pk, algorithm="sha256").hexdigest()[:16]
