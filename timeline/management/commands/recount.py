"""`manage.py recount`: are the counts right? If not, they are afterwards."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import Account
from timeline.feeds.counters import recount_everything
from timeline.models import Post


class Command(BaseCommand):
    help = (
        "Check every stored count of accounts and posts against the rows that it counts, and mend "
        "it."
    )

    def handle(self, **_options: Any) -> None:
        wrong = recount_everything()
        accounts, posts = _number(wrong[Account], "account"), _number(wrong[Post], "post")
        if any(wrong.values()):
            self.stdout.write(f"Mended the counts of {accounts} and {posts}.")
        else:
            self.stdout.write("Every count is right.")


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
