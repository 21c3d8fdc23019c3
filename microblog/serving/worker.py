"""One web process: what gunicorn starts, watches, ends and replaces.

Its settings for gunicorn are here as well.
"""

import os
import resource
import time
from collections import deque
from pathlib import Path
from typing import Any

from django.conf import settings
from gunicorn.errors import HaltServer
from gunicorn.workers.base import Worker as BaseWorker
from waitress.adjustments import Adjustments

from microblog.serving.connections import CONNECTIONS, FILES_EACH, Server
from microblog.serving.sharing import Share, board

BLOATED = 400 * 1024 * 1024  # bytes of memory
PAGE = os.sysconf("SC_PAGE_SIZE")
WATCH = 10  # seconds between two looks at the memory
EXITS = 5  # of each process in a minute: more is no accident
FILES_OF_OUR_OWN = 200  # the program's, the databases', those of uploads being read


class Worker(BaseWorker):
    """A process with a few threads, and connections that wait outside of them."""

    server: Server | None = None

    def run(self) -> None:
        server = self.server = Server(
            self.wsgi, self.sockets[0].sock, adjustments(self.cfg.threads), Share(board, self.age)
        )
        look_again = 0.0
        while self.alive and self.ppid == os.getppid():
            self._turn(server, 1)
            if time.monotonic() >= look_again:
                look_again = time.monotonic() + WATCH
                if memory() > BLOATED:
                    self.log.warning(
                        "A web process has grown to %d MB and is replaced.", memory() >> 20
                    )
                    break
        server.accepting = False
        end = time.monotonic() + self.cfg.graceful_timeout - 1
        while server.is_engaged() and time.monotonic() < end:
            self._turn(server, 0.1)

    def _turn(self, server: Server, timeout: float) -> None:
        self.notify()
        server.turn(timeout)

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        if self.server:
            self.server.pull_trigger()


def adjustments(threads: int) -> Adjustments:
    """Return what waitress shall do; raise the limit of open files, or stay below it."""
    wanted = CONNECTIONS * FILES_EACH + FILES_OF_OUR_OWN
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return Adjustments(
        threads=threads,
        connection_limit=max(10, min(CONNECTIONS, (soft - FILES_OF_OUR_OWN) // FILES_EACH)),
        backlog=2048,
        recv_bytes=64 * 1024,
        inbuf_overflow=64 * 1024,  # more of a body than this is on the disk
        outbuf_overflow=256 * 1024,  # and of an answer
        max_request_header_size=32 * 1024,
        max_request_body_size=settings.MAX_BODY + 1,  # the first length that is too much
        clear_untrusted_proxy_headers=False,  # Django decides whom to believe, by TRUSTED_PROXIES
        server_name="127.0.0.1",
        ident=settings.SITE_NAME,
        log_socket_errors=False,
    )


def memory() -> int:
    """Return the bytes of memory that this process has in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


# --- Settings for gunicorn ---

worker_class = "microblog.serving.worker.Worker"
wsgi_app = "microblog.wsgi"
preload_app = True  # the processes share what was loaded
workers = settings.WEB_CONCURRENCY
threads = settings.WEB_THREADS
timeout = 60
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True
# heartbeats in memory: a slow disk then kills no worker
if os.access("/dev/shm", os.W_OK):  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

_exits: deque[float] = deque(maxlen=EXITS * workers)


def child_exit(server: Any, worker: Worker) -> None:
    """Give up when processes end as fast as they start: whoever keeps the site should know."""
    now = time.monotonic()
    if len(_exits) == _exits.maxlen and now - _exits[0] < 60:
        raise HaltServer(
            f"The web processes end as fast as they start ({len(_exits)} in a minute).", 1
        )
    _exits.append(now)
