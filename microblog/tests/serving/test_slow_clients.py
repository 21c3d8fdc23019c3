"""Slow, gone, huge and garbled clients hold a socket, never a thread, and nothing for long."""

import math
import re
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import time_machine

from microblog.serving import WAITED
from microblog.serving.connections import LINE, Server
from microblog.serving.pace import LEAST_SPEED, Pace, Stage
from microblog.serving.sharing import FRESH, Board, Share
from microblog.serving.worker import adjustments

THREADS = 2
LIMIT = 50
MAX_BODY = 200_000
HOST = b"Host: here\r\n"


# --- How a connection gets on: pure ---


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.OURS])
def test_who_stands_still_comes_to_the_deadline(stage: Stage) -> None:
    pace = Pace(100)
    pace.observe((stage, 1), 0, 100)
    assert pace.deadline == 100 + stage.seconds


def test_our_own_work_has_no_deadline() -> None:
    pace = Pace(100)
    pace.observe((Stage.OURS, 1), 0, 100)
    assert pace.deadline == math.inf


@pytest.mark.parametrize("stage", [Stage.HEAD, Stage.REFUSED])
def test_bytes_gain_a_head_no_time(stage: Stage) -> None:
    pace = Pace(0)
    pace.observe((stage, 1), 0, 0)
    for second in range(1, 20):
        pace.observe((stage, 1), second * 1000, second)
    assert pace.deadline == stage.seconds


@pytest.mark.parametrize("stage", [Stage.BODY, Stage.ANSWER])
@pytest.mark.parametrize(
    ("speed", "lives"),
    [(LEAST_SPEED, True), (LEAST_SPEED * 30, True), (LEAST_SPEED * 0.9, False), (1, False)],
)
def test_a_least_speed(stage: Stage, speed: float, lives: bool) -> None:
    pace = Pace(0)
    pace.observe((stage, 0), 0, 0)
    seconds = 3600
    ended = next(
        (
            now
            for now in range(1, seconds)
            if pace.observe((stage, 0), int(speed * now), now) or pace.deadline <= now
        ),
        None,
    )
    assert (ended is None) == lives


def test_a_fast_beginning_buys_no_long_rest() -> None:
    pace = Pace(0)
    pace.observe((Stage.BODY, 0), 0, 0)
    pace.observe((Stage.BODY, 0), 100_000_000, 1)
    assert pace.deadline == 1 + Stage.BODY.seconds


def test_the_next_request_begins_anew() -> None:
    pace = Pace(0)
    pace.observe((Stage.HEAD, 1), 500, 15)
    assert pace.deadline == 15 + Stage.HEAD.seconds


def test_nobody_is_slow_at_once() -> None:
    pace = Pace(0)
    assert pace.speed(1) == math.inf
    pace.observe((Stage.BODY, 0), 0, 0)
    pace.observe((Stage.BODY, 0), 1000, 10)
    assert pace.speed(10) == 100


# --- A server in this process ---


class Site:
    """Serve an application that says what it was asked, with few threads and connections."""

    def __init__(self, beside: "Site | None" = None) -> None:
        """`beside`: on the socket of another, as a second process is."""
        self.calls = 0
        self.clients: list[socket.socket] = []
        self.answer: Callable[[dict[str, Any]], Iterable[bytes]] = lambda environ: [
            environ["wsgi.input"].read()
        ]
        listener = (
            beside.server.socket.dup()
            if beside
            else socket.create_server(("127.0.0.1", 0), backlog=512)
        )
        self.port = listener.getsockname()[1]
        adj = adjustments(THREADS)
        adj.connection_limit = LIMIT
        adj.max_request_body_size = MAX_BODY + 1
        self.server = Server(self.application, listener, adj)
        self.open = True
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        while self.open:
            self.server.turn(0.05)

    def close(self) -> None:
        self.open = False
        self.thread.join()
        for channel in list(self.server.active_channels.values()):
            channel.drop()
        self.server.task_dispatcher.shutdown()
        self.server.close()
        for client in self.clients:
            client.close()

    def application(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        self.calls += 1
        status = (
            "413 Content Too Large"
            if int(environ.get("CONTENT_LENGTH") or 0) > MAX_BODY
            else "200 OK"
        )
        body = self.answer(environ)
        headers = [("Content-Type", "text/plain")]
        if isinstance(body, list):
            headers.append(("Content-Length", str(sum(map(len, body)))))
        start_response(status, headers)
        return body

    def connect(self, data: bytes = b"") -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self.clients.append(client)
        client.sendall(data)
        return client

    def say(self, data: bytes) -> bytes:
        """Send `data` and return all that comes until the connection closes."""
        with self.connect(data) as client:
            said = b""
            while more := client.recv(65536):
                said += more
            return said

    def is_up(self) -> bool:
        return self.say(b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n").startswith(
            b"HTTP/1.1 200"
        )

    def channels(self) -> list[Any]:
        return list(self.server.active_channels.values())

    def maintain(self, now: float) -> None:
        """Let it be `now`, in the thread that the connections belong to."""
        done = threading.Event()
        self.server.trigger.pull_trigger(lambda: (self.server.maintenance(now), done.set()))
        assert done.wait(20)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def until(what: Callable[[], Any]) -> None:
    for _ in range(400):
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def is_dropped(client: socket.socket) -> bool:
    try:
        return client.recv(1) == b""
    except ConnectionError:
        return True


def has_gone(client: socket.socket) -> bool:
    client.setblocking(False)
    with suppress(BlockingIOError):
        return is_dropped(client)
    return False


def read_until(client: socket.socket, end: bytes) -> bytes:
    said = b""
    while not said.endswith(end):
        said += (more := client.recv(1000))
        assert more, said
    return said


DRIPS = {
    "nothing": b"",
    "a head": b"GET / HTTP/1.1\r\n" + HOST + b"X-Slow: ",
    "a body": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\n",
}


@pytest.mark.parametrize("what", DRIPS)
def test_who_drips_takes_no_thread_and_shuts_nobody_out(site: Site, what: str) -> None:
    slow = [site.connect(DRIPS[what]) for _ in range(300)]
    for client in slow:
        with suppress(OSError):
            client.send(b"a")
    assert site.calls == 0
    assert site.is_up()
    assert site.calls == 1
    assert len(site.server.active_channels) <= LIMIT


@pytest.mark.parametrize("what", DRIPS)
def test_who_drips_for_too_long_is_dropped(site: Site, what: str) -> None:
    client = site.connect(DRIPS[what])
    stage = Stage.BODY if what == "a body" else Stage.HEAD
    until(lambda: site.channels() and site.channels()[0].stage is stage)
    site.maintain(time.monotonic())
    site.maintain(time.monotonic() + 15)
    client.send(b"a")
    assert len(site.channels()) == 1
    site.maintain(time.monotonic() + 62)
    assert is_dropped(client)
    assert site.calls == 0


def test_who_makes_room_is_the_slowest(site: Site) -> None:
    clients = [site.connect(DRIPS["a body"]) for _ in range(LIMIT)]
    until(lambda: sum(channel.stage is Stage.BODY for channel in site.channels()) == LIMIT)
    site.maintain(time.monotonic())
    for client in clients[1:]:
        client.sendall(b"a" * 900)
    until(lambda: sum(channel.moved > 900 for channel in site.channels()) == LIMIT - 1)
    for channel in site.channels():
        channel.pace.began -= 10
    assert site.is_up()
    assert is_dropped(clients[0])
    for client in clients[1:]:
        client.sendall(b"a" * 100)
        assert client.recv(100).startswith(b"HTTP/1.1 200")


def test_bodies_fill_the_disk_to_a_bound(site: Site) -> None:
    for _ in range(20):
        site.connect(
            b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 200000\r\n\r\n" + b"a" * 190_000
        )
    until(lambda: sum(map(has_gone, site.clients)) == 10)
    assert all(channel.held == 190_000 for channel in site.channels())
    assert site.is_up()


def test_a_body_that_is_not_finished_leaves_nothing(site: Site) -> None:
    client = site.connect(
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 150000\r\n\r\n" + b"a" * 140_000
    )
    until(lambda: site.channels() and site.channels()[0].held == 140_000)
    file = site.channels()[0].request.get_body_stream()
    client.close()
    until(lambda: not site.channels() and file.closed)
    assert site.calls == 0


def test_who_does_not_read_takes_no_thread(site: Site) -> None:
    """Neither for a long answer nor for a file of any size."""

    def answer(environ: dict[str, Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/file":
            file = tempfile.TemporaryFile()  # noqa: SIM115  (the server closes it)
            file.truncate(100_000_000)
            return environ["wsgi.file_wrapper"](file)  # type: ignore[no-any-return]
        return [b"a" * 8_000_000]

    site.answer = answer
    ask = [b"GET /%s HTTP/1.1\r\n" % path + HOST + b"\r\n" for path in (b"file", b"long")]
    for n in range(10):
        site.connect(ask[n % 2])
    until(lambda: site.calls == 10 and not site.server.busy)
    until(lambda: sum(channel.stage is Stage.ANSWER for channel in site.channels()) == 10)
    site.answer = lambda _: [b"ok"]
    assert site.is_up()
    site.maintain(time.monotonic())
    site.maintain(time.monotonic() + 62)
    until(lambda: not site.channels())


def test_requests_in_a_row_are_answered_one_at_a_time(site: Site) -> None:
    """A client that sends a thousand and reads none would pile up answers: the first is answered,
    then the connection closes.
    """
    said = site.say((b"GET / HTTP/1.1\r\n" + HOST + b"\r\n") * 1000)
    assert said.count(b"HTTP/1.1 ") == 1
    assert b"Connection: close" in said
    assert site.calls == 1


def test_a_connection_is_kept_for_the_next_request(site: Site) -> None:
    with site.connect() as client:
        for n in range(3):
            client.sendall(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\n\r\n%d" % n)
            assert read_until(client, b"\r\n\r\n%d" % n).startswith(b"HTTP/1.1 200")


# --- Waiting for one's turn ---


def test_a_request_tells_how_long_it_waited_for_its_thread_and_before_it_was_taken_in(
    site: Site,
) -> None:
    """Those that wait in the kernel, because all threads are taken, get in line after a while; and
    who keeps a connection waits as well.
    """
    held, waited = threading.Event(), []

    def answer(environ: dict[str, Any]) -> Iterable[bytes]:
        waited.append(environ[WAITED])
        held.wait(20)
        return [b"ok"]

    site.answer = answer
    clients = [site.connect(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n") for _ in range(THREADS + 3)]
    until(lambda: len(site.channels()) == THREADS + 3)
    time.sleep(0.3)
    held.set()
    for client in clients:
        read_until(client, b"ok")
    assert max(waited[:THREADS]) < LINE
    assert min(waited[THREADS:]) >= LINE, "they waited for that long in the kernel alone"


# --- Several processes ---

FREE, FULL = 2, 0


@pytest.mark.parametrize(
    ("mine", "others", "lets_go", "far_more"),
    [
        ((0, FREE), [], False, False),
        ((50, FREE), [], False, False),
        ((5, FREE), [(4, FREE)], False, False),  # about the same
        ((9, FREE), [(4, FREE)], True, False),
        ((40, FREE), [(4, FREE)], True, True),
        ((4, FREE), [(40, FREE)], False, False),
        ((40, FREE), [(4, FULL)], False, False),  # that one is busy with the few that it has
        ((4, FULL), [(40, FREE)], True, False),
        ((4, FULL), [(4, FULL)], False, False),
        ((40, FULL), [(4, FULL)], True, False),
        ((40, FREE), [(39, FREE), (2, FREE)], True, True),
    ],
)
def test_who_takes_the_newcomer(
    mine: tuple[int, int], others: list[tuple[int, int]], *, lets_go: bool, far_more: bool
) -> None:
    board = Board()
    for number, (connections, free) in enumerate(others):
        Share(board, number + 1).tell(connections, free)
    share = Share(board, 0)
    share.tell(*mine)
    assert share.lets_others_go_first(*mine) == lets_go
    assert share.has_far_more(mine[0]) == far_more


def test_who_ended_or_says_nothing_any_more_is_not_waited_for() -> None:
    board = Board()
    other, share = Share(board, 1), Share(board, 0)
    other.tell(1, FREE)
    assert share.lets_others_go_first(40, FREE)
    with time_machine.travel(0):  # the clock on the wall does not matter
        assert share.lets_others_go_first(40, FREE)
    other.end()
    assert not share.lets_others_go_first(40, FREE)
    other.tell(1, FREE)
    board._memory[16:24] = struct.pack("=d", time.monotonic() - FRESH - 0.1)
    assert not share.lets_others_go_first(40, FREE)


def test_connections_are_spread_and_move_to_who_came_last() -> None:
    """Two servers on one socket, as the processes are: 24 clients that keep their connections,
    before and after the second came.
    """
    board, first = Board(), Site()
    first.server.share = Share(board, 0)
    clients = [first.connect() for _ in range(24)]

    def ask_all() -> None:
        for n, client in enumerate(clients):
            client.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
            if b"Connection: close" in read_until(client, b"\r\n\r\n"):
                clients[n] = first.connect()

    first.answer = lambda _: [b""]
    ask_all()
    second = Site(first)
    second.server.share = Share(board, 1)
    for _ in range(20):
        ask_all()
    numbers = len(first.channels()), len(second.channels())
    second.close()
    first.close()
    assert min(numbers) >= 6, numbers


# --- What is no request ---

POST = b"POST / HTTP/1.1\r\n" + HOST
GET = b"GET / HTTP/1.1\r\n" + HOST


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (POST + b"Content-Length: 999999999\r\n\r\n", 413),
        (POST + b"Expect: 100-continue\r\nContent-Length: 999999999\r\n\r\n", 413),
        (POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
        (POST + b"Content-Length: -1\r\n\r\n", 400),
        (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (
            POST
            + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + GET
            + b"\r\n",
            411,
        ),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 411),
        (
            POST.replace(b"1.1", b"1.0")
            + b"Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n",
            411,
        ),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501),
        (GET + b"X-Long: " + b"a" * 100_000 + b"\r\n\r\n", 431),
        (GET + b"X-Long: " + b"a" * 100_000, 431),
        (GET + b"X : a\r\n\r\n", 400),
        (GET + b"X: a\0b\r\n\r\n", 400),
        (b"GET http://[::1 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
    ],
)
def test_a_refusal_is_one_short_answer(
    site: Site, request_: bytes, status: int, caplog: Any
) -> None:
    said = site.say(request_)
    assert re.match(rb"HTTP/1\.[01] (\d+) ", said)[1] == str(status).encode()  # type: ignore[index]
    assert said.count(b"HTTP/1.") == 1
    assert b"Traceback" not in said
    assert not caplog.records
    assert site.is_up()


def test_who_is_refused_while_sending_hears_why(site: Site) -> None:
    """However much is on its way: the answer is there when the client looks for it."""
    with site.connect(POST + b"Content-Length: 30000000\r\n\r\n") as client:
        for _ in range(300):
            client.sendall(b"a" * 100_000)
        assert client.recv(100).startswith(b"HTTP/1.1 413")


def test_expect(site: Site) -> None:
    with site.connect(POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n") as client:
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert read_until(client, b"\r\n\r\nabc").startswith(b"HTTP/1.1 200")
    said = site.say(
        POST + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"
    )
    assert said.endswith(b"\r\n\r\nabc")


def test_head_is_the_header_alone(site: Site) -> None:
    site.answer = lambda _: [b"twelve bytes"]
    said = site.say(b"HEAD / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert b"Content-Length: 12\r\n" in said
    assert said.endswith(b"\r\n\r\n")


def test_whom_to_believe_is_djangos_business(site: Site) -> None:
    """Headers of proxies pass; a name with an underscore, which would look the same, does not."""
    site.answer = lambda environ: [
        repr([environ.get("HTTP_X_FORWARDED_FOR"), environ["REMOTE_ADDR"]]).encode()
    ]
    said = site.say(
        GET + b"Connection: close\r\nX_Forwarded_For: 6.6.6.6\r\nX-Forwarded-For: "
        b"1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\n\r\n"
    )
    assert said.endswith(b"['1.2.3.4, 5.6.7.8', '127.0.0.1']")
