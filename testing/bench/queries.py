"""What pages and deeds ask the database, in a process whose memory is as the environment says:
`python -m testing.bench.queries` reads a Question from its standard input and prints an answer.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import django
import psycopg
from django.db import connection
from django.test import Client

from testing.bench.changes import Changer
from testing.bench.load import Deed

HOST = "127.0.0.1"
TRANSACTIONS = re.compile(r"BEGIN|COMMIT|ROLLBACK|(RELEASE )?SAVEPOINT")
READS = re.compile(r"\(?\s*(SELECT|WITH)\b", re.IGNORECASE)
TIMES = re.compile(r"(?:Planning|Execution) Time: ([\d.]+) ms")


@dataclass(frozen=True)
class Slowest:
    """The query of a page that takes longest, with what PostgreSQL says of it."""

    sql: str
    milliseconds: float  # of planning and execution
    plan: str


class Count(NamedTuple):
    """How many queries a page asks: asked for again, and after something changed."""

    kept: int
    changed: int


@dataclass(frozen=True)
class Asked:
    """What pages and deeds ask, by their place in the list of them."""

    pages: list[Count]
    deeds: list[int]
    slowest: list[Slowest]


def ask(
    pages: Sequence[tuple[str, Mapping[str, str]]],
    deeds: Sequence[Deed],
    changed: int,
    environ: Mapping[str, str],
    *,
    explains: bool = False,
) -> Asked:
    """Ask for `pages` (each a path and headers) and do `deeds` in another process, with the post
    `changed` to change; find the slowest query of each page where it `explains`.
    """
    question = {
        "pages": list(pages),
        "deeds": [asdict(deed) for deed in deeds],
        "changed": changed,
        "explains": explains,
    }
    ran = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(question),
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(ran.stdout)
    return Asked(
        [Count(*count) for count in told["pages"]],
        told["deeds"],
        [Slowest(**query) for query in told["slowest"]],
    )


def main() -> None:
    question = json.load(sys.stdin)
    django.setup()
    changer = Changer(question["changed"])
    pages, plans = [], []
    for path, headers in question["pages"]:
        queries_of_page(path, headers)  # what a process keeps from its first page on
        kept = queries_of_page(path, headers)
        changer.change()
        read = queries_of_page(path, headers)
        pages.append(Count(len(kept), len(read)))
        if question["explains"]:
            plans.append(asdict(slowest(read)))
    deeds = [len(queries_of(Deed(**deed))) for deed in question["deeds"]]
    changer.close()
    print(json.dumps({"pages": pages, "deeds": deeds, "slowest": plans}))


def queries_of_page(path: str, headers: Mapping[str, str]) -> list[str]:
    """Return the queries of a page."""
    with _noted() as queries:
        answer = Client(SERVER_NAME=HOST, headers=headers).get(path)
    assert answer.status_code in (200, 204), f"{path}: {answer.status_code}"
    return queries


def queries_of(deed: Deed) -> list[str]:
    """Do it; return its queries."""
    client: Any = Client(SERVER_NAME=HOST, HTTP_COOKIE=deed.cookie, enforce_csrf_checks=True)
    with _noted() as queries:
        answer = client.post(deed.path, deed.body, "application/x-www-form-urlencoded")
    assert answer.status_code in (200, 302, 303), f"{deed.path}: {answer.status_code}"
    return queries


@contextmanager
def _noted() -> Iterator[list[str]]:
    """Note what is asked meanwhile, with its values, but for the ends of transactions."""
    told: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not TRANSACTIONS.match(sql):
            told.append(_with_values(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield told


def _with_values(sql: str, params: Any) -> str:
    if not params or connection.vendor != "postgresql":
        return sql
    connection.ensure_connection()
    return psycopg.ClientCursor(connection.connection).mogrify(sql, params)


def slowest(queries: Sequence[str]) -> Slowest:
    """Return the query that takes longest, of those that only read."""
    return max(map(_explain, filter(READS.match, queries)), key=lambda query: query.milliseconds)


def _explain(sql: str) -> Slowest:
    """Run a query three times, and tell of the fastest: what it reads is in memory by then."""
    plans = []
    with connection.cursor() as cursor:
        for _ in range(3):
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    taken, plan = min((sum(map(float, TIMES.findall(plan))), plan) for plan in plans)
    return Slowest(sql, round(taken, 2), plan)


if __name__ == "__main__":
    main()
