"""The parts of `make bench`: how it reads wrk, what it asks for and does, what it writes."""

import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Account
from testing.bench import community, load, queries, report
from testing.bench.load import Load, LoadError
from timeline.models import Like, Post

WRK = """Running 2s test @ http://127.0.0.1:8105/
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.52ms    1.06ms  21.33ms   92.27%
    Req/Sec     3.22k   307.36     3.57k    80.95%
  6726 requests in 2.10s, 1.05MB read
Requests/sec:   3202.60
Transfer/sec:    512.92KB
"""
BROKEN = "  Socket errors: connect 1, read 2, write 3, timeout 4\n"
REFUSED = "  Non-2xx or 3xx responses: 100\n"


def test_what_wrk_prints_is_read() -> None:
    assert load.parse(WRK) == Load(6726, 6726 + load.CONNECTIONS, 2.1)
    assert load.parse(WRK).rate == pytest.approx(6726 / 2.1)
    assert load.parse(WRK.replace("2.10s", "1.50m")).seconds == 90


def test_what_fails_is_counted() -> None:
    assert load.parse(WRK + BROKEN + REFUSED).failures == 110


def test_what_wrk_does_not_print_is_no_load() -> None:
    with pytest.raises(LoadError, match="unable to connect"):
        load.parse("unable to connect to 127.0.0.1:1 Connection refused")


@pytest.fixture
def wrk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands in for wrk, and says that it made fifteen requests."""
    path = tmp_path / "wrk"
    path.write_text("#!/bin/sh\necho '  15 requests in 1.00s, 1.05MB read'\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return path


def test_a_run_goes_on_until_it_tells_anything(wrk: Path) -> None:
    rests: list[bool] = []
    found = load.get("http://127.0.0.1/", 1, {}, lambda: rests.append(True))
    assert (found.requests, found.begun) == (45, 45 + 3 * load.CONNECTIONS)
    assert len(rests) == 3
    assert found.rate == 15


def test_a_run_in_which_anything_fails_ends_the_bench(wrk: Path) -> None:
    with wrk.open("a") as script:
        script.write(f"echo '{REFUSED}'\n")
    with pytest.raises(LoadError, match="100 of 15 failed"):
        load.get("http://127.0.0.1/", 1, {}, list)


def test_deeds_that_run_out_end_the_bench(wrk: Path, tmp_path: Path) -> None:
    deeds = [load.Deed(f"/posts/{number}/like", "sessionid=a", "next=/") for number in range(20)]
    assert load.post("http://127.0.0.1/", 1, deeds, 5, tmp_path).requests == 15
    with pytest.raises(LoadError, match="20 deeds are too few"):
        load.post("http://127.0.0.1/", 1, deeds, 6, tmp_path)


def test_the_report_stands_between_its_lines(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"# By hand\n\n{report.BEGIN}\nold\n{report.END}\n\nand by hand\n")
    for text in ("new\n", "newer\n"):
        report.write(page, text)
        here = f"# By hand\n\n{report.BEGIN}\n\n{text}\n{report.END}\n\nand by hand\n"
        assert page.read_text() == here


def test_a_table_has_words_to_the_left_and_figures_to_the_right() -> None:
    assert report.table(("page", "ms"), [("home", 1.5), ("tag", "–")]) == (
        "| page | ms |\n| --- | ---: |\n| home | 1.5 |\n| tag | – |\n"
    )


@pytest.fixture
def scene(db: None, monkeypatch: pytest.MonkeyPatch) -> community.Scene:
    """A small community."""
    small = {"FOLLOWS": (5, 10, 20), "MORE": 30, "WRITERS": 2, "POSTS_EACH": 2, "LIKES_EACH": 2}
    for name, number in small.items():
        monkeypatch.setattr(community, name, number)
    return community.build(1500)


def test_every_page_is_there_for_who_asks_and_for_nobody_else(scene: community.Scene) -> None:
    assert {page.who for page in scene.pages} == {"visitor", "signed in"}
    for page in scene.pages:
        assert ("?before=" in page.path) == ("page" in page.name)
        answer = Client(headers=page.headers).get(page.path)
        assert answer.status_code == page.status, page
        assert page.is_in(answer.text), page
        for other in () if page.is_poll else scene.pages:
            assert other.reader == page.reader or not other.is_in(answer.text), (page, other)


def test_every_deed_does_something_once(scene: community.Scene) -> None:
    for deeds, model in zip(scene.deeds.values(), (Post, Like), strict=True):
        before, done = model.objects.count(), scene.deeds_done()
        for deed in deeds:
            assert queries.queries_of(deed)
        assert model.objects.count() == before + len(deeds) == before + 4
        assert scene.deeds_done() == done + len(deeds)


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_the_slowest_query_has_its_plan(ada: Account) -> None:
    assert connection.vendor == "postgresql"
    fast, slow = "SELECT 1", "SELECT count(*) FROM generate_series(1, 100000)"
    found = queries.slowest([fast, slow, "UPDATE accounts_account SET name = ''"])
    assert found.sql == slow
    assert "Buffers" in found.plan or "Function Scan" in found.plan
    assert found.milliseconds > 0
