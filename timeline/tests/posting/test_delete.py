"""Deleting: GET /posts/ID/delete asks, POST deletes; one's own posts only."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import Account
from microblog.media import uploads
from testing.html import find, rows_of
from testing.scene import HTMX, retweet, say
from timeline.models import Like, Media, Mention, Post, Tagging


@pytest.fixture
def post(ada: Account, ben: Account) -> Post:
    return say(ada, "Soon gone, @ben #soon", pictures=2)


def test_it_asks_first(post: Post, as_ada: Client) -> None:
    response = as_ada.get(f"/posts/{post.pk}/delete")
    assert response.status_code == 200
    (form,) = find(response, "form", method="post", action=f"/posts/{post.pk}/delete")
    assert "cannot be brought back" in form.text
    assert rows_of(response) == [post.pk]
    assert find(response, "a", class_="button", href=post.get_absolute_url())[0].text == "Keep it"
    assert Post.objects.filter(deleted_at=None).count() == 1


def test_delete_takes_the_post_away(post: Post, ada: Account, as_ada: Client) -> None:
    response = as_ada.post(f"/posts/{post.pk}/delete", follow=True)
    assert response.redirect_chain == [("/@ada", 302)]
    assert find(response, "p", class_="message")[0].text == "Your post was deleted."
    assert rows_of(response) == []
    assert as_ada.get(post.get_absolute_url()).status_code == 404
    ada.refresh_from_db()
    assert (ada.posts_count, ada.media_count) == (0, 0)


def test_with_htmx_the_whole_page_changes(post: Post, as_ada: Client) -> None:
    response = as_ada.post(f"/posts/{post.pk}/delete", headers=HTMX)
    assert response["HX-Redirect"] == "/@ada"
    assert not Post.objects.exists()


def test_delete_sent_twice_finds_nothing(post: Post, ada: Account, as_ada: Client) -> None:
    as_ada.post(f"/posts/{post.pk}/delete")
    assert as_ada.post(f"/posts/{post.pk}/delete").status_code == 404
    ada.refresh_from_db()
    assert ada.posts_count == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_else_cannot_delete(post: Post, as_ben: Client, method: str) -> None:
    response = getattr(as_ben, method)(f"/posts/{post.pk}/delete")
    assert response.status_code == 404
    assert b"Soon gone" not in response.content
    assert Post.objects.filter(deleted_at=None).count() == 1


def test_visitor_cannot_delete(post: Post, visitor: Client) -> None:
    assert (
        visitor.get(f"/posts/{post.pk}/delete")["Location"]
        == f"/account/login/?next=/posts/{post.pk}/delete"
    )
    assert visitor.post(f"/posts/{post.pk}/delete")["Location"] == "/account/login/?next=/"
    assert Post.objects.filter(deleted_at=None).count() == 1


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_another_method_deletes_nothing(post: Post, as_ada: Client, method: str) -> None:
    assert getattr(as_ada, method)(f"/posts/{post.pk}/delete").status_code == 405


@pytest.mark.parametrize("pk", ["0", "1", "99999999999999999999", "x"])
def test_deleting_what_is_not_there_is_404(as_ada: Client, pk: str) -> None:
    for method in ("get", "post"):
        assert getattr(as_ada, method)(f"/posts/{pk}/delete").status_code == 404


def test_nothing_of_it_stays(post: Post, ben: Account, cal: Account, as_ada: Client) -> None:
    keys = [media.key for media in post.media.all()]
    post.like(cal)
    retweet(ben, post)
    reply = say(cal, "Why?", reply_to=post)
    as_ada.post(f"/posts/{post.pk}/delete")
    assert list(Post.objects.all()) == [reply]
    assert [mention.post for mention in Mention.objects.all()] == [reply], (
        "whom the reply was written to"
    )
    for model in (Like, Media, Tagging):
        assert not model.objects.exists()
    for key in keys:
        assert not default_storage.exists(uploads.path(key, "small.webp"))
        assert as_ada.get(f"/media/{key}/small.webp").status_code == 404
    ben.refresh_from_db()
    assert ben.posts_count == 0


def test_its_text_is_in_no_row(
    post: Post, ben: Account, as_ada: Client, django_db_blocker: Any
) -> None:
    say(ben, "Look", quote_of=post)
    as_ada.post(f"/posts/{post.pk}/delete")
    for other in Post.objects.all():
        assert "Soon gone" not in f"{other.text} {other.html}"


def test_one_sees_it_offered_on_ones_own_posts_only(
    post: Post, ben: Account, as_ada: Client, as_ben: Client, visitor: Client
) -> None:
    url = f"/posts/{post.pk}/delete"
    assert find(as_ada.get("/@ada"), "a", href=url)
    assert not find(as_ben.get("/@ada"), "a", href=url)
    assert not find(visitor.get("/@ada"), "a", href=url)
