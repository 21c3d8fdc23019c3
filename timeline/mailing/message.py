"""A mail with a link by which one has no more of its kind (RFC 2369, RFC 8058)."""

from email import policy as policies
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage as MimeMessage
from email.policy import EmailPolicy
from typing import Any, override

from django.conf import settings
from django.core.mail import EmailMessage


class _Whole(UnstructuredHeader):
    """A header on one line, however long: Python would encode an address that takes more, and no
    mail program reads that as one.
    """

    def fold(self: Any, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)  # type: ignore[arg-type]  # as documented


class Mail(EmailMessage):
    """A mail that its reader asked for once; `unsubscribe_url` ends that."""

    def __init__(
        self, subject: str, body: str, *, to: str, unsubscribe_url: str, message_id: str
    ) -> None:
        headers = {
            "Message-ID": message_id,
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "Auto-Submitted": "auto-generated",
        }
        if settings.HTTPS:  # RFC 8058 allows nothing else
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        super().__init__(subject, body, to=[to], headers=headers)

    @override
    def message(self, *, policy: Any = policies.default) -> MimeMessage:
        return super().message(policy=policy.clone(header_factory=_HEADERS))
