"""`manage.py reindex`: is everything found by what it says? If not, it is afterwards."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import AccountWord
from timeline.search.index import reindex


class Command(BaseCommand):
    help = "Check the index of search against posts and people, and mend it."

    def handle(self, **_options: Any) -> None:
        posts, words = reindex(), AccountWord.objects.follow_all()
        if posts or words:
            self.stdout.write(f"Mended: {posts:,} posts, and {words:,} words of people's names.")
        else:
            self.stdout.write("Every post and everybody is found.")
