"""What the timeline shows on pages: rows, their buttons, whom to follow. In every template without
loading.
"""

from django import template
from django.utils.safestring import SafeString, mark_safe

from microblog.kept.pages import part_of_value
from timeline.feeds.beside import Beside, beside
from timeline.feeds.notification_groups import count_unread
from timeline.feeds.row import Row, opened

register = template.Library()
ROW = "timeline/components/post.html"


@register.simple_tag(takes_context=True)
def show_row(context: template.Context, row: Row) -> SafeString:
    """Show `row`: its template sees nothing but this value, and none of the page's context.

    So what it was made into is kept by the value.
    """

    def render() -> SafeString:
        inner = context.new({"row": opened(row)})
        inner.use_l10n = False  # as in the frame of every page
        return context.template.engine.get_template(ROW).render(inner)  # type: ignore[union-attr]

    return part_of_value("row", row, render)


@register.simple_tag(takes_context=True)
def beside_page(context: template.Context) -> Beside:
    """Return what stands beside the page; a page that shows it itself says it (`beside`)."""
    shown = context.get("beside")
    if isinstance(shown, Beside):
        return shown
    return beside(context["viewer"]) if context.get("viewer") else Beside()


@register.simple_tag(takes_context=True)
def unread_notifications(context: template.Context) -> int:
    """Return how many the viewer has not seen; the page of them says itself (`unread`)."""
    if "unread" in context or not context.get("viewer"):
        return int(context.get("unread") or 0)
    viewer = context["request"].account
    return count_unread(viewer) if viewer.has_news else 0


@register.simple_tag
def reaction(verb: str, post_id: int, is_done: bool, row_id: int | None) -> SafeString:  # noqa: FBT001  (a tag's)
    """Return the attributes of a button that does `verb` ("like") to a post, or takes it back.

    It belongs to the form `deed` of the frame, and leads back to the row of the post, or to
    `row_id` where another shows it. A script spares the reload (posts.js).
    """
    url = f"/posts/{post_id}/{'un' if is_done else ''}{verb}"
    back = f' name="row" value="{row_id}"' if row_id and row_id != post_id else ""
    return mark_safe(  # noqa: S308  (numbers and our own words)
        f'form="deed" formaction="{url}"{back}'
    )
