"""`manage.py demo`: the demo community comes, or goes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from timeline.demo import community


class Command(BaseCommand):
    help = (
        "Make the demo community: a dozen invented people with a few hundred posts. Where it is "
        "already, only print its sign-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--remove", action="store_true", help="Delete all of it, and nothing of real people's."
        )

    def handle(self, **options: Any) -> None:
        if options["remove"]:
            gone = community.remove()
            self.stdout.write(
                "The demo community is gone." if gone else "There is no demo community here."
            )
            return
        try:
            made = community.make()
        except community.DemoError as error:
            raise CommandError(str(error)) from error
        if made:
            self.stdout.write("The demo community has moved in.")
        self.stdout.write(community.demo_sign_in() or "")
