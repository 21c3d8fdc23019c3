"""Websites of strangers, on 127.0.0.1 and nowhere else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

type Page = Callable[[BaseHTTPRequestHandler], None]


class Website:
    """Pages by path, on a port of 127.0.0.1; `asked` holds the path and the headers of each
    request.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.over = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(
                    (self.path, {name.lower(): value for name, value in self.headers.items()})
                )
                with suppress(OSError):  # whoever asked has gone
                    site.pages.get(self.path, answer(status=404))(self)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *args: Any) -> None:
                """Say nothing: whoever asked has gone."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.name = f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.name}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    @contextmanager
    def serving(self) -> Iterator["Website"]:
        thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self.server.shutdown()
            self.server.server_close()
            thread.join()


def answer(
    body: bytes = b"",
    content_type: str = "text/html; charset=utf-8",
    status: int = 200,
    **headers: str,
) -> Page:
    """Return a page that sends this; header names with _ for -."""

    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": content_type, **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return page


def redirect(location: str, status: int = 302) -> Page:
    return answer(status=status, Location=location)
