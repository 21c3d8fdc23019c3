"""GET and HEAD of every address change nothing, whoever looks, with ids and tokens that work: a
mail scanner opens every link.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.auth import one_time_links
from accounts.models import Account, AddressChange, Invitation, MutedWord, User, WaitingSignup
from conftest import client_of
from moderation.models import Decision
from moderation.staff.site import CASE_VERBS
from testing import passkeys
from testing.staffed_site import Person, Site, changed, fill, staff, subject, tables
from timeline.mailing.unsubscribing import unsubscribe_url
from timeline.models import NotificationSettings, Post

BOTH = ("get", "head")
# What a view does for HEAD, it does for nobody, for a person, and for who may do all.
WHO = {
    "a visitor": BOTH,
    "ada": BOTH,
    "ben": ("get",),
    "mod": ("get",),
    "adi": ("get",),
    "root": BOTH,
}
OF_A_MODEL = ("changelist", "add", "history", "delete", "change")


def patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every pattern with the name by which it is reversed."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from patterns(pattern, inner)
        else:
            yield f"{prefix}{pattern.name}", pattern


def examples(site: Site, ada: Account, cal: Person) -> dict[str, list[Any]]:
    """Return the arguments of each address that takes some, by its name."""
    post, quote = site.post, site.quote
    assert ada.user
    media = post.media.get()
    of_account: list[Any] = [["ada"], [cal.account.handle], ["eve@x.com"]]
    of_post: list[Any] = [[post.pk], [quote.pk]]
    shown: list[Any] = [["ada", post.pk], ["ben", quote.pk]]
    signup = WaitingSignup.objects.create(
        email="new@example.com", password=ada.user.password, handle="newcomer"
    )
    change = AddressChange.objects.create(
        user=ada.user, before=ada.user.email, email="ada2@example.com"
    )
    names = {"home": [[]]}
    names |= dict.fromkeys(
        ("profile", "profile_replies", "profile_media", "profile_likes", "followers", "following"),
        of_account,
    )
    relations = (
        *("follow", "unfollow", "block", "unblock", "mute", "unmute", "hide_retweets"),
        *("show_retweets", "accept", "refuse", "remove_follower", "report_account"),
    )
    names |= dict.fromkeys(relations, of_account)
    of_what_is_shown = ("post", "post_retweets", "post_quotes", "post_likes", "history")
    names |= dict.fromkeys((*of_what_is_shown, "hidden_replies"), shown)
    verbs = (
        "like",
        "unlike",
        "retweet",
        "unretweet",
        "bookmark",
        "unbookmark",
        "pin",
        "unpin",
        "edit",
        "audience",
        "hide_reply",
        "show_reply",
        "detach",
        "delete",
    )
    names |= dict.fromkeys((*verbs, "report_post"), of_post)
    return names | {
        **{name: [["engines"]] for name in ("tag", "follow_tag", "unfollow_tag")},
        "delete_draft": [[site.draft.pk]],
        "unmute_word": [[MutedWord.objects.create(account=ada, text="Loom", folded="loom").pk]],
        "media": [[media.key, "small.webp"]],
        "status": [["ada_x", 20]],
        "confirm_ticket": [
            [site.waiting.confirm_url.rpartition("/")[2]],
            [cal.report.confirm_url.rpartition("/")[2]],
        ],
        "tracker": [[cal.report.reference], ["x" * 32]],
        "notice": [[cal.notice.reference], ["x" * 32]],
        "account_claim": [[one_time_links.claim_url(site.unclaimed).rpartition("/")[2]]],
        "account_first": [[one_time_links.first_administrator_url().rpartition("/")[2]]],
        "account_invitation": [[Invitation.objects.get().token]],
        "account_reset_password_from_key": [
            [user_pk_to_url_str(ada.user), default_token_generator.make_token(ada.user)]
        ],
        "account_confirm_email": [[signup.url.rstrip("/").rpartition("/")[2]]],
        "account_email_confirm": [[change.confirm_url.rpartition("/")[2]]],
        "account_email_stop": [[change.stop_url.rpartition("/")[2]]],
        "account_rescue": [[one_time_links.rescue_url(ada.user).rpartition("/")[2]]],
        "unsubscribe": [[unsubscribe_url(ada.user, ada).rpartition("/")[2]], ["1:x"]],
        "rename_passkey": [[passkeys.give(ada)[0].pk]],
        "remove_passkey": [[1]],
        "end_session": [["0123456789abcdef"]],
        "admin:case": [[cal.case.pk]],
        **{f"admin:case_{verb}": [[cal.case.pk]] for verb in CASE_VERBS},
        "admin:open_case": [[cal.account.pk], [ada.pk]],
        "admin:undo": [[Decision.objects.latest("pk").batch]],
        "admin:lift": [[cal.sanction]],
        "admin:auth_user_password_change": [[ada.user.pk]],
        "admin:timeline_keywordrule_try": [
            [apps.get_model("timeline.KeywordRule").objects.get().pk]
        ],
        "admin:view_on_site": [[ContentType.objects.get_for_model(Account).pk, ada.pk]],
        "admin:app_list": [["accounts"], ["moderation"]],
        "admin:None": [],  # what is no address of the admin
        "favicon": [],
        "None": [],
    }


def addresses(given: dict[str, list[Any]]) -> list[str]:
    """Return every address of the site.

    Fails for one that takes something, and of which nobody gave an example.
    """
    found: list[str] = []
    of_models = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}": (model, what)
        for model in admin.site._registry
        for what in OF_A_MODEL
    }
    for name, pattern in patterns(get_resolver()):
        model, what = of_models.get(name, (None, ""))
        if model and what in ("changelist", "add"):
            found.append(reverse(name))
        elif model and pattern.name:
            row = model._base_manager.first()
            assert row, f"no row of {model._meta.label} to look at"
            found.append(reverse(name, args=[row.pk]))
        elif name in given:
            found += [reverse(name, args=args) for args in given[name]]
        elif pattern.name:
            assert not pattern.pattern.regex.groups, f"no example of {name}: {pattern.pattern}"
            found.append(reverse(name))
    return [
        *found,
        "/favicon.ico",
        "/compose?reply_to=1",
        "/removal?handle=ada",
        "/admin/nothing/",
        "/settings/descriptions?before=1",
    ]


@pytest.fixture
def walk(ada: Account, ben: Account) -> tuple[dict[str, Any], list[str]]:
    people = {"ada": ada, "ben": ben}
    people |= {
        "mod": staff("mod", "Moderators"),
        "adi": staff("adi", "Administrators"),
        "root": staff("root_", "keeper"),
    }
    cal = subject(staff("cal", ""), people["root"].user, ada)
    subject(ben, people["root"].user, ada)
    site = fill(ada, ben)
    for user in User.objects.all():  # as signing up leaves it
        EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"primary": True, "verified": True}
        )
    for account in Account.objects.all():  # of whose rows a GET may change the mark alone
        NotificationSettings.objects.choose(account, off=[], limited=[])
        NotificationSettings.objects.choose_mail(account, NotificationSettings.Mail.DAILY)
    return people, list(dict.fromkeys(addresses(examples(site, ada, cal))))


@pytest.mark.one_database
@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_get_changes_nothing(walk: tuple[dict[str, Any], list[str]], who: str) -> None:
    people, found = walk
    client = client_of(people.get(who))
    before = tables()
    statuses = set()
    for method in WHO[who]:
        for address in found:
            response = getattr(client, method)(address)
            statuses.add(response.status_code)
            assert response.status_code < 500, (method, address)
            if response.streaming:
                b"".join(response.streaming_content)
        assert changed(before) == [], f"by {method.upper()}, of {who}"
    assert 200 in statuses
    assert len(found) > 200


def test_opening_the_notifications_moves_nothing_but_the_own_mark(
    walk: tuple[dict[str, Any], list[str]], ada: Account
) -> None:
    """The one exception: whoever looks has seen them; nothing of anybody else changes."""
    Post.objects.by(ada).without_retweets()[0].like(walk[0]["mod"])
    client, kept = client_of(ada), NotificationSettings.objects.order_by("pk")
    before, marks = tables(), dict(kept.values_list("pk", "seen_id"))
    client.head("/notifications")
    assert dict(kept.values_list("pk", "seen_id")) == marks
    client.get("/notifications")
    assert changed(before) == []
    moved = {pk for pk, seen_id in kept.values_list("pk", "seen_id") if seen_id != marks[pk]}
    assert moved == {ada.pk}


def test_a_walk_finds_what_changes_something(walk: tuple[dict[str, Any], list[str]]) -> None:
    people, _ = walk
    client = client_of(people["ada"])
    before = tables()
    client.post("/@mod/follow")
    assert changed(before) == ["accounts.Account", "accounts.Follow", "timeline.Notification"]


def test_an_address_without_an_example_is_found_out(walk: tuple[dict[str, Any], list[str]]) -> None:
    with pytest.raises(AssertionError, match="no example of"):
        addresses({})
