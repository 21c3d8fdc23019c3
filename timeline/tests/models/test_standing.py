"""Suspended is gone from every count and every page, and comes back whole."""

from django.test import Client

from accounts.models import Account
from timeline.feeds import counters
from timeline.models import Post
from timeline.posting.publish import publish

NOTHING_WRONG = {Account: 0, Post: 0}


def fresh[T: (Account, Post)](row: T) -> T:
    return type(row).objects.get(pk=row.pk)


def figures(*rows: Account | Post) -> list[tuple[int, ...]]:
    """Every count of each row."""
    found = []
    for row in rows:
        row = fresh(row)  # noqa: PLW2901
        names = (
            ("posts", "media", "followers", "following")
            if isinstance(row, Account)
            else ("likes", "replies", "quotes", "retweets")
        )
        found.append(tuple(getattr(row, f"{name}_count") for name in names))
    return found


def test_a_suspension_takes_what_somebody_did_out_of_the_counts_until_it_ends(
    ada: Account, ben: Account, cal: Account
) -> None:
    post = publish(ada, "Hello")
    publish(ben, "Yes", reply_to=post)
    publish(ben, "Look", quote_of=post)
    post.retweet(ben)
    post.like(ben)
    mine = publish(ben, "Mine")
    mine.retweet(ada)
    mine.like(ada)
    before = figures(ada, ben, cal, post, mine)
    assert before[0] == (2, 0, 1, 0)
    ben.suspend()
    assert figures(ada, ben, post) == [(1, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0)]
    assert counters.recount_everything() == NOTHING_WRONG
    ben.restore()
    assert figures(ada, ben, cal, post, mine) == before
    assert counters.recount_everything() == NOTHING_WRONG


def test_hiding_an_original_takes_its_retweets_out_of_the_counts(
    ada: Account, ben: Account, cal: Account
) -> None:
    post = publish(ada, "Hello")
    answer = publish(ben, "Yes", reply_to=post)
    for person in (ben, cal):
        post.retweet(person)
        answer.retweet(person)
    before = figures(ada, ben, cal, post, answer)
    answer.hide()
    assert figures(ada, ben, cal, post) == [(1, 0, 1, 0), (1, 0, 0, 1), (1, 0, 0, 0), (0, 0, 0, 2)]
    post.hide()
    assert figures(ada, ben, cal) == [(0, 0, 1, 0), (0, 0, 0, 1), (0, 0, 0, 0)]
    assert counters.recount_everything() == NOTHING_WRONG
    post.unhide()
    answer.unhide()
    assert figures(ada, ben, cal, post, answer) == before


def test_two_reasons_to_be_gone(ada: Account, ben: Account) -> None:
    """What is hidden and by somebody suspended comes back only when both have ended."""
    post = publish(ada, "Hello")
    post.retweet(ben)
    post.hide()
    ada.suspend()
    post.unhide()
    assert figures(ada, ben)[1] == (0, 0, 0, 0)
    ada.restore()
    assert figures(ada, ben) == [(1, 0, 1, 0), (1, 0, 0, 1)]
    assert counters.recount_everything() == NOTHING_WRONG


def test_a_verb_of_standing_acts_once(ada: Account) -> None:
    post = publish(ada, "Hello")
    post.hide()
    hidden_at = fresh(post).hidden_at
    post.hide()
    assert fresh(post).hidden_at == hidden_at
    ada.suspend()
    suspended_at = fresh(ada).suspended_at
    ada.suspend()
    assert fresh(ada).suspended_at == suspended_at


def test_who_is_suspended_does_nothing(ada: Account, ben: Account, cal: Account) -> None:
    """A form that was on its way when the suspension came changes nothing."""
    post = publish(ada, "Hello")
    stale = fresh(ben)
    ben.suspend()
    post.like(stale)
    assert post.retweet(stale) is None
    assert not stale.follow(cal)
    assert not cal.follow(stale)
    assert figures(post, cal) == [(0, 0, 0, 0), (0, 0, 0, 0)]


def test_what_is_hidden_or_of_somebody_suspended_is_on_no_page(
    ada: Account, ben: Account, visitor: Client
) -> None:
    post = publish(ada, "A rare word: zymurgy #zymurgy")
    post.retweet(ben)
    publish(ben, "Look at this", quote_of=post)
    publish(ben, "I answer", reply_to=post)
    pages = [
        "/",
        "/explore",
        "/@ada",
        "/@ben",
        "/@ben/replies",
        "/tags/zymurgy",
        post.get_absolute_url(),
    ]
    pages += [quote.get_absolute_url() for quote in Post.objects.by(ben).exclude(kind="retweet")]
    assert "zymurgy" in visitor.get("/@ben").content.decode()
    for go, come in ((post.hide, post.unhide), (ada.suspend, ada.restore)):
        go()
        for page in pages:
            shown = (
                visitor.get(page)
                .content.decode()
                .replace("/tags/zymurgy", "")
                .replace("#zymurgy</h1>", "")
            )
            assert "A rare word" not in shown, page
        come()
        assert "zymurgy" in visitor.get("/@ada").content.decode()


def test_what_a_restored_account_takes_back_before_it_is_counted_again(
    ada: Account, ben: Account
) -> None:
    post = publish(ada, "Hello")
    post.like(ben)
    # as between a restoration and its task
    Account.objects.filter(pk=ada.pk).update(followers_count=0)
    Post.objects.filter(pk=post.pk).update(likes_count=0)
    ben.unfollow(ada)
    post.unlike(ben)
    ada.refresh_from_db()
    post.refresh_from_db()
    assert (ada.followers_count, post.likes_count) == (0, 0)
