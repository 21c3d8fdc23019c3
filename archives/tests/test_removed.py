"""Who asked not to be here does not come back with an archive."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from accounts import leaving
from accounts.models import Account, RemovedHandle
from archives.importer.report import REMOVED
from archives.models import ImportedAccount, ImportedId
from moderation.tasks import erase_account
from testing.archives import at, tweet
from timeline.models import Post


def test_retweets_of_a_removed_handle_are_left_out_and_counted(bring):
    RemovedHandle.objects.add_name("Ben@x.com")
    tweets = [
        tweet("RT @BEN: Mine", at(4)),
        tweet("RT @cal: Yours", at(5)),
        tweet("Hello @ben", at(6)),
    ]
    foretold = bring(tweets, dry_run=True)
    summary = bring(tweets)
    assert foretold.skipped == summary.skipped == {REMOVED: 1}
    assert summary.kinds == {"post": 1, "retweet": 1}
    assert [str(account) for account in Account.objects.filter(host="x.com")] == ["@cal@x.com"]
    assert not Post.objects.filter(text="Mine").exists()
    assert REMOVED in "\n".join(summary.lines())


def test_what_was_removed_stays_away_when_the_archive_comes_again(bring):
    tweets = [tweet("RT @ben: Mine", at(4)), tweet("RT @ben: And mine", at(5))]
    bring(tweets[:1])
    ben = Account.objects.get(host="x.com")
    ben.suspend()
    erase_account.call(ben.pk)
    assert not Post.objects.exists()
    summary = bring(tweets)
    assert not Post.objects.exists()
    assert not Account.objects.filter(host="x.com").exists()
    assert (summary.deleted, summary.skipped) == (1, {REMOVED: 1})


def test_who_deletes_their_account_may_bring_the_archive_again(bring):
    tweets = [tweet("One", at(4)), tweet("Two", at(5))]
    bring(tweets, handle="ada")
    leaving.delete(Account.objects.get(handle="ada", host=""))
    assert not ImportedId.objects.exists()
    assert not ImportedAccount.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        summary = bring(tweets, handle="ada")
    assert summary.kinds == {"post": 2}
