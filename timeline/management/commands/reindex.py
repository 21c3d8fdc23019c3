"""`manage.py reindex`: are the posts found by what they say? If not, they are afterwards."""

from typing import Any

from django.core.management.base import BaseCommand

from timeline.search.index import reindex


class Command(BaseCommand):
    help = "Check the index of search against the posts, and mend it."

    def handle(self, **_options: Any) -> None:
        wrong = reindex()
        if wrong:
            posts = f"{wrong:,} post{'' if wrong == 1 else 's'}"
            self.stdout.write(f"Mended the index of {posts}.")
        else:
            self.stdout.write("Every post is found by what it says.")
