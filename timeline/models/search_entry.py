"""What posts are found by."""

from typing import Any

from django.db import models

from timeline.models.post import Post


class WordsField(models.TextField):  # type: ignore[type-arg]
    """Encoded words (microblog.db.words): with their positions, on PostgreSQL."""

    def db_type(self, connection: Any) -> str | None:
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)


class SearchEntry(models.Model):
    """The words by which `post` is found (timeline.search): one that was written here or imported,
    no retweet and nobody's from elsewhere.

    On SQLite it is an FTS5 table, which names its key `rowid`.
    """

    post = models.OneToOneField(
        Post,
        models.CASCADE,
        primary_key=True,
        db_column="rowid",
        related_name="search_entry",
        editable=False,
    )
    words = WordsField(editable=False)

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"the words of {self.post_id}"
