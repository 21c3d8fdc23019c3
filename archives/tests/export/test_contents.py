"""What an archive says, and what it does not: of others, and of what opens an account."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Session, User
from accounts.security import authenticator_app
from archives.export import lists, own_posts, pages
from archives.export.archive import write_archive
from conftest import make_account
from microblog.media import uploads
from testing import passkeys
from testing.html import read
from testing.scene import external, from_outside, picture, retweet, say
from timeline.models import Draft, LinkCard, Media, Post
from timeline.posting.edit import edit
from timeline.posting.publish import publish

from .conftest import Taken, take

pytestmark = pytest.mark.both_databases
ATTACK = "<script>alert(1)</script> <img src=x onerror=alert(2)> javascript:alert(3)"


# --- By the names of Mastodon's archive ---


def test_posts_stand_in_the_outbox_the_oldest_first(ada: Account, ben: Account) -> None:
    first = say(ada, "First #engines @ben", pictures=1)
    say(ada, "Second", reply_to=first)
    retweet(ada, say(ben, "His"))
    outbox = take(ada).json("outbox")
    assert (outbox["type"], outbox["totalItems"]) == ("OrderedCollection", 3)
    one, two, three = outbox["orderedItems"]
    assert [item["type"] for item in (one, two, three)] == ["Create", "Create", "Announce"]
    note = one["object"]
    assert note["id"] == f"http://127.0.0.1:8000{first.get_absolute_url()}"
    assert note["source"] == {"content": "First #engines @ben", "mediaType": "text/plain"}
    assert 'href="http://127.0.0.1:8000/@ben"' in note["content"]
    assert 'href="http://127.0.0.1:8000/tags/engines"' in note["content"]
    assert {tag["name"] for tag in note["tag"]} == {"@ben", "#engines"}
    assert two["object"]["inReplyTo"] == note["id"]
    assert three["object"].startswith("http://127.0.0.1:8000/@ben/")
    assert three["microblog"]["original"]["text"] == "His"


def test_what_goes_while_it_is_written_is_left_out(
    ada: Account, ben: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, kept = say(ben, "Gone"), say(ben, "Kept")
    for post in (gone, kept):
        post.like(ada)
        post.bookmark(ada)
    read = lists.targets_of

    def meanwhile(ids: Any, account: Account) -> Any:
        wanted = list(ids)
        Post.objects.filter(pk=gone.pk).delete()
        return read(wanted, account)

    monkeypatch.setattr(lists, "targets_of", meanwhile)
    taken = take(ada)
    for name in ("likes", "bookmarks"):
        assert [row["text"] for row in taken.rows(name)] == ["Kept"]


def test_likes_and_bookmarks_are_addresses(ada: Account, ben: Account) -> None:
    posts = [say(ben, f"Number {number}") for number in range(3)]
    for post in posts:
        post.like(ada)
    posts[0].bookmark(ada)
    taken = take(ada)
    here = [f"http://127.0.0.1:8000{post.get_absolute_url()}" for post in posts]
    assert taken.json("likes")["orderedItems"] == here
    assert taken.json("bookmarks")["orderedItems"] == here[:1]
    assert [like["text"] for like in taken.rows("likes")] == [post.text for post in posts]


def test_a_tag_in_any_script_has_an_address(ada: Account) -> None:
    say(ada, "#日本語")
    (tag,) = take(ada).notes[0]["tag"]
    assert tag["name"] == "#日本語"
    assert tag["href"].isascii()


# --- Files ---


def test_files_are_the_largest_that_are_kept(ada: Account) -> None:
    post = say(ada, "Look", pictures=2)
    taken = take(ada)
    names = [one["url"] for one in taken.notes[0]["attachment"]]
    assert len(names) == 2
    assert all(taken.files[name] == b"a large picture" for name in names)
    assert all(f'src="{name}"' in taken.pages[0] for name in names)
    keys = post.media.values_list("key", flat=True)
    assert {name.rpartition("/")[2] for name in names} == {f"{key}.webp" for key in keys}


def test_pictures_of_the_profile_and_of_cards(ada: Account) -> None:
    files = {"small.webp": b"small", "large.webp": b"large"}
    ada.set_picture("avatar", files)
    ada.set_picture("banner", files)
    key = uploads.store({"small.webp": b"a card"})
    card = LinkCard.objects.create(url="https://example.com/", domain="example.com", key=key)
    Post.objects.filter(pk=say(ada, "See").pk).update(card=card)
    taken = take(ada)
    assert taken.files["avatar.webp"] == taken.files["header.webp"] == b"large"
    assert taken.files[taken.notes[0]["microblog"]["card"]["picture"]] == b"a card"


def test_a_video_comes_along(ada: Account) -> None:
    key = uploads.store({"video.webm": b"a video"})
    post = say(ada, "Look")
    Media.objects.create(
        post=post, key=key, kind="video", container="webm", width=4, height=3, alt="A film"
    )
    taken = take(ada)
    (media,) = taken.notes[0]["attachment"]
    assert (media["mediaType"], taken.files[media["url"]]) == ("video/webm", b"a video")
    assert "<video" in taken.pages[0]


def test_what_the_storage_lost_is_named(ada: Account) -> None:
    media = say(ada, "Look", pictures=1).media.get()
    default_storage.delete(uploads.path(media.key, "large.webp"))
    name = f"media_attachments/files/{media.key}.webp"
    assert take(ada).json("microblog/about")["missing"] == [name]


def test_pictures_of_others_come_along_only_where_she_brought_them(
    ada: Account, ben: Account
) -> None:
    theirs = say(ben, "His", pictures=1)
    brought = from_outside(external(), "Hers by an archive")
    key = uploads.store({"large.webp": b"brought"})
    Media.objects.create(post=brought, key=key, payer=ada.pk, width=1, height=1)
    retweet(ada, theirs)
    retweet(ada, brought)
    taken = take(ada)
    files = [name for name in taken.files if name.startswith("media_attachments/")]
    assert files == [f"media_attachments/files/{key}.webp"]
    assert taken.items[1]["microblog"]["original"]["attachment"][0]["url"] == files[0]
    brought.hide()
    assert not [name for name in take(ada).files if name.startswith("media_attachments/")]


# --- What she may not see ---


@pytest.mark.parametrize("why", ["protected", "blocks", "is blocked", "hidden", "suspended"])
def test_of_what_she_may_not_see_there_is_the_address_alone(
    ada: Account, cal: Account, why: str
) -> None:
    post = say(cal, "Nobody reads this")
    retweet(ada, post)
    say(ada, "About it", quote_of=post)
    say(ada, "To it", reply_to=post)
    Draft.objects.keep(ada, "0" * 32, "quote", ["On it"], {"quote_of": post})
    post.like(ada)
    post.bookmark(ada)
    assert take(ada).words.count("Nobody reads this") >= 6
    {
        "protected": cal.protect,
        "blocks": lambda: cal.block(ada),
        "is blocked": lambda: ada.block(cal),
        "hidden": post.hide,
        "suspended": cal.suspend,
    }[why]()
    taken = take(ada)
    assert "Nobody reads this" not in taken.words
    address = f"http://127.0.0.1:8000{post.get_absolute_url()}"
    assert taken.json("likes")["orderedItems"] == [address]
    for row in (*taken.rows("likes"), *taken.rows("bookmarks")):
        assert set(row) == {"url", "added_at"}
    assert taken.rows("drafts")[0]["about"] == {"url": address}
    assert taken.items[0]["microblog"]["original"] == {"url": address}
    assert taken.notes[0]["microblog"]["quote"] == {"url": address}
    assert taken.notes[1]["microblog"]["reply_to"] == {"url": address}


def test_who_is_gone_for_others_is_no_follower(ada: Account, ben: Account, cal: Account) -> None:
    cal.follow(ada)
    ben.deactivate()
    assert [one["account"] for one in take(ada).rows("followers")] == ["@cal"]


def test_own_posts_that_moderators_hid_are_hers(ada: Account) -> None:
    say(ada, "Hidden from others").hide()
    assert take(ada).notes[0]["source"]["content"] == "Hidden from others"


def test_what_she_deleted_is_gone_and_what_was_put_aside_is_not_told(
    ada: Account, ben: Account
) -> None:
    kept = say(ada, "Deleted, and kept for moderators")
    Post.objects.filter(pk=kept.pk).update(deleted_at=kept.created_at)
    reply = say(ada, "A reply", reply_to=say(ben, "Hello"))
    before = take(ada).notes
    reply.put_aside(ben)
    assert take(ada).notes == before
    assert "kept for moderators" not in take(ada).words


def test_nothing_that_opens_the_account_is_in_it(ada: Account, as_ada: Client) -> None:
    passkey, _ = passkeys.give(ada)
    TOTP.activate(ada.user, "JBSWY3DPEHPK3PXP")
    authenticator_app.keep_codes(ada.user)
    as_ada.get("/settings")
    words = take(ada).words
    secrets = [
        User.objects.get(pk=ada.user.pk).password,
        *Session.objects.values_list("session_key", flat=True),
        "JBSWY3DPEHPK3PXP",
        *authenticator_app.codes_of(ada.user),
        json.dumps(passkey.data["credential"])[10:60],
    ]
    assert len(secrets) > 5
    assert [secret for secret in secrets if secret in words] == []


def test_nothing_of_a_stranger_is_in_it(ada: Account, cal: Account) -> None:
    say(ada, "Mine")
    say(cal, "Not hers")
    Draft.objects.keep(cal, "1" * 32, "post", ["Secret of Cal"], {})
    cal.mute(ada)
    cal.block(ada)
    words = take(ada).words
    assert "Not hers" not in words
    assert "Secret of Cal" not in words
    assert "@cal" not in words


# --- Pages for reading ---


def test_no_text_becomes_markup(ada: Account, ben: Account) -> None:
    ada.edit(name=ATTACK[:50], bio=ATTACK, location=ATTACK[:30], website='https://a.example/"><b>')
    other = say(ben, f"His {ATTACK}")
    Account.objects.filter(pk=ben.pk).update(name=ATTACK)
    post = publish(ada, ATTACK, attachments=[picture(ATTACK)], quote_of=other)
    card = LinkCard.objects.create(
        url='https://e.example/"><b>', domain=ATTACK, title=ATTACK, description=ATTACK
    )
    Post.objects.filter(pk=post.pk).update(card=card)
    say(ada, "See")
    Post.objects.update(origin_url="javascript:alert(4)")
    Post.objects.filter(text="See").update(
        kind="reply", reply_to_url="javascript:alert(5)", reply_to_handle="x"
    )
    taken = take(ada)
    (page,) = taken.pages
    (website,) = read(taken.json("actor")["attachment"][0]["value"])
    assert set(website.attrs) == {"href", "rel"}
    elements = [*read(page)]
    names = {element.tag for element in elements}
    assert not names & {"script", "b", "iframe", "object", "form"}
    assert not [element for element in elements if any(k.startswith("on") for k in element.attrs)]
    links = [element.attrs.get("href", "") for element in elements]
    assert not [link for link in links if "javascript" in link]
    assert page.count("&lt;script&gt;") >= 6


def test_a_page_forbids_scripts_and_the_network(ada: Account) -> None:
    (page,) = take(ada).pages
    policy = page.partition("Content-Security-Policy")[2].partition(">")[0]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "http" not in policy
    assert page.index("Content-Security-Policy") < page.index("<title>")


def test_pages_show_the_newest_first_and_lead_on(
    ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    monkeypatch.setattr(own_posts, "BATCH", 3)
    for number in range(5):
        say(ada, f"Number {number}.")
    files = take(ada).files
    shown = {name: files[name].decode() for name in files if name.endswith(".html")}
    assert list(shown) == ["index.html", "posts-2.html", "posts-3.html"]
    assert "Number 4." in shown["index.html"]
    assert "Number 2." in shown["posts-2.html"]
    assert "Number 0." in shown["posts-3.html"]
    assert 'href="posts-2.html"' in shown["index.html"]
    assert 'href="index.html"' in shown["posts-2.html"]
    assert "Older" not in shown["posts-3.html"]


def test_whoever_posted_nothing_has_a_page(ada: Account) -> None:
    taken = take(ada)
    assert "Nothing was posted." in taken.pages[0]
    assert taken.items == []


def test_an_edit_is_told(ada: Account) -> None:
    post = publish(ada, "Befoer")
    edit(post, "Before")
    (note,) = take(ada).notes
    assert note["source"]["content"] == "Before"
    assert note["microblog"]["revisions"][0]["text"] == "Befoer"


# --- Size ---


def test_names_in_the_zip_are_the_sites_own(ada: Account) -> None:
    Account.objects.filter(pk=ada.pk).update(name="../../etc/passwd", bio="/etc")
    publish(ada, "../../x", attachments=[picture("../../y.webp")])
    for name in take(ada).files:
        assert not name.startswith("/")
        assert ".." not in name


@pytest.mark.parametrize("batch", [2, 200])
def test_what_is_read_in_batches_is_whole(
    ada: Account, ben: Account, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(own_posts, "BATCH", batch)
    monkeypatch.setattr(lists, "BATCH", batch)
    posts = [say(ada, f"Number {number}", pictures=1) for number in range(5)]
    for post in posts:
        post.like(ada)
    taken = take(ada)
    assert [note["microblog"]["id"] for note in taken.notes] == [str(post.pk) for post in posts]
    assert len(taken.rows("likes")) == 5
    assert len([name for name in taken.files if name.startswith("media_")]) == 5


def test_many_posts_ask_no_more_than_few(ada: Account, ben: Account) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            write_archive(Account.objects.get(pk=ada.pk), BytesIO())
        return len(queries)

    def more(number: int) -> None:
        for n in range(number):
            theirs = say(ben, f"His {n}")
            say(ada, f"Hers {n} @ben #engines", quote_of=theirs, pictures=1)
            retweet(ada, theirs)
            theirs.like(ada)

    more(2)
    few = asked()
    more(18)
    assert asked() == few


def test_what_is_posted_meanwhile_waits_for_the_next(ada: Account) -> None:
    say(ada, "Before")
    later: list[Any] = []

    def progress(done: int, total: int) -> None:
        if not later:
            later.append(say(ada, "Meanwhile", ago=timedelta()))

    file = BytesIO()
    write_archive(ada, file, progress)
    assert later
    assert "Meanwhile" not in Taken.read(file).words


def test_no_archive_is_anybody_elses(ada: Account) -> None:
    make_account("dora")
    say(ada, "Mine")
    taken = take(Account.objects.get(handle="dora"))
    assert taken.items == []
    assert "Mine" not in taken.words
