"""The admin of posts: moderators find them, see what they belong to, and hide, unhide and delete
them for good.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Follow, FormerHandle, User
from microblog.media import uploads
from microblog.media.images import Picture
from moderation.enforcement import scheduled
from timeline.feeds import counters
from timeline.models import Like, LinkCard, Media, Post
from timeline.posting.attachments import Attachment
from timeline.posting.publish import publish

PICTURE = Attachment(Picture({"small.webp": b"1", "large.webp": b"2"}, 10, 10), "A lighthouse")
NOTHING_WRONG = {Account: 0, Post: 0}
LIST = "/admin/timeline/post/"
ROWS = r"/admin/(accounts|timeline)/\w+/(\d+/change/$|\?\w+__id__exact=)"


def staff(*permissions: str, email: str = "staff@example.com") -> Client:
    """Somebody who may enter the admin, with permissions such as "change_post"; with "all", an
    administrator.
    """
    user = User.objects.create_user(email, is_staff=True, is_superuser="all" in permissions)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def moderator(db: None) -> Client:
    return staff("view_post", "change_post", "delete_post", "view_account", "change_account")


def act(client: Client, action: str, *posts: Post, **more: str) -> Any:
    return client.post(
        LIST,
        {"action": action, "_selected_action": [post.pk for post in posts], **more},
        follow=True,
    )


def act_on_page(client: Client, action: str, post: Post) -> Any:
    return client.post(
        f"{LIST}{post.pk}/change/",
        {"CHANGE_FORM-action": action, "_selected_action": [post.pk]},
        follow=True,
    )


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# --- Verbs ---


def test_hide_and_unhide_from_the_list(
    moderator: Client, ada: Account, ben: Account, visitor: Client
) -> None:
    posts = [publish(ada, "One"), publish(ada, "Two")]
    posts[0].retweet(ben)
    assert said(act(moderator, "hide", *posts)) == ["Hid 2 posts."]
    assert visitor.get(posts[0].get_absolute_url()).status_code == 404
    assert Account.objects.get(pk=ada.pk).posts_count == 0
    assert Account.objects.get(pk=ben.pk).posts_count == 0
    assert said(act(moderator, "hide", posts[0])) == ["1 post had been hidden before."]
    assert said(act(moderator, "unhide", *posts)) == ["Unhid 2 posts."]
    assert visitor.get(posts[0].get_absolute_url()).status_code == 200
    assert Account.objects.get(pk=ada.pk).posts_count == 2
    assert counters.recount_everything() == NOTHING_WRONG


def test_hide_from_the_page(moderator: Client, ada: Account) -> None:
    post = publish(ada, "One")
    page = moderator.get(f"{LIST}{post.pk}/change/").content.decode()
    assert all(f'<option value="{verb}">' in page for verb in ("hide", "unhide", "remove"))
    assert "Save" not in page
    response = act_on_page(moderator, "hide", post)
    assert said(response) == ["Hid 1 post."]
    assert response.redirect_chain[-1][0] == f"{LIST}{post.pk}/change/"
    assert Post.objects.get(pk=post.pk).hidden_at


@pytest.mark.parametrize("ask", [act, act_on_page])
def test_deleting_for_good_asks_first(
    moderator: Client, ada: Account, ask: Callable[..., Any]
) -> None:
    post = publish(ada, "Off with it", attachments=[PICTURE])
    key = post.media.get().key
    page = ask(moderator, "remove", post)
    assert "cannot be undone" in page.content.decode()
    assert f'name="_selected_action" value="{post.pk}"' in page.content.decode()
    assert Post.objects.filter(pk=post.pk, deleted_at=None).exists()
    assert said(act(moderator, "remove", post, confirmed="yes")) == [
        "Hid 1 post; deleted for good in ten minutes, unless it is undone on the queue's page."
    ]
    assert not Post.objects.visible_to(None).exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        scheduled.carry_out_overdue()
    assert not Post.objects.exists()
    assert not default_storage.exists(uploads.path(key, "small.webp"))
    assert counters.recount_everything() == NOTHING_WRONG
    # back to the front page, with a word
    assert moderator.get(f"{LIST}{post.pk}/change/").status_code == 302


def test_who_did_what_is_recorded_without_words_of_the_post(
    moderator: Client, ada: Account
) -> None:
    post = publish(ada, "A secret that should not outlive its post")
    act(moderator, "hide", post)
    act(moderator, "remove", post, confirmed="yes")
    entries = LogEntry.objects.order_by("pk")
    assert [entry.object_repr for entry in entries] == [f"post {post.pk}"] * 2
    assert [entry.change_message[:4] for entry in entries] == ["Hide", "Dele"]


def test_a_post_is_neither_added_nor_typed_into_nor_deleted_by_djangos_own_way(
    ada: Account,
) -> None:
    post = publish(ada, "Mine")
    admin = staff("all")
    assert admin.get(f"{LIST}add/").status_code == 403
    assert admin.post(f"{LIST}{post.pk}/delete/", {"post": "yes"}).status_code == 403
    act(admin, "delete_selected", post, post="yes")
    admin.post(f"{LIST}{post.pk}/change/", {"text": "Theirs", "likes_count": "7", "_save": "Save"})
    post = Post.objects.get(pk=post.pk)
    assert (post.text, post.likes_count) == ("Mine", 0)


# --- Permissions ---


def test_who_may_only_look_sees_no_verb(ada: Account) -> None:
    post = publish(ada, "One")
    viewer = staff("view_post")
    for address in (LIST, f"{LIST}{post.pk}/change/"):
        page = viewer.get(address).content.decode()
        assert "Hide" not in page
        assert "Delete" not in page
    act(viewer, "hide", post)
    act(viewer, "remove", post, confirmed="yes")
    assert act_on_page(viewer, "hide", post).status_code == 403
    assert Post.objects.filter(pk=post.pk, hidden_at=None, deleted_at=None).exists()


def test_who_may_hide_may_not_delete(ada: Account) -> None:
    post = publish(ada, "One")
    client = staff("view_post", "change_post")
    assert 'value="remove"' not in client.get(LIST).content.decode()
    act(client, "remove", post, confirmed="yes")
    assert Post.objects.filter(pk=post.pk, deleted_at=None).exists()


def test_visitors_and_members_cannot_enter(ada: Account, as_ada: Client, visitor: Client) -> None:
    post = publish(ada, "One")
    for client in (as_ada, visitor):
        assert client.get(LIST).status_code == 302
        act(client, "hide", post)
    assert Post.objects.get(pk=post.pk).hidden_at is None


def test_a_verb_needs_the_forms_token(ada: Account) -> None:
    post = publish(ada, "One")
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root@example.com"))
    assert act(client, "hide", post).status_code == 403
    assert Post.objects.get(pk=post.pk).hidden_at is None


# --- Finding ---


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=hello", ["Hello #world"]),
        ("q=@ada", ["Hello #world"]),
        ("q=@BEN", ["Good night"]),
        ("q=@nobody", []),
        ("q=%27%22%3B--", []),
        ("q=99999999999999999999999", []),
        ("kind__exact=reply", ["Good night"]),
        ("kind__exact=nonsense", []),
        ("state=seen&when=1&from=here", ["Good night", "Hello #world"]),
        ("state=hidden", []),
        ("state=nonsense&when=nonsense", ["Good night", "Hello #world"]),
        ("from=elsewhere", []),
    ],
)
def test_search_finds_by_text_and_by_handle(
    moderator: Client, ada: Account, ben: Account, query: str, found: list[str]
) -> None:
    publish(ben, "Good night", reply_to=publish(ada, "Hello #world"))
    response = moderator.get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert sorted(post.text for post in response.context["cl"].result_list) == found


def test_find_by_the_number_in_its_address(moderator: Client, ada: Account) -> None:
    post = publish(ada, "Hello")
    publish(ada, "Other")
    assert [p.pk for p in moderator.get(f"{LIST}?q={post.pk}").context["cl"].result_list] == [
        post.pk
    ]


@pytest.mark.slow
def test_links_lead_from_one_to_the_next(ada: Account, ben: Account) -> None:
    """Every link to the admin on a post's and an account's page leads to a page."""
    admin = staff("all")
    post = publish(ada, "Hello #world @ben https://example.com/a", attachments=[])
    publish(ada, "Look", attachments=[PICTURE])
    reply = publish(ben, "No", reply_to=post, quote_of=post)
    retweet = post.retweet(ben)
    assert retweet
    post.like(ben)
    seen: set[str] = set()
    waiting = [f"{LIST}{p.pk}/change/" for p in (post, reply, retweet)] + [
        f"/admin/accounts/account/{ada.pk}/change/",
        LIST,
    ]
    while waiting:
        address = waiting.pop()
        response = admin.get(address)
        assert response.status_code == 200, address
        seen.add(address)
        hrefs = {
            part.split('"')[0].replace("&amp;", "&")
            for part in response.content.decode().split('href="')[1:]
        }
        waiting += [h for h in hrefs if re.match(ROWS, h) and h not in seen and h not in waiting]
    assert any("post__author__id__exact" in address for address in seen)
    assert any("mentions__account__id__exact" in address for address in seen)
    assert any("follower__id__exact" in address for address in seen)


def test_markup_of_anybody_is_text(ada: Account) -> None:
    admin = staff("all")
    Account.objects.filter(pk=ada.pk).update(name="<b>Ada</b>", bio="<script>1</script>")
    post = publish(
        ada, "<script>alert(1)</script>", attachments=[Attachment(PICTURE.picture, '"><img src=x>')]
    )
    Post.objects.filter(pk=post.pk).update(origin_url="javascript:alert(1)")
    for address in (
        LIST,
        f"{LIST}{post.pk}/change/",
        "/admin/accounts/account/",
        f"/admin/accounts/account/{ada.pk}/change/",
    ):
        page = admin.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>Ada" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page


def test_hidden_pictures_are_not_asked_for(moderator: Client, ada: Account) -> None:
    post = publish(ada, "Look", attachments=[PICTURE])
    assert f'src="{post.media.get().small}"' in moderator.get(LIST).content.decode()
    post.hide()
    assert "small.webp" not in moderator.get(LIST).content.decode()
    assert "A lighthouse" in moderator.get(LIST).content.decode()


# --- What it costs ---


def _fill(number: int, ada: Account) -> None:
    for _ in range(number):
        n = Account.objects.count()
        someone = Account.objects.create_local(
            f"p{n}", user=User.objects.create_user(f"p{n}@example.com")
        )
        post = publish(someone, f"Hello @ada #tag{n}", attachments=[PICTURE, PICTURE])
        answer = publish(ada, "Yes", reply_to=post, quote_of=post)
        answer.retweet(someone)
        post.like(ada)
        someone.follow(ada)
        someone.change_handle(f"q{n}")
        LinkCard.objects.for_urls([f"https://example.com/{n}"])


@pytest.mark.both_databases
@pytest.mark.slow
@pytest.mark.parametrize(
    "model",
    [Account, Follow, FormerHandle, Like, LinkCard, Media, Post, User],
)
def test_a_list_makes_as_many_queries_with_20_rows_as_with_2(model: Any, ada: Account) -> None:
    admin = staff("all")
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    made = []
    for more in (2, 18):
        _fill(more, ada)
        admin.get(address)
        with CaptureQueriesContext(connection) as queries:
            response = admin.get(address)
        assert len(response.context["cl"].result_list) >= min(more, 20)
        made.append(len(queries))
    assert made[0] == made[1]
    assert made[0] <= 12


def test_a_list_counts_no_further_than_it_must(
    ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microblog.admin.MOST_COUNTED", 3)
    for n in range(5):
        publish(ada, f"Post {n}")
    admin = staff("all")
    with CaptureQueriesContext(connection) as queries:
        assert admin.get(LIST).context["cl"].result_count == 3
    counting = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert all("LIMIT 3" in sql for sql in counting if "timeline_post" in sql)


def test_more_than_fit_at_once_are_refused(ada: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microblog.admin.MOST_AT_ONCE", 1)
    posts = [publish(ada, "One"), publish(ada, "Two")]
    assert said(act(staff("all"), "hide", *posts)) == ["At most 1 at once. Nothing was changed."]
    assert not Post.objects.exclude(hidden_at=None).exists()


def test_each_page_obeys_the_policy_for_scripts_and_styles(ada: Account) -> None:
    admin = staff("all")
    post = publish(ada, "Look", attachments=[PICTURE])
    for address in (LIST, f"{LIST}{post.pk}/change/"):
        page = admin.get(address).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
        assert " onclick=" not in page
