"""What runs in the other process: the site, as any server runs it, asked through a pipe."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from io import BytesIO
from multiprocessing.connection import Connection
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults

from django.db import connection
from django.utils import timezone

from microblog.kept import pages
from microblog.kept.memory import MEMORY
from microblog.wsgi import application
from testing.effort import spent

HOST = "127.0.0.1"


class Asked(NamedTuple):
    """A request for a page, or for its fragment, by who has this `session`; "": a visitor. `more`
    goes into its environment.
    """

    path: str
    session: str = ""
    is_fragment: bool = False
    more: tuple[tuple[str, str], ...] = ()


class Answer(NamedTuple):
    status: str
    headers: dict[str, str]
    body: str


def answer_all(pipe: Connection, database: str) -> None:
    """Do what the pipe says, by the name of a function below, until it is closed."""
    # one connection for good: to open one for each request costs more than many of them
    connection.settings_dict |= {"NAME": database, "CONN_MAX_AGE": None}
    connection.settings_dict["OPTIONS"].pop("pool", None)
    with suppress(EOFError):
        while True:
            name, arguments = pipe.recv()
            pipe.send(COMMANDS[name](pipe, *arguments))


def _ask(pipe: Connection, every: list[Asked]) -> list[Answer]:
    return [_answer(asked) for asked in every]


def _answer(asked: Asked) -> Answer:
    path, _, query = asked.path.partition("?")
    environ: dict[str, Any] = {
        "HTTP_HOST": HOST,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "wsgi.input": BytesIO(),
    }
    if asked.session:
        environ["HTTP_COOKIE"] = f"sessionid={asked.session}"
    if asked.is_fragment:
        environ["HTTP_HX_REQUEST"] = "true"
    environ |= dict(asked.more)
    setup_testing_defaults(environ)
    said: list[Any] = []
    response = application(environ, lambda *head: said.extend(head))
    body = b"".join(response)
    response.close()  # type: ignore[attr-defined]
    return Answer(said[0], dict(said[1]), body.decode())


def _ask_slowly(pipe: Connection, asked: Asked) -> Answer:
    """Wait for a word before each statement, and before a page is rendered."""

    def wait() -> None:
        pipe.send(None)
        pipe.recv()

    def execute(execute: Callable[..., Any], *arguments: Any) -> Any:
        wait()
        return execute(*arguments)

    def render(*arguments: Any) -> str:
        wait()
        return rendered(*arguments)

    rendered = pages.render_to_string
    with ExitStack() as slowed:
        slowed.enter_context(connection.execute_wrapper(execute))
        slowed.enter_context(patch.object(pages, "render_to_string", render))
        return _answer(asked)


def _forget(pipe: Connection) -> None:
    MEMORY.clear()


def _set_clock(pipe: Connection, moment: datetime) -> None:
    timezone.now = lambda: moment


def _spent(pipe: Connection) -> float:
    return spent()


COMMANDS: dict[str, Callable[..., Any]] = {
    "ask": _ask,
    "ask slowly": _ask_slowly,
    "forget": _forget,
    "set clock": _set_clock,
    "spent": _spent,
}
