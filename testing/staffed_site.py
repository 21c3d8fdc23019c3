"""A small site in which every table of the admin has a row, and what its tables hold at a moment:
for walks over all addresses.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import (
    Account,
    Application,
    BannedEmail,
    BlockedDomain,
    BlockedRange,
    Invitation,
    RemovedHandle,
    ReservedHandle,
    SignupPolicy,
    User,
)
from archives.export.asking import ask
from archives.models import ImportedAccount, ImportedId
from conftest import make_account
from moderation.enforcement.decide import Ruling, decide
from moderation.models import (
    About,
    Action,
    Case,
    DailyFigures,
    Message,
    Note,
    Notice,
    Preset,
    Reminder,
    Rule,
    Ticket,
)
from testing.scene import external, retweet, say
from timeline import ids
from timeline.models import Bookmark, Draft, KeywordRule, LinkCard, Pin, Post
from timeline.posting.edit import edit

# Whoever looks leaves these behind: a session, a number that limits count, and that they have read
# what was decided about them, and seen their notifications: their own marks, and the one exception
# to a GET that changes nothing. The number of changes rises with the first of them, too.
LEFT_BEHIND = ("accounts.Session", "microblog.Spending", "microblog.ChangeNumber")
READ_MARKS = {
    "accounts.Account": ("unread_from_site",),
    "timeline.NotificationSettings": ("seen_id",),
}


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, but for what any reader leaves behind."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        if label not in LEFT_BEHIND and model._meta.managed:
            names = [
                field.attname
                for field in model._meta.concrete_fields
                if field.name not in READ_MARKS.get(label, ())
            ]
            found[label] = list(model._base_manager.order_by("pk").values_list(*names))
    return found


def changed(before: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    """Return the names of the tables that are not as they were."""
    after = tables()
    return sorted(name for name in before if before[name] != after[name])


def written(queries: CaptureQueriesContext) -> set[str]:
    """Return the tables, by their names in the database, that these queries wrote into."""
    verbs = r'^(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM) "(\w+)"'
    return {
        found[1] for query in queries.captured_queries if (found := re.match(verbs, query["sql"]))
    }


@contextmanager
def taken_back() -> Iterator[None]:
    """Let what is done inside be as if it had not been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Person:
    """Somebody whom deeds are done to, and all that they are done by."""

    account: Account
    post: Post
    sanction: int
    case: Case
    report: Ticket
    notice: Notice

    @property
    def user(self) -> User:
        return User.objects.get(pk=self.account.user_id)


def staff(handle: str, role: str) -> Account:
    """Return somebody with a `role`: "", "Moderators", "Administrators" or "keeper"."""
    user = make_account(handle).user
    user.is_staff, user.is_superuser = bool(role), role == "keeper"
    user.save()
    if role not in ("", "keeper"):
        user.groups.add(Group.objects.get(name=role))
    return Account.objects.select_related("user").get(handle=handle)


def subject(account: Account, by: User, reporter: Account) -> Person:
    """Return `account` with a post, a former handle, a sanction, and a case of a report."""
    post = say(account, "Buy my watches")
    handle = account.handle
    account.change_handle(f"{handle}_")
    account.change_handle(handle)
    batch = decide(
        by, account, Ruling(actions=(Action.WARN, Action.LIMIT), statement="No watches.")
    )
    report = Ticket(kind="report", reporter=reporter, category="spam", text="Watches!")
    report.concern(account, [post.pk])
    report.save()
    report.confirm()
    report.refresh_from_db()
    assert report.case
    Message.objects.say(report, "Are you sure?", None, by)
    Note.objects.create(case=report.case, moderator=by, text="A note")
    limited = account.sanctions.get(decision__action=Action.LIMIT)
    return Person(account, post, limited.pk, report.case, report, Notice.objects.get(batch=batch))


@dataclass
class Site:
    """What a walk needs to know of the rest."""

    waiting: Ticket  # for its confirmation
    draft: Draft
    post: Post
    quote: Post
    unclaimed: Account
    applicant: User


def fill(ada: Account, ben: Account) -> Site:
    """Make a row of everything that no person of a walk is there for."""
    post = say(ada, "Engines for @ben #engines", pictures=1)
    post.card = LinkCard.objects.create(
        url="https://example.com/a", domain="example.com", title="A", fetched_at=timezone.now()
    )
    post.save(update_fields=["card"])
    quote = say(ben, "Look", quote_of=post)
    retweet(ben, post)
    post.like(ben)
    post.bookmark(ada)
    Pin.objects.create(account=ada, post=post)
    assert Bookmark.objects.exists()
    fresh = say(ada, "Befor", ago=timedelta(minutes=1))
    edit(fresh, "Before")
    draft = Draft.objects.create(
        account=ada,
        idempotency_key=uuid4(),
        texts=["A beginning"],
        kept_id=ids.id_at(timezone.now()),
    )
    notice = Notice.objects.to(ben).first()
    if notice:
        notice.appeal_with("That was not me")
    waiting = Ticket(kind="removal", reason="me", text="That is me", email="eve@example.com")
    waiting.concern(external("eve"))
    waiting.save()
    seen = Ticket(kind="removal", reason="me", text="Me too", email="fay@example.com")
    seen.concern(external("fay"))
    seen.save()
    seen.confirm()
    applicant = User.objects.create_user(
        "dora@example.com", "a long pass phrase", wanted_handle="dora"
    )
    Application.objects.create(user=applicant, reason="Engines", confirmed_at=timezone.now())
    made = ImportedAccount.objects.create(source="x", source_id="7", handle="ada_x", account=ada)
    ImportedId.objects.create(source="x", source_account=made.source_id, source_id="20", post=post)
    ask(ada)
    RemovedHandle.objects.add_name("gone")
    BannedEmail.objects.ban("nobody@example.com")
    SignupPolicy.objects.create()
    About.objects.create()
    Invitation.objects.create(note="For a friend", uses=2)
    BlockedDomain.objects.create(domain="spam.example")
    BlockedRange.objects.create(network="192.0.2.0/24", until=timezone.now() + timedelta(days=3))
    ReservedHandle.objects.create(handle="king")
    KeywordRule.objects.create(words="watches", action="report")
    Rule.objects.create(title="Be kind", text="Really", position=1)
    Preset.objects.get_or_create(title="Spam", defaults={"statement": "No spam."})
    DailyFigures.objects.create(day=timezone.now().date() - timedelta(days=1))
    Reminder.objects.create(day=timezone.now().date())
    unclaimed = Account.objects.create_local("grace")
    return Site(waiting, draft, post, quote, unclaimed, applicant)
