"""Requests as fast as they are answered: what wrk is told, and what it says."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONNECTIONS = 8
LEAST = 40  # requests of a run that tells anything
# Each deed is a row of method, path, headers and body; wrk takes them in turn, from the `first` on.
_SCRIPT = """
local deeds = {}
for line in io.lines(%s) do
  local method, path, cookie, body = line:match("^(.-)\\t(.-)\\t(.-)\\t(.*)$")
  local headers = {["Cookie"] = cookie, ["Content-Type"] = "application/x-www-form-urlencoded"}
  deeds[#deeds + 1] = wrk.format(method, path, headers, body)
end
local next_deed = %d
request = function()
  next_deed = next_deed %% #deeds + 1
  return deeds[next_deed]
end
"""


class LoadError(Exception):
    """wrk did not run, or something was not answered as it should."""


@dataclass(frozen=True)
class Load:
    """What a run of wrk came to."""

    requests: int  # that were answered
    begun: int  # and those under way at its end, which a server finishes all the same
    seconds: float
    failures: int = 0  # sockets that broke, and answers from 400 on

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


@dataclass(frozen=True)
class Deed:
    """A request that changes something."""

    path: str
    cookie: str
    body: str


def parse(output: str) -> Load:
    """Return what wrk printed. Raises LoadError for what is not wrk's."""
    told = re.search(r"(\d+) requests in ([\d.]+)(ms|s|m)\b", output)
    if not told:
        raise LoadError(f"wrk said:\n{output}")
    unit = {"ms": 0.001, "s": 1, "m": 60}[told[3]]
    errors = re.search(
        r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output
    )
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    failures = sum(map(int, errors.groups())) if errors else 0
    failures += int(refused[1]) if refused else 0
    requests = int(told[1])
    return Load(requests, requests + CONNECTIONS, float(told[2]) * unit, failures)


def get(url: str, seconds: int, headers: Mapping[str, str], rest: Callable[[], object]) -> Load:
    """Ask for `url` again and again; for longer where a busy machine answers hardly any. After each
    run `rest` waits for what it left behind. Raises LoadError when any answer is not as it should
    be.
    """
    more = [f"-H{name}: {value}" for name, value in headers.items()]
    requests = begun = 0
    taken = 0.0
    while requests < LEAST:
        load = _wrk(url, seconds, more)
        rest()
        requests, begun = requests + load.requests, begun + load.begun
        taken, seconds = taken + load.seconds, 2 * seconds
    return Load(requests, begun, taken)


def post(url: str, seconds: int, deeds: Sequence[Deed], first: int, folder: Path) -> Load:
    """Do `deeds` at the site `url`, one after the other, beginning behind the first `first`; each
    is to be done once, so there must be more of them than can be done.
    """
    rows, script = folder / "deeds", folder / "deeds.lua"
    rows.write_text("".join(f"POST\t{deed.path}\t{deed.cookie}\t{deed.body}\n" for deed in deeds))
    script.write_text(_SCRIPT % (json.dumps(str(rows)), first))
    done = _wrk(url, seconds, ["-s", str(script)])
    if not done.requests:
        raise LoadError("Nothing was done.")
    if first + done.requests > len(deeds):
        raise LoadError(f"{len(deeds)} deeds are too few.")
    return done


def _wrk(url: str, seconds: int, more: Sequence[str]) -> Load:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "60s", *more, url]
    ran: subprocess.CompletedProcess[Any] = subprocess.run(
        command, capture_output=True, text=True, check=False
    )
    load = parse(ran.stdout + ran.stderr)
    if load.failures:
        raise LoadError(f"{url}: {load.failures} of {load.requests} failed:\n{ran.stdout}")
    return load
