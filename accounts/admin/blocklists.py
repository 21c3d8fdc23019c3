"""The tables of who may not come in, and of handles that nobody may have."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import EmailField, ModelForm, ValidationError
from django.http import HttpRequest

from accounts.admin.ranks import Ranked
from accounts.models import BannedEmail, BlockedDomain, BlockedRange, ReservedHandle, User
from accounts.models.blocklists import digest_of_email
from accounts.ranks import Rank, RankError, check_above, people_from
from microblog.admin import SettingAdmin, cell


class BannedEmailForm(ModelForm):  # type: ignore[type-arg]
    by: User  # who bans

    email = EmailField(
        label="E-mail address",
        help_text="Not kept; by what is kept it can be recognised. "
        "What follows a + does not matter.",
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if BannedEmail.objects.is_banned(email):
            raise ValidationError("This address is banned already.")
        self.instance.digest = digest_of_email(email)
        try:
            check_above(self.by, _banned(self.instance), email)
        except RankError as error:
            raise ValidationError(str(error)) from error
        return email


def _banned(row: BannedEmail) -> User | None:
    """Return whose address `row` is, of who has a rank; a digest is compared, not looked up."""
    return next(
        (user for user in people_from(Rank.MODERATOR) if digest_of_email(user.email) == row.digest),
        None,
    )


@admin.register(BlockedDomain)
class BlockedDomainAdmin(SettingAdmin):
    list_display = ("domain", "until", "note")
    search_fields = ("domain", "note")
    search_help_text = "A part of the domain, or of the note."


@admin.register(BlockedRange)
class BlockedRangeAdmin(SettingAdmin):
    list_display = ("network", "until", "note")
    list_filter = ("until",)
    search_fields = ("^network", "note")
    search_help_text = "The beginning of the range, or a part of the note."


@admin.register(ReservedHandle)
class ReservedHandleAdmin(SettingAdmin):
    list_display = ("handle", "note")
    search_fields = ("^handle", "note")
    search_help_text = "The beginning of the handle, or a part of the note."


@admin.register(BannedEmail)
class BannedEmailAdmin(Ranked, SettingAdmin):
    """Added by the address, and found by it; deleting a row lifts the ban."""

    form = BannedEmailForm
    list_display = ("shown", "created_at")
    search_fields = ("digest",)
    search_help_text = "A whole e-mail address. The list does not hold the addresses themselves."

    shown = cell("address", str)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def owner_of(self, obj: BannedEmail) -> User | None:
        return _banned(obj)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        # of a class that is made for this request
        form.by = request.user  # type: ignore[attr-defined]
        return form

    def get_fields(self, request: HttpRequest, obj: BannedEmail | None = None) -> Any:
        return self.list_display if obj else ("email",)

    def get_readonly_fields(self, request: HttpRequest, obj: BannedEmail | None = None) -> Any:
        return self.list_display if obj else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[BannedEmail], search_term: str
    ) -> tuple[QuerySet[BannedEmail], bool]:
        if search_term.strip():
            queryset = queryset.filter(digest=digest_of_email(search_term))
        return queryset, False
