"""Editing: GET /posts/ID/edit is the form, POST saves; one's own posts only, within the time for
it.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find
from testing.scene import HTMX, retweet, say
from timeline.feeds import counters
from timeline.models import Mention, Post, Revision
from timeline.posting.publish import publish

NOW = timedelta()


@pytest.fixture
def post(ada: Account, ben: Account) -> Post:
    return say(ada, "Helo @ben #frist", ago=NOW)


def edit(client: Client, post: Post, text: str, **more: Any) -> Any:
    return client.post(f"/posts/{post.pk}/edit", {"text": text}, **more)


def test_the_form_has_what_it_says(post: Post, as_ada: Client) -> None:
    page = as_ada.get(f"/posts/{post.pk}/edit")
    assert page.status_code == 200
    (form,) = find(page, "form", method="post", action=f"/posts/{post.pk}/edit")
    assert "Helo @ben #frist" in form.text
    assert find(as_ada.get("/@ada"), "a", href=f"/posts/{post.pk}/edit")


def test_edit_changes_text_html_mentions_and_tags(post: Post, cal: Account, as_ada: Client) -> None:
    response = edit(as_ada, post, "Hello @cal #first <b>")
    assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())
    post.refresh_from_db()
    assert post.text == "Hello @cal #first <b>"
    assert "&lt;b&gt;" in post.html
    assert [mention.account for mention in Mention.objects.all()] == [cal]
    assert [tagging.tag.name for tagging in post.taggings.all()] == ["first"]
    assert [revision.text for revision in Revision.objects.all()] == ["Helo @ben #frist"]
    page = as_ada.get(post.get_absolute_url())
    assert [link.text for link in find(page, "a", href=f"{post.get_absolute_url()}/history")] == [
        "Edited"
    ]
    assert find(as_ada.get("/@ada"), "a", href=f"{post.get_absolute_url()}/history")
    assert not any(counters.recount_everything().values())


def test_with_htmx_the_whole_page_changes(post: Post, as_ada: Client) -> None:
    assert edit(as_ada, post, "Hello", headers=HTMX)["HX-Redirect"] == post.get_absolute_url()


def test_edit_sent_twice_is_one_version(post: Post, as_ada: Client) -> None:
    for _ in range(2):
        assert edit(as_ada, post, "Hello").status_code == 302
    assert Revision.objects.count() == 1


def test_who_is_named_in_both_texts_keeps_the_row(post: Post, as_ada: Client) -> None:
    before = Mention.objects.get()
    edit(as_ada, post, "Hello @ben")
    assert Mention.objects.get() == before


def test_its_card_is_made_anew(ada: Account, as_ada: Client) -> None:
    post = say(ada, "See https://example.com/a", ago=NOW)
    edit(as_ada, post, "See https://example.com/b")
    post.refresh_from_db()
    assert post.card
    assert post.card.url == "https://example.com/b"
    edit(as_ada, post, "See nothing")
    post.refresh_from_db()
    assert post.card is None


def test_an_edit_keeps_the_card_of_an_allowed_host(
    ada: Account, as_ada: Client, settings: Any
) -> None:
    """A name without a dot is no link to text.parse, but has a card where the site allows it."""
    settings.LINK_CARD_ALLOWED_HOSTS = ["intranet"]
    post = publish(ada, "See http://intranet/a")
    assert post.card
    edit(as_ada, post, "See http://intranet/a again")
    edited = Post.objects.get(pk=post.pk)
    assert (edited.text, edited.card) == ("See http://intranet/a again", post.card)


def test_its_pictures_and_its_kind_stay(ada: Account, ben: Account, as_ada: Client) -> None:
    post = say(ada, "A picture", pictures=2, quote_of=say(ben, "Quoted"), ago=NOW)
    assert edit(as_ada, post, "").status_code == 302
    post.refresh_from_db()
    assert (
        post.text,
        post.kind,
        post.media_count,
        post.media.count(),
        post.quote_of_id is not None,
    ) == ("", "quote", 2, 2, True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "Write something"), (" \n ", "Write something"), ("a" * 281, "too long: 281 of 280")],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_refused_it_keeps_what_was_typed(
    post: Post, as_ada: Client, text: str, reason: str, headers: dict[str, str]
) -> None:
    response = edit(as_ada, post, text, headers=headers)
    assert response.status_code == 422
    assert reason in find(response, "div", role="alert")[0].text
    assert text.strip() in find(response, "textarea", name="text")[0].text
    assert (b"<html" in response.content) == (not headers)
    post.refresh_from_db()
    assert (post.text, post.edited_at) == ("Helo @ben #frist", None)


def test_no_edit_after_the_time_for_it(ada: Account, as_ada: Client, settings: Any) -> None:
    post = say(ada, "Long ago", ago=timedelta(minutes=61))
    page = as_ada.get(f"/posts/{post.pk}/edit")
    assert page.status_code == 403
    assert "The time for editing is over" in page.content.decode()
    response = edit(as_ada, post, "I typed this")
    assert response.status_code == 422
    assert "The time for editing is over" in find(response, "div", role="alert")[0].text
    assert find(response, "textarea", name="text")[0].text == "I typed this"
    assert not find(as_ada.get("/@ada"), "a", href=f"/posts/{post.pk}/edit")
    settings.POST_EDIT_WINDOW = 2 * 3600
    assert edit(as_ada, post, "Changed").status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_else_and_a_visitor_cannot_edit(
    post: Post, as_ben: Client, visitor: Client, method: str
) -> None:
    assert getattr(as_ben, method)(f"/posts/{post.pk}/edit", {"text": "x"}).status_code == 404
    assert getattr(visitor, method)(f"/posts/{post.pk}/edit", {"text": "x"})["Location"].startswith(
        "/account/login/"
    )
    assert not Revision.objects.exists()


def test_what_is_hidden_gone_or_a_retweet_cannot_be_edited(
    post: Post, ada: Account, as_ada: Client
) -> None:
    copy = retweet(ada, post)
    gone = say(ada, "Hidden", ago=NOW)
    gone.hide()
    for pk in (1, copy.pk, gone.pk):
        assert edit(as_ada, Post(pk=pk), "x").status_code == 404
    assert as_ada.put(f"/posts/{post.pk}/edit").status_code == 405
    assert as_ada.post(f"/posts/{post.pk}/edit").status_code == 422
