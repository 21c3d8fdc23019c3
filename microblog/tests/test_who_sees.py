"""Who sees whom, tried for every relation, every state and every address, beside a slow oracle
(testing.who_sees).
"""

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Account, Follow
from conftest import client_of
from microblog.web.converters import MAX_ID
from testing.html import rows_of
from testing.scene import HTMX, body_of, retweet
from testing.who_sees import (
    STATES,
    TIES,
    Oracle,
    at_random,
    people_in,
    person,
    post_by,
    posts_in,
)
from timeline.feeds import counters
from timeline.feeds.notification_groups import read_page
from timeline.models import Bookmark, Like, Mention, Notification, Post
from timeline.models.notification import tell_of_today

pytestmark = pytest.mark.slow

# --- Communities made at random ---


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(4))
def test_pages_of_a_random_community(seed: int, db: None) -> None:
    """Compare the rows of each page with the oracle's, for everybody."""
    people = at_random(random.Random(seed), people=7, posts=40)
    oracle = Oracle()
    assert_rows(None, people, oracle)
    for viewer in people:
        if not oracle.is_absent(viewer.pk):
            assert_rows(viewer, people, oracle)
            assert_home_and_completion(viewer, people, oracle)
    assert counters.recount_many(Account, [one.pk for one in people]) == 0
    assert counters.recount_many(Post, Post.objects.values_list("pk", flat=True)) == 0


def assert_rows(viewer: Account | None, people: list[Account], oracle: Oracle) -> None:
    client, me = client_of(viewer), pk_of(viewer)
    expected = {"/explore": oracle.explore(me), "/tags/tagged": oracle.tag(me)}
    expected["/search?q=%23tagged&tab=latest"] = oracle.search(me)
    for author in people:
        if oracle.sees_account(me, author.pk):
            expected[f"/@{author.handle}"] = oracle.of_tab(me, author.pk, "posts")
    for page, rows in expected.items():
        response = client.get(page)
        assert rows_of(response) == rows[:20], (page, viewer)
        check_words(response.content.decode(), viewer, oracle, page)
    for page in ("/", *(f"/@{author.handle}/replies" for author in people)):
        check_words(client.get(page).content.decode(), viewer, oracle, page)


def assert_home_and_completion(viewer: Account, people: list[Account], oracle: Oracle) -> None:
    """Home shows what it must, in conversations with what else one may see."""
    client, me = client_of(viewer), viewer.pk
    home, rows = oracle.home(me), rows_of(client.get("/"))
    assert set(home[:20]) <= set(rows), viewer
    if not home:  # what everybody can read
        assert rows == oracle.explore(me)[:20], viewer
    for after in (0, *home[:25]):
        newer = sum(pk > after for pk in home)
        number = f"Show {newer if newer <= 20 else '20+'} post"
        said = client.get(f"/?after={after}", headers=HTMX).content.decode()
        assert (number in said) if newer else not said, (viewer, after)
    for author in people:
        found = client.get(f"/complete?q=@{author.handle}").content.decode()
        is_met = oracle.sees_account(me, author.pk) and oracle.meets(me, author.pk)
        assert (author.handle in found) == (author != viewer and is_met), (viewer, author)


# --- Every relation with somebody in every state ---


class Street:
    """Vera, and somebody in each state to whom she has each relation; Otto, a stranger to her, has
    retweeted, quoted and answered all of them.
    """

    def __init__(self) -> None:
        self.vera, self.otto = person("vera"), person("otto")
        self.authors: dict[tuple[str, str], Account] = {}
        self.posts: dict[int, Post] = {}
        for number, (state, tie) in enumerate(product(STATES, TIES)):
            self._settle(person(f"a{number}"), state, tie)
        self.asked = person("asked")
        self.posts[self.asked.pk] = post_by(self.asked)
        self.asked.protect()
        self.vera.follow(self.asked)
        self.authors["protected", "asks"] = self.asked
        self.oracle = Oracle()

    def _settle(self, author: Account, state: str, tie: str) -> None:
        self.authors[state, tie] = author
        self.posts[author.pk] = post = post_by(author)
        post_by(author).hide()
        retweet(self.otto, post)
        post_by(self.otto, quote_of=post)
        post_by(self.otto, reply_to=post)
        TIES[tie](self.vera, author)
        STATES[state](author)

    def viewers(self) -> dict[str, Account | None]:
        return {"a visitor": None, "vera": self.vera, "otto": self.otto}


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Street, Any]]:
    """What takes long to make, once, and where its pictures are kept."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Street(), django_settings.STORAGES
        transaction.set_rollback(True)


@pytest.fixture
def street(built: tuple[Street, Any], db: None, settings: Any) -> Street:
    """The street as it was at first: what a test does is taken back at its end."""
    street, settings.STORAGES = built
    return street


def pk_of(account: Account | None) -> int | None:
    return account.pk if account else None


def test_what_each_may_see_of_each(street: Street) -> None:
    """Compare `visible_to`, cell by cell, without any page."""
    cells = 0
    for viewer in (None, *Account.objects.all()):
        me, oracle = pk_of(viewer), street.oracle
        seen = set(Post.objects.visible_to(viewer).values_list("pk", flat=True))
        assert seen == {pk for pk in oracle.posts if oracle.sees(me, pk)}
        people = set(Account.objects.visible_to(viewer).values_list("pk", flat=True))
        assert people == {pk for pk in oracle.accounts if oracle.sees_account(me, pk)}
        readable = (
            Account.objects.with_relations(viewer).standing().values_list("pk", "is_readable")
        )
        assert all(oracle.reads(me, pk) == bool(reads) for pk, reads in readable)
        cells += len(oracle.posts) + 2 * len(oracle.accounts)
    assert cells > 12_000


def test_who_is_in_a_notification_of_each(street: Street) -> None:
    """All like a post of who looks, follow and mention them: whoever they are, and however it came
    to that.
    """
    people = [*street.authors.values()]
    for me in (street.vera, street.otto):
        mine = Post.objects.by(me).without_retweets()[0] if me == street.otto else post_by(me)
        others = [one for one in people if one != me]
        Like.objects.bulk_create(Like(post=mine, account=one) for one in others)
        Follow.objects.bulk_create(
            (Follow(follower=one, followed=me) for one in others), ignore_conflicts=True
        )
        posts = [street.posts[one.pk] for one in others]
        Mention.objects.bulk_create(Mention(post=post, account=me) for post in posts)
        kinds = Notification.Kind
        Notification.objects.all().delete()
        Notification.objects.create(recipient=me, kind=kinds.LIKE, post=mine, newest_id=MAX_ID - 1)
        tell_of_today(kinds.FOLLOW, [me.pk])
        for post in posts:
            Notification.objects.create(
                recipient=me, kind=kinds.MENTION, post=post, newest_id=post.pk
            )
        oracle = Oracle()
        met = {
            one.pk
            for one in others
            if oracle.sees_account(me.pk, one.pk) and oracle.meets(me.pk, one.pk)
            if (me.pk, one.pk) not in oracle.mutes
        }
        assert 0 < len(met) < len(others)
        found = {kind: set[int]() for kind in (kinds.LIKE, kinds.FOLLOW, kinds.MENTION)}
        before: int | None = MAX_ID
        while before:
            page = read_page(me, "all", before)
            before = page.before
            for group in page.rows:
                found[kinds(group.kind)].update(group.people)
        assert found[kinds.LIKE] == found[kinds.FOLLOW] == met
        assert found[kinds.MENTION] == {pk for pk in met if oracle.reads(me.pk, pk)}


# --- Every address ---


def names(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(
                pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            )
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield prefix + pattern.name


# What is the same for all, or is about who asks alone; and what staff do, who obey no block and no
# protection (moderation/tests). Each is walked below all the same, for words that nobody may see.
NO_DIFFERENCE = {
    *("about", "health", "manifest", "robots", "rules", "transparency", "sitemap"),
    *("settings", "settings_profile", "settings_handle", "settings_start", "settings_privacy"),
    *("settings_account", "settings_deactivate", "settings_delete", "settings_security"),
    *("settings_privacy_open", "blocked", "muted", "hidden_retweets", "follow_requests"),
    *("muted_words", "unmute_word", "welcome_picture", "welcome_bio"),
    *("follow_tag", "unfollow_tag", "followed_tags"),
    *("add_passkey", "rename_passkey", "remove_passkey", "add_app", "remove_app"),
    *("recovery_codes", "new_recovery_codes", "end_session", "end_other_sessions"),
    *("mfa_authenticate", "mfa_signup_webauthn", "mfa_reauthenticate_webauthn"),
    *("descriptions", "drafts", "delete_draft", "add_part", "status", "removal", "tracker"),
    *(
        "notice",
        "my_notices",
        "my_reports",
        "confirm_ticket",
        "unsubscribe",
        "import",
        "imports",
        "icon",
        "javascript-catalog",
    ),
}
LISTS = {
    *("home", "explore", "tag", "search", "bookmarks", "complete", "welcome_people"),
    "who_to_follow",
    *("notifications", "notification_mentions", "notification_filtered"),
}
OF_ACCOUNT = {
    *("profile", "profile_replies", "profile_media", "profile_likes"),
    *("followers", "following", "block", "mute", "report_account"),
}
OF_POST = {
    *("post", "post_retweets", "post_quotes", "post_likes", "history", "hidden_replies"),
    *("edit", "audience", "detach", "delete", "report_post", "compose", "media"),
}
DEEDS_ON_ACCOUNTS = {
    *("follow", "unfollow", "block", "unblock", "mute", "unmute", "hide_retweets"),
    *("show_retweets", "accept", "refuse", "remove_follower"),
}
DEEDS_ON_POSTS = {
    *("like", "unlike", "retweet", "unretweet", "bookmark", "unbookmark", "pin", "unpin"),
    *("edit", "audience", "detach", "delete", "hide_reply", "show_reply"),
}
OTHERS = ("account_", "admin:", "settings_", "import", "export")


def test_every_address_has_a_row_here() -> None:
    known = NO_DIFFERENCE | LISTS | OF_ACCOUNT | OF_POST | DEEDS_ON_ACCOUNTS | DEEDS_ON_POSTS
    assert {name for name in names() if not name.startswith(OTHERS)} - known == set()


def status_of_account(name: str, viewer: Account | None, author: Account, oracle: Oracle) -> int:
    """Return what an address of `author` answers `viewer`."""
    me = pk_of(viewer)
    if viewer is None and name in ("block", "mute"):
        return 302
    if oracle.is_absent(author.pk):
        return 410 if oracle.accounts[author.pk].suspended_at else 404
    if name in ("block", "mute", "report_account"):
        return 200
    if (author.pk, me) in oracle.blocks:
        return 404 if name in ("followers", "following") else 403
    if name == "profile_likes":
        return 403
    if name in ("followers", "following"):
        return 200 if oracle.reads(me, author.pk) else 403
    return 200


def status_of_post(name: str, viewer: Account | None, post: Post, oracle: Oracle) -> int:
    """Return what an address of `post`, which is not the viewer's own, answers `viewer`."""
    if viewer is None and name in ("compose", "edit", "audience", "detach", "delete"):
        return 302
    seen = oracle.sees(pk_of(viewer), post.pk)
    if name == "media":  # signed in, one is refused nothing that every visitor sees
        return 200 if seen or oracle.sees(None, post.pk) else 404
    if name in ("edit", "audience", "detach", "delete") or not seen:
        return 404
    return 403 if name == "post_likes" else 200


def url_of_post(name: str, post: Post) -> str:
    if name == "compose":
        return f"/compose?reply_to={post.pk}"
    if name == "media":
        return str(post.media.get().small)
    if name in ("post", "post_retweets", "post_quotes", "post_likes", "history", "hidden_replies"):
        return reverse(name, args=[post.author.handle, post.pk])
    return reverse(name, args=[post.pk])


def check_words(body: str, viewer: Account | None, oracle: Oracle, page: str) -> None:
    """Fail where `page` shows words of a post, or the bio of somebody, that `viewer` may not see.

    Whom one blocks, one sees on the pages about them.
    """
    me = pk_of(viewer)
    assert {pk for pk in posts_in(body) if not oracle.sees(me, pk)} == set(), page
    for pk in people_in(body):
        is_about = page.startswith(f"/@{oracle.accounts[pk].handle}") and (me, pk) in oracle.blocks
        is_listed = page.startswith("/settings/privacy/blocked")
        assert oracle.sees_account(me, pk) or is_about or is_listed, (page, oracle.accounts[pk])


def visit(client: Client, url: str, *, fragment: bool = True) -> Iterator[tuple[int, str]]:
    """Yield the status and the body of the page, and of its fragment."""
    for headers in ({}, HTMX) if fragment else ({},):
        response = client.get(url, headers=headers)
        is_text = response["Content-Type"].startswith("text/")
        status = 302 if "HX-Redirect" in response else response.status_code
        body = body_of(response)
        yield status, body.decode() if is_text else ""
        if not is_text:
            return


def asked(who: str, names: set[str], state: str, tie: str) -> list[str]:
    """Return those of `names` that `who` asks of somebody in this state, to whom Vera has this tie.

    Vera asks everything. Her ties are nobody else's: to others each name in each state, and each
    name beside each tie, is as good as all three at once.
    """
    return sorted(names) if who == "vera" else one_in(len(STATES), names, state, tie)


def one_in(step: int, names: set[str], state: str, tie: str) -> list[str]:
    """Return one in `step` of the names, so that each comes up in each state and beside each tie;
    all of them for a tie that stands in no row of these.
    """
    if tie not in TIES:
        return sorted(names)
    offset = [*STATES].index(state) + [*TIES].index(tie)
    return [name for n, name in enumerate(sorted(names)) if (offset + n) % step == 0]


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["a visitor", "vera", "otto"])
def test_every_address_of_each_for_each(who: str, street: Street) -> None:
    """The page for all; its fragment, which is a part of what the same view answers, in each state
    and beside each tie. What a database has to do with it is compared cell by cell above, on both.
    """
    viewer, oracle = street.viewers()[who], street.oracle
    client = client_of(viewer)
    for (state, tie), author in street.authors.items():
        in_part = {*one_in(3, OF_ACCOUNT, state, tie), *one_in(3, OF_POST, state, tie)}
        for name in asked(who, OF_ACCOUNT, state, tie):
            url = reverse(name, args=[author.handle])
            expected = status_of_account(name, viewer, author, oracle)
            for status, body in visit(client, url, fragment=name in in_part):
                assert status == expected, (url, state, tie)
                check_words(body, viewer, oracle, url)
        post = street.posts[author.pk]
        for name in asked(who, OF_POST, state, tie):
            url = url_of_post(name, post)
            expected = status_of_post(name, viewer, post, oracle)
            for status, body in visit(client, url, fragment=name in in_part):
                assert status == expected, (url, state, tie)
                check_words(body, viewer, oracle, url)
    for name in (*NO_DIFFERENCE, *LISTS):
        if name in names() and (url := _without_arguments(name)):
            for _, body in visit(client, url):
                check_words(body, viewer, oracle, url)


def _without_arguments(name: str) -> str:
    if name == "tag":
        return "/tags/tagged"
    if name == "search":
        return "/search?q=tagged&tab=latest"
    if name == "complete":
        return "/complete?q=@a"
    try:
        return reverse(name)
    except Exception:  # noqa: BLE001
        return ""


def test_deeds_on_what_one_may_not_see_change_nothing(street: Street) -> None:
    client, vera, oracle = client_of(street.vera), street.vera, street.oracle
    for (state, tie), author in street.authors.items():
        post = street.posts[author.pk]
        sees = oracle.sees(vera.pk, post.pk)
        for verb in ("like", "retweet", "bookmark"):
            with transaction.atomic():
                status = client.post(f"/posts/{post.pk}/{verb}").status_code
                refused = verb == "retweet" and "protected" in state
                assert status == ((403 if refused else 302) if sees else 404), (state, tie, verb)
                assert _rows_of(vera, post) == (sees and not refused)
                transaction.set_rollback(True)
        with transaction.atomic():
            status = client.post(f"/@{author.handle}/follow").status_code
            blocked = oracle.block_each_other(vera.pk, author.pk)
            absent = {"suspended": 410, "deactivated": 404}
            assert status == absent.get(state, 403 if blocked else 302)
            transaction.set_rollback(True)


def _rows_of(account: Account, post: Post) -> int:
    return sum(
        rows.count()
        for rows in (
            Like.objects.filter(account=account, post=post),
            Bookmark.objects.filter(account=account, post=post),
            Post.objects.filter(author=account, retweet_of=post),
        )
    )
