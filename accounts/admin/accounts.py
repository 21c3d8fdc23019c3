"""The table of who appears."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.admin.ranks import HistoryRanked
from accounts.models import (
    Account,
)
from microblog.admin import (
    ModeratorAdmin,
    image,
    link,
    links,
    number_link,
    row_link,
    since,
)
from microblog.media import uploads


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
        (
            "What it brought from elsewhere",
            {"fields": ("imported_followers", "imported_following")},
        ),
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
            image(uploads.url(account.banner, "small.webp"), "", 100)
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
