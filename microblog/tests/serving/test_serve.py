"""`manage.py serve` as a person runs it: real processes, a real port, a real Ctrl-C."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as site
from django.db import connection
from django.tasks import Task

pytestmark = pytest.mark.site
MANAGE = [sys.executable, "manage.py"]
PATIENCE = 120


def until[T](what: Callable[[], T], patience: float = PATIENCE) -> T:
    """Wait until `what` answers something true, and return it."""
    end = time.monotonic() + patience
    while not (found := what()):
        assert time.monotonic() < end, f"waited {patience} seconds in vain"
        time.sleep(0.1)
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def status(port: int, path: str, body: bytes | None = None, **headers: str) -> int:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        client.request("POST" if body is not None else "GET", path, body, headers)
        return client.getresponse().status
    finally:
        client.close()


def is_up(port: int) -> bool:
    try:
        return status(port, "/health") == 200
    except OSError:
        return False


def is_free(port: int) -> bool:
    with suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False


WHOLE = 6  # serve itself, gunicorn, its two processes, two task workers


def group(pgid: int) -> dict[int, str]:
    """The living processes of a process group, and the command of each."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == pgid and fields[0] != "Z":
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    return found


def spent_by(pgid: int) -> float:
    """Seconds of processor time that a process group took so far, with its children that ended and
    were waited for.
    """
    ticks = 0
    for pid in group(pgid):
        with suppress(OSError):
            ticks += sum(
                map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15])
            )
    return ticks / os.sysconf("SC_CLK_TCK")


class Site:
    """A site of its own: a folder, a database, a port."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.port = free_port()
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        }
        more = {"DATABASE_URL": database_url} if database_url else {}
        self.env = {
            **kept,
            **more,
            "VAR_DIR": str(folder / "var"),
            "PORT": str(self.port),
            "DEMO": "0",
            "PYTHONUNBUFFERED": "1",
        }
        self.log = folder / "log"
        self.served: subprocess.Popen[bytes] | None = None
        self.has_tables = False

    def serve(self) -> int:
        """Be served, by the process that is answered; it goes on if it runs already."""
        if self.served is None or self.served.poll() is not None:
            self.stop()
            self.log.unlink(missing_ok=True)
            process = self.served = self.start("serve")
            until(lambda: is_up(self.port) or process.poll() is not None)
            assert process.poll() is None, self.said()
            self.has_tables = True
        assert self.served
        return self.served.pid

    def stop(self) -> None:
        """Be served by nobody, whatever became of who did."""
        if self.served:
            for pid in group(self.served.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.served.wait()
            self.served = None

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            out: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            return subprocess.Popen(
                [*MANAGE, *command],
                cwd=site.BASE_DIR,
                env=self.env,
                start_new_session=True,
                # A suite under nohup is no site under nohup.
                preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509
                **out,
            )

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*MANAGE, *command],
            check=False,
            cwd=site.BASE_DIR,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def said(self) -> str:
        return self.log.read_text()


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: Any) -> Iterator[str]:
    """A database for the processes of this module: the test's own is not theirs to see."""
    if connection.vendor == "sqlite":
        yield ""
        return
    name = f"serve_{os.getpid()}"
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as at:
        at.execute(f"CREATE DATABASE {name}")
    yield server.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(server, autocommit=True) as at:
        at.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: Any) -> Path:
    return Path(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def of_module(folder: Path, database_url: str) -> Iterator[Site]:
    site = Site(folder, database_url)
    yield site
    site.stop()


@pytest.fixture
def served(of_module: Site) -> tuple[Site, int]:
    """A site that is being served, and the process that serves it: a start takes five seconds of
    the processor, so it is that of the test before, if that left one.
    """
    pgid = of_module.serve()
    until(lambda: len(group(pgid)) == WHOLE)
    return of_module, pgid


@pytest.fixture
def alone(of_module: Site) -> Site:
    """The same site, its tables made, with no process."""
    of_module.stop()
    if not of_module.has_tables:
        assert of_module.run("migrate", "--verbosity=0").returncode == 0
        of_module.has_tables = True
    return of_module


def pid_of(served: tuple[Site, int], words: str) -> int:
    """The process of the group whose command has `words` in it; of gunicorn's, the master."""
    return min(pid for pid, command in group(served[1]).items() if words in command)


def test_what_it_says_and_serves(served: tuple[Site, int]) -> None:
    running, pgid = served
    assert f"is at http://127.0.0.1:{running.port}/" in running.said()
    assert f"http://127.0.0.1:{running.port}/account/first/" in running.said()
    assert status(running.port, "/") == 200
    commands = " ".join(group(pgid).values())
    assert "gunicorn" in commands
    assert "ox_worker" in commands
    assert {path.name for path in Path(running.env["VAR_DIR"]).iterdir()} >= {
        "static",
        "secret-key",
    }


def first_address(running: Site) -> str:
    """Where a command says that the first administrator signs up."""
    ask = "from accounts.auth.one_time_links import first_administrator_url as url; print(url())"
    return running.run("shell", "--verbosity=0", "-c", ask).stdout.removesuffix("\n")


@pytest.mark.one_database
def test_a_command_beside_it_knows_where_it_is(
    served: tuple[Site, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also without PORT, and not where it is told something else."""
    running, _ = served
    url = f"http://127.0.0.1:{running.port}/account/first/"
    assert first_address(running).startswith(url)
    monkeypatch.delitem(running.env, "PORT")
    assert first_address(running).startswith(url)
    monkeypatch.setitem(running.env, "PORT", "8765")
    assert first_address(running).startswith("http://127.0.0.1:8765/account/first/")


@pytest.mark.one_database
def test_a_second_copy_says_so_in_one_line_and_starts_nothing(served: tuple[Site, int]) -> None:
    running, pgid = served
    before = set(group(pgid))
    second = running.run("serve")
    assert second.returncode != 0
    assert second.stdout == ""
    assert second.stderr.strip() == (
        f"Port {running.port} is taken. Is the site running already? Stop it, or choose "
        f"another: PORT={running.port + 1}"
    )
    assert set(group(pgid)) == before
    assert is_up(running.port)


def assert_stops(served: tuple[Site, int]) -> None:
    """The site that was told to stop leaves no process and no complaint, and its port is free."""
    running, pgid = served
    until(lambda: not group(pgid) and is_free(running.port), 20)
    assert "Traceback" not in running.said()
    assert os.waitpid(pgid, 0)[1] == 0


@pytest.mark.one_database
def test_ctrl_c_ends_all(served: tuple[Site, int]) -> None:
    """As a terminal sends it: to the whole group. Every signal and every victim: test_supervisor,
    with processes that start in no time.
    """
    os.killpg(served[1], signal.SIGINT)
    assert_stops(served)


@pytest.mark.one_database
def test_a_web_server_that_is_killed_takes_all_along(served: tuple[Site, int]) -> None:
    """Its own processes as well, whose parent it was."""
    running, pgid = served
    os.kill(pid_of(served, "gunicorn"), signal.SIGKILL)
    until(lambda: not group(pgid) and is_free(running.port), 20)
    assert "ended by itself (Killed). Stopping the rest." in running.said()
    assert os.waitstatus_to_exitcode(os.waitpid(pgid, 0)[1]) == 1


def web_processes(pgid: int) -> set[int]:
    """The processes that answer: gunicorn's children."""
    commands = {pid: command for pid, command in group(pgid).items() if "gunicorn" in command}
    return set(commands) - {min(commands)}


@pytest.mark.one_database
def test_a_web_process_that_is_killed_is_replaced(served: tuple[Site, int]) -> None:
    running, pgid = served
    until(lambda: len(web_processes(pgid)) == 2)
    before = web_processes(pgid)
    os.kill(min(before), signal.SIGKILL)
    until(lambda: len(web_processes(pgid)) == 2 and web_processes(pgid) != before)
    assert is_up(running.port)
    assert "Stopping the rest" not in running.said()


@pytest.mark.one_database
def test_a_stop_signal_to_one_ends_all_and_what_is_under_way_is_answered(
    served: tuple[Site, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a command knows by then that nothing is where it was."""
    running, pgid = served
    client = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    client.putrequest("POST", "/health")
    client.putheader("Content-Length", "3")
    client.endheaders()
    client.send(b"a")
    time.sleep(1)
    os.kill(pgid, signal.SIGTERM)
    time.sleep(1)
    client.send(b"=b")
    assert client.getresponse().status == 403  # no token: it was answered
    client.close()
    assert_stops(served)
    monkeypatch.delitem(running.env, "PORT")
    assert first_address(running).startswith("http://127.0.0.1:8000/account/first/")


def gunicorn(running: Site, **environment: str) -> "subprocess.Popen[bytes]":
    """The web server alone, with processes that grow."""
    running.log.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config=python:testing.bloating",
        f"--bind=127.0.0.1:{running.port}",
    ]
    with running.log.open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=site.BASE_DIR,
            env={
                **running.env,
                "DJANGO_SETTINGS_MODULE": "microblog.settings",
                "WEB_CONCURRENCY": "1",
                **environment,
            },
            start_new_session=True,
            stdout=log,
            stderr=log,
        )


@pytest.mark.one_database
def test_a_process_that_has_grown_is_replaced_and_refuses_nobody(
    alone: Site, tmp_path: Path
) -> None:
    running = alone
    process = gunicorn(running, GROWN=str(tmp_path / "grown"))
    try:
        until(lambda: is_up(running.port))
        before = web_processes(process.pid)
        (tmp_path / "grown").touch()
        until(
            lambda: (
                status(running.port, "/health") != 200
                or web_processes(process.pid) not in (before, set())
            )
        )
        assert status(running.port, "/health") == 200
        assert "A web process has grown to" in running.said()
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.one_database
def test_processes_that_end_as_fast_as_they_start_end_the_server(
    tmp_path: Path, database_url: str
) -> None:
    running = Site(tmp_path, database_url)
    process = gunicorn(running)
    try:
        assert process.wait(PATIENCE) == 1
        assert "The web processes end as fast as they start (5 in a minute)" in running.said()
    finally:
        process.kill()
        process.wait()


@pytest.mark.one_database
def test_a_start_where_all_is_made_takes_seconds(alone: Site) -> None:
    """Of the processors' time, which is the same on a busy machine."""
    if not (Path(alone.env["VAR_DIR"]) / "static.stamp").exists():
        alone.serve()
        alone.stop()
    assert 0 < spent_by(alone.serve()) < 10


@pytest.mark.one_database
def test_a_request_with_too_much_in_it_is_refused_before_it_is_read(
    served: tuple[Site, int],
) -> None:
    running, _ = served
    client = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    client.putrequest("POST", "/account/login/")
    client.putheader("Content-Length", str(10**10))
    client.endheaders()
    assert client.getresponse().status == 413
    client.close()


def test_nothing_waits_behind_strangers_pages(served: tuple[Site, int], tmp_path: Path) -> None:
    running, _ = served
    enqueue = (
        f"from testing.stubborn import endless, quick; folder = {str(tmp_path)!r}; "
        "[endless.enqueue(folder) for _ in range(20)]; quick.enqueue(folder)"
    )
    begun = lambda: len(list(tmp_path.glob("endless-*")))  # noqa: E731
    assert running.run("shell", "--verbosity=0", "-c", enqueue).returncode == 0
    until(lambda: begun() == 4)
    until((tmp_path / "quick").exists)
    assert begun() == 4
    (tmp_path / "over").touch()
    until(lambda: begun() == 20)


def test_only_strangers_pages_are_in_their_queue() -> None:
    modules = [
        import_module(module)
        for module in (
            "microblog.tasks",
            "accounts.tasks",
            "timeline.tasks",
            "moderation.tasks",
            "moderation.schedules",
        )
    ]
    queues = {
        task.name: task.queue_name
        for module in modules
        for task in vars(module).values()
        if isinstance(task, Task)
    }
    assert queues.pop("fetch_card") == "pages"
    assert {"send_mail", "remove_post", "erase_account", "enforce_due"} <= queues.keys()
    assert set(queues.values()) == {"default"}


@pytest.mark.parametrize(
    ("port", "why"), [("70000", "There is no port 70000"), ("-1", "There is no port -1")]
)
def test_a_port_that_is_none(tmp_path: Path, port: str, why: str) -> None:
    running = Site(tmp_path, "")
    running.env["PORT"] = port
    refused = running.run("serve")
    assert refused.returncode != 0
    assert refused.stderr.startswith(why)
    assert refused.stderr.count("\n") == 1


def test_a_killed_workers_task_is_done_by_the_next_once(alone: Site, tmp_path: Path) -> None:
    running = alone
    enqueue = f"from testing.stubborn import stubborn; stubborn.enqueue({str(tmp_path)!r})"
    assert running.run("shell", "--verbosity=0", "-c", enqueue).returncode == 0
    begun, done = tmp_path / "begun", tmp_path / "done"
    worker = (
        "ox_worker",
        "--verbosity=0",
        "--lock-timeout=2",
        "--interval=0.2",
        "--queues=default",
    )
    first = running.start(*worker)
    until(begun.exists)
    first.kill()
    first.wait()
    second = running.start(*worker)
    try:
        until(done.exists)
        time.sleep(4)
        assert done.read_text() == "done\n"
        assert begun.read_text().splitlines() == [str(first.pid), str(second.pid)]
    finally:
        second.kill()
        second.wait()
