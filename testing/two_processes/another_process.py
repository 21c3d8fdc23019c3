"""Another process, from outside: it has a memory of its own, and sees what is committed."""

from collections.abc import Callable, Iterable
from datetime import datetime
from multiprocessing import get_context
from typing import Any, Self

from django.db import connection

from testing.two_processes.answering import Answer, Asked, answer_all


class AnotherProcess:
    """Serves the database that this one is connected to, while it is entered."""

    def __enter__(self) -> Self:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        name = str(connection.settings_dict["NAME"])
        self._process = context.Process(target=answer_all, args=(theirs, name), daemon=True)
        self._process.start()
        theirs.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.join()

    def ask(self, every: Iterable[Asked]) -> list[Answer]:
        """Return the answers to `every` request, in order."""
        answers: list[Answer] = self._do("ask", list(every))
        return answers

    def ask_slowly(self, asked: Asked, before: Callable[[int], None]) -> Answer:
        """Return the answer to one request, and call `before` with the number of each statement
        before it is executed; rendering counts as one.
        """
        self._pipe.send(("ask slowly", (asked,)))
        number = 0
        while (answer := self._pipe.recv()) is None:
            before(number)
            number += 1
            self._pipe.send(None)
        found: Answer = answer
        return found

    def forget(self) -> None:
        """Empty its memory."""
        self._do("forget")

    def set_clock(self, moment: datetime) -> None:
        self._do("set clock", moment)

    def spent(self) -> float:
        """Return the seconds of processor time that it took so far."""
        seconds: float = self._do("spent")
        return seconds

    def _do(self, name: str, *arguments: Any) -> Any:
        self._pipe.send((name, arguments))
        return self._pipe.recv()
