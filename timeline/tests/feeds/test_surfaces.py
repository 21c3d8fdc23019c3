"""What is hidden, deleted, or by somebody suspended is gone from every surface, and comes back when
that is undone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from conftest import client_of, make_account
from testing.html import find, rows_of
from testing.scene import HTMX, REACTIONS, body_of, retweet, say
from timeline.models import Post

SECRET = "Nightshade"
SEARCHES = (
    *("/search?q=poison", "/search?q=poison&tab=latest", "/search?q=poison&tab=media"),
    *("/search?q=%23poison", "/search?q=@ada", "/search?q=answer", "/search?q=c&tab=people"),
)


@dataclass
class Poison:
    """A post of Cal's, who has a name and a face to lose, and all that others did with it."""

    ada: Account
    ben: Account
    cal: Account
    post: Post
    parent: Post
    reply: Post
    below: Post
    quote: Post
    retweets: list[Post]
    media: str

    def clients(self) -> dict[str, Client]:
        return {
            "a visitor": client_of(None),
            "ada": client_of(self.ada),
            "ben": client_of(self.ben),
        }

    def urls(self) -> list[str]:
        """Every page on which it showed."""
        people = [
            "/@ada",
            "/@ada/replies",
            "/@ada/followers",
            "/@ada/following",
            "/@ben",
            "/@cal",
            "/@cal/replies",
            "/@cal/media",
        ]
        posts = [
            post.get_absolute_url()
            for post in (self.post, self.parent, self.reply, self.below, self.quote)
        ]
        posts += [
            f"{post.get_absolute_url()}/{tab}"
            for post in (self.post, self.parent)
            for tab in REACTIONS
        ]
        posts += [f"/@ben/{self.retweets[0].pk}", f"/cal/{self.post.pk}", f"/@ada/{self.post.pk}"]
        reports = [f"/posts/{post.pk}/report" for post in (self.post, self.reply, self.quote)] + [
            "/@cal/report"
        ]
        return [
            "/",
            "/explore",
            "/tags/poison",
            *SEARCHES,
            *people,
            *posts,
            *reports,
            "/removal?handle=cal",
            "/complete?q=@cal",
            "/complete?q=@poi",
        ]

    def own_urls(self, who: str) -> list[str]:
        """Those that only who is signed in has."""
        likes = [
            f"/@{who}/likes",
            "/bookmarks",
            "/notifications",
            "/notifications/mentions",
            f"/posts/{self.quote.pk}/detach",
            f"/posts/{self.post.pk}/edit",
            "/compose",
            f"/posts/{self.post.pk}/delete",
        ]
        return [
            *likes,
            f"/compose?reply_to={self.post.pk}",
            f"/compose?quote={self.post.pk}",
            f"/compose?quote={self.quote.pk}",
        ]


@pytest.fixture
def poison(ada: Account, ben: Account, cal: Account) -> Poison:
    cal.edit(name="Cal the Poisoner", bio="I poison")
    cal.set_picture("avatar", {"small.webp": b"a face"})
    for account in (ada, ben):
        account.follow(cal)
    cal.follow(ada)
    parent = say(ada, "Where it began")
    post = say(cal, f"{SECRET} #poison @ada", reply_to=parent, pictures=1)
    plain = say(cal, f"{SECRET} #poison", pictures=1)
    del plain
    reply = say(ada, "I answer", reply_to=post)
    below = say(ben, "I answer the answer", reply_to=reply)
    quote = say(ben, "I quote", quote_of=post)
    retweets = [retweet(account, post) for account in (ben, ada)]
    for account in (ada, ben):
        post.like(account)
        post.bookmark(account)
    return Poison(
        ada, ben, cal, post, parent, reply, below, quote, retweets, post.media.get().small
    )


def all_posts(cal: Account) -> list[Post]:
    return list(cal.posts.order_by("pk"))


def hide(poison: Poison) -> None:
    for post in all_posts(poison.cal):
        post.hide()


def unhide(poison: Poison) -> None:
    for post in all_posts(poison.cal):
        post.unhide()


def delete(poison: Poison) -> None:
    for post in all_posts(poison.cal):
        post.remove()


def delete_without_its_task(poison: Poison) -> None:
    """As it is until the worker comes to it."""
    poison.cal.posts.update(deleted_at=timezone.now())


WAYS: dict[str, Callable[[Poison], None]] = {
    "hidden": hide,
    "deleted": delete,
    "deleted, the task not yet run": delete_without_its_task,
    "suspended": lambda poison: poison.cal.suspend(),
}
ways = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def shows(client: Client, poison: Poison, url: str, headers: dict[str, str]) -> list[str]:
    """What of it a page still shows."""
    response = client.get(url, headers=headers)
    page = response.content.decode()
    gone = {poison.post.pk, *(post.pk for post in poison.retweets)}
    found = (
        [f"the row {pk}" for pk in rows_of(response) if pk in gone]
        if response.status_code == 200
        else []
    )
    found += [what for what in (SECRET, poison.media) if what in page]
    return [f"{url}: {what}" for what in found]


@pytest.mark.slow
def test_it_showed_everywhere(poison: Poison) -> None:
    """Else the tests below would prove nothing."""
    for who, client in poison.clients().items():
        showing = [url for url in poison.urls() if shows(client, poison, url, {})]
        assert {
            "/",
            "/explore",
            "/tags/poison",
            *SEARCHES[:4],
            "/@ben",
            "/@cal",
            "/@cal/media",
            "/@cal/replies",
            "/@ada/replies",
        } <= set(showing), who
        assert {
            post.get_absolute_url()
            for post in (poison.parent, poison.reply, poison.below, poison.quote)
        } <= set(showing)
    client = client_of(poison.ada)
    assert [url for url in poison.own_urls("ada") if shows(client, poison, url, {})] == [
        "/@ada/likes",
        "/bookmarks",
        "/notifications",
        "/notifications/mentions",
        f"/compose?reply_to={poison.post.pk}",
        f"/compose?quote={poison.post.pk}",
    ]


def assert_no_page_shows_it(poison: Poison, headers: dict[str, str]) -> None:
    found = []
    for who, client in poison.clients().items():
        urls = poison.urls() + (poison.own_urls(who) if who != "a visitor" else [])
        found += [f"{who}: {what}" for url in urls for what in shows(client, poison, url, headers)]
    assert not found, "\n".join(found)


@pytest.mark.slow
@ways
def test_no_page_shows_it(poison: Poison, way: Callable[[Poison], None]) -> None:
    way(poison)
    assert_no_page_shows_it(poison, {})


@pytest.mark.one_database
@pytest.mark.slow
@pytest.mark.parametrize("way", ["hidden", "suspended"])
def test_nor_does_a_fragment(poison: Poison, way: str) -> None:
    """Of the same rows: so it is enough that a post is gone, and that its author is."""
    WAYS[way](poison)
    assert_no_page_shows_it(poison, HTMX)


@pytest.mark.slow
@ways
def test_its_own_addresses_are_404(poison: Poison, way: Callable[[Poison], None]) -> None:
    way(poison)
    pks = [poison.post.pk, *(post.pk for post in poison.retweets)]
    for who, client in poison.clients().items():
        assert client.get(poison.media).status_code == 404, who
        for pk in pks:
            assert client.get(f"/@cal/{pk}").status_code == 404, who
            assert client.get(f"/@ben/{pk}").status_code == 404, who
    for client in (client_of(poison.ada), client_of(poison.ben)):
        for pk in pks:
            for action in (
                "like",
                "unlike",
                "retweet",
                "unretweet",
                "bookmark",
                "unbookmark",
                "pin",
                "unpin",
                "edit",
                "detach",
                "delete",
            ):
                assert client.post(f"/posts/{pk}/{action}").status_code == 404, action
            for target in ("reply_to", "quote"):
                assert client.get(f"/compose?{target}={pk}").status_code == 404
                assert client.post("/compose", {"text": "Hello", target: pk}).status_code == 422


@ways
def test_what_stood_around_it_says_so(
    poison: Poison, visitor: Client, way: Callable[[Poison], None]
) -> None:
    way(poison)
    quote = visitor.get(poison.quote.get_absolute_url())
    assert [element.text for element in find(quote, "blockquote")] == ["This post is unavailable."]
    for url in (poison.reply.get_absolute_url(), "/@ada/replies"):
        page = visitor.get(url)
        said = (
            "Replying to a post that is not available",
            "This post is not available.",
            "This post was deleted.",
        )
        assert sum(page.content.decode().count(words) for words in said) == 1, url
    assert rows_of(visitor.get(poison.reply.get_absolute_url()))[-2:] == [
        poison.reply.pk,
        poison.below.pk,
    ]
    above = rows_of(visitor.get(poison.parent.get_absolute_url()))
    assert above in ([poison.parent.pk], [poison.parent.pk, poison.reply.pk]), (
        "the way goes on below what was deleted"
    )


@pytest.mark.slow
def test_who_is_suspended_is_gone_as_well(poison: Poison) -> None:
    poison.cal.suspend()
    for who, client in poison.clients().items():
        for url in poison.urls():
            page = client.get(url).content.decode()
            for trace in ("Poisoner", "I poison", poison.cal.avatar):
                assert trace not in page, f"{who}: {url}: {trace}"
            assert not find(page, "form", action="/@cal/follow") + find(
                page, "form", action="/@cal/unfollow"
            )
        for tab in ("", "/replies", "/media", "/followers", "/following"):
            assert client.get(f"/@cal{tab}").status_code == 410
        assert client.get(f"/media/{poison.cal.avatar}/small.webp").status_code == 404


def test_who_is_suspended_cannot_act(poison: Poison) -> None:
    client = client_of(poison.cal)
    poison.cal.suspend()
    assert client.post("/compose", {"text": "I am still here"}).status_code in (302, 403)
    client.post(f"/posts/{poison.parent.pk}/like")
    client.post(f"/posts/{poison.parent.pk}/retweet")
    assert not Post.objects.filter(text="I am still here").exists()
    assert not poison.parent.liked_by.exists()
    assert not poison.parent.retweets.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "back"),
    [(hide, unhide), (WAYS["suspended"], lambda poison: poison.cal.restore())],
    ids=["hidden", "suspended"],
)
def test_undone_it_is_back(
    poison: Poison, way: Callable[[Poison], None], back: Callable[[Poison], None]
) -> None:
    client = client_of(None)
    before = {url: rows_of(client.get(url)) for url in poison.urls()}
    way(poison)
    back(poison)
    assert {url: rows_of(client.get(url)) for url in before} == before
    media = client.get(poison.media)
    assert (media.status_code, body_of(media)) == (200, b"a small picture")


@ways
def test_a_thread_goes_on_above_and_below_what_is_gone(
    ada: Account, cal: Account, visitor: Client, way: Callable[[Poison], None]
) -> None:
    """What stands above a gone post is not lost to its reader while the row is there; and nothing
    of the gone post shows.
    """
    root = say(ada, "The root")
    gone = say(cal, SECRET, reply_to=root)
    last = say(ada, "The last", reply_to=gone)
    way(Poison(ada, ada, cal, gone, root, last, last, last, [], "/media/none"))
    page = visitor.get(last.get_absolute_url())
    assert SECRET not in page.content.decode()
    assert last.pk in rows_of(page)
    assert gone.pk not in rows_of(page)


# --- Limited: seen at its own addresses, by its followers, and by who asked for it ---


@pytest.fixture
def limited(poison: Poison) -> Poison:
    """Cal is limited.

    Ada and Ben follow Cal, and say, retweet and quote what they like; Dan follows Ben alone.
    """
    cal, ben, ada = poison.cal, poison.ben, poison.ada
    say(ben, "And on", quote_of=say(cal, f"{SECRET} once more", pictures=1))
    say(cal, f"{SECRET} too, says who is limited", reply_to=say(ada, "Say something"))
    say(cal, f"{SECRET} quotes", quote_of=poison.parent)
    cal.limit()
    return poison


def strangers() -> dict[str, Client]:
    dan = make_account("dan")
    dan.follow(Account.objects.get(handle="ben"))
    return {"a visitor": client_of(None), "dan": client_of(dan)}


def pages_of_others(it: Poison) -> list[str]:
    """Every page whose address names nothing of Cal's."""
    posts = [
        post.get_absolute_url()
        for post in Post.objects.exclude(author=it.cal)
        .exclude(kind="retweet")
        .select_related("author")
    ]
    people = [
        f"/@{who}{tab}"
        for who in ("ada", "ben")
        for tab in ("", "/replies", "/media", "/followers", "/following")
    ]
    reactions = [f"{url}/{tab}" for url in posts for tab in REACTIONS]
    return [
        "/",
        "/explore",
        "/tags/poison",
        *SEARCHES,
        *people,
        *posts,
        *reactions,
        "/complete?q=@cal",
        "/complete?q=@poi",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_strangers_do_not_come_across_who_is_limited(
    limited: Poison, headers: dict[str, str]
) -> None:
    traces = (SECRET, "Poisoner", "I poison", limited.media, limited.cal.avatar)
    found = [
        f"{who}: {url}: {trace}"
        for who, client in strangers().items()
        for url in pages_of_others(limited)
        for page in [client.get(url, headers=headers).content.decode()]
        for trace in traces
        if trace in page
    ]
    assert not found, "\n".join(found)


def test_a_tag_of_who_is_limited_is_completed_for_followers_alone(limited: Poison) -> None:
    for who, number in (("ada", 1), ("dan", 0)):
        client = client_of(make_account("dan") if who == "dan" else limited.ada)
        assert ("#poison" in client.get("/complete?q=%23poi").content.decode()) == bool(number), who


def test_who_follows_and_oneself_see_all_as_before(limited: Poison) -> None:
    for who in ("ada", "cal"):
        client = client_of(Account.objects.get(handle=who))
        for url in ("/@ben", limited.quote.get_absolute_url(), limited.parent.get_absolute_url()):
            assert SECRET in client.get(url).content.decode(), (who, url)
        assert "Poisoner" in client.get("/@ben/following").content.decode()


def test_at_its_own_addresses_everybody_sees_it(limited: Poison) -> None:
    for who, client in strangers().items():
        for url in ("/@cal", "/@cal/replies", limited.post.get_absolute_url()):
            assert SECRET in client.get(url).content.decode(), (who, url)
        assert limited.media in client.get("/@cal/media").content.decode()
        assert body_of(client.get(limited.media)) == b"a small picture"


def test_what_one_asked_for_stays(limited: Poison) -> None:
    dan = make_account("dan")
    limited.post.bookmark(dan)
    limited.post.like(dan)
    limited.cal.follow(dan)
    client = client_of(dan)
    for url in ("/bookmarks", "/@dan/likes"):
        assert SECRET in client.get(url).content.decode(), url
    assert "Poisoner" in client.get("/@dan/followers").content.decode(), (
        "who follows oneself is no stranger"
    )


def test_unlimited_it_is_back(limited: Poison) -> None:
    limited.cal.unlimit()
    for url in ("/explore", "/@ben", limited.quote.get_absolute_url()):
        assert SECRET in client_of(None).get(url).content.decode(), url
