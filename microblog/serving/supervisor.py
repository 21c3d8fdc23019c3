"""Processes that live and die together, in the process group of the one that started them.

Linux.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

PATIENCE = 15.0  # seconds that a process has to end by itself
_STOP = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
# what a terminal sends to the whole group: the children leave it to their parent
_OURS = {signal.SIGINT, signal.SIGHUP}
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def end_with_parent() -> None:
    """Let this process be told to end when the one that started it ends, killed or not."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Group:
    """Some children: a stop signal ends them all, and so does the end of any of them."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        # nohup
        stop = (
            _STOP if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN else _STOP - {signal.SIGHUP}
        )
        self.awaited = stop | {signal.SIGCHLD}
        signal.pthread_sigmask(signal.SIG_BLOCK, self.awaited)

    def start(self, name: str, command: Sequence[str], pass_fds: Sequence[int] = ()) -> None:
        me = os.getpid()

        def prepare() -> None:
            signal.pthread_sigmask(signal.SIG_SETMASK, _OURS)
            end_with_parent()
            if os.getppid() != me:
                os._exit(1)

        # The child has one thread, as the parent has: nothing that `prepare` needs can be locked.
        self.children[name] = subprocess.Popen(  # noqa: S603
            command,
            pass_fds=pass_fds,
            preexec_fn=prepare,  # noqa: PLW1509
        )

    def wait(self) -> int:
        """Wait for a stop signal or the end of a child, then end all.

        Returns the exit code: 0 when it was asked to stop.
        """
        try:
            while True:
                got = signal.sigwait(self.awaited)
                if got != signal.SIGCHLD:
                    return 0
                for name, child in self.children.items():
                    if child.poll() is not None:
                        self.say(
                            f"The {name} ended by itself ({_how(child.returncode)}). Stopping "
                            "the rest."
                        )
                        return 1
        finally:
            self.end()

    def end(self) -> None:
        """Ask all to end; kill those that have not after a while, or at a second stop signal."""
        self._send(signal.SIGTERM)
        began = time.monotonic()
        while self._living() and (left := began + PATIENCE - time.monotonic()) > 0:
            got = signal.sigtimedwait(self.awaited, left)
            if (
                got and got.si_signo != signal.SIGCHLD and time.monotonic() > began + 0.5
            ):  # before that, it is the first one, from make as well
                break
        self._send(signal.SIGKILL)
        for child in self.children.values():
            child.wait()

    def _living(self) -> list[subprocess.Popen[bytes]]:
        return [child for child in self.children.values() if child.poll() is None]

    def _send(self, signum: int) -> None:
        for child in self._living():
            child.send_signal(signum)


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.strsignal(-code) or f"signal {-code}"


def python(*arguments: str) -> list[str]:
    """Return the command that runs this Python with `arguments`."""
    return [sys.executable, *arguments]
