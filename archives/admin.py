"""What was imported, for people who moderate: to be found, not to be changed, for it is what keeps deleted posts deleted."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html

from archives.models import ImportedAccount, ImportedId


def _link(page: str, to: Model) -> str:
    """A link to the admin's `page` of `to`."""
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{page}", args=[to.pk]), to)


class _Record(admin.ModelAdmin):  # type: ignore[type-arg]
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, *args: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any) -> bool:
        return False


@admin.register(ImportedAccount)
class ImportedAccountAdmin(_Record):
    list_display = ["x_handle", "account_here", "source", "source_id", "made_at"]
    list_select_related = ["account"]
    list_filter = ["source", "made_at"]
    search_fields = ["handle", "source_id", "account__handle"]
    ordering = ["-pk"]
    fields = ["source", "source_id", "handle", "account_here", "made_at"]
    readonly_fields = ["account_here"]

    @admin.display(description="handle there", ordering="handle")
    def x_handle(self, row: ImportedAccount) -> str:
        return f"@{row.handle}"

    @admin.display(description="account here", ordering="account__handle")
    def account_here(self, row: ImportedAccount) -> str:
        return _link("accounts_account_change", row.account)


@admin.register(ImportedId)
class ImportedIdAdmin(_Record):
    list_display = ["source_id", "source", "source_account", "post_here"]
    list_select_related = ["post__author"]
    list_filter = ["source", ("post", admin.EmptyFieldListFilter)]
    search_fields = ["=source_id", "=source_account"]
    search_help_text = "An id of X's: of a post, or of an account."
    ordering = ["-pk"]
    fields = ["source", "source_account", "source_id", "post_here"]
    readonly_fields = ["post_here"]

    @admin.display(description="post here", empty_value="deleted here")
    def post_here(self, row: ImportedId) -> str | None:
        return _link("timeline_post_change", row.post) if row.post else None
