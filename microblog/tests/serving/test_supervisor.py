"""Processes that live and die together, with children that start in no time: what stops one stops
all.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Self

import pytest

pytestmark = pytest.mark.site
PATIENCE = 120

# A child that says its name, and what a terminal told it, and ends where it is asked to; each line
# at once, so that none stands in another's.
CHILD = """
import os, signal, sys
say = lambda words: os.write(1, f"{sys.argv[1]} {words}\\n".encode())
for told in (signal.SIGINT, signal.SIGHUP):
    signal.signal(told, lambda *_: say("was told"))
signal.signal(signal.SIGTERM, lambda *_: (say("ends"), sys.exit()))
say("is there")
while True:
    signal.pause()
"""
# One that does not listen.
STUBBORN = CHILD.replace('(say("ends"), sys.exit())', "None")
PARENT = """
import sys
from microblog.serving import supervisor
supervisor.PATIENCE = float(sys.argv[1])
group = supervisor.Group(lambda line: print(line + "\\n", end="", flush=True))
for name, program in zip(sys.argv[2::2], sys.argv[3::2]):
    group.start(name, supervisor.python("-c", program, name))
group.say(" ".join(["pids", *(str(child.pid) for child in group.children.values())]))
sys.exit(group.wait())
"""


class Family:
    """A parent, two children, and what they say to one pipe, which ends when all of them have."""

    def __init__(self, patience: float = 15, children: tuple[str, str] = (CHILD, CHILD)) -> None:
        named = [part for pair in zip(("web", "worker"), children, strict=True) for part in pair]
        self.parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(patience), *named],
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            # A suite under nohup is no site under nohup.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509
        )
        assert self.parent.stdout
        self.out = self.parent.stdout

    def meet(self) -> Self:
        """Wait until all are there."""
        said = [self.out.readline().decode() for _ in range(3)]
        (line,) = [line for line in said if line.startswith("pids")]
        self.pids = dict(zip(("web", "worker"), map(int, line.split()[1:]), strict=True))
        assert {"web is there\n", "worker is there\n"} < set(said)
        return self

    def said(self) -> set[str]:
        """Return what they say until the last of them has ended, which they do."""
        return set(self.parent.communicate(timeout=PATIENCE)[0].decode().splitlines())


@pytest.fixture
def families() -> Iterator[list[Family]]:
    made: list[Family] = []
    yield made
    for family in made:
        with suppress(ProcessLookupError):
            os.killpg(family.parent.pid, signal.SIGKILL)
        family.out.close()
        family.parent.wait()


@pytest.fixture
def family(families: list[Family]) -> Family:
    families.append(Family())
    return families[0].meet()


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM])
def test_a_stop_signal_ends_all(family: Family, signum: signal.Signals) -> None:
    """Sent to the one that started the others."""
    os.kill(family.parent.pid, signum)
    assert family.said() == {"web ends", "worker ends"}
    assert family.parent.wait() == 0


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGHUP])
def test_what_a_terminal_sends_to_the_group_is_the_parents(
    family: Family, signum: signal.Signals
) -> None:
    """Or the web server would load itself anew at the end of a terminal."""
    os.killpg(family.parent.pid, signum)
    assert family.said() == {"web ends", "worker ends"}
    assert family.parent.wait() == 0


@pytest.mark.parametrize(("victim", "other"), [("web", "worker"), ("worker", "web")])
def test_a_child_that_is_killed_takes_the_others_along(
    family: Family, victim: str, other: str
) -> None:
    os.kill(family.pids[victim], signal.SIGKILL)
    assert family.said() == {
        f"The {victim} ended by itself (Killed). Stopping the rest.",
        f"{other} ends",
    }
    assert family.parent.wait() == 1


def test_children_end_with_a_parent_that_is_killed(family: Family) -> None:
    family.parent.kill()
    assert family.said() == {"web ends", "worker ends"}


def test_who_does_not_listen_is_killed(families: list[Family]) -> None:
    families.append(Family(patience=0.2, children=(STUBBORN, CHILD)))
    family = families[0].meet()
    os.kill(family.parent.pid, signal.SIGTERM)
    assert family.said() == {"worker ends"}
    assert family.parent.wait() == 0
