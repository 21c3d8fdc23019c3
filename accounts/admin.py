"""The admin of people: who signs in, who appears, and who follows whom."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.db.models import QuerySet
from django.forms import EmailField, ModelForm, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.auth import email_changes
from accounts.models import (
    Account,
    Application,
    BannedEmail,
    BlockedDomain,
    BlockedRange,
    Follow,
    FormerHandle,
    Invitation,
    ReservedHandle,
    SignupPolicy,
    User,
)
from accounts.models.banned_email import digest_of
from accounts.ranks import Rank, RankError, check_above, check_reads, people_from
from microblog.admin import (
    CappedPaginator,
    ModeratorAdmin,
    OneRowAdmin,
    RecordAdmin,
    Recorded,
    SettingAdmin,
    Verb,
    action_for,
    image,
    link,
    links,
    number_link,
    row_link,
    since,
)

# --- Ranks ---


class Ranked(Recorded):
    """Rows that belong to somebody: who may not act on them changes and deletes nothing, and reads
    no history.
    """

    def owner_of(self, obj: Any) -> User | None:
        """Whom `obj` belongs to, if they sign in."""
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


# --- Users ---


class UserCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email",)


RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """A new password, or none: every session of the person ends."""

    @property
    def changed_data(self) -> list[str]:
        """For the record: also where it is taken away, of which Django says that nothing was
        changed.
        """
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
        (None, {"fields": ("email", "password", "profile")}),
        (
            "Permissions",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    change_password_form = PasswordForm
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "usable_password", "password1", "password2"),
            },
        ),
    )
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

    @admin.display(description="account")
    def profile(self, user: User) -> SafeString | str:
        return row_link(getattr(user, "account", None))

    def owner_of(self, obj: User) -> User:
        return obj

    def account_of(self, row: User) -> Account | None:
        return getattr(row, "account", None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Nobody but a keeper hands out rights one by one; roles have a page of their own."""
        rights = () if request.user.is_superuser else RIGHTS
        return (*super().get_readonly_fields(request, obj), *rights)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001  (Django's signature)
        """Whose door is closed or opened, and whose rights change, is signed out everywhere, for
        good.
        """
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


# --- Accounts ---


class StandingFilter(admin.SimpleListFilter):
    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("good", "in good standing"), ("suspended", "suspended")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Account]
    ) -> QuerySet[Account] | None:
        return (
            queryset.filter(suspended_at__isnull=self.value() == "good") if self.value() else None
        )


class OriginFilter(admin.SimpleListFilter):
    title = "where from"
    parameter_name = "from"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("here", "here"), ("elsewhere", "elsewhere, known from archives")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Account]
    ) -> QuerySet[Account] | None:
        if self.value() == "here":
            return queryset.filter(host="")
        return queryset.exclude(host="") if self.value() else None


class OwnerFilter(admin.SimpleListFilter):
    title = "who signs in"
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("somebody", "somebody"), ("nobody", "nobody")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Account]
    ) -> QuerySet[Account] | None:
        return queryset.filter(user__isnull=self.value() == "nobody") if self.value() else None


@admin.register(Account)
class AccountAdmin(HistoryRanked, ModeratorAdmin):
    list_display = (
        "handle_shown",
        "portrait",
        "name",
        "sign_in",
        "posts",
        "followers_shown",
        "joined",
        "standing",
    )
    list_display_links = ("handle_shown",)
    list_filter = (StandingFilter, OriginFilter, OwnerFilter)
    list_select_related = ("user",)
    search_fields = ("^handle", "name", "=user__email")
    search_help_text = (
        "The beginning of a handle, a part of a name, a whole handle such as @ada or ada@x.com, or "
        "an e-mail address."
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "handle_shown",
                    "portrait",
                    "name",
                    "bio",
                    "location",
                    "website",
                    "banner_shown",
                )
            },
        ),
        ("Standing", {"fields": ("standing", "sign_in", "joined", "handles_before")}),
        ("What it did here", {"fields": ("deeds", "people")}),
        ("What it brought from elsewhere", {"fields": ("carried_followers", "carried_following")}),
    )

    def account_of(self, row: Account) -> Account:
        return row

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Account], search_term: str
    ) -> tuple[QuerySet[Account], bool]:
        name = search_term.strip().removeprefix("@")
        if search_term.strip().startswith("@"):
            return queryset.filter(pk__in=Account.objects.named(name)), False
        found, duplicates = super().get_search_results(request, queryset, name)
        return (
            found | queryset.filter(pk__in=Account.objects.named(name)) if "@" in name else found
        ), duplicates

    @admin.display(description="account")
    def handle_shown(self, account: Account) -> str:
        return str(account)

    @admin.display(description="")
    def portrait(self, account: Account) -> SafeString | str:
        return (
            image(account.small_avatar, "", 32)
            if account.avatar and not account.suspended_at
            else ""
        )

    @admin.display(description="banner")
    def banner_shown(self, account: Account) -> SafeString | str:
        return (
            image(f"/media/{account.banner}/small.webp", "", 100)
            if account.banner and not account.suspended_at
            else "-"
        )

    @admin.display(description="signs in as")
    def sign_in(self, account: Account) -> SafeString | str:
        return row_link(account.user)

    @admin.display(description="posts")
    def posts(self, account: Account) -> SafeString:
        return number_link(
            account.posts_count, "", "timeline_post_changelist", author__id__exact=account.pk
        )

    @admin.display(description="followers")
    def followers_shown(self, account: Account) -> SafeString:
        return number_link(
            account.followers_count,
            "",
            "accounts_follow_changelist",
            followed__id__exact=account.pk,
        )

    @admin.display(description="joined")
    def joined(self, account: Account) -> str:
        return f"{account.joined_at:%-d %b %Y}"

    @admin.display(description="standing")
    def standing(self, account: Account) -> str:
        states = (
            ("suspended", account.suspended_at),
            ("frozen", account.frozen_at),
            ("limited", account.limited_at),
        )
        return ", ".join(since(word, moment) for word, moment in states if moment) or "good"

    @admin.display(description="handles before")
    def handles_before(self, account: Account) -> SafeString | str:
        handles = account.former_handles.kept()
        return links(*(row_link(former, f"@{former.handle}") for former in handles)) or "-"

    @admin.display(description="said and liked")
    def deeds(self, account: Account) -> SafeString:
        return links(
            number_link(
                account.posts_count,
                "posts",
                "timeline_post_changelist",
                author__id__exact=account.pk,
            ),
            number_link(
                account.media_count,
                "pictures and videos",
                "timeline_media_changelist",
                post__author__id__exact=account.pk,
            ),
            link("likes", "timeline_like_changelist", account__id__exact=account.pk),
            link(
                "mentions of it",
                "timeline_post_changelist",
                mentions__account__id__exact=account.pk,
            ),
        )

    @admin.display(description="people")
    def people(self, account: Account) -> SafeString:
        return links(
            number_link(
                account.followers_count,
                "followers",
                "accounts_follow_changelist",
                followed__id__exact=account.pk,
            ),
            number_link(
                account.following_count,
                "following",
                "accounts_follow_changelist",
                follower__id__exact=account.pk,
            ),
        )


# --- What lies between accounts ---


@admin.register(Follow)
class FollowAdmin(RecordAdmin):
    list_display = ("shown", "who", "whom", "created_at")
    list_select_related = ("follower", "followed")
    search_fields = ("^follower__handle", "^followed__handle")
    search_help_text = "The beginning of the handle of who follows, or of who is followed."
    fields = ("who", "whom", "created_at")

    @admin.display(description="follow")
    def shown(self, follow: Follow) -> str:
        return format_html("{} → {}", follow.follower, follow.followed)

    @admin.display(description="who")
    def who(self, follow: Follow) -> SafeString | str:
        return row_link(follow.follower)

    @admin.display(description="follows")
    def whom(self, follow: Follow) -> SafeString | str:
        return row_link(follow.followed)


@admin.register(FormerHandle)
class FormerHandleAdmin(Ranked, RecordAdmin):
    """Deleting one sets the handle free before its time."""

    list_display = ("handle", "whose", "until")
    list_select_related = ("account",)
    list_filter = ("until",)
    search_fields = ("^handle", "^account__handle")
    search_help_text = "The beginning of the handle, or of the one that came after it."
    fields = ("handle", "whose", "until")

    @admin.display(description="now")
    def whose(self, former: FormerHandle) -> SafeString | str:
        return row_link(former.account)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj) and self.is_above(
            request, obj
        )


# --- Who may come in ---


@admin.register(SignupPolicy)
class AdmissionAdmin(OneRowAdmin):
    fieldsets = (
        ("Sign-up", {"fields": ("mode", "fill_seconds", "question", "answers")}),
        (
            "Newcomers",
            {
                "fields": (
                    "newcomer_days",
                    "newcomer_followers",
                    "newcomer_links",
                    "newcomer_mentions",
                    "newcomer_posts",
                )
            },
        ),
    )


def _why_not(request: HttpRequest, application: Application) -> str:
    try:
        check_above(request.user, application.user, application)  # type: ignore[arg-type]
    except RankError as error:
        return str(error)
    return ""


APPROVE = Verb(
    name="approve",
    label="Approve: they get their account, and a mail",
    done="Approved {}.",
    not_needed="{} had been decided before.",
    needed=lambda application: Application.objects.filter(pk=application.pk).exists(),
    do=lambda _request, application: application.approve(),
    refusal=_why_not,
)
REFUSE = Verb(
    name="refuse",
    label="Refuse: what they sent is deleted, and they get a mail",
    done="Refused {}.",
    not_needed="{} had been decided before.",
    needed=lambda application: Application.objects.filter(pk=application.pk).exists(),
    do=lambda _request, application: application.refuse(),
    refusal=_why_not,
    warning="They are told, and what they sent is deleted. They can ask once more.",
)


@admin.register(Application)
class ApplicationAdmin(ModeratorAdmin):
    """Who waits to be let in, who waits longest first."""

    actions = (action_for(APPROVE), action_for(REFUSE))
    list_display = ("email", "wanted", "reason", "created_at")
    list_select_related = ("user",)
    ordering = ("pk",)
    search_fields = ("user__email", "^user__wanted_handle", "reason")
    search_help_text = (
        "A part of the e-mail address or of the reason, or the beginning of the handle."
    )
    fields = ("email", "wanted", "reason", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return super().get_queryset(request).exclude(confirmed_at=None)

    @admin.display(description="e-mail address")
    def email(self, application: Application) -> str:
        return application.user.email

    @admin.display(description="wants to be")
    def wanted(self, application: Application) -> str:
        return f"@{application.user.wanted_handle}"


class InvitationForm(ModelForm):  # type: ignore[type-arg]
    def clean_uses(self) -> int:
        uses: int = self.cleaned_data["uses"]
        if uses < self.instance.used:
            raise ValidationError(f"{self.instance.used} came by it already.")
        return uses


class BannedEmailForm(ModelForm):  # type: ignore[type-arg]
    by: User  # who bans

    email = EmailField(
        label="E-mail address",
        help_text="Not kept; by what is kept it can be recognised. What follows a + does not matter.",
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if BannedEmail.objects.is_banned(email):
            raise ValidationError("This address is banned already.")
        self.instance.digest = digest_of(email)
        try:
            check_above(self.by, _banned(self.instance), email)
        except RankError as error:
            raise ValidationError(str(error)) from error
        return email


def _banned(row: BannedEmail) -> User | None:
    """Whose address `row` is, of those who have a rank; a digest is compared, not looked up."""
    return next(
        (user for user in people_from(Rank.MODERATOR) if digest_of(user.email) == row.digest), None
    )


@admin.register(Invitation)
class InvitationAdmin(SettingAdmin):
    form = InvitationForm
    list_display = ("shown", "came", "until", "maker", "link_shown")
    list_select_related = ("made_by",)
    search_fields = ("note",)
    search_help_text = "A part of the note."
    fields = ("note", "uses", "until", "link_shown", "came", "maker")
    readonly_fields = ("link_shown", "came", "maker")

    @admin.display(description="invitation")
    def shown(self, invitation: Invitation) -> str:
        return str(invitation)

    @admin.display(description="came by it")
    def came(self, invitation: Invitation) -> str:
        return f"{invitation.used} of {invitation.uses}"

    @admin.display(description="link")
    def link_shown(self, invitation: Invitation) -> str:
        return invitation.url if invitation.pk else "is there when this is saved"

    @admin.display(description="made by")
    def maker(self, invitation: Invitation) -> SafeString | str:
        return row_link(invitation.made_by)

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:  # noqa: FBT001  (Django's signature)
        if not change:
            obj.made_by_id = request.user.pk
        super().save_model(request, obj, form, change)


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
        return ("shown", "created_at") if obj else ("email",)

    def get_readonly_fields(self, request: HttpRequest, obj: BannedEmail | None = None) -> Any:
        return ("shown", "created_at") if obj else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[BannedEmail], search_term: str
    ) -> tuple[QuerySet[BannedEmail], bool]:
        return (
            queryset.filter(digest=digest_of(search_term)) if search_term.strip() else queryset
        ), False

    @admin.display(description="address")
    def shown(self, banned: BannedEmail) -> str:
        return str(banned)
