"""What the people of the demo say: reads `conversations.txt`, which explains how it is written."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=31),
    "y": timedelta(days=366),
}
_AGE = re.compile(r"(\d+)(mo|[mhdwy])")


@dataclass
class Saying:
    """Something that `who` says, `ago` before now (None: a while after what it belongs to), and
    what follows from it.

    `pictures` are (name, alt text), `retweets` are (handle, how long ago or None), `elsewhere` are
    carried likes and retweets (None: as many as such a person's post would have).
    """

    who: str
    ago: timedelta | None = None
    text: str = ""
    is_quote: bool = False
    is_sensitive: bool = False
    is_dated: bool = True
    elsewhere: tuple[int, int] | None = None
    retweets: list[tuple[str, timedelta | None]] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    following: "list[Saying]" = field(default_factory=list)


def age(written: str) -> timedelta:
    """Return how long "5m", "3h", "6d", "2w", "4mo" or "1y 2mo" is. Raises ValueError."""
    parts = _AGE.findall(written)
    if not parts or _AGE.sub("", written).strip():
        raise ValueError(f"“{written}” is no age.")
    return sum((int(number) * _UNITS[unit] for number, unit in parts), timedelta())


def _retweet(written: str) -> tuple[str, timedelta | None]:
    who, _, ago = written.strip().partition(" ")
    return who, age(ago) if ago else None


def _heading(line: str) -> Saying:
    """Read "@ada · 3h · retweets old_ib, kofi_fm 2h" and so on."""
    who, *details = line.split(" · ")
    saying = Saying(who.removeprefix("@"))
    for detail in details:
        word, _, rest = detail.partition(" ")
        match word:
            case "quotes":
                saying.is_quote = True
            case "sensitive":
                saying.is_sensitive = True
            case "undated":
                saying.is_dated = False
            case "retweets":
                saying.retweets = [_retweet(part) for part in rest.split(",")]
            case "elsewhere":
                likes, retweets = rest.split("/")
                saying.elsewhere = int(likes), int(retweets)
            case _:
                saying.ago = age(detail)
    return saying


def _saying(block: str) -> tuple[int, Saying]:
    """Return how deep the block stands, and what it says."""
    heading, *lines = block.splitlines()
    saying = _heading(heading.strip())
    words = []
    for line in map(str.strip, lines):
        picture = re.fullmatch(r"\[([a-z0-9-]+)\] (.+)", line)
        if picture:
            saying.pictures.append((picture[1], picture[2]))
        else:
            words.append("" if line == "\\" else line)
    saying.text = "\n".join(words)
    return (len(heading) - len(heading.lstrip())) // 2, saying


def read(written: str) -> list[Saying]:
    """Return the conversations in `written`, each by what it begins with."""
    path = [Saying("")]
    for block in re.split(r"\n\s*\n", re.sub(r"(?m)^//.*\n", "", written).strip("\n")):
        depth, saying = _saying(block)
        path[depth].following.append(saying)
        path[depth + 1 :] = [saying]
    return path[0].following


def conversations() -> list[Saying]:
    """Return all that is said in the demo community."""
    return read(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8"))
