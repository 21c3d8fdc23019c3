"""POST /posts/ID/hide-reply and /show-reply; GET /@HANDLE/ID/hidden: whoever was answered puts a
reply behind "Hidden replies".
"""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from conftest import client_of, make_account
from testing.html import find, rows_of
from testing.scene import HTMX, retweet, say
from timeline.feeds import counters
from timeline.models import Post


@dataclass
class Talk:
    """Ada's post; Cal's answer to it, and Ben's to Cal's."""

    post: Post
    reply: Post
    below: Post

    @property
    def url(self) -> str:
        return self.post.get_absolute_url()


@pytest.fixture
def talk(ada: Account, ben: Account, cal: Account) -> Talk:
    post = say(ada, "The post")
    reply = say(cal, "A rude answer", reply_to=post)
    return Talk(post, reply, say(ben, "Now now", reply_to=reply))


def hide(client: Client, post: Post, **more: Any) -> Any:
    return client.post(f"/posts/{post.pk}/hide-reply", **more)


def show(client: Client, post: Post, **more: Any) -> Any:
    return client.post(f"/posts/{post.pk}/show-reply", **more)


def is_aside(post: Post) -> bool:
    post.refresh_from_db()
    return post.put_aside_at is not None


def offered(client: Client, url: str, post: Post) -> list[str]:
    """Return what the menus of a page offer to do with the reply `post`."""
    return [
        button.attrs["formaction"]
        for button in find(client.get(url), "button")
        if button.attrs.get("formaction", "").endswith("-reply")
        and f"/{post.pk}/" in button.attrs["formaction"]
    ]


# --- Hiding ---


def test_it_goes_behind_a_link(talk: Talk, as_ada: Client, visitor: Client, as_cal: Client) -> None:
    clients = (as_ada, visitor, as_cal)
    for client in clients:
        assert rows_of(client.get(talk.url)) == [talk.post.pk, talk.reply.pk]
        assert not find(client.get(talk.url), "a", href=f"{talk.url}/hidden")
    hide(as_ada, talk.reply)
    for client in clients:
        page = client.get(talk.url)
        assert rows_of(page) == [talk.post.pk]
        assert find(page, "a", href=f"{talk.url}/hidden")[0].text == "Hidden replies"
        assert "No replies yet" not in page.content.decode()
        assert rows_of(client.get(f"{talk.url}/hidden")) == [talk.reply.pk]


def test_it_stays_at_its_address_on_its_authors_profile_and_counted(
    talk: Talk, as_ada: Client, visitor: Client
) -> None:
    hide(as_ada, talk.reply)
    at = visitor.get(talk.reply.get_absolute_url())
    assert rows_of(at) == [talk.post.pk, talk.reply.pk, talk.below.pk]
    assert talk.reply.pk in rows_of(visitor.get("/@cal/replies"))
    talk.post.refresh_from_db()
    assert talk.post.replies_count == 1
    assert not any(counters.recount_everything().values())


def test_it_comes_back(talk: Talk, as_ada: Client, visitor: Client) -> None:
    hide(as_ada, talk.reply)
    show(as_ada, talk.reply)
    assert rows_of(visitor.get(talk.url)) == [talk.post.pk, talk.reply.pk]
    assert rows_of(visitor.get(f"{talk.url}/hidden")) == []


def test_twice_is_once(talk: Talk, as_ada: Client) -> None:
    for deed, is_hidden in ((hide, True), (show, False)):
        for _ in range(2):
            assert deed(as_ada, talk.reply).status_code == 302
            assert is_aside(talk.reply) == is_hidden


def test_one_comes_back_to_where_one_was(talk: Talk, as_ada: Client) -> None:
    response = as_ada.post(f"/posts/{talk.reply.pk}/hide-reply", {"next": talk.url})
    assert response["Location"] == talk.url
    assert hide(as_ada, talk.reply)["Location"] == talk.reply.get_absolute_url()
    assert hide(as_ada, talk.reply, headers=HTMX)["HX-Redirect"] == talk.reply.get_absolute_url()
    evil = as_ada.post(f"/posts/{talk.reply.pk}/hide-reply", {"next": "//evil.example/"})
    assert evil["Location"] == talk.reply.get_absolute_url()


def test_get_changes_nothing(talk: Talk, as_ada: Client) -> None:
    for verb in ("hide", "show"):
        assert as_ada.get(f"/posts/{talk.reply.pk}/{verb}-reply").status_code == 405
    assert not is_aside(talk.reply)


# --- Who may ---


def test_the_author_of_the_first_post_may_however_deep(
    talk: Talk, as_ada: Client, visitor: Client
) -> None:
    assert hide(as_ada, talk.below).status_code == 302
    page = visitor.get(talk.reply.get_absolute_url())
    assert rows_of(page) == [talk.post.pk, talk.reply.pk]
    assert find(page, "a", href=f"{talk.reply.get_absolute_url()}/hidden")
    assert not find(visitor.get(talk.url), "a", href=f"{talk.url}/hidden"), "it stands elsewhere"


def test_whom_it_answers_may(talk: Talk, as_cal: Client) -> None:
    assert hide(as_cal, talk.below).status_code == 302
    assert is_aside(talk.below)


@pytest.mark.parametrize("deed", [hide, show])
def test_nobody_else_may(talk: Talk, as_ben: Client, as_cal: Client, deed: Any) -> None:
    stranger = client_of(make_account("dora"))
    for client, post in (
        (stranger, talk.reply),
        (as_ben, talk.reply),  # who answered it
        (as_cal, talk.reply),  # who wrote it
        (as_ben, talk.below),
        (stranger, talk.below),
    ):
        assert deed(client, post).status_code == 404
        assert not is_aside(post)


def test_a_visitor_signs_in_first(talk: Talk, visitor: Client) -> None:
    assert hide(visitor, talk.reply)["Location"].startswith("/account/login/")
    assert not is_aside(talk.reply)


def test_only_replies_are_put_aside(ada: Account, ben: Account, talk: Talk, as_ada: Client) -> None:
    quote = say(ben, "Look", quote_of=talk.post)
    for post in (talk.post, quote, retweet(ben, talk.post), say(ada, "On", reply_to=talk.post)):
        assert hide(as_ada, post).status_code == 404


def test_what_is_not_seen_is_not_there(talk: Talk, as_ada: Client) -> None:
    talk.reply.hide()
    assert hide(as_ada, talk.reply).status_code == 404
    assert as_ada.post("/posts/1/hide-reply").status_code == 404


def test_who_is_frozen_changes_nothing(talk: Talk, ada: Account, as_ada: Client) -> None:
    ada.freeze()
    assert hide(as_ada, talk.reply).status_code == 403
    assert not is_aside(talk.reply)


def test_where_the_first_post_is_deleted_its_author_may_no_longer(
    talk: Talk, as_ada: Client, as_cal: Client
) -> None:
    Post.objects.answering(talk.post).bridge(talk.post)
    talk.post.delete()
    assert hide(as_ada, talk.below).status_code == 404
    assert hide(as_cal, talk.below).status_code == 302


# --- The menu ---


def test_the_menu_offers_it_to_who_may(
    talk: Talk, as_ada: Client, as_ben: Client, as_cal: Client, visitor: Client
) -> None:
    at_reply = talk.reply.get_absolute_url()
    hides = [f"/posts/{talk.reply.pk}/hide-reply"]
    assert offered(as_ada, talk.url, talk.reply) == hides
    assert offered(as_ada, at_reply, talk.reply) == hides
    assert offered(as_ada, at_reply, talk.below) == [f"/posts/{talk.below.pk}/hide-reply"]
    assert offered(as_cal, at_reply, talk.below) == [f"/posts/{talk.below.pk}/hide-reply"]
    for client in (as_ben, as_cal, visitor):
        assert offered(client, talk.url, talk.reply) == []
    assert offered(as_ben, at_reply, talk.below) == []
    hide(as_ada, talk.reply)
    shows = [f"/posts/{talk.reply.pk}/show-reply"]
    for url in (f"{talk.url}/hidden", at_reply):
        assert offered(as_ada, url, talk.reply) == shows
        assert offered(as_ben, url, talk.reply) == []


def test_the_menu_of_a_hidden_deep_reply_offers_to_show_it(talk: Talk, as_ada: Client) -> None:
    hide(as_ada, talk.below)
    url = f"{talk.reply.get_absolute_url()}/hidden"
    assert offered(as_ada, url, talk.below) == [f"/posts/{talk.below.pk}/show-reply"]


# --- The page ---


def test_it_has_pages(talk: Talk, ada: Account, cal: Account, visitor: Client) -> None:
    replies = [say(cal, f"Reply {number}", reply_to=talk.post) for number in range(25)]
    for reply in replies:
        reply.put_aside(ada)
    page = visitor.get(f"{talk.url}/hidden")
    assert rows_of(page) == [reply.pk for reply in replies[:4:-1]]
    (more,) = find(page, "a", class_="more")
    fragment = visitor.get(more.attrs["hx-get"], headers=HTMX)
    assert rows_of(fragment) == [reply.pk for reply in replies[4::-1]]


def test_the_link_stands_behind_the_last_reply(
    talk: Talk, ada: Account, cal: Account, visitor: Client
) -> None:
    replies = [say(cal, f"Reply {number}", reply_to=talk.post) for number in range(25)]
    talk.reply.put_aside(ada)
    page = visitor.get(talk.url)
    assert not find(page, "a", href=f"{talk.url}/hidden")
    (more,) = find(page, "a", class_="more")
    last = visitor.get(more.attrs["hx-get"], headers=HTMX)
    assert rows_of(last) == [reply.pk for reply in replies[4::-1]]
    assert find(last, "a", href=f"{talk.url}/hidden")


def test_it_says_when_there_are_none(talk: Talk, visitor: Client, as_ada: Client) -> None:
    for client in (visitor, as_ada):
        page = client.get(f"{talk.url}/hidden")
        assert page.status_code == 200
        assert "No hidden replies" in find(page, "main")[0].text


def test_other_addresses_lead_to_it(talk: Talk, ben: Account, visitor: Client) -> None:
    copy = retweet(ben, talk.post)
    for address in (f"/@ben/{talk.post.pk}/hidden", f"/@ben/{copy.pk}/hidden"):
        response = visitor.get(address)
        assert (response.status_code, response["Location"]) == (301, f"{talk.url}/hidden")
    assert visitor.get("/@ada/1/hidden").status_code == 404


def test_who_does_not_see_the_post_does_not_see_them(
    talk: Talk, ada: Account, cal: Account, visitor: Client, as_cal: Client
) -> None:
    talk.reply.put_aside(ada)
    ada.protect()
    for client in (visitor, as_cal):
        assert client.get(f"{talk.url}/hidden").status_code == 404


@pytest.mark.parametrize("away", ["hide", "remove"])
def test_where_nobody_sees_them_there_is_no_link(
    talk: Talk, ada: Account, visitor: Client, away: str
) -> None:
    talk.reply.put_aside(ada)
    getattr(talk.reply, away)()
    assert not find(visitor.get(talk.url), "a", href=f"{talk.url}/hidden")


def test_whom_one_blocks_is_not_among_them(talk: Talk, ada: Account, as_ada: Client) -> None:
    talk.reply.put_aside(ada)
    ada.block(talk.reply.author)
    assert not find(as_ada.get(talk.url), "a", href=f"{talk.url}/hidden")
    assert rows_of(as_ada.get(f"{talk.url}/hidden")) == []


def test_a_thread_below_ends_at_what_was_put_aside(
    talk: Talk, ada: Account, cal: Account, visitor: Client
) -> None:
    second = say(cal, "And more", reply_to=talk.reply)
    third = say(cal, "And still more", reply_to=second)
    at = talk.reply.get_absolute_url()
    assert {second.pk, third.pk} <= set(rows_of(visitor.get(at)))
    second.put_aside(ada)
    page = visitor.get(at)
    assert rows_of(page) == [talk.post.pk, talk.reply.pk, talk.below.pk]
    assert rows_of(visitor.get(f"{at}/hidden")) == [second.pk]


def test_a_kept_page_is_new_after_each_change(talk: Talk, as_ada: Client, visitor: Client) -> None:
    for _ in range(2):
        assert rows_of(visitor.get(talk.url)) == [talk.post.pk, talk.reply.pk]
        assert rows_of(visitor.get(f"{talk.url}/hidden")) == []
    hide(as_ada, talk.reply)
    for _ in range(2):
        assert rows_of(visitor.get(talk.url)) == [talk.post.pk]
        assert rows_of(visitor.get(f"{talk.url}/hidden")) == [talk.reply.pk]
