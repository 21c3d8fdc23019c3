"""POST /@cal/block: neither sees what the other posts, or does anything with it; at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account, Block, Follow, FollowRequest, RefusedError
from testing.html import find
from testing.scene import retweet, say
from timeline.models import Mention, Post


@pytest.fixture
def blocked(ada: Account, cal: Account) -> Account:
    """Cal, whom Ada blocks."""
    ada.block(cal)
    return cal


def words(client: Client, url: str) -> str:
    return find(client.get(url), "main")[0].text


def formactions(response: Any) -> list[str]:
    return [button.attrs.get("formaction", "") for button in find(response, "button")]


def test_one_act_that_can_be_undone_right_after(as_ada: Client, ada: Account, cal: Account) -> None:
    response = as_ada.post("/@cal/block", {"next": "/@cal"}, follow=True)
    assert Block.objects.filter(blocker=ada, blocked=cal).exists()
    undo = next(b for b in find(response, "button") if "messages" in str(b.inside))
    assert undo.attrs["form"] == "deed"
    as_ada.post(undo.attrs["formaction"])
    assert not Block.objects.exists()


def test_twice_is_once(as_ada: Client, cal: Account) -> None:
    for _ in range(2):
        assert as_ada.post("/@cal/block").status_code == 302
    assert Block.objects.count() == 1


def test_neither_reads_the_other(
    ada: Account, blocked: Account, as_ada: Client, as_cal: Client, visitor: Client
) -> None:
    hers, his = say(ada, "Hers alone"), say(blocked, "His alone")
    for page in ("/explore", "/@ada", hers.get_absolute_url()):
        assert "Hers alone" not in words(as_cal, page)
        assert "Hers alone" in words(visitor, page)
    for page in ("/explore", "/@cal", his.get_absolute_url()):
        assert "His alone" not in words(as_ada, page)


@pytest.mark.parametrize("tab", ["", "/replies", "/media"])
def test_whom_she_blocked_is_told_so_and_nothing_else(
    tab: str, ada: Account, blocked: Account, as_cal: Client
) -> None:
    ada.edit(name="Ada Lovelace", bio="Numbers", location="London")
    response = as_cal.get(f"/@ada{tab}")
    assert response.status_code == 403
    assert "@ada blocked you" in find(response, "main")[0].text
    for told in ("Lovelace", "Numbers", "London"):
        assert told not in response.content.decode()


def test_what_is_hers_is_not_there_for_him(
    ada: Account, blocked: Account, as_cal: Client, publish: Callable[..., Post]
) -> None:
    post = say(ada, "Hers")
    for url in (
        "/@ada/followers",
        "/@ada/following",
        post.get_absolute_url(),
        f"{post.get_absolute_url()}/retweets",
        f"{post.get_absolute_url()}/quotes",
        f"/compose?reply_to={post.pk}",
        f"/compose?quote={post.pk}",
    ):
        assert as_cal.get(url).status_code == 404, url
    for verb in ("like", "retweet", "bookmark"):
        assert as_cal.post(f"/posts/{post.pk}/{verb}").status_code == 404
    assert as_cal.post("/@ada/follow").status_code == 403


def test_she_sees_who_he_is_and_how_to_unblock_him(blocked: Account, as_ada: Client) -> None:
    response = as_ada.get("/@cal")
    assert "You blocked" in find(response, "main")[0].text
    assert "/@cal/unblock" in formactions(response)


def test_follows_and_requests_between_the_two_end_and_are_not_counted(
    ada: Account, ben: Account, as_ada: Client
) -> None:
    ada.follow(ben)
    ada.block(ben)
    assert not Follow.objects.exists()
    for account in (ada, ben):
        account.refresh_from_db()
        assert (account.followers_count, account.following_count) == (0, 0)
    ada.unblock(ben)
    assert not Follow.objects.exists()
    ada.protect()
    ben.follow(ada)
    ada.block(ben)
    assert not FollowRequest.objects.exists()


def test_neither_follows_the_other(ada: Account, blocked: Account) -> None:
    with pytest.raises(RefusedError, match="@ada blocked you"):
        blocked.follow(ada)
    with pytest.raises(RefusedError, match="You blocked @cal"):
        ada.follow(blocked)


def test_a_name_that_is_written_meanwhile_stays_plain_text(
    ada: Account, cal: Account, publish: Callable[..., Post]
) -> None:
    before = publish(cal, "Hello @ada")
    ada.block(cal)
    post = publish(cal, "Hello again @ada")
    assert "/@ada" in before.html
    assert "/@ada" not in post.html
    assert not Mention.objects.filter(post=post).exists()


def test_what_others_say_of_it_hides_it(
    ada: Account, ben: Account, blocked: Account, as_cal: Client
) -> None:
    post = say(ada, "Hers alone")
    retweet(ben, post)
    say(ben, "Look at that", quote_of=post)
    page = words(as_cal, "/@ben")
    assert "Hers alone" not in page
    assert "retweeted" not in page
    assert "This post is unavailable." in page


def test_counts_stay(ada: Account, cal: Account) -> None:
    post = say(ada, "Hers")
    post.like(cal)
    ada.block(cal)
    post.refresh_from_db()
    assert post.likes_count == 1


def test_one_does_not_block_oneself(as_ada: Client) -> None:
    assert as_ada.post("/@ada/block").status_code == 422
    assert not Block.objects.exists()


def test_a_list_of_whom_one_blocks(as_ada: Client, blocked: Account) -> None:
    response = as_ada.get("/settings/privacy/blocked")
    assert "/@cal/unblock" in formactions(response)
    as_ada.post("/@cal/unblock")
    assert "You block nobody" in words(as_ada, "/settings/privacy/blocked")


def test_both_ways_even_when_both_block(
    ada: Account, blocked: Account, as_ada: Client, as_cal: Client
) -> None:
    assert as_cal.post("/@ada/block").status_code == 302
    assert Block.objects.count() == 2
    assert as_ada.get("/@cal").status_code == 403
    ada.unblock(blocked)
    assert as_ada.get("/@cal").status_code == 403
    assert as_cal.get("/@ada").status_code == 200


def test_a_visitor_signs_in_first(visitor: Client, cal: Account) -> None:
    assert visitor.post("/@cal/block")["Location"].startswith("/account/login/")


def test_a_get_asks_and_changes_nothing(as_ada: Client, cal: Account) -> None:
    assert "Mute" in words(as_ada, "/@cal/block")
    assert not Block.objects.exists()


def test_a_report_is_heard_all_the_same(blocked: Account, as_cal: Client) -> None:
    assert as_cal.get("/@ada/report").status_code == 200
