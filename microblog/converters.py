"""What our addresses are made of."""

from typing import Any

MAX_ID = 2**63 - 1


class HandleConverter:
    """An account by its handle: ada, or ada@x.com for an external one."""

    regex = r"[A-Za-z0-9_]{1,30}(?:@[A-Za-z0-9.-]{1,100})?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: Any) -> str:
        return str(value).removeprefix("@")


class IdConverter:
    """A number that fits a column."""

    regex = r"[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > MAX_ID:
            raise ValueError
        return number

    def to_url(self, value: int) -> str:
        return str(value)
