"""One run of the bench: a community of each size, each server in it, and what all that came to."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from re import search
from statistics import median

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from microblog.management.commands.serve import collect_static
from testing.bench import database, measuring, queries, report, servers
from testing.bench.community import Scene, build
from testing.bench.measuring import FORGETFUL, Bench, How
from testing.bench.report import Measured, Sized


def measure(server: str, sizes: Sequence[int], how: How, to: Path) -> None:
    """Measure communities of these `sizes`; write the report into the file `to`, and print it."""
    found: list[Sized] = []
    machine = report.machine()
    for posts in sizes:
        with database.made(server), _connected():
            # one server tells how pages grow
            names = list(servers.SERVERS)[: 1 if found else None]
            found.append(_size(posts, how, names))
            version = connection.pg_version
    text = report.whole(found, how, f"{machine}, PostgreSQL {version // 10000}.{version % 10000}")
    report.write(to, text)
    print(text)


@contextmanager
def _connected() -> Iterator[None]:
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()


def _size(posts: int, how: How, names: Sequence[str]) -> Sized:
    _say(f"A community of {posts:,} posts …")
    call_command("migrate", interactive=False, verbosity=0)
    collect_static()
    scene = build(posts)
    scene = replace(scene, pages=[page for page in scene.pages if search(how.only, page.name)])
    pages = [(page.path, page.headers) for page in scene.pages]
    last = [deeds[-1] for deeds in scene.deeds.values()]
    _say("Queries …")
    kept = queries.ask(pages, last, scene.changed, {})
    empty = queries.ask(pages, [], scene.changed, FORGETFUL, explains=True)
    return Sized(
        scene,
        kept.pages,
        empty.pages,
        empty.slowest,
        dict(zip(scene.deeds, kept.deeds, strict=True)),
        [_server(name, scene, how) for name in names],
    )


def _server(name: str, scene: Scene, how: How) -> Measured:
    arguments = servers.SERVERS[name]
    with measuring.trio(arguments) as trio:
        bench = Bench(trio, scene, how, Path(settings.VAR))
        pages = []
        for page in scene.pages:
            _say(f"{name}: {page.name}, {page.who} …")
            pages.append(bench.page(page))
        deeds = {}
        for deed, requests in scene.deeds.items():
            _say(f"{name}: {deed} …")
            deeds[deed] = bench.deeds(deed, requests)
        bench.close()
    _say(f"{name}: memory …")
    memory = measuring.memory(arguments, scene, how.requests)
    blank, changes = median(bench.blank_rates), median(bench.change_rates)
    return Measured(name, blank, changes, pages, deeds, memory)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
