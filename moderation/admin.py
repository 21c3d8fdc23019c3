"""The tables of moderation, for administrators: the rules and the words that moderators use, and
the record to look things up in.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from accounts.admin import AccountAdmin
from accounts.models import Account, User
from accounts.ranks import out_of_reach
from microblog.admin import (
    OneRowAdmin,
    RecordAdmin,
    Recorded,
    SettingAdmin,
    action_for,
    link,
    row_link,
)
from moderation.models import (
    About,
    Case,
    Decision,
    Note,
    Preset,
    Rule,
    Sanction,
    Ticket,
    name_of,
)
from moderation.staff.verbs import DELETE, HIDE, RESTORE, SUSPEND, UNHIDE
from timeline.admin.posts import PostAdmin
from timeline.models import Post


@admin.register(About)
class AboutSiteAdmin(OneRowAdmin):
    fields = ("place", "contact", "privacy")


@admin.register(Rule)
class RuleAdmin(SettingAdmin):
    list_display = ("title", "position", "active")
    list_filter = ("active",)
    search_fields = ("title", "text")
    ordering = ("position", "pk")
    fields = ("title", "text", "position", "active")


@admin.register(Preset)
class PresetAdmin(SettingAdmin):
    list_display = ("title", "beginning")
    search_fields = ("title", "statement")
    ordering = ("title",)
    fields = ("title", "statement")

    @admin.display(description="statement")
    def beginning(self, preset: Preset) -> str:
        return Truncator(preset.statement).chars(80)


class AboutAdmin(RecordAdmin):
    """Rows that tell what was said or decided about somebody: nobody reads them of themselves, of
    an equal, or of who is above them.
    """

    person = "account__user"  # by which of its fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return (
            super()
            .get_queryset(request)
            .exclude(**{f"{self.person}__in": out_of_reach(request.user)})  # type: ignore[arg-type]
        )

    @admin.display(description="account")
    def whom(self, row: Any) -> SafeString | str:
        return row_link(row.account) if row.account else "gone"

    @admin.display(description="case")
    def in_case(self, row: Any) -> SafeString | str:
        return link(f"case {row.case_id}", "case", row.case_id) if row.case_id else "-"


@admin.register(Decision)
class DecisionAdmin(AboutAdmin):
    """The record. Nothing changes it."""

    list_display = ("number", "action", "made_at", "who", "whom", "rule", "until", "reasons")
    list_display_links = ("number",)
    list_filter = ("action", "made_at")
    search_fields = ("=account_number", "=moderator_number", "rule", "statement")
    search_help_text = (
        "The id of an account or of a moderator, or a part of the rule or of the reasons."
    )
    fields = (
        "number",
        "action",
        "made_at",
        "who",
        "whom",
        "post_ids",
        "filings",
        "rule",
        "statement",
        "until",
        "about",
        "batch",
        "digest",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        theirs = Account.objects.filter(user__in=out_of_reach(request.user))  # type: ignore[arg-type]
        maker = User.objects.filter(pk=OuterRef("moderator_number"))
        subject = Account.objects.filter(pk=OuterRef("account_number"))
        rows: QuerySet[Any] = RecordAdmin.get_queryset(self, request)
        rows = rows.exclude(account_number__in=theirs.values("pk"))
        named: QuerySet[Any] = rows.annotate(
            maker=Subquery(maker.values("account__handle")),
            maker_email=Subquery(maker.values("email")),
            subject=Subquery(subject.values("handle")),
            subject_host=Subquery(subject.values("host")),
        )
        return named

    @admin.display(description="decision")
    def number(self, decision: Decision) -> str:
        return str(decision.pk)

    @admin.display(description="by")
    def who(self, decision: Any) -> SafeString | str:
        if decision.moderator_number is None:
            return "the clock"
        if not decision.maker_email:
            return f"somebody who is gone (user {decision.moderator_number})"
        return link(
            f"@{decision.maker}" if decision.maker else decision.maker_email,
            "accounts_user_change",
            decision.moderator_number,
        )

    @admin.display(description="about")
    def whom(self, decision: Any) -> SafeString | str:
        if decision.account_number is None:
            return "-"
        if not decision.subject:
            return f"somebody who is gone (account {decision.account_number})"
        name = "@".join(filter(None, (decision.subject, decision.subject_host)))
        return link(f"@{name}", "accounts_account_change", decision.account_number)

    @admin.display(description="reasons")
    def reasons(self, decision: Decision) -> str:
        return Truncator(decision.statement).chars(80)


@admin.register(Case)
class CaseAdmin(AboutAdmin):
    """Every case, the closed ones too; each leads to its page."""

    fields = ("shown", "whom", "severity", "people_count", "opened_at", "closed_at", "assignee")
    list_display = fields
    list_display_links = None
    list_filter = ("severity", "closed_at")
    list_select_related = ("account", "assignee__account")
    search_fields = ("^account__handle", "=account_number")
    search_help_text = "The beginning of the handle of the account, or its id."

    @admin.display(description="case")
    def shown(self, case: Case) -> SafeString:
        return link(case, "case", case.pk)


@admin.register(Ticket)
class TicketAdmin(AboutAdmin):
    """What was sent in, and confirmed; each leads to its case."""

    list_display: Any = ("shown", "whom", "what", "in_case", "created_at", "state")
    list_display_links = ("shown",)
    list_filter = ("kind", "state", "category", "reason", "created_at")
    list_select_related = ("account",)
    search_fields = ("^account__handle", "=account_number", "=email")
    search_help_text = (
        "The beginning of the handle of whom it concerns, or the e-mail address of who sent it."
    )
    fields: ClassVar[Any] = (
        "shown",
        "whom",
        "what",
        "text",
        "post_ids",
        "email",
        "in_case",
        "created_at",
        "state",
        "closed_at",
        "statement",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).exclude(confirmed_at=None)

    @admin.display(description="number")
    def shown(self, ticket: Ticket) -> str:
        return ticket.name

    @admin.display(description="about")
    def whom(self, row: Ticket) -> SafeString | str:
        return super().whom(row)

    @admin.display(description="what")
    def what(self, ticket: Ticket) -> str:
        return str(ticket)


@admin.register(Sanction)
class SanctionAdmin(AboutAdmin):
    """What is in force, and what was."""

    list_display = ("shown", "whom", "until", "due_at", "done_at", "ended_at")
    list_display_links = ("shown",)
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "decision__action")
    list_select_related = ("decision", "account")
    search_fields = ("^account__handle",)
    search_help_text = "The beginning of the handle of the account."
    fields = ("shown", "whom", "post_ids", "until", "due_at", "done_at", "ended_at")

    @admin.display(description="sanction")
    def shown(self, sanction: Sanction) -> str:
        return str(sanction)


@admin.register(Note)
class NoteAdmin(AboutAdmin):
    """What colleagues wrote about a case; each leads to it."""

    person = "case__account__user"
    list_display = ("beginning", "by", "in_case", "created_at")
    list_display_links = ("beginning",)
    list_select_related = ("moderator__account",)
    search_fields = ("text",)
    fields = ("text", "by", "in_case", "created_at")

    @admin.display(description="text")
    def beginning(self, note: Note) -> str:
        return Truncator(note.text).chars(80)

    @admin.display(description="by")
    def by(self, note: Note) -> str:
        return name_of(note.moderator) if note.moderator else "somebody who is gone"


# --- Verbs, and the record of what staff do outside of the queue ---


admin.site.unregister([Account, Post])


@admin.register(Account)
class ModeratedAccountAdmin(AccountAdmin):
    actions = (action_for(SUSPEND), action_for(RESTORE))


@admin.register(Post)
class ModeratedPostAdmin(PostAdmin):
    actions = (action_for(HIDE), action_for(UNHIDE), action_for(DELETE))


@admin.register(Group)
class RoleAdmin(Recorded, GroupAdmin):
    """A role: what its people may do.

    Keepers alone change that, because who changes their own group gives themselves a rank.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser) and super().has_delete_permission(request, obj)
