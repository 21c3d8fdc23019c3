"""/settings/privacy, `protected`: who follows is asked for, and reads alone."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Account, Follow, FollowRequest, RefusedError
from testing.html import find
from testing.scene import HTMX, body_of, retweet, say
from timeline.models import Post


@pytest.fixture
def protected(ada: Account, ben: Account) -> Account:
    """Ada, whom Ben follows already."""
    ada.protect()
    return ada


@pytest.fixture
def post(protected: Account) -> Post:
    return say(protected, "For few #secrets", pictures=1)


def words(client: Client, url: str) -> str:
    return find(client.get(url), "main")[0].text


def messages(response: Any) -> str:
    return find(response, "div", id="messages")[0].text


# --- The switch ---


def test_one_checkbox_that_acts_at_once(as_ada: Client, ada: Account, visitor: Client) -> None:
    say(ada, "For few")
    response = as_ada.post("/settings/privacy", {"protected": "on"}, follow=True)
    assert "Your posts are protected now" in messages(response)
    assert "caches" in messages(response)
    assert find(response, "input", name="protected")[0].attrs.get("checked") is not None
    assert "For few" not in words(visitor, "/@ada")


def test_opening_asks_first_and_accepts_who_waits(
    as_ada: Client, protected: Account, cal: Account, visitor: Client
) -> None:
    cal.follow(protected)
    asked = as_ada.post("/settings/privacy", follow=True)
    assert "One person asks to follow you" in find(asked, "main")[0].text
    protected.refresh_from_db()
    assert protected.protected_at
    opened = as_ada.post("/settings/privacy/open", follow=True)
    assert "One person who asked follows you now" in messages(opened)
    protected.refresh_from_db()
    assert (protected.protected_at, protected.followers_count) == (None, 2)
    assert Follow.objects.filter(follower=cal, followed=protected).exists()
    assert not FollowRequest.objects.exists()


def test_two_switches_at_once_are_one(as_ada: Client, protected: Account) -> None:
    for url, data in (("/settings/privacy", {"protected": "on"}), ("/settings/privacy/open", {})):
        for _ in range(2):
            assert as_ada.post(url, data).status_code == 302
    protected.refresh_from_db()
    assert protected.protected_at is None


def test_who_is_suspended_waits_on(protected: Account, cal: Account) -> None:
    cal.follow(protected)
    cal.suspend()
    assert protected.open() == 0
    assert FollowRequest.objects.count() == 1


def test_who_asked_and_comes_back_to_an_open_account_follows_it_at_once(
    protected: Account, cal: Account, as_cal: Client
) -> None:
    cal.follow(protected)
    cal.suspend()
    protected.open()
    cal.restore()
    as_cal.force_login(cal.user)  # type: ignore[arg-type]  (a suspension signs out)
    page = as_cal.get("/@ada")
    assert find(page, "button", formaction="/@ada/follow")
    assert not find(page, "button", formaction="/@ada/unfollow")
    as_cal.post("/@ada/follow")
    assert Follow.objects.filter(follower=cal, followed=protected).exists()
    assert not FollowRequest.objects.exists()


# --- Asking ---


def test_a_button_asks_and_takes_it_back(as_cal: Client, cal: Account, protected: Account) -> None:
    response = as_cal.post("/@ada/follow", headers=HTMX)
    button = find(response, "button")[0]
    assert (button.text, button.attrs["formaction"]) == ("RequestedCancel", "/@ada/unfollow")
    assert not Follow.objects.filter(follower=cal).exists()
    assert "Requested" in words(as_cal, "/@ada")
    as_cal.post("/@ada/unfollow")
    assert not FollowRequest.objects.exists()
    protected.refresh_from_db()
    assert protected.followers_count == 1


def test_asking_twice_is_asking_once(as_cal: Client, protected: Account) -> None:
    for _ in range(2):
        as_cal.post("/@ada/follow")
    assert FollowRequest.objects.count() == 1


def test_what_is_only_asked_for_means_nothing_yet(as_cal: Client, post: Post, cal: Account) -> None:
    cal.follow(post.author)
    assert "For few" not in words(as_cal, "/@ada")
    assert as_cal.get(post.get_absolute_url()).status_code == 404
    assert "For few" not in words(as_cal, "/")


def test_accepting(as_ada: Client, as_cal: Client, post: Post, cal: Account) -> None:
    cal.follow(post.author)
    page = as_ada.get("/follow-requests")
    actions = [button.attrs.get("formaction") for button in find(page, "button")]
    assert {"/@cal/accept", "/@cal/refuse"} <= set(actions)
    as_ada.post("/@cal/accept")
    assert "For few" in words(as_cal, "/@ada")
    assert "Nobody asks" in words(as_ada, "/follow-requests")
    cal.refresh_from_db()
    post.author.refresh_from_db()
    assert (cal.following_count, post.author.followers_count) == (1, 2)


def test_refusing(as_ada: Client, as_cal: Client, post: Post, cal: Account) -> None:
    cal.follow(post.author)
    as_ada.post("/@cal/refuse")
    assert not FollowRequest.objects.exists()
    assert "For few" not in words(as_cal, "/@ada")


@pytest.mark.parametrize("verb", ["accept", "refuse"])
def test_a_request_that_was_taken_back(
    verb: str, as_ada: Client, protected: Account, cal: Account
) -> None:
    response = as_ada.post(f"/@cal/{verb}")
    assert response.status_code == 409
    assert "taken back" in find(response, "main")[0].text
    assert not Follow.objects.filter(follower=cal).exists()


def test_the_owner_is_told_on_their_profile(
    as_ada: Client, protected: Account, cal: Account
) -> None:
    assert "/follow-requests" not in as_ada.get("/@ada").content.decode()
    cal.follow(protected)
    assert "One person asks to follow you" in words(as_ada, "/@ada")


def test_removing_a_follower(as_ada: Client, as_ben: Client, post: Post, ben: Account) -> None:
    as_ada.post("/@ben/remove-follower")
    assert "For few" not in words(as_ben, "/@ada")
    for account in (post.author, ben):
        account.refresh_from_db()
    assert (post.author.followers_count, ben.following_count) == (0, 0)


# --- What others see ---


def test_for_followers_alone(
    post: Post, as_ada: Client, as_ben: Client, as_cal: Client, visitor: Client
) -> None:
    reply = say(post.author, "And more", reply_to=post)
    for who, sees in ((as_ada, True), (as_ben, True), (as_cal, False), (visitor, False)):
        for url in (post.get_absolute_url(), reply.get_absolute_url()):
            assert who.get(url).status_code == (200 if sees else 404)
        for url in ("/@ada", "/@ada/replies", "/@ada/media", "/explore", "/tags/secrets"):
            assert ("For few" in words(who, url)) <= sees
        assert ("For few" in words(who, "/@ada")) == sees
        for url in ("/@ada/followers", "/@ada/following"):
            assert who.get(url).status_code == (200 if sees else 403)


def test_who_it_is_everybody_sees_and_no_search_engine(post: Post, visitor: Client) -> None:
    post.author.edit(bio="Numbers", location="London")
    response = visitor.get("/@ada")
    for told in ("Ada Lovelace", "Numbers", "London", "1 post", "These posts are protected"):
        assert told in find(response, "main")[0].text
    metas = {meta.attrs.get("name"): meta.attrs.get("content") for meta in find(response, "meta")}
    assert metas["robots"] == "noindex"
    assert not find(response, "meta", property="og:title")
    assert "/@ada" not in visitor.get("/sitemap.xml").content.decode()


def test_its_pictures_ask_who_is_looking(
    post: Post, as_ada: Client, as_ben: Client, as_cal: Client, visitor: Client, settings: Any
) -> None:
    url = post.media.get().small
    for accel in ("", "/internal/"):
        settings.ACCEL_REDIRECT = accel
        for who in (as_ada, as_ben):
            response = who.get(url)
            body_of(response)
            assert response.status_code == 200
            kept = set(response["Cache-Control"].split(", "))
            assert kept == {"private", "no-cache"}
        for who in (as_cal, visitor):
            assert who.get(url).status_code == 404
    post.author.set_picture("avatar", {"small.webp": b"a face"})  # type: ignore[arg-type]
    face = visitor.get(f"/media/{post.author.avatar}/small.webp")
    body_of(face)
    assert "public" in face["Cache-Control"]


def test_nobody_retweets_it(post: Post, ben: Account, as_ben: Client) -> None:
    with pytest.raises(RefusedError, match="protected"):
        post.retweet(ben)
    assert as_ben.post(f"/posts/{post.pk}/retweet").status_code == 403


def test_retweets_of_before_are_hidden_and_come_back(
    ada: Account, ben: Account, cal: Account, visitor: Client, as_cal: Client
) -> None:
    post = say(ada, "For many, then for few")
    retweet(ben, post)
    counts = Account.objects.values_list("posts_count").get(pk=ben.pk)
    ada.protect()
    for who in (visitor, as_cal):
        assert "for few" not in words(who, "/@ben")
        assert who.get(f"{post.get_absolute_url()}/retweets").status_code == 404
    assert Account.objects.values_list("posts_count").get(pk=ben.pk) == counts
    ada.open()
    assert "for few" in words(visitor, "/@ben")


def test_a_quote_shows_its_inside_to_who_may_see_it(
    post: Post, ben: Account, as_ben: Client, as_cal: Client
) -> None:
    quote = say(ben, "Listen", quote_of=post)
    assert "For few" in words(as_ben, quote.get_absolute_url())
    for url in (quote.get_absolute_url(), "/@ben", "/explore"):
        assert "For few" not in words(as_cal, url)
        assert "This post is unavailable." in words(as_cal, url)


def test_retweets_by_a_protected_account_are_its_own(
    cal: Account, protected: Account, visitor: Client, as_ben: Client
) -> None:
    post = say(cal, "For everybody")
    retweet(protected, post)
    url = f"{post.get_absolute_url()}/retweets"
    assert "@ada" not in words(visitor, url)
    assert "@ada" in words(as_ben, url)


def test_counts_stay_as_they_are(post: Post, protected: Account) -> None:
    before = Account.objects.values("posts_count", "media_count").get(pk=protected.pk)
    protected.open()
    assert Account.objects.values("posts_count", "media_count").get(pk=protected.pk) == before
