"""`manage.py serve`: the whole site in one foreground process group, on one port, until Ctrl-C."""

import errno
import hashlib
import os
import signal
import socket
import sys
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from accounts.auth import one_time_links
from accounts.models import Account, User
from microblog.serving import address, file_modes, supervisor
from microblog.serving.supervisor import python
from timeline.demo.community import demo_sign_in

HOST = "127.0.0.1"
MANAGE = str(settings.BASE_DIR / "manage.py")


class Command(BaseCommand):
    help = (
        f"Make the site ready and serve it at {HOST}, on the port that PORT names: the web server "
        "and a task worker, until Ctrl-C."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        about = "End when the process that started this one ends."
        parser.add_argument("--with-parent", action="store_true", help=about)

    def handle(self, *, with_parent: bool, **_options: Any) -> None:
        if with_parent:
            supervisor.end_with_parent()
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, lambda *_: sys.exit("Stopped."))
        listener = self._listen()
        noted = address.note(settings.VAR, address.Place(settings.PORT, settings.SITE_URL))
        self._prepare()
        self._say(f"{settings.SITE_NAME} is at {settings.SITE_URL}/ (Ctrl-C ends it).")
        self._say(who_may_enter())
        connection.close()
        # PostgreSQL's has threads, which do not go well with starting processes
        if hasattr(connection, "close_pool"):
            connection.close_pool()
        with noted:
            sys.exit(self._serve(listener))

    def _say(self, line: str) -> None:
        if line:
            self.stdout.write(line)
            self.stdout.flush()

    def _listen(self) -> socket.socket:
        """Take our port before all else: whoever comes early waits, a second copy goes away."""
        try:
            return socket.create_server((HOST, settings.PORT), backlog=2048)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                sys.exit(f"Port {settings.PORT} cannot be used: {os.strerror(error.errno or 0)}.")
            sys.exit(
                f"Port {settings.PORT} is taken. Is the site running already? Stop it, or "
                f"choose another: PORT={settings.PORT + 1}"
            )
        except OverflowError:
            sys.exit(f"There is no port {settings.PORT}. Choose one below 65536.")

    # --- Making ready ---

    def _prepare(self) -> None:
        file_modes.close_to_others()
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.DEBUG:
            collect_static()
        if settings.DEMO and is_empty():
            self._say("Inviting the demo community …")
            call_command("demo", stdout=StringIO())

    # --- Running ---

    def _serve(self, listener: socket.socket) -> int:
        group = supervisor.Group(self._say)
        if settings.DEBUG:
            listener.close()
            group.start(
                "web server",
                python(MANAGE, "runserver", "--skip-checks", f"{HOST}:{settings.PORT}"),
            )
        else:
            group.start("web server", _gunicorn(listener), pass_fds=[listener.fileno()])
        for queue in settings.TASKS["default"]["QUEUES"]:  # none of them waits for another
            worker = ("ox_worker", "--verbosity=0", "--concurrency=4", f"--queues={queue}")
            group.start(f"task worker ({queue})", python(MANAGE, *worker))
        listener.close()
        return group.wait()


def _gunicorn(listener: socket.socket) -> list[str]:
    where = (f"--bind=fd://{listener.fileno()}", f"--chdir={settings.BASE_DIR}")
    return python("-m", "gunicorn", "--config=python:microblog.serving.worker", *where)


# --- What is there ---


def is_empty() -> bool:
    """Tell whether nobody has moved in yet."""
    return not Account.objects.exists() and not User.objects.exists()


def who_may_enter() -> str:
    """Return the line that tells whoever starts the site how to sign in; empty where they know."""
    if sign_in := demo_sign_in():
        return sign_in
    if User.objects.has_administrator():
        return ""
    return (
        "Nobody administers this site yet. Its first administrator signs up here: "
        f"{one_time_links.first_administrator_url()}"
    )


def collect_static() -> None:
    """Collect the static files where any of them changed since the last time."""
    stamp = Path(settings.VAR) / "static.stamp"
    now = _static_fingerprint()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def _static_fingerprint() -> str:
    """Digest the name, the size and the time of every static file, and how they are stored."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
