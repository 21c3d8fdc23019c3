"""What the admin's pages share: rows that moderators look at and act upon, not type into."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation, ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from microblog.signals import staff_acted
from microblog.templatetags.microblog import compact
from microblog.web.converters import parse_id

MOST_COUNTED = 10_000
MOST_AT_ONCE = 500
WITHOUT_BUTTONS = {
    "show_save": False,
    "show_save_and_continue": False,
    "show_save_and_add_another": False,
}


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than MOST_COUNTED rows, so that a list costs the same on a large site; a
    search finds what lies behind.
    """

    @cached_property
    def count(self) -> int:
        rows: models.QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:MOST_COUNTED].count()


def record(request: HttpRequest, verb: str, row: models.Model) -> None:
    """Tell the apps above what staff did to `row`: "added", "changed", a verb's label."""
    staff_acted.send(type(row), request=request, verb=verb, row=row)


def each_deed_apart[View: Callable[..., Any]](view: View) -> View:
    """Mark a view of the admin whose deeds are a transaction each, with their record; all others
    are one (moderation.staff.site).
    """
    view.each_deed_apart = True  # type: ignore[attr-defined]
    return view


class Recorded(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows whose additions, changes and deletions are told to the apps above (staff_acted)."""

    @each_deed_apart
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, extra_context)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Refuse ranges: an address names one value, whose letters Django takes for the ends, and
        the database breaks.
        """
        return not lookup.endswith("__range") and super().lookup_allowed(lookup, value, request)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        record(request, "added", obj)
        return super().log_addition(request, obj, message)

    def log_change(  # type: ignore[override]
        self, request: HttpRequest, obj: Any, message: Any
    ) -> LogEntry | None:
        if not message:  # what was saved without a change is none
            return None
        record(request, f"changed ({', '.join(_fields(message))})", obj)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            record(request, "deleted", row)
        return super().log_deletions(request, queryset)


def _fields(message: Any) -> list[str]:
    """Return what a change log names: fields alone, never what stood in them."""
    parts = message if isinstance(message, list) else []
    return [field for part in parts for field in part.get("changed", {}).get("fields", [])] or [
        "something"
    ]


class TableAdmin(Recorded):
    """Lists that cost the same with a million rows."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 50
    sortable_by = ()
    ordering: ClassVar[Any] = ("-pk",)

    def response_action(
        self, request: HttpRequest, queryset: "models.QuerySet[Any]", *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Keep of what a form says was selected what can be a row: Django breaks at the rest."""
        selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if None not in map(parse_id, selected):
            return super().response_action(request, queryset, *args, **kwargs)
        self.message_user(request, "There are no such rows. Nothing was changed.", messages.ERROR)
        return None


class ModeratorAdmin(TableAdmin):
    """Rows that nobody adds to, edits or deletes from."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            name for _, options in self.get_fieldsets(request, obj) for name in options["fields"]
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().render_change_form(request, {**context, **WITHOUT_BUTTONS}, *args, **kwargs)


class SettingAdmin(TableAdmin):
    """Rows that administrators add, type into and delete: what the site is told to do."""


class OneRowAdmin(SettingAdmin):
    """One row of settings: its list leads to its page."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the row; until somebody saves it, to the page to add it, with the defaults."""
        row = self.get_queryset(request).first()
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if row and self.has_view_or_change_permission(request):
            return HttpResponseRedirect(reverse(f"{name}_change", args=[row.pk]))
        if self.has_add_permission(request):
            return HttpResponseRedirect(reverse(f"{name}_add"))
        return super().changelist_view(request, extra_context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the same page before somebody saves it for the first time: nothing is added."""
        return super().add_view(
            request,
            form_url,
            {**(extra_context or {}), "title": capfirst(str(self.opts.verbose_name))},
        )

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Offer no link that adds one more, without asking whether there is one."""
        return {
            "add": False,
            "change": self.has_change_permission(request),
            "delete": False,
            "view": self.has_view_permission(request),
        }

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.get_queryset(request).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RecordAdmin(ModeratorAdmin):
    """Rows to look at, and nothing else."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or super().has_change_permission(
            request, obj
        )


# --- Verbs ---


@dataclass(frozen=True)
class Verb:
    """A verb of the model, as an action of its list and of its page."""

    name: str
    label: str
    # "Hid {}." and "{} were hidden already.": what is said afterwards, of a number of rows
    done: str
    not_needed: str
    needed: Callable[[Any], bool]
    do: Callable[[HttpRequest, Any], object]
    permission: str = "change"
    warning: str = ""  # what a page says that asks first
    refusal: Callable[[HttpRequest, Any], str] = lambda _request, _row: ""
    is_recorded: bool = False  # by what it does; else `staff_acted` tells of it


def action_for(
    verb: Verb,
) -> Callable[[TableAdmin, HttpRequest, "models.QuerySet[Any]"], HttpResponse | None]:
    """Return the admin action that does `verb` to each selected row, and records who did."""

    @admin.action(
        permissions=[verb.permission],
        description=verb.label,
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def act(
        modeladmin: TableAdmin, request: HttpRequest, rows: "models.QuerySet[Any]"
    ) -> HttpResponse | None:
        chosen = list(rows[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            modeladmin.message_user(
                request, f"At most {MOST_AT_ONCE} at once. Nothing was changed.", messages.ERROR
            )
            return None
        if verb.warning and "confirmed" not in request.POST:
            return _ask(modeladmin, request, verb, chosen)
        refusals = {row: reason for row in chosen if (reason := verb.refusal(request, row))}
        for reason in refusals.values():
            modeladmin.message_user(request, reason, messages.ERROR)
        needed = [row for row in chosen if row not in refusals and verb.needed(row)]
        for row in needed:
            with transaction.atomic():
                verb.do(request, row)
                _log(request, verb, row)
        if needed:
            modeladmin.message_user(
                request, verb.done.format(_number(modeladmin, len(needed))), messages.SUCCESS
            )
        if idle := len(chosen) - len(needed) - len(refusals):
            modeladmin.message_user(
                request, verb.not_needed.format(_number(modeladmin, idle)), messages.WARNING
            )
        return None

    act.__name__ = verb.name
    return act


def _ask(modeladmin: TableAdmin, request: HttpRequest, verb: Verb, rows: list[Any]) -> HttpResponse:
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": verb.label,
        "opts": modeladmin.opts,
        "verb": verb,
        "rows": rows,
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
        "media": modeladmin.media,
    }
    return TemplateResponse(request, "admin/confirm_verb.html", context)


def _log(request: HttpRequest, verb: Verb, row: Any) -> None:
    """Write it into the row's history by its id alone: no text outlives what was deleted."""
    if not verb.is_recorded:
        record(request, verb.label, row)
    LogEntry.objects.create(
        user_id=request.user.pk or 0,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=f"{row._meta.verbose_name} {row.pk}",  # noqa: SLF001  (documented)
        action_flag=DELETION if verb.permission == "delete" else CHANGE,
        change_message=f"{verb.label}.",
    )


def _number(modeladmin: TableAdmin, number: int) -> str:
    opts = modeladmin.opts
    return f"{number} {opts.verbose_name if number == 1 else opts.verbose_name_plural}"


# --- Filters, sections and cells ---


def choice_filter(
    name: str, parameter: str, **options: tuple[str, Q]
) -> type[admin.SimpleListFilter]:
    """Return a filter of `options`: by the value in the address, a label and a condition."""

    class ChoiceFilter(admin.SimpleListFilter):
        title, parameter_name = name, parameter

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(value, label) for value, (label, _) in options.items()]

        def queryset(self, request: HttpRequest, queryset: Any) -> Any:
            return queryset.filter(options.get(self.value() or "", ("", Q()))[1])

    return ChoiceFilter


def section(title: str | None, fields: str) -> tuple[str | None, Any]:
    """Return a part of the page of a row for `fieldsets`; `fields` are names, apart by spaces."""
    return title, {"fields": fields.split()}


def cell(description: str, show: Callable[[Any], object]) -> Callable[[Any, Any], object]:
    """Return a method of an admin that shows something of a row, under the head `description`."""

    @admin.display(description=description)
    def method(_admin: Any, row: Any) -> object:
        return show(row)

    return method


def link(text: object, name: str, *args: Any, **query: Any) -> SafeString:
    """Return a link to a page of the admin: its name without "admin:", its arguments, its query."""
    return format_html(
        '<a href="{}">{}</a>', reverse(f"admin:{name}", args=args, query=query or None), text
    )


def row_link(row: models.Model | None, text: object = "") -> SafeString | str:
    """Return a link to the page of `row`."""
    if row is None:
        return "-"
    name = row._meta.label_lower.replace(".", "_")  # noqa: SLF001  (documented)
    return link(text or row, f"{name}_change", row.pk)


def links(*cells: str) -> SafeString:
    return format_html_join(" · ", "{}", ((cell,) for cell in cells))


def image(url: str, alt: str, size: int) -> SafeString:
    return format_html('<img src="{}" alt="{}" height="{}" loading="lazy">', url, alt, size)


def number_link(number: int, what: str, name: str, **query: Any) -> SafeString:
    return link(f"{compact(number)} {what}".strip(), name, **query)


def since(word: str, moment: datetime) -> str:
    return f"{word} {moment:%-d %b %Y, %H:%M}"
