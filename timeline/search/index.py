"""The index follows the posts: written with them, in the same transaction; proven, and mended."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import batched
from typing import Any

from django.db import connection, transaction

from microblog.db.locks import lock_rows
from microblog.db.words import upsert
from microblog.db.writing import Write, run
from timeline.models import Media, Mention, Post, SearchEntry, Tagging
from timeline.search.document import Document

TABLE = "timeline_searchentry"
BATCH = 500


def insertion_of(documents: Iterable[tuple[int, Document]]) -> Write:
    """Return what lets new posts be found: their documents by id."""
    return upsert(TABLE, [(pk, document.words) for pk, document in documents])


@transaction.atomic
def follow(posts: Collection[int]) -> int:
    """Let the posts with these ids, a batch at most, be found by what their rows say now; return of
    how many the index said otherwise.

    After they were changed: who changes them at the same time waits here, and then sees that.
    """
    before = lock_rows(SearchEntry.objects.filter(pk__in=posts), *_kept())
    wanted = {pk: document.words for pk, document in documents_of(posts)}
    stale = before.keys() - wanted.keys()
    if stale:
        SearchEntry.objects.filter(pk__in=stale).delete()
    rows = [(pk, words) for pk, words in sorted(wanted.items()) if before.get(pk) != (words,)]
    return len(stale) + (run(*upsert(TABLE, rows)) if rows else 0)


def _kept() -> tuple[str, ...]:
    """Return the columns to compare: PostgreSQL does that itself, as it writes."""
    return () if connection.vendor == "postgresql" else ("words",)


def follow_all(posts: Iterable[int]) -> int:
    """Likewise for any number of ids, a batch in a transaction."""
    return sum(follow(batch) for batch in batched(posts, BATCH))


def reindex() -> int:
    """Let every post be found by what it says, and by nothing else; return of how many the index
    said otherwise.
    """
    return follow_all(_all_ids(Post)) + follow_all(_all_ids(SearchEntry))


def _all_ids(model: type[Any]) -> Iterator[int]:
    """Yield every id, each batch with a query of its own."""
    last = 0
    while ids := list(
        model.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield from ids
        last = ids[-1]


def documents_of(posts: Collection[int]) -> Iterator[tuple[int, Document]]:
    """Yield what those posts of these ids say that can be found at all, by id."""
    media, tags, mentions = defaultdict(list), defaultdict(list), defaultdict(list)
    for post, kind, alt in Media.objects.of_posts(posts).values_list("post", "kind", "alt"):
        media[post].append((kind, alt))
    for post, tag in Tagging.objects.filter(post__in=posts).values_list("post", "tag__folded"):
        tags[post].append(tag)
    for post, account in Mention.objects.filter(post__in=posts).values_list("post", "account"):
        mentions[post].append(account)
    found = Post.objects.with_ids(posts).searchable()
    columns = ("pk", "author", "kind", "text", "html", "card__title")
    for pk, author, kind, text, html, title in found.values_list(*columns):
        yield (
            pk,
            Document(
                author, kind, text, html, title or "", tuple(media[pk]), tags[pk], mentions[pk]
            ),
        )
