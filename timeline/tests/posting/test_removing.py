"""What is deleted is hidden at once and soon gone: rows, likes, retweets, files."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import Account
from microblog.media import uploads
from microblog.media.images import Picture
from timeline.feeds import counters
from timeline.models import Bookmark, Like, Media, Mention, Pin, Post, Revision, Tagging
from timeline.posting import purge
from timeline.posting.attachments import Attachment
from timeline.posting.edit import edit
from timeline.posting.publish import publish

PICTURE = Attachment(Picture({"small.webp": b"1", "large.webp": b"2"}, 10, 10), "A lighthouse")
NOTHING_WRONG = {Account: 0, Post: 0}


@pytest.fixture
def post(ada: Account, ben: Account, cal: Account) -> Post:
    """Ada's post, with all that can hang on one."""
    post = publish(ada, "Hello @ben #world https://example.com", attachments=[PICTURE, PICTURE])
    publish(ben, "Yes", reply_to=post)
    publish(cal, "Look", quote_of=post)
    for person in (ada, ben, cal):
        post.like(person)
        post.bookmark(person)
        post.retweet(person)
    post.pin()
    edit(post, "Hello again @ben #world")
    return post


def files() -> list[Path]:
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]  # type: ignore[attr-defined]


def test_rows_likes_retweets_and_files_go(post: Post, ada: Account, ben: Account) -> None:
    assert len(files()) == 4
    post.remove()
    assert sorted(Post.objects.values_list("text", flat=True)) == ["Look", "Yes"]
    assert not any(
        model.objects.exists() for model in (Bookmark, Like, Media, Pin, Revision, Tagging)
    )
    assert [mention.post.text for mention in Mention.objects.all()] == ["Yes"], (
        "whom the reply to it is written to"
    )
    assert files() == []
    assert Account.objects.get(pk=ada.pk).posts_count == 0
    assert Account.objects.get(pk=ben.pk).posts_count == 1
    assert counters.recount_everything() == NOTHING_WRONG


def test_what_answered_and_quoted_it_stays_what_it_was(post: Post, visitor: Client) -> None:
    post.remove()
    for kind in ("reply", "quote"):
        left = Post.objects.get(kind=kind)
        assert left.reply_to is None
        assert left.quote_of is None
        assert visitor.get(left.get_absolute_url()).status_code == 200


def test_removing_twice_is_removing_once(post: Post) -> None:
    post.remove()
    post.remove()
    purge.remove_rows(post.pk)
    assert counters.recount_everything() == NOTHING_WRONG


def test_hidden_at_once_before_any_task_has_run(
    post: Post, ada: Account, settings: Any, visitor: Client
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}
    key = post.media.first().key
    post.remove()
    assert visitor.get(post.get_absolute_url()).status_code == 404
    assert visitor.get(f"/media/{key}/small.webp").status_code == 404
    assert "Hello" not in visitor.get("/@ben").content.decode()
    assert Account.objects.get(pk=ada.pk).posts_count == 1  # her retweet of it goes with the task
    assert len(files()) == 4
    purge.remove_rows(post.pk)
    assert files() == []
    assert counters.recount_everything() == NOTHING_WRONG


class Killed(BaseException):
    """The worker's end, in the middle of anything."""


@pytest.mark.parametrize("step", range(1, 12))
def test_interrupted_anywhere_the_next_run_completes_it(
    post: Post, settings: Any, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}
    monkeypatch.setattr(purge, "BATCH", 2)
    post.remove()
    calls = 0

    def deadly(function: Any) -> Any:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == step:
                raise Killed
            result = function(*args, **kwargs)
            calls += 1
            if calls == step:
                raise Killed
            return result

        return wrapper

    with monkeypatch.context() as patch:
        patch.setattr(counters, "recount", deadly(counters.recount))
        patch.setattr(counters, "recount_around_post", deadly(counters.recount_around_post))
        patch.setattr(uploads, "discard", deadly(uploads.discard))
        with pytest.raises(Killed):
            purge.remove_rows(post.pk)
    assert Post.objects.filter(pk=post.pk).exists()
    purge.remove_rows(post.pk)
    assert sorted(Post.objects.values_list("text", flat=True)) == ["Look", "Yes"]
    assert not Like.objects.exists()
    assert files() == []
    assert counters.recount_everything() == NOTHING_WRONG


def test_only_what_was_deleted_is_taken_away(ada: Account) -> None:
    post = publish(ada, "Stays")
    purge.remove_rows(post.pk)
    purge.remove_rows(1)
    assert Post.objects.filter(pk=post.pk).exists()


def test_a_hidden_post_can_be_deleted(post: Post) -> None:
    post.hide()
    post.remove()
    assert counters.recount_everything() == NOTHING_WRONG
    assert not Post.objects.filter(pk=post.pk).exists()


def test_a_retweet_can_be_deleted_and_its_original_stays(post: Post, ben: Account) -> None:
    Post.objects.by(ben).get(kind="retweet").remove()
    assert Post.objects.get(pk=post.pk).retweets_count == 2
    assert counters.recount_everything() == NOTHING_WRONG
