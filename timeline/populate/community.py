"""A made-up community moves into an empty database."""

from collections.abc import Callable, Iterator

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Account, User
from timeline.models import LinkCard, Post, Tag
from timeline.populate.chance import Chance
from timeline.populate.conversations import Conversations
from timeline.populate.people import DOMAIN, FEWEST, YEARS, People, Plan
from timeline.populate.rows import EmailRow, Row, UserRow, moment
from timeline.populate.vocabulary import Vocabulary
from timeline.populate.writing import write

LARGEST_SHARE = 0.7  # of all posts, that one author can have


class PopulateError(Exception):
    """The community cannot move in. The message is for whoever runs the site."""


def populate(plan: Plan, password: str, progress: Callable[[int], object]) -> list[str]:
    """Make the community in one transaction; return the handles of those who can sign in with
    `password`.

    `progress` is told how many posts more are there. Raises PopulateError, and then nothing is
    changed.
    """
    _check(plan)
    words, chance = Vocabulary(), Chance(plan.seed)
    people = People(plan, words, chance)
    # SQLite compares keys with each row that comes, unless told not to; then all at once
    with connection.constraint_checks_disabled(), transaction.atomic():
        _check_empty()
        for posts in write(_rows(plan, people, words, chance, password)):
            progress(posts)
        connection.check_constraints()
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with connection.cursor() as cursor:  # as it comes to be in time by itself
            cursor.execute("VACUUM ANALYZE")
    return people.special


def _rows(
    plan: Plan, people: People, words: Vocabulary, chance: Chance, password: str
) -> Iterator[Row]:
    """Yield the rows of all tables; those of accounts last, for they count all others."""
    secret = make_password(password)
    for number, handle in enumerate(people.special):
        email = f"{handle}@{DOMAIN}"
        yield UserRow(number + 1, email, secret, moment(people.joined_at(number)))
        yield EmailRow(number + 1, email, verified=True, primary=True)
    yield from people.follows()
    yield from Conversations(plan, people, words, chance).rows()
    yield from people.accounts()


def _check(plan: Plan) -> None:
    most = int(plan.posts * LARGEST_SHARE)
    for is_wrong, said in (
        (plan.accounts < FEWEST, f"A community has at least {FEWEST} accounts."),
        (plan.posts < 1, "A community has at least one post."),
        (plan.until > timezone.now(), "Nobody can have written a post in the future."),
        (plan.first < 0, f"A community is {YEARS} years old, and the first of them is 1970."),
        (
            not 0 <= plan.biggest_author <= most,
            f"Of {plan.posts:,} posts, the biggest author can have from 0 to {most:,}.",
        ),
        (
            any(not 0 < number < plan.accounts for number in plan.readers),
            f"Of {plan.accounts:,} accounts, a reader can follow from 1 to {plan.accounts - 1:,}.",
        ),
    ):
        if is_wrong:
            raise PopulateError(said)


def _check_empty() -> None:
    filled = [
        name
        for name, rows in (
            ("people who sign in", User.objects.all()),
            ("accounts", Account.objects.all()),
            ("posts", Post.objects.all()),
            ("tags", Tag.objects.all()),
            ("link cards", LinkCard.objects.all()),
        )
        if rows.exists()
    ]
    if filled:
        raise PopulateError(
            f"There are {' and '.join(filled)} here already, and only an empty database is "
            "populated. Nothing was changed. Take a new one: set DATABASE_URL, then run "
            "`manage.py migrate`."
        )
