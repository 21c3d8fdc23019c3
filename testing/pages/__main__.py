"""Show that a change of the code changes no page: record the pages of two checkouts, and compare.

python -m testing.pages record DIR [--pictures]
python -m testing.pages compare BEFORE AFTER [--rules FILE]

It knows no module of the site, only its settings, its commands, its addresses and what it shows:
it runs in a checkout in which everything else has another name.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from testing.pages import standstill

# not the tables of the admin, nor what looks like another page
FEW = (
    r"^(visitor-(?!report|removal-of|login-next|tag|.*-(signs-in|page-2|nell.*|salma.*))"
    r"|ada-(?!table|post|profile-|rules|about|login|removal|explore|tag|follow)"
    r"|bo-(queue$|case-cy|preview-(warn|none)-cy|decide|dashboard)|cy-decisions)"
)
SETTINGS = "testing.pages.settings"
# what a site of somebody's own may have set, and ours has not
UNSET = ("DATABASE_URL", "PORT", "DEBUG", "EMAIL_URL", "REDIS_URL", "SITE_URL", "SITE_NAME")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m testing.pages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(required=True)
    record = verbs.add_parser("record", help="build a site from nothing, and keep its pages in DIR")
    record.add_argument("folder", type=Path, metavar="DIR")
    record.add_argument(
        "--pictures",
        nargs="?",
        const=FEW,
        default="",
        metavar="REGEX",
        help="and how Chromium shows those pages whose name it matches (else some 70)",
    )
    record.set_defaults(deed=_record)
    compare = verbs.add_parser(
        "compare", help="say what differs; exit status 1 where anything does"
    )
    compare.add_argument("before", type=Path)
    compare.add_argument("after", type=Path)
    compare.add_argument(
        "--rules", type=Path, help="intended changes, a line PATTERN => INSTEAD each"
    )
    compare.add_argument("--only", default="", help="pages whose name holds this expression")
    compare.add_argument(
        "--spaces", action="store_true", help="white space between inline elements counts"
    )
    compare.add_argument("--lines", type=int, default=40, help="of a difference, at most (40)")
    compare.set_defaults(deed=_compare)
    options = parser.parse_args()
    return int(options.deed(options))


def _record(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="microblog-pages-") as var:
        os.environ |= {"VAR_DIR": var, "DJANGO_SETTINGS_MODULE": SETTINGS}
        for name in UNSET:
            os.environ.pop(name, None)
        with standstill.standing_still(standstill.NOW) as clock:
            from testing.pages.recording import record

            record(clock, options.folder, pictures=options.pictures)
    return 0


def _compare(options: argparse.Namespace) -> int:
    from testing.pages import comparing

    rules = comparing.read_rules(options.rules) if options.rules else []
    how = comparing.Options(rules, options.only, spaces=options.spaces, lines=options.lines)
    return comparing.compare(options.before, options.after, how)


if __name__ == "__main__":
    sys.exit(main())
