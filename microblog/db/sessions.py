"""Sessions in Django's table, asked for by SQL that is compiled once: each page asks for one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from microblog.db.prepared import Param, prepared


class SessionStore(db.SessionStore):
    """Reads a session as Django's does, and writes it so."""

    def load(self) -> dict[str, Any]:
        for data, ends_at in _sessions(key=self.session_key) if self.session_key else ():
            if ends_at > timezone.now():
                return self.decode(data)
        self._session_key = None
        return {}


@prepared
def _sessions(key: Param) -> Any:
    return Session.objects.filter(session_key=key).values_list("session_data", "expire_date")
