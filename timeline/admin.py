"""The admin of what people say."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin import ActionLocation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from accounts.admin import HistoryRanked
from accounts.models import Account
from microblog.admin import (
    ModeratorAdmin,
    RecordAdmin,
    SettingAdmin,
    Verb,
    action_for,
    image,
    link,
    links,
    number_link,
    record,
    row_link,
    since,
)
from microblog.web.converters import parse_id
from timeline import ids
from timeline.models import (
    KeywordRule,
    Like,
    LinkCard,
    Media,
    Post,
)
from timeline.posting import keyword_trial


def _short(post: Post) -> str:
    """What a post says, in a line."""
    if post.retweet_of:
        return f"Retweet of {post.retweet_of.author}: {Truncator(post.retweet_of.text).chars(60)}"
    return Truncator(post.text).chars(80) or "(pictures alone)"


def _stands(post: Post) -> bool:
    """Whether its pictures are served."""
    return not (post.hidden_at or post.deleted_at or post.author.suspended_at)


# --- Posts ---


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
        """Asked without a post, for the action that deletes for good; Django's own ways of deleting
        know nothing of files and counts.
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
        return _short(post)

    @admin.display(description="pictures")
    def pictures(self, post: Post) -> SafeString | str:
        """Small; of what is hidden, the words alone."""
        if not post.media_count:
            return ""
        stands = _stands(post)
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
        return f"{post.carried_likes} likes · {post.carried_retweets} retweets"

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


# --- What hangs on posts ---


class OfPostAdmin(RecordAdmin):
    """Rows that belong to a post by somebody."""

    @admin.display(description="post")
    def of(self, row: Any) -> SafeString | str:
        return row_link(row.post, _short(row.post))

    @admin.display(description="author")
    def author(self, row: Any) -> SafeString | str:
        return row_link(row.post.author)

    @admin.display(description="account")
    def who(self, row: Any) -> SafeString | str:
        return row_link(row.account)


POST = ("post__author", "post__retweet_of__author")


@admin.register(Media)
class MediaAdmin(OfPostAdmin):
    list_display = ("preview", "kind", "alt_short", "of", "author", "size")
    list_display_links = ("preview",)
    list_filter = ("kind",)
    list_select_related = POST
    search_fields = ("alt",)
    search_help_text = "A part of the description."
    fields = ("preview", "kind", "alt", "of", "author", "size")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "post__author__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="picture")
    def preview(self, media: Media) -> SafeString | str:
        if media.kind != Media.Kind.IMAGE or not _stands(media.post):
            return f"{media.get_kind_display()} {media.position + 1}"
        return image(media.preview, media.alt or "No description", 64)

    @admin.display(description="description")
    def alt_short(self, media: Media) -> str:
        return Truncator(media.alt).chars(80)

    @admin.display(description="pixels")
    def size(self, media: Media) -> str:
        return f"{media.width} by {media.height}"


@admin.register(Like)
class LikeAdmin(OfPostAdmin):
    list_display = ("of", "author", "who", "created_at")
    list_display_links = None
    list_select_related = (*POST, "account")
    search_fields = ("^account__handle",)
    search_help_text = "The beginning of the handle of who likes."
    fields = ("of", "author", "who", "created_at")


FETCH_AGAIN = Verb(
    name="fetch_again",
    label="Fetch again: title, description and picture",
    done="Fetching {} again.",
    not_needed="{} is not fetched: LINK_CARDS is off.",
    needed=lambda _card: settings.LINK_CARDS,
    do=lambda _request, card: card.fetch_again(),
)


@admin.register(LinkCard)
class LinkCardAdmin(ModeratorAdmin):
    """Deleting one takes it from all posts that show it; their links stay."""

    actions = (action_for(FETCH_AGAIN),)
    list_display = ("domain", "picture", "title", "url_short", "fetched_at", "posts")
    search_fields = ("^domain", "url", "title")
    search_help_text = "The beginning of a domain, a part of an address or of a title."
    fields = ("domain", "url", "title", "description", "picture", "fetched_at", "posts")

    @admin.display(description="picture")
    def picture(self, card: LinkCard) -> SafeString | str:
        return image(card.picture, "The picture of this card", 64) if card.picture else ""

    @admin.display(description="address")
    def url_short(self, card: LinkCard) -> str:
        return Truncator(card.url).chars(80)

    @admin.display(description="posts")
    def posts(self, card: LinkCard) -> SafeString:
        return link("posts with it", "timeline_post_changelist", card__id__exact=card.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[LinkCard]) -> None:
        """One by one: their files go as well."""
        for card in queryset:
            card.delete()


# --- Before it happens ---

SWITCH_ON = Verb(
    name="switch_on",
    label="Switch on",
    done="Switched {} on.",
    not_needed="{} had been on before.",
    needed=lambda rule: not rule.active,
    do=lambda _request, rule: rule.switch_on(),
    refusal=lambda _request, rule: (
        "" if rule.is_tried else f"“{rule}” was not tried as it stands. Try it, then switch it on."
    ),
)
SWITCH_OFF = Verb(
    name="switch_off",
    label="Switch off",
    done="Switched {} off.",
    not_needed="{} had been off before.",
    needed=lambda rule: rule.active,
    do=lambda _request, rule: rule.switch_off(),
)


@admin.register(KeywordRule)
class KeywordRuleAdmin(SettingAdmin):
    """A rule is saved, tried against last week's posts on a page of its own, and then switched on."""

    actions = (action_for(SWITCH_ON), action_for(SWITCH_OFF))
    list_display = ("shown", "action", "scope", "anywhere", "state", "trial")
    list_filter = ("active", "action", "scope")
    search_fields = ("words",)
    search_help_text = "A part of the words."
    fields = ("words", "anywhere", "action", "scope", "message", "state", "trial")
    readonly_fields = ("state", "trial")

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<id:pk>/try/",
            self.admin_site.admin_view(self.try_view),
            name="timeline_keywordrule_try",
        )
        return [own, *super().get_urls()]

    def try_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET says what trying is; POST tries, and shows what the rule would have caught."""
        rule = get_object_or_404(KeywordRule, pk=pk)
        if not self.has_change_permission(request, rule):
            raise PermissionDenied
        tried = keyword_trial.try_out(rule) if request.method == "POST" else None
        if tried:
            record(request, "tried", rule)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Try “{rule}”",
            "opts": self.opts,
            "rule": rule,
            "trial": tried,
            "period": keyword_trial.PERIOD.days,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/timeline/keywordrule/try.html", context)

    def response_post_save_add(
        self, request: HttpRequest, obj: KeywordRule
    ) -> HttpResponseRedirect:
        return self._after_saving(request, obj)

    def response_post_save_change(
        self, request: HttpRequest, obj: KeywordRule
    ) -> HttpResponseRedirect:
        return self._after_saving(request, obj)

    def _after_saving(self, request: HttpRequest, rule: KeywordRule) -> HttpResponseRedirect:
        """To where it is tried, if it was not."""
        if rule.is_tried:
            return super().response_post_save_change(request, rule)
        return HttpResponseRedirect(reverse("admin:timeline_keywordrule_try", args=[rule.pk]))

    @admin.display(description="words")
    def shown(self, rule: KeywordRule) -> str:
        return str(rule)

    @admin.display(description="state")
    def state(self, rule: KeywordRule) -> str:
        return "on" if rule.active else "off" if rule.is_tried else "off, not tried"

    @admin.display(description="trial")
    def trial(self, rule: KeywordRule) -> SafeString | str:
        return (
            link("Try it", "timeline_keywordrule_try", rule.pk)
            if rule.pk
            else "comes when this is saved"
        )
