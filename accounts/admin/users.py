"""The table of who signs in."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.http import HttpRequest

from accounts.admin.ranks import HistoryRanked, Ranked
from accounts.auth import email_changes
from accounts.models import Account, User
from microblog.admin import CappedPaginator, cell, row_link, section


class UserCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email",)


RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """A new password, or none: every session of the person ends."""

    @property
    def changed_data(self) -> list[str]:
        """Name it for the record, also where it is taken away: Django says nothing was changed."""
        return ["password"]

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002  (Django's signature)
        user: User = super().save(commit)
        user.end_sessions()
        return user


@admin.register(User)
class UserAdmin(Ranked, HistoryRanked, BaseUserAdmin):  # type: ignore[type-arg]
    """Who signs in: closed by unticking "active", never deleted here, so that no account is left
    without its owner.

    Nobody changes themselves here, or somebody of their own rank: for oneself there are the site's
    own pages.
    """

    add_form = UserCreationForm
    fieldsets = (
        section(None, "email password profile"),
        section("Permissions", "is_active is_staff is_superuser groups user_permissions"),
        section("Dates", "last_login date_joined"),
    )
    change_password_form = PasswordForm
    add_fields = ("email", "usable_password", "password1", "password2")
    add_fieldsets = ((None, {"classes": ("wide",), "fields": add_fields}),)
    readonly_fields = ("profile", "last_login", "date_joined")
    list_display = (
        "email",
        "profile",
        "is_active",
        "is_staff",
        "is_superuser",
        "date_joined",
        "last_login",
    )
    list_filter = ("is_active", "is_staff", "is_superuser", "date_joined", "groups")
    list_select_related = ("account",)
    search_fields = ("email", "^account__handle")
    search_help_text = "An e-mail address, or the handle of the account."
    ordering = ("-pk",)
    sortable_by = ()
    paginator = CappedPaginator
    show_full_result_count = False

    profile = cell("account", lambda user: row_link(getattr(user, "account", None)))

    def owner_of(self, obj: User) -> User:
        return obj

    def account_of(self, row: User) -> Account | None:
        return getattr(row, "account", None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Leave rights to keepers, who give them one by one; roles have a page of their own."""
        rights = () if request.user.is_superuser else RIGHTS
        return (*super().get_readonly_fields(request, obj), *rights)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001  (Django's signature)
        """Sign out everywhere, for good, whose door is closed or opened, or whose rights change."""
        if not change:
            return super().save_model(request, obj, form, change)
        changed = set(form.changed_data)
        # never an epoch, which may have grown meanwhile
        obj.save(update_fields=changed - {"groups", "user_permissions"})
        if "email" in changed:
            email_changes.change(obj, obj.email)
        if changed & {"is_active", *RIGHTS}:
            obj.end_sessions()
        return None
