"""What was imported, for people who moderate: to be found, not to be changed, for it is what keeps
deleted posts deleted.
"""

from django.contrib import admin

from archives.models import ImportedAccount, ImportedId
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


@admin.register(ImportedId)
class ImportedIdAdmin(RecordAdmin):
    list_display = ["source_id", "source", "source_account", "post_here"]
    list_select_related = ["post__author"]
    list_filter = ["source", ("post", admin.EmptyFieldListFilter)]
    search_fields = ["=source_id", "=source_account"]
    search_help_text = "An id of X's: of a post, or of an account."
    fields = ["source", "source_account", "source_id", "post_here"]

    @admin.display(description="post here", empty_value="deleted here")
    def post_here(self, row: ImportedId) -> str | None:
        return row_link(row.post) if row.post else None
