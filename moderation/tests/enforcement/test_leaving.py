"""Who leaves, and what moderators have still to read or have decided."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts import leaving
from accounts.models import Account, RemovedHandle, User
from accounts.tasks import finish_leaving
from accounts.tests.test_leaving import DELETE, SURE, is_free, sign_in
from conftest import client_of
from microblog.media import uploads
from moderation.enforcement import scheduled
from moderation.enforcement.decide import Ruling, decide
from moderation.enforcement.undo import undo
from moderation.models import Action, Decision, Notice, Ticket
from moderation.roles import moderators
from moderation.tests.conftest import case_of
from moderation.tests.enforcement.test_deciding import LATER, NOTHING_WRONG, PICTURE, after, fresh
from testing.scene import body_of
from timeline.feeds import counters
from timeline.models import Post
from timeline.tasks import remove_left_over

WORDS, BIO = "Buy my watches", "I sell watches"
DAYS = timedelta(days=1)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def post(ben: Account, publish: Callable[..., Post]) -> Post:
    ben.edit(bio=BIO)
    ben.set_picture("avatar", {"small.webp": b"x", "large.webp": b"x"})
    return publish(ben, WORDS, attachments=[PICTURE])


@pytest.fixture
def other(ben: Account, publish: Callable[..., Post]) -> Post:
    return publish(ben, "Good morning")


def is_here(row: Account | Post) -> bool:
    return type(row)._base_manager.filter(pk=row.pk).exists()


def page_of(client: Client, account: Account) -> str:
    return client.get(f"/admin/case/{case_of(account).pk}/").content.decode()


# --- Deactivated ---


def test_a_case_about_somebody_deactivated_is_read_and_decided(
    as_mod: Client, mod: User, ada: Account, ben: Account, post: Post, report: Any
) -> None:
    report(ada, ben, post)
    ben.deactivate()
    page = page_of(as_mod, ben)
    assert WORDS in page
    assert "<b>Deactivated</b> by its owner" in page
    assert body_of(as_mod.get(post.media.get().small)) == b"1"
    decide(mod, ben, Ruling(actions=(Action.WARN,), statement="No watches."), case_of(ben))
    assert Notice.objects.get().account == ben


def test_a_suspension_of_somebody_deactivated_is_undone_and_they_stay_away(
    mod: User, ben: Account, visitor: Client
) -> None:
    ben.deactivate()
    batch = decide(mod, ben, Ruling(actions=(Action.SUSPEND,)))
    assert visitor.get("/@ben").status_code == 410
    undo(mod, batch)
    assert visitor.get("/@ben").status_code == 404
    assert sign_in("ben")[1]["Location"] == "/"
    assert visitor.get("/@ben").status_code == 200


def test_the_figures_of_moderators_know_who_left(as_adi: Client, ben: Account) -> None:
    ben.deactivate()
    page = as_adi.get("/admin/accounts/account/?standing=left").content.decode()
    assert "@ben" in page
    assert "deactivated" in page


# --- Deleted, and reported ---


def test_what_a_report_is_about_is_kept_and_nothing_else(
    as_mod: Client,
    visitor: Client,
    ada: Account,
    ben: Account,
    post: Post,
    other: Post,
    report: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    media, key, avatar = post.media.get().small, post.media.get().key, fresh(ben).avatar
    report(ada, ben, post)
    with django_capture_on_commit_callbacks(execute=True):
        leaving.delete(fresh(ben))
    assert (is_here(ben), is_here(post), is_here(other)) == (True, True, False)
    page = page_of(as_mod, ben)
    assert WORDS in page
    assert BIO not in page
    assert not default_storage.exists(uploads.path(avatar, "small.webp"))
    assert body_of(as_mod.get(media)) == b"1"
    for address in (media, post.get_absolute_url(), "/@ben"):
        assert visitor.get(address).status_code == 404
    assert counters.recount_everything() == NOTHING_WRONG
    assert default_storage.exists(uploads.path(key, "small.webp"))


def test_it_goes_when_the_case_is_decided(
    mod: User, ada: Account, ben: Account, post: Post, report: Any
) -> None:
    report(ada, ben, post)
    leaving.delete(fresh(ben))
    decide(mod, fresh(ben), Ruling(actions=(Action.NONE,)), case_of(ben))
    remove_left_over.call()
    assert is_here(ben), "it may be undone"
    after(LATER, remove_left_over.call)
    assert not is_here(ben)
    assert not is_here(post)
    assert not Ticket.objects.get().account
    assert Decision.objects.about(ben.pk).exists()


def test_a_reported_profile_is_kept_until_the_case_is_decided(
    as_mod: Client, mod: User, ada: Account, ben: Account, post: Post, report: Any
) -> None:
    report(ada, ben)
    leaving.delete(fresh(ben))
    assert not is_here(post)
    assert BIO in page_of(as_mod, ben)
    decide(mod, fresh(ben), Ruling(actions=(Action.NONE,)), case_of(ben))
    after(LATER, remove_left_over.call)
    assert not is_here(ben)


@pytest.mark.parametrize("posts", [True, False], ids=["a post", "the account"])
def test_nothing_is_kept_for_more_than_90_days(
    ada: Account, ben: Account, post: Post, report: Any, posts: bool
) -> None:
    report(ada, ben, *([post] if posts else []))
    leaving.delete(fresh(ben))
    after(89 * DAYS, remove_left_over.call)
    assert is_here(ben)
    after(91 * DAYS, remove_left_over.call)
    assert not is_here(ben)


def test_a_granted_removal_ends_it(
    mod: User, ada: Account, ben: Account, post: Post, report: Any
) -> None:
    report(ada, ben, post)
    removal = Ticket(kind="removal", reason="me", email="eve@example.com")
    removal.concern(ben)
    removal.save()
    removal.confirm()
    leaving.delete(fresh(ben))
    decide(mod, fresh(ben), Ruling(actions=(Action.REMOVE,)), case_of(ben))
    after(LATER, scheduled.carry_out_overdue)
    assert not is_here(ben)
    assert not is_here(post)
    assert RemovedHandle.objects.get().until is None


def test_what_nobody_confirmed_keeps_nothing(ben: Account, post: Post) -> None:
    waits = Ticket(kind="report", category="spam", email="eve@example.com")
    waits.concern(ben, [post.pk])
    waits.save()
    leaving.delete(fresh(ben))
    assert not is_here(ben)


def test_a_case_is_read_when_the_handle_is_free_again(
    as_mod: Client, ada: Account, ben: Account, post: Post, report: Any
) -> None:
    report(ada, ben, post)
    leaving.delete(fresh(ben))
    after(40 * DAYS, finish_leaving.call)
    assert is_free("ben")
    page = page_of(as_mod, ben)
    assert WORDS in page
    assert f"@deleted-{ben.pk}" in page


def test_a_colleague_who_is_away_holds_up_no_appeal(mod: User, max_: User) -> None:
    max_.account.deactivate()
    assert list(moderators()) == [mod]
    Account.objects.get(pk=max_.account.pk).reactivate()
    assert set(moderators()) == {mod, max_}


# --- Suspended, and deleted by its owner ---


def test_who_is_suspended_reads_why_and_may_delete_their_account(
    mod: User, ben: Account, post: Post, visitor: Client
) -> None:
    decide(mod, ben, Ruling(actions=(Action.SUSPEND,), statement="No watches."))
    reasons = Notice.objects.get().get_absolute_url()
    client, response = sign_in("ben")
    assert response["Location"] == reasons
    assert f'href="{DELETE}"' in client.get(reasons).content.decode()
    assert client.post(DELETE, SURE).status_code == 302
    assert not is_here(ben)
    assert not is_free("ben")
    assert Decision.objects.about(ben.pk).exists()
    assert visitor.get(reasons).status_code == 404
    after(31 * DAYS, scheduled.carry_out_overdue)


def test_who_reads_of_another_decision_is_offered_no_deletion(mod: User, ben: Account) -> None:
    decide(mod, ben, Ruling(actions=(Action.WARN,), statement="No watches."))
    page = client_of(ben).get(Notice.objects.get().get_absolute_url()).content.decode()
    assert DELETE not in page


def test_moderators_who_leave_stay_in_the_record_by_their_number(mod: User, ben: Account) -> None:
    number = mod.pk
    decide(mod, ben, Ruling(actions=(Action.WARN,)))
    leaving.delete(mod.account)
    assert Decision.objects.get().moderator_number == number
