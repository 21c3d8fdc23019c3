"""Bring X's archive in: `manage.py import_archive FILE [--handle H] [--dry-run]`."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from archives.importer.importing import import_archive
from archives.reader.container import ArchiveError


class Command(BaseCommand):
    help = (
        "Brings X's archive (a zip or a folder) into an account of its own, or into one that is "
        "here. Can be repeated and interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="the zip that X gave, or the folder that it was unpacked to"
        )
        parser.add_argument(
            "--handle",
            default="",
            help="the account that it comes into, made where there is none; else the archive's own",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="change nothing; tell what would come in, and what not and why",
        )
        parser.add_argument(
            "--circle-window",
            choices=["skip", "publish"],
            default="skip",
            help="what becomes of tweets from the time of Circles, if the account had one: X does "
            "not tell which were for all to see",
        )

    def handle(self, **options: Any) -> None:
        with tqdm(desc="tweets", unit="", file=sys.stderr, disable=None, leave=False) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                summary = import_archive(
                    options["file"],
                    handle=options["handle"],
                    dry_run=options["dry_run"],
                    publish_circle_window=options["circle_window"] == "publish",
                    progress=show,
                )
            except ArchiveError as error:
                raise CommandError(str(error)) from error
            except OSError as error:
                raise CommandError(
                    f"{error.strerror or error}. Run it again then: it goes on where it stopped."
                ) from error
            except KeyboardInterrupt as error:
                raise CommandError(
                    "Interrupted. Run it again: it goes on where it stopped."
                ) from error
        for line in summary.lines():
            self.stdout.write(line)
