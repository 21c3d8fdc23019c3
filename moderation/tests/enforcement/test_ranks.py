"""Who may do what to whom in the admin: every page and action, by every rank, to everybody.

What is done is in the record.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from accounts.models import Account, Application, BannedEmail, FormerHandle, SignupPolicy, User
from accounts.ranks import Rank
from conftest import client_of
from moderation.models import About, Case, Decision, Note, Sanction, Ticket
from moderation.models.decision import DecisionQuerySet
from testing.staffed_site import (
    Person,
    Site,
    changed,
    fill,
    staff,
    subject,
    tables,
    taken_back,
    written,
)
from timeline.models import KeywordRule, LinkCard, Tag

PASSWORDS = {"password1": "another long phrase", "password2": "another long phrase"}
RANKS = {"cal": Rank.PERSON, "max": Rank.MODERATOR, "ann": Rank.ADMINISTRATOR, "kay": Rank.KEEPER}
ACTORS = {"ben": Rank.PERSON, "mod": Rank.MODERATOR, "adi": Rank.ADMINISTRATOR, "root": Rank.KEEPER}


@dataclass
class Deed:
    """A request that does something, and the rank that it takes.

    `covers` names what of the admin it is an example of.
    """

    covers: str
    url: str
    data: dict[str, Any]
    takes: Rank = Rank.ADMINISTRATOR


def deeds_to(person: Person) -> Iterator[Deed]:
    """Yield what staff do to somebody: it takes a rank above theirs as well."""
    account, user, post = person.account, person.user, person.post
    accounts, posts, users = (
        "/admin/accounts/account/",
        "/admin/timeline/post/",
        f"/admin/accounts/user/{user.pk}/",
    )
    now = {"email": user.email, "is_active": "on"}
    mine = {"_selected_action": [account.pk]}
    yield Deed("account suspend", accounts, {"action": "suspend", **mine})
    yield Deed(
        "account suspend",
        f"{accounts}{account.pk}/change/",
        {"CHANGE_FORM-action": "suspend", **mine},
    )
    yield Deed("post hide", posts, {"action": "hide", "_selected_action": [post.pk]})
    yield Deed(
        "post hide",
        f"{posts}{post.pk}/change/",
        {"CHANGE_FORM-action": "hide", "_selected_action": [post.pk]},
    )
    yield Deed(
        "post remove",
        posts,
        {"action": "remove", "_selected_action": [post.pk], "confirmed": "yes"},
    )
    yield Deed("user change", f"{users}change/", {**now, "email": "mine@example.com"})
    yield Deed("user change", f"{users}change/", {"email": user.email})  # closes the door
    yield Deed("user password", f"{users}password/", {"usable_password": "true", **PASSWORDS})
    yield Deed(
        "user password",
        f"{users}password/",
        {"usable_password": "false", "unset-password": "Disable"},
    )
    yield Deed(
        "user change",
        f"{users}change/",
        {**now, "is_staff": "on", "is_superuser": "on"},
        Rank.KEEPER,
    )
    former = FormerHandle.objects.filter(account=account).first()
    if former:
        handles = "/admin/accounts/formerhandle/"
        yield Deed("formerhandle delete", f"{handles}{former.pk}/delete/", {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": [former.pk], "post": "yes"}
        yield Deed("formerhandle delete_selected", handles, chosen)
    yield Deed(
        "bannedemail add",
        "/admin/accounts/bannedemail/add/",
        {"email": user.email.replace("@", "+x@")},
    )
    yield Deed("roles", "/admin/roles/", {"name": user.email, "role": "Moderators"})
    yield Deed("roles", "/admin/roles/", {"name": user.email, "role": ""})
    case = f"/admin/case/{person.case.pk}/"
    for verb, data in {
        "take": {},
        "take_over": {},
        "release": {},
        "snooze": {"days": "3"},
        "wake": {},
        "open_post": {"post": str(*person.report.post_ids[:1])},
        "note": {"text": "I know them"},
        "message": {"text": "Who are you?", "to": person.report.name},
    }.items():
        yield Deed(f"case_{verb}", f"{case}{verb}/", data, Rank.MODERATOR)
    ruling = {"actions": ["freeze"]}
    for whom in ({"case": person.case.pk}, {"account": account.pk}):
        yield Deed("decide_do", "/admin/decide/do/", {**whom, **ruling}, Rank.MODERATOR)
    yield Deed("lift", f"/admin/lift/{person.sanction}/", {}, Rank.MODERATOR)


def deeds_to_nobody(site: Site) -> Iterator[Deed]:
    """Yield what staff do to the site."""
    settings: dict[str, dict[str, Any]] = {
        "moderation/rule": {"title": "No watches", "text": "", "position": "1", "active": "on"},
        "moderation/preset": {"title": "Watches", "statement": "No watches."},
        "accounts/invitation": {
            "note": "New",
            "uses": "3",
            "until_0": "2030-01-01",
            "until_1": "12:00",
        },
        "accounts/blockeddomain": {"domain": "other.example"},
        "accounts/blockedrange": {
            "network": "198.51.100.0/24",
            "until_0": "2030-01-01",
            "until_1": "12:00",
        },
        "accounts/reservedhandle": {"handle": "queen"},
        "timeline/keywordrule": {
            "words": "clocks",
            "action": "report",
            "scope": "everybody",
            "message": "",
        },
    }
    for name, data in settings.items():
        app, _, model = name.partition("/")
        rows = admin.site._registry[
            next(m for m in admin.site._registry if m._meta.label_lower == f"{app}.{model}")
        ].model
        row = rows._base_manager.first()
        yield Deed(f"{model} add", f"/admin/{name}/add/", data)
        yield Deed(f"{model} change", f"/admin/{name}/{row.pk}/change/", data)
        yield from _deletions(name, row)
    banned, card, applicant = (
        BannedEmail.objects.get(),
        LinkCard.objects.get(),
        Application.objects.get(),
    )
    yield from _deletions("accounts/bannedemail", banned)
    yield from _deletions("timeline/linkcard", card)
    fields = (
        "fill_seconds",
        "newcomer_days",
        "newcomer_followers",
        "newcomer_links",
        "newcomer_mentions",
        "newcomer_posts",
    )
    signup_policy = SignupPolicy.objects.get()
    now = {name: str(getattr(signup_policy, name)) for name in fields} | {
        "question": "",
        "answers": "",
    }
    yield Deed(
        "signuppolicy change",
        f"/admin/accounts/signuppolicy/{signup_policy.pk}/change/",
        {**now, "mode": "closed"},
    )
    words = {"place": "A garden", "contact": "Ask", "privacy": "Nothing leaves"}
    yield Deed("about change", f"/admin/moderation/about/{About.objects.get().pk}/change/", words)
    rule = KeywordRule.objects.earliest("pk")
    yield Deed("keywordrule try", f"/admin/timeline/keywordrule/{rule.pk}/try/", {})
    for verb in ("switch_on", "switch_off"):
        tried = KeywordRule.objects.create(words=verb)
        tried.mark_tried()
        if verb == "switch_off":
            tried.switch_on()
        yield Deed(
            f"keywordrule {verb}",
            "/admin/timeline/keywordrule/",
            {"action": verb, "_selected_action": [tried.pk]},
        )
    for verb, may_rise in (("keep_from_rising", True), ("let_rise", False)):
        tag = Tag.objects.create(name=verb, folded=verb, may_rise=may_rise)
        yield Deed(
            f"tag {verb}", "/admin/timeline/tag/", {"action": verb, "_selected_action": [tag.pk]}
        )
    for verb in ("approve", "refuse"):
        chosen = {"action": verb, "_selected_action": [applicant.pk], "confirmed": "yes"}
        yield Deed(f"application {verb}", "/admin/accounts/application/", chosen)
    group = Group.objects.get(name="Moderators")
    yield Deed("group add", "/admin/auth/group/add/", {"name": "Helpers"}, Rank.KEEPER)
    yield Deed(
        "group change", f"/admin/auth/group/{group.pk}/change/", {"name": "Mods"}, Rank.KEEPER
    )
    yield Deed(
        "group delete", f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}, Rank.KEEPER
    )
    chosen = {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"}
    yield Deed("group delete_selected", "/admin/auth/group/", chosen, Rank.KEEPER)
    new = {"email": "new@example.com", "usable_password": "true", **PASSWORDS}
    yield Deed("user add", "/admin/accounts/user/add/", new, Rank.KEEPER)


def _deletions(name: str, row: Any) -> Iterator[Deed]:
    model = name.partition("/")[2]
    yield Deed(f"{model} delete", f"/admin/{name}/{row.pk}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    yield Deed(f"{model} delete_selected", f"/admin/{name}/", chosen)


COVERED_ELSEWHERE = {
    "undo",  # test_deciding: it has ten minutes, and a rank of its own
    "account restore",  # test_what_staff_did_is_taken_back_by_rank
    "post unhide",
    "signuppolicy add",  # there is one row
    "about add",
    "linkcard fetch_again",  # timeline's test_admin: it needs a network
    "dashboard",  # counts days anew: nobody's deed
    "password_change",  # one's own, by the site's door
    "logout",
    "login",
}
LOOKS = {
    "case",
    "decide",
    "decide_preview",  # what was chosen, before it is done
    "decide_change",
    "password_change_done",
    "tables",
    "words",
    "open_case",
    "queue",
    "index",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
    "None",
}


type Scene = tuple[dict[str, Account], dict[str, Person], Site]


@pytest.fixture
def scene(ada: Account, ben: Account) -> tuple[dict[str, Account], dict[str, Person], Site]:
    roles = {
        Rank.PERSON: "",
        Rank.MODERATOR: "Moderators",
        Rank.ADMINISTRATOR: "Administrators",
        Rank.KEEPER: "keeper",
    }
    top = staff("top", "keeper").user
    assert top
    actors = {"ben": ben} | {
        name: staff("root_" if name == "root" else name, roles[rank])
        for name, rank in ACTORS.items()
        if name != "ben"
    }
    people = {}
    for name, rank in RANKS.items():
        account = staff(name, "")
        # before they have a role: nobody acts on a keeper
        people[name] = subject(account, top, ada)
        promote(account, rank, roles[rank])
    for name in ("mod", "adi", "root"):
        promote(actors[name], Rank.PERSON, "")
        people[f"{name} (oneself)"] = subject(actors[name], top, ada)
        promote(actors[name], ACTORS[name], roles[ACTORS[name]])
    site = fill(ada, ben)
    for user in User.objects.all():
        EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"primary": True, "verified": True}
        )
    return actors, people, site


def promote(account: Account, rank: Rank, role: str) -> None:
    User.objects.filter(pk=account.user_id).update(
        is_staff=rank > Rank.PERSON, is_superuser=rank == Rank.KEEPER
    )
    user = User.objects.get(pk=account.user_id)
    user.groups.set(Group.objects.filter(name=role))


def may(actor: str, deed: Deed, target: str | None) -> bool:
    rank = ACTORS[actor]
    above = target is None or ("oneself" not in target and rank > RANKS[target])
    return rank >= deed.takes and above


@pytest.mark.slow
@pytest.mark.parametrize("actor", ACTORS)
def test_a_deed_is_done_by_those_above_alone(scene: Scene, actor: str) -> None:
    actors, people, site = scene
    client = client_of(actors[actor])
    client.raise_request_exception = False
    targets: dict[str | None, Any] = {
        name: list(deeds_to(one)) for name, one in people.items() if not _is_other_self(actor, name)
    }
    targets[None] = list(deeds_to_nobody(site))
    before, cookies = tables(), client.cookies.copy()
    wrong: list[Any] = []
    for target, deeds in targets.items():
        refused = [deed for deed in deeds if not may(actor, deed, target)]
        wrong += [
            (target, deed, 500)
            for deed in refused
            if client.post(deed.url, deed.data).status_code >= 500
        ]
        if found := changed(before):
            wrong.append((target, "something refused was done", found))
        for deed in (deed for deed in deeds if may(actor, deed, target)):
            client.cookies = cookies.copy()  # the key of a session may change, which is taken back
            with taken_back(), CaptureQueriesContext(connection) as queries:
                status = client.post(deed.url, deed.data).status_code
            found = sorted(written(queries) - {"django_session", "django_ox_oxtask"})
            done = set(found) - {"moderation_decision", "django_admin_log"}
            if (
                status not in (200, 302)
                or "moderation_decision" not in found
                or not (done or deed.covers in IDLE)
            ):
                wrong.append((target, deed, status, found))
    assert not wrong, "\n".join(map(str, wrong))


IDLE = ("roles", "case_open_post")  # who had none has none; who opens changes nothing


def _is_other_self(actor: str, name: str) -> bool:
    return "oneself" in name and not name.startswith(f"{actor} ")


@pytest.mark.slow
@pytest.mark.parametrize("actor", ["mod", "adi", "root"])
def test_without_its_record_no_deed_is_done(
    scene: Scene, actor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    actors, people, site = scene
    client = client_of(actors[actor])
    client.raise_request_exception = False
    deeds = [*deeds_to(people["cal"]), *deeds_to_nobody(site)]
    before = tables()

    def fail(*_args: Any, **_fields: Any) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(DecisionQuerySet, "append", fail)
    failed = sum(client.post(deed.url, deed.data).status_code == 500 for deed in deeds)
    assert changed(before) == []
    assert failed >= (10 if actor == "mod" else 30)


def test_every_way_to_a_deed_has_an_example(scene: Scene) -> None:
    """What a keeper is offered is all that there is."""
    actors, people, site = scene
    covered = (
        {deed.covers for deed in (*deeds_to(people["cal"]), *deeds_to_nobody(site))}
        | COVERED_ELSEWHERE
        | LOOKS
    )
    request = RequestFactory().get("/admin/")
    request.user = actors["root"].user  # type: ignore[assignment]
    offered: set[str] = set()
    for model, page in admin.site._registry.items():
        name = str(model._meta.model_name)
        row = model._base_manager.exclude(pk__in=[actors["root"].user_id]).first()
        offered |= {f"{name} add"} if page.has_add_permission(request) else set()
        offered |= (
            {f"{name} change"}
            if page.has_change_permission(request, row) and not _is_read_only(page, request, row)
            else set()
        )
        offered |= {f"{name} delete"} if page.has_delete_permission(request, row) else set()
        offered |= {f"{name} {action}" for action in page.get_actions(request)}
        stock = {"changelist", "add", "history", "delete", "change", None}
        own = [url for url in page.get_urls() if isinstance(url, URLPattern) and url.name]
        prefix = f"{model._meta.app_label}_{name}_"
        offered |= {
            f"{name} {what}"
            for url in own
            if (
                what := str(url.name)
                .removeprefix(prefix)
                .removeprefix("auth_user_")
                .removesuffix("_change")
                or None
            )
            not in stock
        }
    offered |= {url.name or "None" for url in admin.site.get_urls() if isinstance(url, URLPattern)}
    assert offered - covered == set()


def _is_read_only(page: Any, request: Any, row: Any) -> bool:
    shown = [name for _, options in page.get_fieldsets(request, row) for name in options["fields"]]
    return set(shown) <= set(page.get_readonly_fields(request, row))


# --- Reading ---


ABOUT = ("case", "ticket", "sanction", "note", "decision")


def rows_about(person: Person) -> dict[str, set[int]]:
    number = person.account.pk
    return {
        "case": set(Case.objects.filter(account_number=number).values_list("pk", flat=True)),
        "ticket": set(Ticket.objects.filter(account_number=number).values_list("pk", flat=True)),
        "sanction": {person.sanction},
        "note": set(Note.objects.filter(case=person.case).values_list("pk", flat=True)),
        "decision": set(
            Decision.objects.filter(account_number=number).values_list("pk", flat=True)
        ),
    }


@pytest.mark.slow
@pytest.mark.parametrize("actor", ["mod", "adi", "root"])
def test_what_was_said_of_somebody_is_read_by_those_above_alone(scene: Scene, actor: str) -> None:
    actors, people, _ = scene
    client, rank = client_of(actors[actor]), ACTORS[actor]
    queue = client.get("/admin/").content.decode()
    for name, person in people.items():
        if _is_other_self(actor, name):
            continue
        reads = "oneself" not in name and (rank > RANKS[name] or rank == Rank.KEEPER)
        works = "oneself" not in name and rank > RANKS[name]
        assert (f"/admin/case/{person.case.pk}/" in queue) == reads, name
        for address in (
            f"/admin/case/{person.case.pk}/",
            f"/admin/case/about/{person.account.pk}/",
        ):
            response = client.get(address, follow=True)
            assert response.status_code == (200 if reads else 404 if "oneself" in name else 403), (
                name,
                address,
            )
            assert ("Watches!" in response.content.decode()) == reads
            assert ('id="order"' in response.content.decode()) == works
        for params in ({"case": person.case.pk}, {"account": person.account.pk}):
            response = client.get("/admin/decide/", params, follow=True)
            assert ('id="order"' in response.content.decode()) == reads, (name, params)
        if rank == Rank.MODERATOR:
            continue
        for table, pks in rows_about(person).items():
            assert pks
            found = (
                client.get(f"/admin/moderation/{table}/", {"q": "", "all": ""})
                .context["cl"]
                .queryset
            )
            assert (set(found.values_list("pk", flat=True)) & pks == pks) == reads, (name, table)
            page = client.get(f"/admin/moderation/{table}/{min(pks)}/change/")
            assert (page.status_code == 200) == reads, (name, table)
        for history in (
            f"accounts/account/{person.account.pk}",
            f"accounts/user/{person.user.pk}",
            f"timeline/post/{person.post.pk}",
        ):
            assert client.get(f"/admin/{history}/history/").status_code == (
                200 if reads else 403
            ), (name, history)


def test_a_keeper_alone_waits_for_another(scene: Scene) -> None:
    """The case about the one keeper stays open, and they work all others."""
    actors, people, _ = scene
    client = client_of(actors["root"])
    own, other = people["root (oneself)"].case, people["ann"].case
    assert client.get(f"/admin/case/{own.pk}/").status_code == 404
    client.post(
        "/admin/decide/do/",
        {"case": other.pk, "actions": ["none"]},
    )
    assert Case.objects.get(pk=other.pk).closed_at
    assert Case.objects.get(pk=own.pk).closed_at is None


# --- What follows ---


@pytest.mark.parametrize("closed", [True, False])
def test_who_is_closed_keeps_their_rank(scene: Scene, *, closed: bool) -> None:
    actors, people, _ = scene
    ann = people["ann"].user
    User.objects.filter(pk=ann.pk).update(is_active=not closed)
    client = client_of(actors["adi"])
    assert (
        client.post(
            f"/admin/accounts/user/{ann.pk}/password/", {"usable_password": "true", **PASSWORDS}
        ).status_code
        == 403
    )
    assert (
        client.post(
            f"/admin/accounts/user/{ann.pk}/change/", {"email": ann.email, "is_active": "on"}
        ).status_code
        == 403
    )


ENDS: dict[str, Callable[[Client, Person], object]] = {
    "the door is closed and opened": lambda root, one: [
        root.post(
            f"/admin/accounts/user/{one.user.pk}/change/",
            {"email": one.user.email, "is_staff": "on"},
        ),
        root.post(
            f"/admin/accounts/user/{one.user.pk}/change/",
            {"email": one.user.email, "is_staff": "on", "is_active": "on"},
        ),
    ],
    "a password is set": lambda root, one: root.post(
        f"/admin/accounts/user/{one.user.pk}/password/", {"usable_password": "true", **PASSWORDS}
    ),
    "the password is disabled": lambda root, one: root.post(
        f"/admin/accounts/user/{one.user.pk}/password/",
        {"usable_password": "false", "unset-password": "Disable"},
    ),
    "a role is taken and given": lambda root, one: [
        root.post("/admin/roles/", {"name": one.user.email, "role": role})
        for role in ("", "Moderators")
    ],
    "they are suspended and restored": lambda root, one: [
        root.post(
            "/admin/accounts/account/", {"action": action, "_selected_action": [one.account.pk]}
        )
        for action in ("suspend", "restore")
    ],
}


@pytest.mark.parametrize("how", ENDS)
def test_what_was_signed_in_does_not_come_back(scene: Scene, how: str) -> None:
    actors, people, _ = scene
    person = people["max"]
    client = client_of(person.account)
    cookies = client.cookies.copy()
    assert client.get("/settings").status_code == 200
    ENDS[how](client_of(actors["root"]), person)
    assert User.objects.get(pk=person.user.pk).is_active
    again = Client()
    again.cookies = cookies
    assert again.get("/settings").status_code == 302


def test_who_gets_a_role_stays_signed_in(scene: Scene) -> None:
    actors, people, _ = scene
    client = client_of(people["cal"].account)
    client_of(actors["root"]).post("/admin/roles/", {"name": "cal", "role": "Moderators"})
    assert client.get("/admin/queue/").status_code == 200


def test_permissions_beside_a_role_count(scene: Scene) -> None:
    """Who has an administrator's right by hand, and no role, is made staff by no administrator."""
    actors, people, _ = scene
    cal = people["cal"].user
    cal.user_permissions.add(Permission.objects.get(codename="change_rule"))
    response = client_of(actors["adi"]).post("/admin/roles/", {"name": "cal", "role": "Moderators"})
    assert "higher rank" in response.content.decode()
    assert not User.objects.get(pk=cal.pk).is_staff


def test_what_staff_did_is_taken_back_by_rank(scene: Scene) -> None:
    actors, people, _ = scene
    for person in (people["cal"], people["ann"]):
        Account.objects.filter(pk=person.account.pk).update(suspended_at=person.case.opened_at)
        person.post.hide()
    client = client_of(actors["adi"])
    client.post(
        "/admin/accounts/account/",
        {"action": "restore", "_selected_action": [p.account.pk for p in people.values()]},
    )
    client.post(
        "/admin/timeline/post/",
        {"action": "unhide", "_selected_action": [p.post.pk for p in people.values()]},
    )
    standing = {
        name: Account.objects.get(pk=person.account.pk).suspended_at is None
        for name, person in people.items()
    }
    assert standing["cal"]
    assert not standing["ann"]
    assert [
        type(person.post).objects.get(pk=person.post.pk).hidden_at is None
        for person in (people["cal"], people["ann"])
    ] == [
        True,
        False,
    ]
    assert Sanction.objects.exists()
