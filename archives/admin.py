"""Whose archives were imported, and into which account: to be found, not to be changed."""

from django.contrib import admin

from archives.models import ImportedAccount
from microblog.admin import RecordAdmin, row_link


@admin.register(ImportedAccount)
class ImportedAccountAdmin(RecordAdmin):
    list_display = ["x_handle", "account_here", "source", "source_id", "made_at"]
    list_select_related = ["account"]
    list_filter = ["source", "made_at"]
    search_fields = ["handle", "source_id", "account__handle"]
    fields = ["source", "source_id", "handle", "account_here", "made_at"]

    @admin.display(description="handle there", ordering="handle")
    def x_handle(self, row: ImportedAccount) -> str:
        return f"@{row.handle}"

    @admin.display(description="account here", ordering="account__handle")
    def account_here(self, row: ImportedAccount) -> str:
        return row_link(row.account)
