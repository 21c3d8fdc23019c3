"""What every stored count means, said once: the rows that a visitor may see, and the bytes of files
that an account pays for. Proves the columns, and mends them.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import batched
from typing import Any

from django.db import models, transaction
from django.db.models import (
    Count,
    Expression,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from accounts.models import Account, Follow
from microblog.db.locks import lock_rows
from microblog.media import uploads
from timeline.models import Like, Media, Post

BATCH = 500

type Counted = type[Account | Post]


def _number(rows: QuerySet[Any], by: str, aggregate: Any = None) -> Expression:
    """How many of `rows` have their `by` in the row that is being counted for."""
    grouped = (
        rows.filter(**{by: OuterRef("pk")})
        .order_by()
        .values(by)
        .annotate(n=aggregate or Count("pk"))
    )
    return Coalesce(Subquery(grouped.values("n")), 0)


def _definitions() -> dict[Counted, dict[str, Expression]]:
    posts = Post.objects.counted()
    standing = Post.objects.standing()
    follows = Follow.objects.filter(follower__absent_at=None, followed__absent_at=None)
    return {
        Account: {
            "posts_count": _number(posts, "author"),
            "media_count": _number(posts, "author", Sum("media_count")),
            "followers_count": _number(follows, "followed"),
            "following_count": _number(follows, "follower"),
            "stored_bytes": ExpressionWrapper(
                _number(Media.objects.all(), "payer", Sum("bytes"))
                + F("avatar_bytes")
                + F("banner_bytes"),
                models.PositiveBigIntegerField(),
            ),
        },
        # as if it stood itself: then hiding a post or its author need not touch these
        Post: {
            "likes_count": _number(Like.objects.filter(account__absent_at=None), "post"),
            "replies_count": _number(standing, "reply_to"),
            "own_replies_count": _number(standing.answering_themselves(), "reply_to"),
            "quotes_count": _number(standing, "quote_of"),
            "retweets_count": _number(standing.done_here(), "retweet_of"),
        },
    }


@transaction.atomic
def recount(model: Counted, ids: Collection[int]) -> int:
    """Mend the counts of the rows of `model` (Account or Post) with these ids; return how many rows
    were wrong.

    The rows are held first and counted by a second statement, which sees all that was committed
    until then: whoever counts at the same time waits, and then adds to the right number.
    """
    columns = _definitions()[model]
    rows = model.objects.filter(pk__in=ids)
    lock_rows(rows)
    wrong = 0
    for row in rows.annotate(
        **{f"right_{column}": number for column, number in columns.items()}
    ).values("id", *columns, *(f"right_{column}" for column in columns)):
        right = {
            column: row[f"right_{column}"]
            for column in columns
            if row[column] != row[f"right_{column}"]
        }
        if right:
            model.objects.filter(pk=row["id"]).update(**right)
            wrong += 1
    return wrong


def recount_many(model: Counted, ids: Iterable[int]) -> int:
    """Likewise for any number of ids, a batch in a transaction, so that nobody waits long."""
    return sum(recount(model, batch) for batch in batched(ids, BATCH))


def _all_ids(model: Counted) -> Iterator[int]:
    """Every id, a batch at a time, each with a query of its own: an open cursor would keep SQLite's
    writers out.
    """
    last = 0
    while ids := list(
        model.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield from ids
        last = ids[-1]


def measure_files() -> None:
    """Ask the storage for the bytes of every upload that an account has and of which nobody noted
    them.
    """
    last = 0
    while rows := list(
        Media.objects.unmeasured()
        .filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", "key")[:BATCH]
    ):
        for last, key in rows:
            Media.objects.filter(pk=last).update(bytes=uploads.bytes_of(key))
    for field in ("avatar", "banner"):
        last = 0
        shown = (
            Account.objects.filter(**{f"{field}_bytes": 0})
            .exclude(**{field: ""})
            .order_by("pk")
            .values_list("pk", field)
        )
        while accounts := list(shown.filter(pk__gt=last)[:BATCH]):
            for last, key in accounts:
                Account.objects.filter(pk=last, **{field: key}).update(
                    **{f"{field}_bytes": uploads.bytes_of(key)}
                )


def recount_everything() -> dict[Counted, int]:
    """Mend every count of the site; how many rows of each model were wrong."""
    measure_files()
    return {model: recount_many(model, _all_ids(model)) for model in (Account, Post)}


def recount_these(accounts: Iterable[int], posts: Iterable[int]) -> None:
    """Mend the counts of those with these ids: what a verb took away while the tasks below had
    still to find it.
    """
    recount_many(Account, accounts)
    recount_many(Post, posts)


# Both begin by reading when the change was, walk what hangs on the row by then, and end by saying
# that this change is counted. Who
# takes away a row until then finds `uncounted_at` set, and has counted anew what only that row
# would have led to (recount_these).


def recount_around_post(post_id: int) -> None:
    """Mend what counts this post, after it was hidden, shown again or deleted."""
    post = Post.objects.filter(pk=post_id).first()
    if post:
        recount(
            Post,
            [
                target
                for target in (post.reply_to_id, post.quote_of_id, post.retweet_of_id)
                if target
            ],
        )
        recount(Account, [post.author_id])
        recount_many(Account, _walk(post.retweets.all(), "author"))
        Post.objects.filter(pk=post_id, uncounted_at=post.uncounted_at).update(uncounted_at=None)


def recount_around_account(account_id: int) -> None:
    """Mend what counts this account, its likes or its posts, after its standing changed."""
    account = Account.objects.filter(pk=account_id).only("uncounted_at").first()
    if account:
        recount(Account, [account_id])
        recount_many(Account, _accounts_around(account))
        recount_many(Post, _posts_around(account))
        Account.objects.filter(pk=account_id, uncounted_at=account.uncounted_at).update(
            uncounted_at=None
        )


def _accounts_around(account: Account) -> Iterator[int]:
    yield from _walk(Follow.objects.filter(follower=account), "followed")
    yield from _walk(Follow.objects.filter(followed=account), "follower")
    for posts in batched(_walk(Post.objects.by(account), "pk"), BATCH):
        yield from _walk(Post.objects.filter(retweet_of__in=posts), "author")


def _posts_around(account: Account) -> Iterator[int]:
    yield from _walk(Like.objects.filter(account=account), "post")
    for column in ("reply_to", "quote_of", "retweet_of"):
        yield from _walk(Post.objects.by(account).exclude(**{column: None}), column)


def _walk(rows: QuerySet[Any], column: str) -> Iterator[int]:
    """Where `column` of each of `rows` leads, however many: a batch at a time, each with a query of
    its own, and once in it.
    """
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", column)[:BATCH]):
        yield from {target for _, target in batch}
        last = batch[-1][0]
