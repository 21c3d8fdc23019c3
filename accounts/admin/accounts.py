"""The table of who appears."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.admin.ranks import HistoryRanked
from accounts.models import Account
from microblog.admin import (
    ModeratorAdmin,
    cell,
    choice_filter,
    image,
    link,
    links,
    number_link,
    row_link,
    section,
    since,
)
from microblog.media import uploads

StandingFilter = choice_filter(
    "standing",
    "standing",
    good=("in good standing", Q(absent_at=None)),
    suspended=("suspended", ~Q(suspended_at=None)),
    left=("deactivated or deleted", ~Q(deactivated_at=None, deleted_at=None)),
)
OriginFilter = choice_filter(
    "where from",
    "from",
    here=("here", Q(host="")),
    elsewhere=("elsewhere, known from archives", ~Q(host="")),
)
OwnerFilter = choice_filter(
    "who signs in",
    "owner",
    somebody=("somebody", ~Q(user=None)),
    nobody=("nobody", Q(user=None)),
)


def posts_of(account: Account, what: str = "") -> SafeString:
    return number_link(
        account.posts_count, what, "timeline_post_changelist", author__id__exact=account.pk
    )


def followers_of(account: Account, what: str = "") -> SafeString:
    return number_link(
        account.followers_count, what, "accounts_follow_changelist", followed__id__exact=account.pk
    )


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
        section(None, "handle_shown portrait name bio location website banner_shown"),
        section("Standing", "standing sign_in joined handles_before"),
        section("What it did here", "deeds people"),
        section("What it brought from elsewhere", "imported_followers imported_following"),
    )

    handle_shown = cell("account", str)
    sign_in = cell("signs in as", lambda account: row_link(account.user))
    posts = cell("posts", posts_of)
    followers_shown = cell("followers", followers_of)
    joined = cell("joined", lambda account: f"{account.joined_at:%-d %b %Y}")

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

    @admin.display(description="")
    def portrait(self, account: Account) -> SafeString | str:
        shows = account.avatar and not account.absent_at
        return image(account.small_avatar, "", 32) if shows else ""

    @admin.display(description="banner")
    def banner_shown(self, account: Account) -> SafeString | str:
        shows = account.banner and not account.absent_at
        return image(uploads.url(account.banner, "small.webp"), "", 100) if shows else "-"

    @admin.display(description="standing")
    def standing(self, account: Account) -> str:
        states = (
            ("suspended", account.suspended_at),
            ("deactivated", account.deactivated_at),
            ("deleted", account.deleted_at),
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
            posts_of(account, "posts"),
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
            followers_of(account, "followers"),
            number_link(
                account.following_count,
                "following",
                "accounts_follow_changelist",
                follower__id__exact=account.pk,
            ),
        )
