"""Read what our addresses, queries and forms name things by: a handle, an id."""

import re
from typing import Any

MAX_ID = 2**63 - 1  # what a column of ids holds, on either database
ID_PATTERN = r"[0-9]{1,19}"


def parse_id(value: object) -> int | None:
    """Return the id that the text `value` names, from 0 to MAX_ID; None for anything else, whatever
    it is.

    The one way from a stranger's text to an id: int() takes signs, spaces, underscores and the
    digits of all scripts, raises for more than 4,300 digits, and returns numbers that make a
    database raise.
    """
    if not isinstance(value, str) or not re.fullmatch(ID_PATTERN, value):
        return None
    number = int(value)
    return number if number <= MAX_ID else None


class HandleConverter:
    """An account by its handle: ada, or ada@x.com for an external one."""

    regex = r"[A-Za-z0-9_]{1,30}(?:@[A-Za-z0-9.-]{1,100})?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: Any) -> str:
        return str(value).removeprefix("@")


class IdConverter:
    """A number that fits a column."""

    regex = ID_PATTERN

    def to_python(self, value: str) -> int:
        number = parse_id(value)
        if number is None:
            raise ValueError
        return number

    def to_url(self, value: int) -> str:
        return str(value)
