"""The admin of what belongs to posts: pictures, videos, likes; and how a row names its post."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from microblog.admin import RecordAdmin, cell, image, row_link
from timeline.models import Like, Media, Post


def short_text(post: Post) -> str:
    """Return what a post says, in a line."""
    if post.retweet_of:
        return f"Retweet of {post.retweet_of.author}: {Truncator(post.retweet_of.text).chars(60)}"
    return Truncator(post.text).chars(80) or "(pictures alone)"


def is_served(post: Post) -> bool:
    """Tell whether the pictures of `post` are served."""
    return not (post.hidden_at or post.deleted_at or post.author.absent_at)


class OfPostAdmin(RecordAdmin):
    """Rows that belong to a post by somebody."""

    of = cell("post", lambda row: row_link(row.post, short_text(row.post)))
    author = cell("author", lambda row: row_link(row.post.author))
    who = cell("account", lambda row: row_link(row.account))


WITH_POST = ("post__author", "post__retweet_of__author")


@admin.register(Media)
class MediaAdmin(OfPostAdmin):
    list_display = ("preview", "kind", "alt_short", "of", "author", "size")
    list_display_links = ("preview",)
    list_filter = ("kind",)
    list_select_related = WITH_POST
    search_fields = ("alt",)
    search_help_text = "A part of the description."
    fields = ("preview", "kind", "alt", "of", "author", "size")

    alt_short = cell("description", lambda media: Truncator(media.alt).chars(80))
    size = cell("pixels", lambda media: f"{media.width} by {media.height}")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "post__author__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="picture")
    def preview(self, media: Media) -> SafeString | str:
        if media.kind != Media.Kind.IMAGE or not is_served(media.post):
            return f"{media.get_kind_display()} {media.position + 1}"
        return image(media.preview, media.alt or "No description", 64)


@admin.register(Like)
class LikeAdmin(OfPostAdmin):
    list_display = ("of", "author", "who", "created_at")
    list_display_links = None
    list_select_related = (*WITH_POST, "account")
    search_fields = ("^account__handle",)
    search_help_text = "The beginning of the handle of who likes."
    fields = ("of", "author", "who", "created_at")
