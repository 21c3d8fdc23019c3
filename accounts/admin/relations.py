"""The tables of what lies between accounts: follows and former handles."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.ranks import Ranked
from accounts.models import Follow, FormerHandle
from microblog.admin import RecordAdmin, cell, row_link


@admin.register(Follow)
class FollowAdmin(RecordAdmin):
    list_display = ("shown", "who", "whom", "created_at")
    list_select_related = ("follower", "followed")
    search_fields = ("^follower__handle", "^followed__handle")
    search_help_text = "The beginning of the handle of who follows, or of who is followed."
    fields = ("who", "whom", "created_at")

    shown = cell("follow", lambda follow: f"{follow.follower} → {follow.followed}")
    who = cell("who", lambda follow: row_link(follow.follower))
    whom = cell("follows", lambda follow: row_link(follow.followed))


@admin.register(FormerHandle)
class FormerHandleAdmin(Ranked, RecordAdmin):
    """Deleting one sets the handle free before its time."""

    list_display = ("handle", "whose", "until")
    list_select_related = ("account",)
    list_filter = ("until",)
    search_fields = ("^handle", "^account__handle")
    search_help_text = "The beginning of the handle, or of the one that came after it."
    fields = ("handle", "whose", "until")

    whose = cell("now", lambda former: row_link(former.account))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj) and self.is_above(
            request, obj
        )
