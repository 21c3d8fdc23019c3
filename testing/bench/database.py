"""A database of the bench's own, on the server of TEST_DATABASE_URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

NAME = f"microblog_bench_{os.getpid()}"


def url(server: str) -> str:
    """Return the address of the database."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))


@contextmanager
def made(server: str) -> Iterator[None]:
    """Make it, and drop it behind the block."""
    _run(server, "CREATE DATABASE {}")
    try:
        yield
    finally:
        _run(server, "DROP DATABASE {} WITH (FORCE)")


def _run(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(NAME)))  # type: ignore[arg-type]
