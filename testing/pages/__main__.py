"""Show that a change of the code changes no page: record the pages of two checkouts, and compare.

    python -m testing.pages record DIR [--pictures]
    python -m testing.pages compare BEFORE AFTER [--rules FILE]

Stands in the project for as long as it is rebuilt, and is run in each of the two checkouts: it
knows no module of the site, only its settings, its commands, its addresses and what it shows.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from testing.pages import standstill


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m testing.pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    record = verbs.add_parser("record", help="build a site from nothing, and keep its pages in DIR")
    record.add_argument("folder", type=Path, metavar="DIR")
    record.add_argument("--pictures", action="store_true", help="with screenshots by Chromium")
    compare = verbs.add_parser("compare", help="say which pages differ; exit status 1 where any does")
    compare.add_argument("before", type=Path)
    compare.add_argument("after", type=Path)
    compare.add_argument("--rules", type=Path, help="intended changes: lines of PATTERN => INSTEAD")
    compare.add_argument("--only", default="", help="pages whose name holds this regular expression")
    compare.add_argument("--spaces", action="store_true", help="white space between inline elements counts")
    compare.add_argument("--lines", type=int, default=40, help="of each difference, at most (40)")
    asked = parser.parse_args()
    if asked.verb == "compare":
        from testing.pages.comparing import compare as compare_records

        return compare_records(asked.before, asked.after, rules=asked.rules, only=asked.only, spaces=asked.spaces, lines=asked.lines)
    with tempfile.TemporaryDirectory(prefix="microblog-pages-") as var:
        os.environ["VAR_DIR"] = var
        os.environ["DJANGO_SETTINGS_MODULE"] = "testing.pages.settings"
        for name in ("DATABASE_URL", "PORT", "DEBUG", "EMAIL_URL", "REDIS_URL", "SITE_URL"):
            os.environ.pop(name, None)
        with standstill.standing_still(standstill.NOW) as clock:
            from testing.pages.recording import record as record_pages

            record_pages(clock, asked.folder, pictures=asked.pictures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
