"""What was measured, in words and tables: the generated part of docs/performance.md."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from testing.bench.community import Page, Scene
from testing.bench.measuring import Cost, How, PageCost
from testing.bench.queries import Count, Slowest

BEGIN, END = "<!-- make bench writes from here -->", "<!-- to here -->"
FLAT = 1.2  # times what the smallest community costs
PLAN_LINES = 60


@dataclass(frozen=True)
class Measured:
    """One server: its pages in the order of the scene's, its deeds, its memory."""

    server: str
    blank: float  # empty views a second
    changes: float  # changes a second, while something changed all the time
    pages: list[PageCost]
    deeds: dict[str, Cost]
    memory: dict[int, int]


@dataclass(frozen=True)
class Sized:
    """All that was measured in a community of one size; queries are the same for all servers."""

    scene: Scene
    kept: list[Count]
    empty: list[Count]
    slowest: list[Slowest]
    deeds: dict[str, int]
    servers: list[Measured]


def write(path: Path, text: str) -> None:
    """Put `text` into the file, between the lines that say where."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table of Markdown: words to the left, figures to the right."""
    listed = [list(map(str, row)) for row in rows]
    rule = ["---:" if cell[:1].isdigit() else "---" for cell in listed[0]]
    return "".join(f"| {' | '.join(row)} |\n" for row in [list(head), rule, *listed])


def machine() -> str:
    """Say on what is measured, and how busy that was before."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} × {_processor()}, "
        f"Python {platform.python_version()}, load before {os.getloadavg()[1]:.1f}"
    )


def whole(sizes: Sequence[Sized], how: How, machine: str) -> str:
    """Return all that a run found out."""
    first = f"{machine}; the median of {how.rounds} rounds of {how.seconds} s.\n"
    return "\n".join([first, _growth(sizes), *map(_size, sizes)])


def _processor() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return names[0] if names else platform.machine()


# --- One size ---


def _size(sized: Sized) -> str:
    scene = sized.scene
    parts = [f"## {scene.posts:,} posts, {scene.accounts:,} accounts\n", _asked(sized)]
    parts += [_measured(sized, server) for server in sized.servers]
    return "\n".join([*parts, _plans(sized)])


def _asked(sized: Sized) -> str:
    pages = zip(sized.scene.pages, sized.kept, sized.empty, sized.servers[0].pages, strict=True)
    rows = [
        (
            *(page.name, page.who, kept.kept, kept.changed, empty.kept),
            *(_kilobytes(cost.size), _kilobytes(cost.sent)),
        )
        for page, kept, empty, cost in pages
    ]
    deeds = [
        (name, "signed in", "–", number, "–", "–", "–") for name, number in sized.deeds.items()
    ]
    head = ("", "who", "queries: kept", "changed", "empty memory", "KB", "KB as sent")
    return table(head, [*rows, *deeds])


def _measured(sized: Sized, found: Measured) -> str:
    said = (
        f"### {sized.scene.posts:,} posts: {found.server}\n\n"
        f"Beside an empty view of {found.blank:,.0f} requests a second; changes: "
        f"{found.changes:,.0f} a second.\n"
    )
    rows = [
        (
            *(page.name, page.who),
            *map(_work, (costs.kept, costs.changed, costs.empty)),
            *map(_ratio, (costs.kept, costs.changed, costs.empty)),
        )
        for page, costs in zip(sized.scene.pages, found.pages, strict=True)
    ]
    rows += [
        (name, "signed in", "–", _work(cost), "–", "–", _ratio(cost), "–")
        for name, cost in found.deeds.items()
    ]
    head = ("", "who", "ms: kept", "changed", "empty memory", "ratio: kept")
    sizes = ", ".join(
        f"{size / 1e6:.0f} MB after {number:,}" for number, size in found.memory.items()
    )
    memory = f"Memory of a worker (RSS): {sizes} mixed requests.\n"
    return f"{said}\n{table((*head, 'changed', 'empty memory'), rows)}\n{memory}"


def _work(cost: Cost) -> str:
    return f"{cost.worker:.1f} + {cost.database:.1f}"


def _ratio(cost: Cost) -> str:
    return f"{cost.ratio:.4f}"


def _kilobytes(size: int) -> str:
    return f"{size / 1000:.1f}"


def _plans(sized: Sized) -> str:
    parts = [f"### {sized.scene.posts:,} posts: the slowest query of each page\n"]
    for page, query in zip(sized.scene.pages, sized.slowest, strict=True):
        plan = query.plan.splitlines()
        cut = [*plan[:PLAN_LINES], "…"] if len(plan) > PLAN_LINES else plan
        text = "\n".join([" ".join(query.sql.split()), "", *cut])
        parts.append(
            f"<details><summary>{_title(page)}: {query.milliseconds} ms</summary>\n\n"
            f"```\n{text}\n```\n\n</details>\n"
        )
    return "\n".join(parts)


def _title(page: Page) -> str:
    return f"{page.name}, {page.who}"


# --- All sizes ---


def _growth(sizes: Sequence[Sized]) -> str:
    """Say how each page's work grows with the community; nothing where there is one size."""
    if len(sizes) < 2:
        return ""
    rows = []
    for place, page in enumerate(sizes[0].scene.pages):
        costs = [sized.servers[0].pages[place] for sized in sizes]
        work = [cost.changed.worker + cost.changed.database for cost in costs]
        grows = max(work) / work[0]
        rows.append((page.name, page.who, *(f"{number:.1f}" for number in work), _grows(grows)))
    head = ("", "who", *(f"{sized.scene.posts:,} posts" for sized in sizes), "flat?")
    return (
        "## Whether it is flat\n\nMilliseconds of the processor, in worker and database, where "
        "something changed before each request.\n\n" + table(head, rows)
    )


def _grows(times: float) -> str:
    return "flat" if times <= FLAT else f"{times:.1f} times"
