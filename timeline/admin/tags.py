"""The admin of tags: which may stand among what rises."""

from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html

from microblog.admin import ModeratorAdmin, Verb, action_for, cell, choice_filter
from timeline.models import Tag

KEEP_FROM_RISING = Verb(
    name="keep_from_rising",
    label="Keep from rising",
    done="Kept {} from rising: nobody is shown them there any more.",
    not_needed="{} had been kept from rising before.",
    needed=lambda tag: tag.may_rise,
    do=lambda _request, tag: tag.keep_from_rising(),
)
LET_RISE = Verb(
    name="let_rise",
    label="Let rise again",
    done="{} may rise again.",
    not_needed="{} might rise before.",
    needed=lambda tag: not tag.may_rise,
    do=lambda _request, tag: tag.let_rise(),
)


def _state(tag: Tag) -> str:
    if not tag.may_rise:
        return "kept from it"
    return "rises now" if hasattr(tag, "rising") else "may"


@admin.register(Tag)
class TagAdmin(ModeratorAdmin):
    actions = (action_for(KEEP_FROM_RISING), action_for(LET_RISE))
    list_display = ("shown", "state", "page")
    list_filter = (
        choice_filter(
            "rising",
            "rising",
            now=("rise now", Q(rising__isnull=False)),
            kept=("are kept from it", Q(may_rise=False)),
        ),
    )
    list_select_related = ("rising",)
    search_fields = ("^folded",)
    search_help_text = "The beginning of a tag, without #, in small letters."
    fields = ("shown", "state", "page")

    shown = cell("tag", str)
    state = cell("rising", _state)
    page = cell("page", lambda tag: format_html('<a href="{}">Posts</a>', tag.get_absolute_url()))
