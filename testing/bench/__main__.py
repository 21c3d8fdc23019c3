"""Measure the site in made-up communities, and write what was found into docs/performance.md.

It makes a database on the server of TEST_DATABASE_URL, and drops it. `make bench` runs it.
"""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

import django

from testing.bench import database

TO = "docs/performance.md"
# what a site of somebody's own may have set, and this one has not
UNSET = ("PORT", "DEBUG", "EMAIL_URL", "REDIS_URL", "SITE_URL", "SITE_NAME", "KEPT_BYTES")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m testing.bench", description=__doc__)
    parser.add_argument("sizes", nargs="+", type=int, metavar="POSTS", help="one size or more")
    parser.add_argument("--rounds", type=int, default=3, help="whose median counts (3)")
    parser.add_argument("--seconds", type=int, default=2, help="of each run of wrk (2)")
    parser.add_argument("--requests", type=int, default=2000, help="then memory is read (2000)")
    parser.add_argument("--only", default="", metavar="REGEX", help="pages whose name it matches")
    parser.add_argument("--to", type=Path, default=Path(TO), help=f"the file to write into ({TO})")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    server = os.environ["TEST_DATABASE_URL"]
    with tempfile.TemporaryDirectory(prefix="microblog-bench-") as var:
        for name in UNSET:
            os.environ.pop(name, None)
        os.environ |= {
            "VAR_DIR": var,
            "DATABASE_URL": database.url(server),
            "DJANGO_SETTINGS_MODULE": "microblog.settings",
        }
        django.setup()
        from testing.bench.measuring import How
        from testing.bench.rounds import measure

        how = How(asked.rounds, asked.seconds, asked.requests, asked.only)
        measure(server, asked.sizes, how, asked.to)


if __name__ == "__main__":
    main()
