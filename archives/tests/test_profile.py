"""Whose profile an archive becomes."""

from datetime import UTC, datetime

import pytest

from accounts.auth.one_time_links import claimed_by
from accounts.models import Account, User
from archives.models import ImportedAccount
from archives.reader.container import ArchiveError
from conftest import make_account
from testing.archives import EMAIL, account, at, entities, profile, tweet, url
from testing.scene import say
from timeline.models import Notification

BIO = profile(
    bio="Poetical science &amp; more with @ben, @ada #math https://t.co/a",
    website="https://t.co/w",
    location="London",
)


def test_an_account_is_made_with_its_profile(bring):
    link = entities(url("https://t.co/w", "https://ada.example/"))
    bring([tweet("My site https://t.co/w", at(1), entities=link)], data={"profile": BIO})
    found = Account.objects.get()
    assert (found.bio, found.location) == (
        "Poetical science & more with @ben, @ada #math https://t.co/a",
        "London",
    )
    assert found.website == "https://ada.example/"
    assert '<a href="https://x.com/ben">@ben</a>' in found.bio_html
    assert '<a href="/@ada">@ada</a> <a href="/tags/math">#math</a>' in found.bio_html
    assert (found.user, found.edited_fields) == (None, [])


def test_its_owner_gets_a_link(bring):
    summary = bring([tweet("x", at(1))])
    assert claimed_by(summary.claim_url.rpartition("/")[2]) == summary.account
    assert summary.claim_url in "\n".join(summary.lines())
    summary.account.assign_owner(User.objects.create_user("ada@example.com", "a long pass phrase"))
    assert bring([tweet("x", at(1))]).claim_url == ""


def test_no_email_address_gets_anywhere(bring):
    summary = bring([tweet("x", at(1))])
    assert EMAIL not in "\n".join(summary.lines())
    assert not User.objects.exists()
    assert EMAIL not in str(Account.objects.values())


def test_a_handle_that_somebody_else_holds_is_refused_with_advice(bring, ada):
    with pytest.raises(ArchiveError, match="--handle"):
        bring([tweet("x", at(1))])
    assert ada.posts.count() == 0
    assert not ImportedAccount.objects.exists()


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("handle", ["admin", "ADMIN"])
def test_reserved_handles_are_refused_with_advice(bring, handle, dry_run):
    with pytest.raises(ArchiveError, match="--handle"):
        bring([tweet("x", at(1))], account=handle, dry_run=dry_run)


@pytest.mark.parametrize("handle", ["no way", "a" * 16, "ada@x.com", "root", "é"])
def test_a_handle_that_cannot_be_is_refused(bring, handle):
    with pytest.raises(ArchiveError):
        bring([tweet("x", at(1))], handle=handle)
    assert not Account.objects.exists()


def test_an_archive_goes_into_the_account_that_one_names(bring, ben):
    ben.edit(bio="Mine")
    bring(
        [tweet("x", at(1))],
        handle="@BEN",
        data={"profile": BIO, "follower": [{}] * 7, "following": [{}] * 2},
    )
    ben.refresh_from_db()
    assert (ben.posts_count, ben.bio, ben.location, ben.name) == (
        1,
        "Mine",
        "London",
        "Ada Lovelace",
    )
    assert (ben.imported_followers, ben.imported_following, ben.following_count) == (7, 2, 1)
    assert ben.joined_at == datetime(2011, 6, 23, 13, 4, 14, tzinfo=UTC)
    assert not bring([tweet("x", at(1))]).kinds  # and later without saying so


def test_an_archive_goes_into_a_new_account_that_one_names(bring):
    assert str(bring([tweet("x", at(1))], handle="countess").account) == "@countess"


def test_an_archive_belongs_to_one_account(bring):
    ben = make_account("ben")
    bring([tweet("x", at(1))])
    with pytest.raises(ArchiveError, match="belongs to @ada"):
        bring([tweet("x", at(1))], handle="ben")
    assert ben.posts.count() == 0


def test_two_archives_may_go_into_one_account(bring, ada):
    bring([tweet("x", at(1))], handle="ada")
    bring([tweet("y", at(2))], handle="ada", account="alt", owner_id="77")
    assert ada.posts.count() == 2
    assert ImportedAccount.objects.filter(account=ada).count() == 2


def test_a_changed_handle_is_still_the_same_account(bring):
    bring([tweet("x", at(1))])
    bring([tweet("x", at(1)), tweet("y", at(2))], account="ada_new")
    assert Account.objects.get().posts_count == 2
    assert ImportedAccount.objects.get().handle == "ada_new"


def test_a_former_handle_of_somebody_is_theirs(bring, ben):
    ben.change_handle("benjamin")
    with pytest.raises(ArchiveError, match="cannot be taken"):
        bring([tweet("x", at(1))], account="ben")


def test_an_external_account_is_nobody_here(bring):
    bring([tweet("RT @ben: x", at(1))])
    bring([tweet("x", at(2))], account="ben", owner_id="77")
    assert sorted(str(found) for found in Account.objects.all()) == ["@ada", "@ben", "@ben@x.com"]


def test_a_suspended_account_is_refused(bring):
    make_account("ada").suspend()
    with pytest.raises(ArchiveError, match="suspended"):
        bring([tweet("x", at(1))], handle="ada")


@pytest.mark.parametrize(
    "data", [{"account": None}, {"account": []}, {"account": [{"account": {"email": EMAIL}}]}]
)
def test_whose_it_is_may_stand_in_the_manifest(bring, data):
    bring([tweet("x", at(1))], data=data)
    assert Account.objects.get().name == "Ada Lovelace"


def test_an_archive_of_nobody_is_refused(bring):
    with pytest.raises(ArchiveError, match="whose it is"):
        bring(
            [tweet("x", at(1))], data={"account": []}, files={"data/manifest.js": b"window.x = {"}
        )


@pytest.mark.parametrize("website", ["javascript:alert(1)", "ada.example", "https://a b", ""])
def test_a_website_is_a_link_or_nothing(bring, website):
    bring(data={"profile": profile(website=website)})
    assert Account.objects.get().website == ""


def test_names_are_cleaned(bring):
    bring(
        data={
            "account": account(
                accountDisplayName="A\u202eda\n &amp; Co" + "x" * 90, createdAt="never"
            )
        }
    )
    found = Account.objects.get()
    assert found.name.startswith("Ada & Coxx")
    assert len(found.name) == 50


def test_who_is_here_is_told_when_it_came_in_and_nobody_else_of_anything(bring, ada, ben):
    say(ben, "Hello").retweet(ada)
    Notification.objects.all().delete()
    bring([tweet("x", at(1))], handle="ada", dry_run=True)
    assert not Notification.objects.exists()
    bring([tweet("@ben x", at(1)), tweet("RT @ben: y", at(2))], handle="ada")
    told = Notification.objects.values_list("recipient", "kind")
    assert list(told) == [(ada.pk, Notification.Kind.IMPORT)]
