"""Says which pages of two records differ, and in what."""

import difflib
import json
import re
from pathlib import Path

from testing.pages.dom import SPACE, in_rules

type Rules = list[tuple[re.Pattern[str], str]]


def read_rules(path: Path | None) -> Rules:
    """Read intended changes: a line "PATTERN => INSTEAD" (a regular expression, and what stands
    instead in both records), "#" begins a comment. A line that becomes empty goes.
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path else []
    rules = []
    for line in lines:
        if line.strip() and not line.startswith("#"):
            pattern, _, instead = line.partition(" =>")
            rules.append((re.compile(pattern), instead.strip()))
    return rules


def compare(before: Path, after: Path, *, rules: Path | None, only: str, spaces: bool, lines: int) -> int:
    """Print what differs; 1 where something does, else 0."""
    ours = read_rules(rules)
    names = [_names(folder / "pages", ours, only) for folder in (before, after)]
    sizes = [json.loads((folder / "sizes.json").read_text()) for folder in (before, after)]
    sizes = [{new: size.get(old, 0) for new, old in one.items()} for one, size in zip(names, sizes, strict=True)]
    differing, spaced = 0, []
    for name in sorted({*names[0], *names[1]}):
        texts = [
            _lines(folder / "pages" / f"{one[name]}.txt", ours) if name in one else []
            for folder, one in zip((before, after), names, strict=True)
        ]
        if texts[0] == texts[1]:
            continue
        if _without_spaces(texts[0]) == _without_spaces(texts[1]):
            spaced.append(name)
            if not spaces:
                continue
        differing += 1
        size = " → ".join(str(one.get(name, "-")) for one in sizes)
        print(f"\n=== {name} ({size} bytes)")
        if not spaces:
            texts = [_without_spaces(text) for text in texts]
        found = list(difflib.unified_diff(*texts, lineterm="", n=2))[2:]
        print("\n".join(found[:lines]))
        if len(found) > lines:
            print(f"… and {len(found) - lines} more lines")
    both = set(names[0]) & set(names[1])
    total = [sum(one.get(name, 0) for name in both) for one in sizes]
    print(f"\n{len(both)} pages in both records, {total[0]:,} → {total[1]:,} bytes.")
    if spaced and not spaces:
        print(f"{len(spaced)} differ in white space between inline elements alone (--spaces shows where).")
    print(f"{differing} differ." if differing else "The pages are the same.")
    return 1 if differing else 0


def _names(folder: Path, rules: Rules, only: str) -> dict[str, str]:
    """Return the pages of a record by their names, to which the rules apply as well."""
    found = sorted(path.stem for path in folder.glob("*.txt"))
    called = {"".join(in_rules([name], rules)): name for name in found}
    return {name: old for name, old in called.items() if re.search(only, name)}


def _lines(path: Path, rules: Rules) -> list[str]:
    return in_rules(path.read_text(encoding="utf-8").splitlines(), rules)


def _without_spaces(lines: list[str]) -> list[str]:
    return [line for line in lines if line.strip() != SPACE]
