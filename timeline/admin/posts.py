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

from accounts.admin import HistoryRanked
from accounts.models import Account
from microblog.admin import ModeratorAdmin, image, links, number_link, row_link, since
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


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("seen", "seen"), ("hidden", "hidden"), ("deleted", "being deleted")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post] | None:
        states = {
            "seen": Q(hidden_at=None, deleted_at=None),
            "hidden": Q(hidden_at__isnull=False, deleted_at=None),
            "deleted": Q(deleted_at__isnull=False),
        }
        state = states.get(self.value() or "")
        return queryset.filter(state) if state else None


class OriginFilter(admin.SimpleListFilter):
    title = "where from"
    parameter_name = "from"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("here", "an account here"), ("elsewhere", "elsewhere, known from archives")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post] | None:
        return queryset.filter(is_external=self.value() == "elsewhere") if self.value() else None


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
        (
            None,
            {
                "fields": (
                    "by",
                    "kind",
                    "text",
                    "pictures",
                    "about",
                    "card_shown",
                    "when",
                    "address",
                )
            },
        ),
        ("State", {"fields": ("state", "sensitive")}),
        ("What came of it", {"fields": ("answers", "figures_elsewhere")}),
    )

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

    @admin.display(description="post")
    def shown(self, post: Post) -> str:
        return short_text(post)

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

    @admin.display(description="author")
    def by(self, post: Post) -> SafeString | str:
        return row_link(post.author)

    @admin.display(description="about")
    def about(self, post: Post) -> SafeString | str:
        found = [
            format_html("{} {}", word, row_link(target, target.author))
            for word, target in (
                ("answers", post.reply_to),
                ("quotes", post.quote_of),
                ("retweets", post.retweet_of),
            )
            if target
        ]
        gone = (
            [f"answers @{post.reply_to_handle}"]
            if post.reply_to_handle and not post.reply_to
            else []
        )
        gone += [f"quotes @{post.quote_handle}"] if post.quote_handle and not post.quote_of else []
        return links(*found, *gone)

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

    @admin.display(description="figures elsewhere")
    def figures_elsewhere(self, post: Post) -> str:
        return f"{post.imported_likes} likes · {post.imported_retweets} retweets"

    @admin.display(description="link card")
    def card_shown(self, post: Post) -> SafeString | str:
        return row_link(post.card)

    @admin.display(description="when")
    def when(self, post: Post) -> str:
        return f"{post.created_at:%-d %b %Y, %H:%M}"

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
        return "seen" if not post.author.suspended_at else "its author is suspended"
