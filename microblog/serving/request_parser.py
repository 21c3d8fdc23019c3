"""Reading one request, and what is refused before its body is read."""

import errno
from contextlib import suppress
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest, RequestEntityTooLarge


class LengthRequired(BadRequest):
    code = 411
    reason = "Length Required"


class NoRoom(BadRequest):
    code = 503
    reason = "Service Unavailable"


class Parser(HTTPRequestParser):
    """One request.

    What comes with it beyond its end is not read: the connection then closes behind the answer.

    A body has a length: browsers always say it, and chunks are where smuggling and quadratic
    parsing live.
    """

    was_refused = False  # before its body was read
    transfer_encoding = ""
    error: Any
    completed: bool

    def received(self, data: bytes) -> int:
        """Take all of `data`; `completed` says when the request is whole."""
        left = data if self.headers_finished or self.header_plus else data.lstrip(b"\r\n")
        try:
            while left and not self.completed:
                left = left[super().received(left) :]
                self._refuse_early()
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            self._let_go()
        if self.completed:
            self.expect_continue = False
            if left or self.was_refused:
                self.headers["CONNECTION"] = "close"
        return len(data)

    def _let_go(self) -> None:
        """Drop a body for which the disk has no room; what still comes of it is thrown away."""
        with suppress(OSError):
            self.close()
        self.error = NoRoom("There is no room left on this site. Please try again later.")
        self.body_rcv, self.was_refused, self.completed = None, True, True

    def _refuse_early(self) -> None:
        # the site has a page for that, which needs no body
        if isinstance(self.error, RequestEntityTooLarge):
            self.error, self.body_rcv, self.was_refused = None, None, True
        elif self.transfer_encoding and not self.error:
            self.error, self.completed = LengthRequired("A body needs a Content-Length."), True
        self.was_refused = self.was_refused or self.error is not None

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # a URI that is none, a length of ten thousand digits
            raise ParsingError("The request cannot be read") from error
        self.transfer_encoding = self.headers.pop("TRANSFER_ENCODING", "") or (
            "chunked" if self.chunked else ""
        )
