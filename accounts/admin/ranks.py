"""Keep staff from acting on, and reading of, who stands as high as they do."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse

from accounts.models import Account, User
from accounts.ranks import RankError, check_above, check_reads
from microblog.admin import Recorded


class Ranked(Recorded):
    """Rows of somebody: who may not act on them changes, deletes and reads the history of none."""

    def owner_of(self, obj: Any) -> User | None:
        """Return whom `obj` belongs to, if they sign in."""
        return obj.account.user if obj.account else None

    def is_above(self, request: HttpRequest, obj: Any) -> bool:
        try:
            check_above(request.user, self.owner_of(obj) if obj else None, obj)  # type: ignore[arg-type]
        except RankError:
            return False
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self.is_above(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self.is_above(request, obj)


class HistoryRanked(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows of an account, whose history tells what staff did to it: nobody reads there what they
    may not read of themselves.
    """

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row:
            check_reads(request.user, self.account_of(row))  # type: ignore[arg-type]
        return super().history_view(request, object_id, extra_context)

    def account_of(self, row: Any) -> Account | None:
        raise NotImplementedError
