"""All that the database has of somebody is in the archive, or there is a reason why not.

Whoever adds a model that names an account, a user or a post, or a column to one of those, finds out
here: what is in no table fails. docs/decisions/exporting.md says the same in words.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from accounts.models import (
    Account,
    Block,
    Follow,
    FollowRequest,
    Mute,
    MutedWord,
    User,
)
from archives.models import ImportedAccount, ImportedId
from moderation.enforcement.decide import Ruling, decide
from moderation.models import Action, Notice, Ticket
from testing.history import moderator, report
from testing.scene import external, from_outside, retweet, say
from timeline.models import (
    Draft,
    LinkCard,
    Media,
    NotificationSettings,
    Post,
    Revision,
    Tag,
    TagFollow,
)

from .conftest import Taken, take

SUBJECTS = (Account, User, Post)
OUTBOX = "outbox"

# The keys by which a row is somebody's, and where it is in the archive.
EXPORTED = {
    "accounts.Account.user": "microblog/settings",
    "accounts.Block.blocker": "microblog/blocks",
    "accounts.Follow.follower": "microblog/following",
    "accounts.Follow.followed": "microblog/followers",
    "accounts.FollowRequest.follower": "microblog/follow_requests_sent",
    "accounts.FollowRequest.followed": "microblog/follow_requests_received",
    "accounts.FormerHandle.account": "microblog/former_handles",
    "accounts.Mute.muter": "microblog/mutes",
    "accounts.MutedWord.account": "microblog/muted_words",
    "archives.ImportedAccount.account": "microblog/imported_accounts",
    "archives.ImportedId.post": "microblog/imported_posts",
    "moderation.Notice.account": "microblog/decisions",
    "moderation.Ticket.reporter": "microblog/reports",
    "timeline.Bookmark.account": "microblog/bookmarks",
    "timeline.Bookmark.post": "microblog/bookmarks",
    "timeline.Draft.account": "microblog/drafts",
    "timeline.Draft.quote_of": "microblog/drafts",
    "timeline.Draft.reply_to": "microblog/drafts",
    "timeline.Like.account": "microblog/likes",
    "timeline.Like.post": "microblog/likes",
    "timeline.Media.post": OUTBOX,
    "timeline.Mention.post": OUTBOX,
    "timeline.NotificationSettings.account": "microblog/settings",
    "timeline.Pin.account": "actor",
    "timeline.Pin.post": "actor",
    "timeline.Post.author": OUTBOX,
    "timeline.Post.quote_of": OUTBOX,
    "timeline.Post.reply_to": OUTBOX,
    "timeline.Post.retweet_of": OUTBOX,
    "timeline.Revision.post": OUTBOX,
    "timeline.TagFollow.account": "microblog/followed_tags",
    "timeline.Tagging.post": OUTBOX,
}
OTHERS = "what others did, and she is told of as far as the site tells her"
SECRET = "opens the account, or is part of what does"
WORK = "of work in the admin, which is in the record of decisions"
INDEX = "made of what is in the archive, to find or count it"
LEFT_OUT = {
    "accounts.LivelyAccount.account": INDEX,
    "accounts.AccountWord.account": INDEX,
    "accounts.AddressChange.user": "links that change the address, for a week",
    "accounts.Application.user": "goes when somebody lets them in, who then has an account",
    "accounts.Block.blocked": OTHERS,
    "accounts.Invitation.made_by": WORK,
    "accounts.Mute.muted": OTHERS,
    "accounts.Session.user": SECRET,
    "accounts.User_groups.user": WORK,
    "accounts.User_user_permissions.user": WORK,
    "accounts.WaitingSignup.claims": "means nothing until it is confirmed, and is gone then",
    "account.EmailAddress.user": "allauth's; the address that counts is the user's",
    "admin.LogEntry.user": WORK,
    "archives.Export.account": "the archive itself",
    "mfa.Authenticator.user": SECRET,
    "moderation.Case.account": "of moderators alone; what was decided is in the notices",
    "moderation.Case.assignee": WORK,
    "moderation.Message.moderator": WORK,
    "moderation.Note.moderator": WORK,
    "moderation.Sanction.account": "what a decision holds in force: the notice says so",
    "moderation.Ticket.account": OTHERS,
    "timeline.Mention.account": OTHERS,
    "timeline.Notification.post": OTHERS,
    "timeline.Notification.recipient": OTHERS,
    "timeline.Post.beyond_gap": "where a thread goes on past what was deleted: the page's own",
    "timeline.SearchEntry.post": INDEX,
}

# The columns, but for keys. What is stored in them is looked for below.
COLUMNS: dict[type[Model], tuple[str, dict[str, str]]] = {
    Account: (
        """handle host name bio bio_html location website avatar banner joined_at edited_fields
        followers_count following_count posts_count media_count stored_bytes imported_followers
        imported_following suspended_at deactivated_at limited_at protected_at frozen_at
        reminds_of_alt""",
        {
            **dict.fromkeys(("absent_at", "folded_handle", "folded_name", "last_post_id"), INDEX),
            **dict.fromkeys(("avatar_bytes", "banner_bytes", "uncounted_at"), INDEX),
            "deleted_at": "who is deleted has no archive",
            "unread_from_site": "how many decisions are new to her",
        },
    ),
    User: (
        "email is_staff date_joined last_login",
        {
            **dict.fromkeys(("password", "session_epoch"), SECRET),
            **dict.fromkeys(("wanted_name", "wanted_handle"), "of the day of signing up"),
            **dict.fromkeys(("is_active", "is_superuser"), WORK),
        },
    ),
    Post: (
        """id kind text html sensitive reply_to_handle reply_to_url quote_handle quote_url may_reply
        may_quote origin_url imported_likes imported_retweets is_imported_retweet likes_count
        retweets_count replies_count quotes_count edited_at hidden_at""",
        {
            **dict.fromkeys(("above", "is_reply", "has_media", "is_listed", "media_count"), INDEX),
            **dict.fromkeys(("own_replies_count", "uncounted_at", "idempotency_key"), INDEX),
            **dict.fromkeys(("is_external", "is_dated"), "of posts of people who are not here"),
            "deleted_at": "what is deleted is gone",
            "put_aside_at": "what others did, of which nobody is told",
        },
    ),
    Draft: (
        "kind texts may_reply may_quote kept_id",
        dict.fromkeys(("idempotency_key", "excerpt", "length", "bytes"), INDEX),
    ),
    Media: (
        "kind key moves container alt color width height",
        dict.fromkeys(("owner", "payer", "bytes", "position", "small_width"), INDEX),
    ),
    LinkCard: (
        "url domain title description key",
        dict.fromkeys(("width", "height", "fetched_at", "due_at"), INDEX),
    ),
    Revision: ("text replaced_at", {}),
    Mute: ("until created_at", {}),
    TagFollow: ("created_at", {}),
    MutedWord: ("text hides_followed until created_at", {"folded": INDEX}),
    Block: ("created_at", {}),
    Follow: ("created_at shows_retweets", {"was_asked_for": INDEX}),
    FollowRequest: ("created_at", {}),
    NotificationSettings: (
        "seen_id off limited mail",
        dict.fromkeys(("mailed_id", "mail_after"), "when the next mail is due"),
    ),
    ImportedAccount: ("source source_id handle former_handles made_at", {}),
    ImportedId: ("source source_account source_id", {}),
}


def keys() -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.is_relation and issubclass(field.related_model, SUBJECTS):
                yield f"{model._meta.label}.{field.name}"


def test_every_key_to_somebody_is_in_the_archive_or_has_a_reason() -> None:
    assert set(EXPORTED) & set(LEFT_OUT) == set()
    assert set(keys()) == {*EXPORTED, *LEFT_OUT}


@pytest.mark.parametrize("model", COLUMNS, ids=lambda model: model.__name__)
def test_every_column_is_in_the_archive_or_has_a_reason(model: type[Model]) -> None:
    exported, left_out = COLUMNS[model]
    columns = {
        field.name
        for field in model._meta.concrete_fields
        if not field.is_relation and (field.name != "id" or "id" in exported.split())
    }
    assert columns == {*exported.split(), *left_out}


# --- What those tables say, tried ---


@pytest.fixture
def full(ada: Account, ben: Account, cal: Account) -> Account:
    """Ada, of whom every table has something."""
    now = timezone.now()
    ada.change_handle("countess")
    dora, eve = external("dora", ""), external("eve", "")
    cal.protect()
    ada.follow(cal)
    ada.follow(ben)
    ada.set_shows_retweets(ben, shows=False)
    ada.block(dora)
    ada.mute(eve, now + timedelta(days=1))
    ada.mute_word("loom", until=now + timedelta(days=1))
    answered = say(ben, "To be answered")
    post = say(ada, "Words of a post, @ben #engines", pictures=1)
    say(ada, "Words of a reply", reply_to=answered)
    say(ada, "Words of a quote", quote_of=answered)
    retweet(ada, from_outside(external("grace"), "Words from elsewhere"))
    post.pin()
    Revision.objects.create(post=post, text="Words before", replaced_at=now)
    answered.like(ada)
    answered.bookmark(ada)
    for kind in ("reply_to", "quote_of"):
        targets = {kind: answered}
        named = "reply" if kind == "reply_to" else "quote"
        Draft.objects.keep(ada, uuid4(), named, [f"A draft of a {named}"], targets)
    Tag.objects.get_or_create(name="weaving", folded="weaving")[0].follow(ada)
    NotificationSettings.objects.choose(ada, off=[8], limited=[7])
    NotificationSettings.objects.choose_mail(ada, NotificationSettings.Mail.DAILY)
    ImportedAccount.objects.create(source="x", source_id="42", handle="ada_x", account=ada)
    ImportedId.objects.create(source="x", source_account="42", source_id="4711", post=post)
    ImportedId.objects.create(source="x", source_account="42", source_id="4712", post=None)
    Ticket.objects.filter(pk=report(ben, now).pk).update(reporter=ada, text="Words of a report")
    decide(moderator(), ada, Ruling(actions=(Action.WARN,), statement="Words of a decision"))
    ada.protect()
    FollowRequest.objects.create(follower=make_asking(), followed=ada)
    return Account.objects.get(pk=ada.pk)


def make_asking() -> Account:
    return Account.objects.create(handle="fay", host="", name="Fay")


@pytest.mark.both_databases
def test_every_row_is_there(full: Account) -> None:
    taken = take(full)
    of_owner = {
        "account": full,
        **dict.fromkeys(("follower", "followed", "blocker", "muter", "reporter"), full),
    }
    for key, place in EXPORTED.items():
        app, model, name = key.split(".")
        file = place.removeprefix("microblog/")
        if name in of_owner and place.startswith("microblog/") and file != "settings":
            rows = apps.get_model(app, model).objects.filter(**{name: full}).count()
            assert rows, key
            assert len(taken.rows(file)) == rows, key
    assert len(taken.items) == Post.objects.by(full).count() == 4
    assert len(taken.rows("imported_posts")) == 2
    assert Notice.objects.to(full).count() == 1
    assert taken.json("actor")["microblog"]["pinned"].endswith(str(full.pin.post_id))


@pytest.mark.both_databases
def test_every_column_of_the_account_says_what_is_stored(full: Account) -> None:
    moments = {
        name: timezone.now() - timedelta(days=number)
        for number, name in enumerate(
            ("suspended_at", "deactivated_at", "limited_at", "protected_at", "frozen_at"), 1
        )
    }
    stored: dict[str, Any] = {
        "name": "The name",
        "bio": "The bio",
        "bio_html": "The HTML",
        "location": "The place",
        "website": "https://ada.example/website",
        "edited_fields": ["location"],
        "reminds_of_alt": True,
        **{
            name: 701 + number
            for number, name in enumerate(
                "followers_count following_count posts_count media_count stored_bytes "
                "imported_followers imported_following".split()
            )
        },
        **moments,
    }
    Account.objects.filter(pk=full.pk).update(**stored)
    taken = take(full)
    said = taken.json("actor")
    more = said["microblog"]
    assert (said["name"], said["source"]["content"], said["summary"]) == (
        "The name",
        "The bio",
        "The HTML",
    )
    assert said["location"]["name"] == "The place"
    assert more["website"] == "https://ada.example/website"
    assert 'href="https://ada.example/website"' in said["attachment"][0]["value"]
    assert more["edited_fields"] == ["location"]
    assert [value for value in more.values() if isinstance(value, int)] == list(range(701, 708))
    for name, moment in moments.items():
        assert more[name][:19] == moment.isoformat()[:19], name
    settings = taken.json("microblog/settings")
    assert settings["email"] == full.user.email
    assert settings["reminds_of_descriptions"] is True
    assert settings["mails"] == "daily"
    assert (settings["notifications"]["like"], settings["notifications"]["retweet"]) == (
        "nobody",
        "followed",
    )


@pytest.mark.both_databases
def test_every_column_of_a_post_says_what_is_stored(ada: Account) -> None:
    post = say(ada, "Hello", pictures=1)
    numbers = "imported_likes imported_retweets likes_count retweets_count replies_count"
    card = LinkCard.objects.create(
        url="https://example.com/card",
        domain="the.domain",
        title="The title",
        description="The description",
    )
    Post.objects.filter(pk=post.pk).update(
        kind="reply",
        text="The text",
        html="The HTML",
        sensitive=True,
        reply_to_handle="grace",
        reply_to_url="https://x.com/grace/status/1",
        quote_handle="hedy",
        quote_url="https://x.com/hedy/status/2",
        origin_url="https://x.com/ada/status/3",
        may_reply="followed",
        may_quote="mentioned",
        edited_at=timezone.now(),
        hidden_at=timezone.now(),
        card=card,
        **{name: 10**number for number, name in enumerate(numbers.split())},
        quotes_count=10**5,
    )
    Media.objects.update(alt="The alt", color="#aabbcc", width=123, height=45)
    note = take(ada).notes[0]
    more = note["microblog"]
    assert (note["source"]["content"], note["content"]) == ("The text", "The HTML")
    assert note["sensitive"] is True
    assert note["updated"].endswith("Z")
    assert note["published"][:19] == post.created_at.isoformat()[:19]
    assert note["inReplyTo"] == "https://x.com/grace/status/1"
    assert more["reply_to"] == {"author": "@grace", "url": "https://x.com/grace/status/1"}
    assert note["quoteUri"] == "https://x.com/hedy/status/2"
    assert more["quote"] == {"author": "@hedy", "url": "https://x.com/hedy/status/2"}
    assert more["origin_url"] == "https://x.com/ada/status/3"
    assert (more["id"], more["kind"]) == (str(post.pk), "reply")
    assert (more["may_reply"], more["may_quote"]) == ("followed", "mentioned")
    assert more["hidden_at"].endswith("Z")
    assert (more["likes_elsewhere"], more["retweets_elsewhere"]) == (1, 10)
    assert note["likes"]["totalItems"] == 101
    assert note["shares"]["totalItems"] == 1010
    assert note["replies"]["totalItems"] == 10_000
    assert more["quotes"] == 100_000
    assert more["card"] == {
        "url": "https://example.com/card",
        "domain": "the.domain",
        "title": "The title",
        "description": "The description",
    }
    (media,) = note["attachment"]
    assert (media["name"], media["width"], media["height"]) == ("The alt", 123, 45)
    assert media["microblog"] == {"kind": "image", "color": "#aabbcc"}


@pytest.mark.both_databases
def test_the_words_of_every_list(full: Account) -> None:
    taken: Taken = take(full)
    words = taken.words
    for said in (
        *("Words of a post", "Words of a reply", "Words of a quote", "Words from elsewhere"),
        *("Words before", "A draft of a reply", "A draft of a quote", "Words of a report"),
        *("Words of a decision", "loom", "ada_x", "4711", "4712", "To be answered"),
    ):
        assert said in words, said
    assert [one["account"] for one in taken.rows("following")] == ["@ben"]
    assert taken.rows("following")[0]["shows_retweets"] is False
    assert [one["account"] for one in taken.rows("follow_requests_sent")] == ["@cal"]
    assert [one["account"] for one in taken.rows("follow_requests_received")] == ["@fay"]
    assert [one["account"] for one in taken.rows("followers")] == ["@ben"]
    assert [one["account"] for one in taken.rows("blocks")] == ["@dora"]
    assert [one["account"] for one in taken.rows("mutes")] == ["@eve"]
    assert taken.rows("mutes")[0]["until"]
    assert taken.rows("former_handles")[0]["handle"] == "ada"
    assert taken.rows("reports")[0]["text"] == "Words of a report"
    assert taken.rows("decisions")[0]["statement"] == "Words of a decision"
    assert [one.get("post", "gone") for one in taken.rows("imported_posts")][1] == "gone"
    assert taken.json("actor")["manuallyApprovesFollowers"] is True
    assert all(item["to"] == [f"{item['actor']}/followers"] for item in taken.items)
