"""`manage.py populate`: a community of any size, to try out and to measure the site with."""

import secrets
import sys
from argparse import ArgumentTypeError
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from timeline.populate.community import PopulateError, populate
from timeline.populate.people import Plan

READERS = (50, 2_000, 10_000)


class Command(BaseCommand):
    help = (
        "Fill an empty database with a community that has the shape of a real one: a few whom many "
        "follow, conversations, retweets, quotes, likes. Its pictures have rows and no files."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", type=int, default=1000, metavar="N")
        parser.add_argument("--posts", type=int, default=20_000, metavar="M")
        parser.add_argument(
            "--seed", type=int, default=0, help="the same seed makes the same community"
        )
        parser.add_argument(
            "--until",
            type=_moment,
            default=None,
            help="when its newest post was written, such as 2026-01-31T12:00 (UTC); else now",
        )
        parser.add_argument(
            "--biggest-author",
            type=int,
            default=0,
            metavar="K",
            help="how many posts are by the one account that writes the most, @author",
        )
        parser.add_argument(
            "--readers",
            type=int,
            nargs="*",
            default=None,
            help="how many others each of some accounts follows, that are called @reader_50 and so "
            "on; else 50, 2000 and 10000, as far as there are so many",
        )
        parser.add_argument(
            "--password", default="", help="of @author and the readers; else one is made up"
        )

    def handle(self, **options: Any) -> None:
        readers = options["readers"]
        if readers is None:
            readers = [number for number in READERS if number < options["accounts"]]
        plan = Plan(
            accounts=options["accounts"],
            posts=options["posts"],
            until=options["until"] or timezone.now(),
            seed=options["seed"],
            biggest_author=options["biggest_author"],
            readers=tuple(dict.fromkeys(readers)),
        )
        password = options["password"] or secrets.token_urlsafe(12)
        with tqdm(
            desc="posts", unit="", total=plan.posts, file=sys.stderr, disable=None, leave=False
        ) as bar:
            try:
                handles = populate(plan, password, bar.update)
            except PopulateError as error:
                raise CommandError(str(error)) from error
            except KeyboardInterrupt as error:
                raise CommandError("Interrupted. The database is as empty as before.") from error
        self.stdout.write(f"{plan.accounts:,} accounts with {plan.posts:,} posts have moved in.")
        self.stdout.write(f"Sign in as {', '.join(handles)} with the password {password}")


def _moment(value: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise ArgumentTypeError(f"{value} is no time such as 2026-01-31T12:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
