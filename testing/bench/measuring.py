"""How a page is measured: beside an empty view, in rounds of which the median counts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from testing.bench import blank, changes, load, servers
from testing.bench.changes import Changer
from testing.bench.community import Page, Scene
from testing.bench.database import NAME
from testing.bench.load import Deed, Load, LoadError
from testing.bench.servers import Server

FORGETFUL = {"KEPT_BYTES": "0"}  # keeps nothing in its memory
PAIRS = 40  # of a change and a request
GZIP = {"Accept-Encoding": "gzip, br"}


@dataclass(frozen=True)
class Cost:
    """What a request costs: milliseconds of the processor in the worker and in the database, and
    the ratio of its throughput to the empty view's.
    """

    worker: float
    database: float
    ratio: float


@dataclass(frozen=True)
class PageCost:
    """A page: asked for again, with a change before each request, by a worker that keeps nothing;
    and its bytes, plain and as they are sent to a browser.
    """

    kept: Cost
    changed: Cost
    empty: Cost
    size: int
    sent: int


@dataclass(frozen=True)
class How:
    """How long is measured, and what: the pages whose name matches `only`."""

    rounds: int
    seconds: int
    requests: int = 2_000  # of all kinds, after which a worker's memory is looked at
    only: str = ""


@dataclass(frozen=True)
class Trio:
    """The same server three times: with the site, with the site that keeps nothing, and empty."""

    site: Server
    forgetful: Server
    blank: Server


class Bench:
    """One server, and what it is asked for."""

    def __init__(self, trio: Trio, scene: Scene, how: How, folder: Path) -> None:
        self.trio, self.scene, self.how, self.folder = trio, scene, how, folder
        self.changer = Changer(scene.changed)
        self.blank_rates: list[float] = []
        self.change_rates: list[float] = []

    # --- Pages ---

    def page(self, page: Page) -> PageCost:
        """Measure a page. Raises LoadError where it is not as it should be."""
        sizes = {self._check(page, server) for server in (self.trio.site, self.trio.forgetful)}
        if len(sizes) > 1:
            raise LoadError(f"{page.path} is another page when it is kept: {sizes}")
        rounds = [self._round(page) for _ in range(self.how.rounds)]
        kept, changed, empty = (_median(list(costs)) for costs in zip(*rounds, strict=True))
        work = self._pairs(page)
        changed = Cost(work.worker, work.database, changed.ratio)
        answer = self.trio.site.get(page.path, {**page.headers, **GZIP})
        size = len(self.trio.site.get(page.path, page.headers).body)
        return PageCost(kept, changed, empty, size, len(answer.body))

    def _round(self, page: Page) -> tuple[Cost, Cost, Cost]:
        beside = self._blank()
        kept = self._get(self.trio.site, page, beside)
        empty = self._get(self.trio.forgetful, page, beside)
        with changes.all_the_time(self.scene.changed) as rate:
            beside = self._blank(is_alone=False)
            changed = self._get(self.trio.site, page, beside)
        self.change_rates.append(rate.changes)
        return kept, changed, empty

    def _check(self, page: Page, server: Server) -> int:
        """Ask for `page`; return how many rows are on it. Raises LoadError where it is not what it
        should be for who asks.
        """
        answer = server.get(page.path, page.headers)
        is_right = answer.status == page.status and page.is_in(answer.text)
        if not is_right or str(self.scene.changed) in answer.text:
            raise LoadError(f"{page.path} for a {page.who} is not what it should be.")
        return answer.text.count(page.row)

    def _blank(self, *, is_alone: bool = True) -> Load:
        server, seconds = self.trio.blank, max(1, self.how.seconds // 2)
        found = load.get(f"{server.url}/", seconds, {}, server.settle)
        if is_alone:
            self.blank_rates.append(found.rate)
        return found

    def _get(self, server: Server, page: Page, beside: Load) -> Cost:
        url, seconds = server.url + page.path, self.how.seconds
        return self._cost(
            server, lambda: load.get(url, seconds, page.headers, server.settle), beside
        )

    def _pairs(self, page: Page) -> Cost:
        """Measure requests of which each comes after a change; by their processor time alone."""

        def ask() -> Load:
            for _ in range(PAIRS):
                self.changer.change()
                self.trio.site.get(page.path, page.headers)
            return Load(PAIRS, PAIRS, 1)

        return self._cost(self.trio.site, ask, Load(1, 1, 1))

    def _cost(self, server: Server, run: Callable[[], Load], beside: Load) -> Cost:
        worker, database = server.processor_time(), self._database_time()
        found = run()
        server.settle()
        each = 1000 / found.begun
        return Cost(
            (server.processor_time() - worker) * each,
            (self._database_time() - database) * each,
            found.rate / beside.rate,
        )

    def _database_time(self) -> float:
        return servers.database_time(NAME, but=self.changer.pid)

    # --- Deeds ---

    def deeds(self, name: str, deeds: list[Deed]) -> Cost:
        """Measure what changes something: each deed is done once, those of a name in turn."""
        return _median([self._deeds(name, deeds) for _ in range(self.how.rounds)])

    def _deeds(self, name: str, deeds: list[Deed]) -> Cost:
        beside, url = self._blank(), self.trio.site.url
        before = self.scene.deeds_done()
        first = self.scene.done.get(name, 0)

        def run() -> Load:
            found = load.post(url, 2 * self.how.seconds, deeds, first, self.folder)
            self.scene.done[name] = first + found.requests
            return found

        cost = self._cost(self.trio.site, run, beside)
        if self.scene.deeds_done() - before < self.scene.done[name] - first:
            raise LoadError(f"Not every {name} was done.")
        self.scene.done[name] += load.CONNECTIONS  # what wrk broke off may have been done
        return cost

    def close(self) -> None:
        self.changer.close()


def memory(arguments: tuple[str, ...], scene: Scene, requests: int) -> dict[int, int]:
    """Return the bytes that a worker, one that serves alone, has after so many mixed requests; and
    after fewer and more, which tells whether it grows.
    """
    found = {}
    milestones = [requests // 4, requests // 2, requests, requests * 3 // 2]
    with servers.running((*arguments, "--workers=1"), servers.SITE, {}) as server:
        for number in range(1, milestones[-1] + 1):
            page = scene.mixed[number % len(scene.mixed)]
            if server.get(page.path, page.headers).status != page.status:
                raise LoadError(f"{page.path} is not there.")
            if number in milestones:
                found[number] = server.memory()
    return found


@contextmanager
def trio(arguments: tuple[str, ...]) -> Iterator[Trio]:
    """Run a server three times."""
    with ExitStack() as stack:
        site, forgetful, empty = (
            stack.enter_context(servers.running(arguments, application, environ))
            for application, environ in (
                (servers.SITE, {}),
                (servers.SITE, FORGETFUL),
                (blank.APPLICATION, servers.BLANK),
            )
        )
        yield Trio(site, forgetful, empty)


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        median(cost.worker for cost in costs),
        median(cost.database for cost in costs),
        median(cost.ratio for cost in costs),
    )
