"""Connections that hold a socket and never a thread: what they may send, how long they may take,
which of them go first.
"""

import socket
import struct
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from microblog.serving import WAITED
from microblog.serving.pace import YOUNG, Pace, Stage
from microblog.serving.request_parser import Parser
from microblog.serving.sharing import Board, Share

CONNECTIONS = 1000  # of each process
FILES_EACH = 3  # that a connection can hold open: its socket, its body, the file that it is sent
BODIES = 10  # bodies of the largest size that lie on the disk at once, for each process
DRAIN = 64 * 1024
LINE = 0.5  # seconds without a free thread, after which newcomers get in line
# where TCP_INFO says how many milliseconds ago the last bytes came (linux/tcp.h:
# tcpi_last_data_recv)
LAST_DATA = 52
RESET_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: nothing stays with the kernel


class Task(WSGITask):
    """A request, and how long it waited: for a thread, and before that in the kernel."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ.setdefault(WAITED, time.monotonic() - self.channel.asked_at)
        return environ


class Channel(HTTPChannel):
    """One connection."""

    parser_class = Parser
    task_class = Task
    asked_at = 0.0  # when the last bytes of the request came
    request: Parser | None
    close_when_flushed: bool
    sendbuf_len: int
    moved = 0  # bytes, in both directions
    served = 0  # requests
    was_refused = False
    is_draining = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sendbuf_len = min(self.sendbuf_len, 256 * 1024)
        self.pace = Pace(time.monotonic())

    @property
    def stage(self) -> Stage:
        if self.is_draining:
            return Stage.REFUSED
        if self.total_outbufs_len:
            return Stage.ANSWER
        if self.requests or self.close_when_flushed or self.will_close:
            return Stage.OURS
        return (
            Stage.BODY if self.request is not None and self.request.headers_finished else Stage.HEAD
        )

    @property
    def held(self) -> int:
        """Return the bytes of bodies that are kept for this connection."""
        requests = [*self.requests, *([self.request] if self.request else [])]
        return sum(len(request.body_rcv) for request in requests if request.body_rcv is not None)

    def observe(self, now: float) -> None:
        self.pace.observe((self.stage, self.served), self.moved, now)

    def is_engaged(self, now: float) -> bool:
        is_new = not self.served and now - self.pace.began < YOUNG
        return is_new or self.stage in (Stage.BODY, Stage.OURS, Stage.ANSWER)

    def drop(self) -> None:
        """Close now, whatever is still unsent."""
        with suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        self.handle_close()

    # --- What waitress calls ---

    def recv(self, buffer_size: int) -> bytes:
        data: bytes = super().recv(buffer_size)
        self.moved += len(data)
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:  # noqa: FBT001, FBT002  (waitress's)
        sent: int = super().send(data, do_close)
        self.moved += sent
        return sent

    def readable(self) -> bool:
        return self.is_draining or super().readable()

    def handle_read(self) -> None:
        if not self.is_draining:
            super().handle_read()
            return
        try:
            self.recv(DRAIN)
        except OSError:
            self.handle_close()

    def handle_write(self) -> None:
        """Send what can be sent; behind a refusal, wait until the client notices: closing on what
        it sends takes the answer from it.
        """
        if not (self.was_refused and self.close_when_flushed) or self.will_close:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.connected and not self.total_outbufs_len and not self.will_close:
            self.close_when_flushed = False
            try:
                self.socket.shutdown(socket.SHUT_WR)
                self.is_draining = True
            except OSError:
                self.handle_close()

    def handle_close(self) -> None:
        super().handle_close()
        if self.request is not None:
            self.request.close()
            self.request = None

    def service(self) -> None:
        """Answer, in a thread."""
        self.served += 1
        self.was_refused = self.requests[0].was_refused
        # this process ends, or another has hardly anything to do
        if not self.server.accepting or self.server.has_far_more():
            self.requests[0].headers["CONNECTION"] = "close"
        try:
            super().service()
        finally:
            self.server.finished(self)


class Server(TcpWSGIServer):
    """The connections of one process, on a socket that all processes share."""

    channel_class = Channel
    next_channel_cleanup: float
    accepting: bool

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        listener: socket.socket,
        adj: Adjustments,
        share: Share | None = None,
    ) -> None:
        self.share = share or Share(Board(), 0)
        self.last_free = time.monotonic()  # when a thread was free
        self.busy: set[Channel] = set()  # with a thread, or waiting for one
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(adj.threads)
        sockinfo = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(
            without_body_of_head(application),
            {},
            _sock=listener,
            dispatcher=dispatcher,
            adj=adj,
            sockinfo=sockinfo,
            bind_socket=False,
        )

    def turn(self, timeout: float) -> None:
        """Do what there is to do; wait for it at most `timeout` seconds."""
        wasyncore.loop(timeout=timeout, use_poll=True, map=self._map, count=1)

    def readable(self) -> bool:
        """Tell whether to take a newcomer: where another process should, it waits in the kernel for
        that.

        While all threads are taken, another may be free a moment later. But where that goes on,
        newcomers get in line with those who keep their connections: else these, asking again and
        again, would be all that is ever answered.
        """
        now = time.monotonic()
        if now >= self.next_channel_cleanup:
            self.next_channel_cleanup = now + 1
            self.maintenance(now)
        free = self.adj.threads - len(self.busy)
        if not self.accepting:
            self.share.end()
            return False
        self.share.tell(len(self.active_channels), free)
        self.last_free = now if free > 0 else self.last_free
        is_turn = free > 0 or now - self.last_free > LINE
        return is_turn and not self.share.lets_others_go_first(len(self.active_channels), free)

    def has_far_more(self) -> bool:
        """Tell whether another process, with a free thread, has far fewer connections."""
        return self.share.has_far_more(len(self.active_channels))

    def handle_accept(self) -> None:
        """Take a few who wait to come in: a turn of the loop costs as much as connections."""
        for _ in range(1 + len(self.active_channels) // 50):
            before = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == before:
                break
            if before >= self.adj.connection_limit:
                self.make_room(time.monotonic())

    def maintenance(self, now: float) -> None:
        """Drop who has run out of time; then the slowest bodies, while too much is on the disk."""
        channels: list[Channel] = list(self.active_channels.values())
        for channel in channels:
            channel.observe(now)
            if channel.pace.deadline <= now:
                channel.drop()
        held = sum(channel.held for channel in channels)
        for channel in self._slowest_first(now):
            if held <= BODIES * self.adj.max_request_body_size:
                break
            if channel.stage is Stage.BODY:
                held -= channel.held
                channel.drop()

    def make_room(self, now: float) -> None:
        """Drop the slowest fiftieth of who keeps us waiting, so that a newcomer comes in."""
        for channel in self._slowest_first(now)[: max(1, self.adj.connection_limit // 50)]:
            channel.drop()

    def _slowest_first(self, now: float) -> list[Channel]:
        waiting = [
            channel for channel in self.active_channels.values() if channel.stage is not Stage.OURS
        ]
        for channel in waiting:
            channel.observe(now)
        return sorted(waiting, key=lambda channel: (channel.pace.speed(now), channel.pace.began))

    def add_task(self, task: Channel) -> None:
        task.asked_at = time.monotonic() - age_of_data(task.socket)
        self.busy.add(task)
        super().add_task(task)

    def finished(self, channel: Channel) -> None:
        """Note that a thread is free again."""
        was_full = len(self.busy) >= self.adj.threads
        self.busy.discard(channel)
        if was_full:
            self.pull_trigger()

    def is_engaged(self) -> bool:
        """Tell whether anybody's request is under way: it has been let in and may be about to
        speak, speaks, or awaits its answer.
        """
        now = time.monotonic()
        return any(channel.is_engaged(now) for channel in list(self.active_channels.values()))


def age_of_data(connection: socket.socket) -> float:
    """Return how many seconds ago the last bytes came, whoever read them; 0 where none can tell."""
    with suppress(OSError, struct.error):
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_DATA + 4)
        return float(struct.unpack_from("=I", info, LAST_DATA)[0]) / 1000
    return 0.0


def without_body_of_head(
    application: Callable[..., Iterable[bytes]],
) -> Callable[..., Iterable[bytes]]:
    """Answer HEAD with the header alone: waitress leaves that to the application, Django to us."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        result = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return result
        if hasattr(result, "close"):
            result.close()
        return []

    return answer
