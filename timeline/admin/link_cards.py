"""The admin of link cards: fetched again, or taken away."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator

from microblog.admin import ModeratorAdmin, Verb, action_for, cell, image, link
from timeline.models import LinkCard

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

    picture = cell(
        "picture",
        lambda card: image(card.picture, "The picture of this card", 64) if card.picture else "",
    )
    url_short = cell("address", lambda card: Truncator(card.url).chars(80))
    posts = cell(
        "posts",
        lambda card: link("posts with it", "timeline_post_changelist", card__id__exact=card.pk),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[LinkCard]) -> None:
        """Delete them one by one: their files go as well."""
        for card in queryset:
            card.delete()
