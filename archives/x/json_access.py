"""Reading JSON that anybody may have written: each function takes what it finds and returns what it
promises.
"""

import re
from datetime import UTC, datetime
from typing import Any

from microblog.web.converters import MAX_ID, parse_id

MAX_NUMBER = 2**31 - 1  # what a column of counts holds
# X has a few that are longer than its own rule allows
HANDLE = re.compile(r"[A-Za-z0-9_]{1,30}", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def string(holder: Any, *keys: str) -> str:
    """Return the first text under one of `keys`, without what no database stores; or ""."""
    if isinstance(holder, dict):
        for key in keys:
            value = holder.get(key)
            if isinstance(value, int) and not isinstance(value, bool):
                value = str(value) if abs(value) <= MAX_ID else ""
            if value and isinstance(value, str):
                return _UNSTORABLE.sub("", value)
    return ""


def child(holder: Any, *keys: str) -> dict[str, Any]:
    """Return the object that lies under `keys`, one below the other; {} where there is none."""
    for key in keys:
        holder = holder.get(key) if isinstance(holder, dict) else None
    return holder if isinstance(holder, dict) else {}


def children(holder: Any, key: str) -> list[dict[str, Any]]:
    """Return the objects in the list under `key`."""
    value = holder.get(key) if isinstance(holder, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def unwrapped(item: Any, key: str) -> dict[str, Any]:
    """Return what an element of a data file holds: X wraps it under `key`, or formerly not."""
    return child(item, key) or (item if isinstance(item, dict) else {})


def number(holder: Any, key: str) -> int:
    """Return the whole number under `key`, which X writes as text, as a column holds it; or 0."""
    value = string(holder, key)
    is_number = value.isascii() and value.isdecimal() and len(value) < 40
    return min(int(value), MAX_NUMBER) if is_number else 0


def identifier(holder: Any, *keys: str) -> int | None:
    """Return the id under one of `keys`; None where there is none."""
    return parse_id(string(holder, *keys)) or None


def handle(holder: Any, key: str) -> str:
    """Return the handle under `key`; "" where there is none, or one that can be none."""
    value = string(holder, key).removeprefix("@")
    return value if HANDLE.fullmatch(value) else ""


def moment(holder: Any, key: str) -> datetime | None:
    """Return the time under `key`: "Tue Mar 19 14:05:17 +0000 2019", or ISO's form; or None."""
    value = string(holder, key)[:40]
    try:
        if value[:1].isalpha():
            return datetime.strptime(value, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
