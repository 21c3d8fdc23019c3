"""`manage.py rescue HANDLE`: a way in for who lost every other."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.auth import one_time_links
from accounts.models import User
from accounts.signals import rescued


class Command(BaseCommand):
    help = (
        "Print a link by which somebody sets a new password and is rid of passkeys and codes that "
        "they lost. It works once, within an hour, and is recorded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("handle", help="who: a handle, or the e-mail address of a user")

    @transaction.atomic
    def handle(self, *args: Any, handle: str, **options: Any) -> None:
        user = User.objects.called(handle.removeprefix("@"))
        if user is None:
            raise CommandError(f"Nobody signs in as {handle} here.")
        rescued.send(User, user=user, what="a link was made on the server, to sign in anew")
        self.stdout.write(one_time_links.rescue_url(user))
        self.stdout.write("It works once, within an hour. Give it to nobody but its owner.")
