"""The admin of posts: read, searched and filtered here, changed by moderation's verbs."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin import ActionLocation
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.ranks import HistoryRanked
from accounts.models import Account
from microblog.admin import (
    ModeratorAdmin,
    cell,
    choice_filter,
    image,
    links,
    number_link,
    row_link,
    section,
    since,
)
from microblog.web.converters import parse_id
from timeline import ids
from timeline.admin.attached import is_served, short_text
from timeline.models import Post


class WhenFilter(admin.SimpleListFilter):
    """By the id, which is the time."""

    title = "when"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("1", "the past day"),
            ("7", "the past 7 days"),
            ("30", "the past 30 days"),
            ("365", "the past year"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post] | None:
        if self.value() not in {days for days, _ in self.lookup_choices}:
            return None
        return queryset.filter(
            pk__gte=ids.id_at(timezone.now() - timedelta(days=int(self.value() or 0)))
        )


StateFilter = choice_filter(
    "state",
    "state",
    seen=("seen", Q(hidden_at=None, deleted_at=None)),
    hidden=("hidden", Q(deleted_at=None) & ~Q(hidden_at=None)),
    deleted=("being deleted", ~Q(deleted_at=None)),
)
OriginFilter = choice_filter(
    "where from",
    "from",
    here=("an account here", Q(is_external=False)),
    elsewhere=("elsewhere, known from archives", Q(is_external=True)),
)


@admin.register(Post)
class PostAdmin(HistoryRanked, ModeratorAdmin):
    list_display = ("shown", "pictures", "by", "kind", "about", "figures", "when", "state")
    list_filter = (WhenFilter, StateFilter, "kind", OriginFilter, "sensitive")
    list_select_related = ("author", "retweet_of__author", "reply_to__author", "quote_of__author")
    search_fields = ("text",)
    search_help_text = (
        "A part of the text, the author's handle such as @ada or @ada@x.com, or the number in a "
        "post's address."
    )
    fieldsets = (
        section(None, "by kind text pictures about card_shown when address"),
        section("State", "state sensitive"),
        section("What came of it", "answers figures_elsewhere"),
    )

    shown = cell("post", short_text)
    by = cell("author", lambda post: row_link(post.author))
    figures_elsewhere = cell(
        "figures elsewhere",
        lambda post: f"{post.imported_likes} likes · {post.imported_retweets} retweets",
    )
    card_shown = cell("link card", lambda post: row_link(post.card))
    when = cell("when", lambda post: f"{post.created_at:%-d %b %Y, %H:%M}")

    def account_of(self, row: Post) -> Account:
        return row.author

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow it without a post alone, for the action that deletes for good: Django's own ways of
        deleting know nothing of files and counts.
        """
        return obj is None and admin.ModelAdmin.has_delete_permission(self, request)

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        actions = super().get_actions(request, action_location)
        actions.pop("delete_selected", None)
        return actions

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow the posts that mention an account, to which the account's page links."""
        return lookup == "mentions__account__id__exact" or super().lookup_allowed(
            lookup, value, request
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        return super().get_queryset(request).prefetch_related("media")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Post], search_term: str
    ) -> tuple[QuerySet[Post], bool]:
        term = search_term.strip()
        if term.startswith("@"):
            return queryset.filter(author__in=Account.objects.named(term[1:])), False
        number = parse_id(term)
        if number is not None:
            return queryset.filter(Q(pk=number) | Q(text__icontains=term)), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="pictures")
    def pictures(self, post: Post) -> SafeString | str:
        """Show them small; of what is hidden, the words alone."""
        if not post.media_count:
            return ""
        stands = is_served(post)
        return links(
            *(
                row_link(one, image(one.preview, one.alt, 48) if stands else one)
                for one in post.media.all()
            )
        )

    @admin.display(description="about")
    def about(self, post: Post) -> SafeString | str:
        found: list[str] = []
        for word, target, handle in (
            ("answers", post.reply_to, post.reply_to_handle),
            ("quotes", post.quote_of, post.quote_handle),
            ("retweets", post.retweet_of, ""),
        ):
            if target:
                found.append(format_html("{} {}", word, row_link(target, target.author)))
            elif handle:
                found.append(f"{word} @{handle}")
        return links(*found)

    @admin.display(description="figures")
    def figures(self, post: Post) -> SafeString | str:
        return self.answers(post) if post.kind != Post.Kind.RETWEET else ""

    @admin.display(description="figures")
    def answers(self, post: Post) -> SafeString:
        posts = "timeline_post_changelist"
        return links(
            number_link(post.replies_count, "replies", posts, reply_to__id__exact=post.pk),
            number_link(post.retweets_count, "retweets", posts, retweet_of__id__exact=post.pk),
            number_link(post.quotes_count, "quotes", posts, quote_of__id__exact=post.pk),
            number_link(
                post.likes_count, "likes", "timeline_like_changelist", post__id__exact=post.pk
            ),
        )

    @admin.display(description="addresses")
    def address(self, post: Post) -> SafeString:
        here = format_html('<a href="{}">here</a>', post.get_absolute_url())
        if not post.origin_url.startswith(("https://", "http://")):
            return here
        return links(
            here,
            format_html(
                '<a href="{}" rel="noopener noreferrer">{}</a>', post.origin_url, post.origin_url
            ),
        )

    @admin.display(description="state")
    def state(self, post: Post) -> str:
        if post.deleted_at:
            return since("deleted", post.deleted_at)
        if post.hidden_at:
            return since("hidden", post.hidden_at)
        return "seen" if not post.author.absent_at else "its author is not"
