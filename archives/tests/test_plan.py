"""What each tweet becomes, by the rules alone: without a database, an archive, or a post."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from archives.importer.existing import Existing
from archives.importer.plan import Outcome, Planner
from archives.x.tweet import Target, Tweet

NOON = datetime(2020, 5, 1, 12, tzinfo=UTC)
OWN_DELETED, OWN_POST, OWN_RETWEETED, OWN_RETWEET = 1, 2, 3, 4
BENS_DELETED, BENS_POST, BENS_RETWEETED = 11, 12, 13


class Remembered(Existing):
    """What is here, told beforehand."""

    def __init__(self) -> None:
        super().__init__("", None)
        self.posts = {
            OWN_DELETED: None,
            OWN_POST: 102,
            OWN_RETWEETED: 103,
            OWN_RETWEET: 104,
        }
        self.external = {BENS_DELETED: None, BENS_POST: 112, BENS_RETWEETED: 113}
        self.originals = {104: 103, 105: 113}
        self.retweets = {103: 104, 113: 105}
        self.removed = {"cal"}

    def look_up(self, tweets: Sequence[Tweet]) -> None:
        pass


def tweet(number: int, **more: object) -> Tweet:
    return Tweet(number, (number,), NOON, "Words", **more)  # type: ignore[arg-type]


def own(number: int) -> Target:
    return Target(number, "ada", is_own=True)


def bens(number: int | None) -> Target:
    return Target(number, "ben")


@pytest.mark.parametrize(
    ("retweeted", "outcome", "post", "original"),
    [
        (own(OWN_POST), Outcome.NEW, -400, 102),
        (own(OWN_RETWEETED), Outcome.EXISTING, 104, 103),
        (own(OWN_RETWEET), Outcome.EXISTING, 104, 103),
        (own(OWN_DELETED), Outcome.DELETED, None, None),
        (own(99), Outcome.LOST, None, None),
        (bens(BENS_POST), Outcome.NEW, -400, 112),
        (bens(BENS_RETWEETED), Outcome.EXISTING, 105, 113),
        (bens(BENS_DELETED), Outcome.DELETED, None, None),
        (bens(99), Outcome.NEW, -400, -401),
        (bens(None), Outcome.NEW, -400, -401),
        (Target(99, "Cal"), Outcome.REMOVED, None, None),
    ],
)
def test_a_retweet_becomes_what_its_original_allows(retweeted, outcome, post, original):
    [step] = Planner(Remembered()).steps([tweet(200, retweet_of=retweeted)])
    assert (step.outcome, step.post, step.original) == (outcome, post, original)
    assert step.makes_original == (original == -401)
    assert not step.has_media
    remembered = () if outcome in (Outcome.LOST, Outcome.REMOVED) else (200,)
    assert step.new_versions == remembered


def test_what_is_planned_is_existing_for_the_tweets_after_it():
    steps = Planner(Remembered()).steps(
        [
            tweet(200),
            tweet(201, reply_to=own(200), quote_of=bens(BENS_POST)),
            tweet(202, retweet_of=bens(99)),
            tweet(203, retweet_of=bens(99)),
            tweet(204, retweet_of=own(200)),
            tweet(205, reply_to=own(204)),
        ]
    )
    new = Outcome.NEW
    assert [step.outcome for step in steps] == [new, new, new, Outcome.EXISTING, new, new]
    assert steps[1].reply_to == steps[0].post == steps[4].original == steps[5].reply_to
    assert steps[1].quote_of == bens(BENS_POST)
    assert (steps[3].post, steps[3].original) == (steps[2].post, steps[2].original)


def test_a_tweet_that_came_before_in_any_version_is_its_post():
    came, gone = Planner(Remembered()).steps(
        [
            Tweet(300, (OWN_POST, 300), NOON, "Words"),
            Tweet(301, (OWN_DELETED, 301), NOON, "Words"),
        ]
    )
    assert (came.outcome, came.post, came.new_versions) == (Outcome.EXISTING, 102, (300,))
    assert (gone.outcome, gone.post, gone.new_versions) == (Outcome.DELETED, None, (301,))


def test_a_reply_to_what_was_deleted_here_leads_nowhere():
    [step] = Planner(Remembered()).steps([tweet(200, reply_to=own(OWN_DELETED))])
    assert (step.outcome, step.reply_to) == (Outcome.NEW, None)
