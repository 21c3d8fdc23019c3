"""Says which pages of two records differ, and in what: the same difference is shown once, with the
pages that have it.
"""

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from testing.pages.dom import SPACE, in_rules

MOST_NAMED = 8  # pages with the same difference
CONTEXT = 2  # lines around a difference

type Rules = list[tuple[re.Pattern[str], str]]


@dataclass(frozen=True)
class Options:
    """What counts as a difference, and how much of it is shown."""

    rules: Rules
    only: str = ""  # a regular expression: pages whose name holds it
    spaces: bool = False  # whether white space between inline elements counts
    lines: int = 40  # of one difference


def read_rules(path: Path) -> Rules:
    """Read intended changes: a line "PATTERN => INSTEAD" is a regular expression, and what stands
    instead of it in both records; a line that is empty then goes, and one that names a page renames
    it. "#" begins a comment.
    """
    rules = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, arrow, instead = line.partition(" =>")
            if not arrow:
                raise ValueError(f"{path}: “{line}” has no “ => ”")
            rules.append((re.compile(pattern), instead.strip()))
    return rules


class _Record:
    """The pages that one checkout answered with, by the names that the rules leave them."""

    def __init__(self, folder: Path, options: Options) -> None:
        self.folder, self.options = folder, options
        self.sizes = json.loads((folder / "sizes.json").read_text())
        self.names = self._called("pages", "txt")
        self.pictures = self._called("pictures", "png")

    def _called(self, kind: str, ending: str) -> dict[str, Path]:
        found = sorted((self.folder / kind).glob(f"*.{ending}"))
        called = {"".join(in_rules([path.stem], self.options.rules)): path for path in found}
        return {name: path for name, path in called.items() if re.search(self.options.only, name)}

    def lines(self, name: str) -> list[str]:
        path = self.names.get(name)
        if path is None:
            return []
        return in_rules(path.read_text(encoding="utf-8").splitlines(), self.options.rules)

    def size(self, name: str) -> int:
        return int(self.sizes.get(self.names[name].stem, 0)) if name in self.names else 0


def compare(before: Path, after: Path, options: Options) -> int:
    """Print what differs; return 1 where something does, else 0."""
    records = _Record(before, options), _Record(after, options)
    both = records[0].names.keys() & records[1].names.keys()
    differing, spaced = [], []
    hunks: dict[str, list[str]] = {}
    for name in sorted(both):
        texts = [record.lines(name) for record in records]
        if texts[0] == texts[1]:
            continue
        without = [[line for line in text if line.strip() != SPACE] for text in texts]
        if without[0] == without[1]:
            spaced.append(name)
            if not options.spaces:
                continue
        differing.append(name)
        for hunk in _hunks(*(texts if options.spaces else without)):
            hunks.setdefault(hunk, []).append(name)
    for hunk, names in sorted(hunks.items(), key=lambda item: (-len(item[1]), item[1])):
        _show(hunk, names, records, options)
    missing = _missing(records)
    sizes = [sum(record.size(name) for name in both) for record in records]
    print(f"\n{len(both)} pages in both records, {sizes[0]:,} → {sizes[1]:,} bytes.")
    if spaced and not options.spaces:
        print(f"{len(spaced)} differ in white space between inline elements (--spaces shows it).")
    pictures = _pictures(records)
    if not differing and not missing and not pictures:
        print("They are the same.")
        return 0
    print(f"{len(differing)} differ, {missing} are in one record alone.")
    if pictures:
        print(f"{pictures} pictures differ.")
    return 1


def _hunks(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield each difference of two pages, as diff does, without line numbers and common indent."""
    lines: list[str] = []
    for line in [*[*difflib.unified_diff(before, after, lineterm="", n=CONTEXT)][2:], "@@"]:
        if line.startswith("@@"):
            if lines:
                indent = min(len(one) - len(one[1:].lstrip()) for one in lines if one[1:].strip())
                yield "\n".join(one[0] + one[indent:] for one in lines)
            lines = []
        else:
            lines.append(line)


def _show(hunk: str, names: list[str], records: tuple[_Record, _Record], options: Options) -> None:
    shown = [
        f"{name} ({records[0].size(name)} → {records[1].size(name)} bytes)"
        for name in dict.fromkeys(names)
    ]
    more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
    print(f"\n=== {', '.join(shown[:MOST_NAMED])}{more}")
    lines = hunk.split("\n")
    print("\n".join(lines[: options.lines]))
    if len(lines) > options.lines:
        print(f"… and {len(lines) - options.lines} more lines")


def _missing(records: tuple[_Record, _Record]) -> int:
    number = 0
    for one, other, where in ((*records, "before"), (*reversed(records), "after")):
        alone = sorted(one.names.keys() - other.names.keys())
        number += len(alone)
        if alone:
            print(f"\n=== {where} alone: {', '.join(alone)}")
    return number


# --- Pictures ---


def _pictures(records: tuple[_Record, _Record]) -> int:
    """Print which pictures differ, and by how many pixels; return how many do."""
    number = 0
    both = records[0].pictures.keys() & records[1].pictures.keys()
    for name in sorted(both):
        images = [Image.open(record.pictures[name]).convert("RGB") for record in records]
        sizes = [image.size for image in images]
        if sizes[0] != sizes[1]:
            print(f"{name}: {sizes[0]} → {sizes[1]} pixels")
        elif box := ImageChops.difference(*images).getbbox():
            changed = ImageChops.difference(*images).convert("L").point(lambda value: value and 255)
            print(f"{name}: {changed.histogram()[255]:,} pixels differ, within {box}")
        else:
            continue
        number += 1
    if both:
        print(f"\n{len(both)} pictures in both records.")
    return number
