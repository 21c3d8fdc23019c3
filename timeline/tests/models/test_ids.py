"""A post's id is its time: -id is the order everywhere, and X's order is kept."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Account
from microblog.web.converters import MAX_ID
from timeline import ids
from timeline.models import Post

moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
tweets = st.integers(29_700_000_001, 2**62)
LAUNCH = datetime(2006, 3, 21, 20, 50, 14, tzinfo=UTC)


@given(moments)
def test_an_id_tells_its_time_to_the_millisecond(moment: datetime) -> None:
    made = ids.id_at(moment)
    assert 0 <= made <= MAX_ID
    assert timedelta(0) <= moment - ids.time_of(made) < timedelta(milliseconds=1)


@given(moments, moments)
def test_ids_are_ordered_as_their_times(one: datetime, other: datetime) -> None:
    if abs(one - other) >= timedelta(milliseconds=1):
        assert (ids.id_at(one) < ids.id_at(other)) == (one < other)


def test_two_ids_of_one_millisecond_differ() -> None:
    assert len({ids.id_at(LAUNCH) for _ in range(20)}) > 15


def test_x_tells_its_time() -> None:
    moment = ids.x_time(1_212_092_628_029_698_048)
    assert moment
    # as X's own documentation has it
    assert moment.replace(microsecond=0) == datetime(2019, 12, 31, 19, 26, 16, tzinfo=UTC)
    assert ids.x_time(20) is None  # the first tweet of all


def test_an_early_tweet_has_the_time_of_the_archive() -> None:
    assert ids.time_of(ids.id_of_tweet(20, LAUNCH)) == LAUNCH
    assert ids.id_of_tweet(20, LAUNCH) < ids.id_of_tweet(21, LAUNCH)


def in_the_archive(tweet: int) -> datetime:
    """The date of a tweet as an archive has it: to the second."""
    exact = ids.x_time(tweet)
    assert exact
    return exact.replace(microsecond=0)


@given(tweets, tweets)
def test_xs_order_is_ours(one: int, other: int) -> None:
    ours, theirs = (ids.id_of_tweet(tweet, in_the_archive(tweet)) for tweet in (one, other))
    assert ours == theirs or (ours < theirs) == (one < other)
    assert 0 < ours <= MAX_ID


@given(tweets)
def test_a_tweet_is_dated_to_the_millisecond(tweet: int) -> None:
    assert ids.time_of(ids.id_of_tweet(tweet, in_the_archive(tweet))) == ids.x_time(tweet)


def test_an_id_that_somebody_made_up_does_not_date_a_tweet() -> None:
    moment = datetime(2015, 1, 1, tzinfo=UTC)
    assert ids.time_of(ids.id_of_tweet(1_212_092_628_029_698_048, moment)) == moment


def test_a_post_is_dated_by_its_id(ada: Account) -> None:
    post = Post(author=ada, text="Hello")
    post.insert(LAUNCH)
    assert post.created_at == LAUNCH
    assert Post.objects.get().created_at == LAUNCH


def test_many_posts_of_one_moment_all_find_an_id(ada: Account) -> None:
    for number in range(50):
        Post(author=ada, text=f"Post {number}").insert(LAUNCH)
    assert ada.posts.count() == 50
    assert {post.created_at for post in ada.posts.all()} == {LAUNCH}
