"""Web servers that are measured: how they are started, and what their processes take.

Linux.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from testing.bench import blank

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = os.sysconf("SC_PAGE_SIZE")
IDLE = 0.001  # seconds of work between two looks: a server looks after itself now and then
PATIENCE = 60  # seconds that a server has to begin, or to end
# of gunicorn, by the name that the report gives them
SERVERS = {
    "gunicorn, 2 sync workers": ("--workers=2", "--worker-class=sync", "--log-level=warning"),
    "the server of `manage.py serve`": ("--config=python:microblog.serving.worker",),
}
SITE = "microblog.wsgi"
BLANK = {"DJANGO_SETTINGS_MODULE": blank.__name__}


@dataclass(frozen=True)
class Answer:
    """What a request was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Server:
    """A server that runs: the port that it listens on, and its first process."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        return [int(pid) for pid in _read(f"/proc/{self.pid}/task/{self.pid}/children").split()]

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for one page, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def processor_time(self) -> float:
        """Return the seconds that its workers worked so far."""
        return sum(map(processor_time, self.workers))

    def settle(self) -> None:
        """Wait until its workers do nothing any more, or for too long."""
        idle, before = 0, self.processor_time()
        end = time.monotonic() + PATIENCE
        while idle < 3 and time.monotonic() < end:
            time.sleep(0.05)
            now = self.processor_time()
            idle = idle + 1 if now - before < IDLE else 0
            before = now

    def memory(self) -> int:
        """Return the bytes (RSS) of its largest worker."""
        sizes = [int(_read(f"/proc/{pid}/statm").split()[1]) * PAGE for pid in self.workers]
        return max(sizes)


def processor_time(pid: int) -> float:
    """Return the seconds that the threads of a process worked so far."""
    with suppress(FileNotFoundError, ProcessLookupError):
        threads = Path(f"/proc/{pid}/task").iterdir()
        return sum(int(_read(f"{thread}/schedstat").split()[0]) for thread in threads) / 1e9
    return 0.0


def database_time(database: str, but: int = 0) -> float:
    """Return the seconds that PostgreSQL's processes of `database` worked so far, where they run
    here; `but` is the one of who measures.
    """
    found = 0.0
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(FileNotFoundError, ProcessLookupError):
            command, pid = path.read_text(errors="replace"), int(path.parent.name)
            if command.startswith("postgres:") and f" {database} " in command and pid != but:
                found += processor_time(pid)
    return found


@contextmanager
def running(
    arguments: tuple[str, ...], application: str, environ: Mapping[str, str]
) -> Iterator[Server]:
    """Run gunicorn with `arguments` while the block runs."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        port = listener.getsockname()[1]
        where = (f"--bind=fd://{listener.fileno()}", f"--chdir={ROOT}", "--no-control-socket")
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *arguments, *where, application],
            cwd=ROOT,
            env={**os.environ, **environ},
            pass_fds=[listener.fileno()],
        )
    server = Server(port, process.pid)
    try:
        _wait(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, process: "subprocess.Popen[bytes]") -> None:
    """Wait until it answers: before, the socket keeps whoever asks waiting."""
    began = time.monotonic()
    while process.poll() is None and time.monotonic() < began + PATIENCE:
        with suppress(OSError, http.client.HTTPException):
            server.get("/")
            return
        time.sleep(0.1)
    raise TimeoutError("The server did not begin to answer.")


def _read(path: str) -> str:
    return Path(path).read_text()
