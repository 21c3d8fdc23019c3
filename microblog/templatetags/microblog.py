"""How pages say numbers, ages and icons. In every template without loading."""

from datetime import datetime
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template import Context
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    Parser,
    TextNode,
    Token,
    token_kwargs,
)
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from microblog.kept.pages import part_of_value
from microblog.slots import COMPONENTS
from microblog.text.age import Age, age_at

register = template.Library()
MOST_COUNTED = 20  # of what is new, in the navigation


@register.filter
def compact(number: int) -> str:
    """`number` in short: 999, 1.2K, 11K, 118K, 2.3M. Cut, never rounded up: 999,999 is 999K."""
    for size, unit in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if number >= size:
            tenths = number * 10 // size
            return (
                f"{tenths // 10}.{tenths % 10}{unit}"
                if tenths < 100 and tenths % 10
                else f"{tenths // 10}{unit}"
            )
    return str(number)


@register.simple_tag
def figure(number: int) -> str | SafeString:
    """`number` in short, the exact one in `title` and for screen readers."""
    if number < 1000:
        return str(number)
    exact = intcomma(number)
    shown = '<span title="{}"><span aria-hidden="true">{}</span><span class="sr">{}</span></span>'
    return format_html(shown, exact, compact(number), exact)


@register.filter
def counted(number: int, noun: str) -> str:
    """`number` with its noun ("reply,replies"), for who cannot see the icon beside it: 1 reply,
    9,012 replies.
    """
    one, many = noun.split(",")
    return f"{number:,} {one if number == 1 else many}"


@register.filter
def tally(number: int) -> str | SafeString:
    """Return `number` in short, the exact one in `title`; nothing for 0.

    For a control whose label says it (`counted`), so that it is not read out twice.
    """
    if number < 1000:
        return str(number or "")
    return mark_safe(f'<span title="{number:,}">{compact(number)}</span>')  # noqa: S308  (digits)


@register.simple_tag
def age(moment: datetime | Age) -> SafeString:
    """Show how long ago `moment` was, the whole date in `title` and for screen readers.

    An Age is shown as it is, whatever the time is by now.
    """
    shown = moment if isinstance(moment, Age) else age_at(moment, timezone.now())
    return mark_safe(  # noqa: S308  (digits and our own words)
        f'<time datetime="{shown.machine}" title="{shown.whole}">{shown.words}</time>'
    )


@register.tag
def icon(parser: Parser, token: Token) -> Node:
    """Show a picture of the sprite, whose meaning is said beside it: `{% icon "like" %}`.

    Made once, when the template is read; but where a variable names it.
    """
    name = token.split_contents()[1]
    sprite = static("icons.svg")
    if name[0] in "\"'":
        return TextNode(_icon(sprite, name[1:-1]))
    return IconNode(sprite, parser.compile_filter(name))


def _icon(sprite: str, name: str) -> str:
    return f'<svg><use href="{sprite}#{name}"/></svg>'


class IconNode(Node):
    """An icon that a variable names."""

    def __init__(self, sprite: str, name: FilterExpression) -> None:
        self.sprite, self.name = sprite, name

    def render(self, context: Context) -> SafeString:
        return mark_safe(_icon(self.sprite, self.name.resolve(context)))  # noqa: S308  (our own templates name it)


@register.tag
def kept(parser: Parser, token: Token) -> Node:
    """Show what stands within as a function of the values that it is given, which are all that it
    knows: `{% kept viewer people as_tab=tab %}…{% endkept %}`. So it is kept by them.

    A line has one of these at most: it is known by its line.
    """
    bits = token.split_contents()[1:]
    pairs = [bit if "=" in bit else f"{bit}={bit}" for bit in bits]
    values = token_kwargs(pairs, parser)
    inner = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(token.lineno, values, inner)


class KeptNode(Node):
    """A part of a page that is a function of values: no block of the page stands within."""

    child_nodelists = ()

    def __init__(
        self, line: int | None, values: dict[str, FilterExpression], nodelist: NodeList
    ) -> None:
        self.line, self.values, self.nodelist = line, values, nodelist

    def render(self, context: Context) -> SafeString:
        values = {
            name: value.resolve(context, ignore_failures=True)
            for name, value in self.values.items()
        }

        def render() -> SafeString:
            inner = Context(values, use_l10n=False)  # as in the frame of every page
            template: Any = context.template
            with inner.bind_template(template), inner.render_context.push_state(template):
                return self.nodelist.render(inner)

        place = f"{self.origin.template_name!r}:{self.line}"
        return part_of_value(place, tuple(values.values()), render)


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(
    context: Context,
    label: str,
    icon: str,
    url: str,
    *,
    part: str = "",
    css_class: str = "",
    number: int = 0,
) -> dict[str, Any]:
    """Show a link of the site's navigation, marked while its page is open: the page `url`, or any
    in the `part` of the site, as the context's `place` says. `number` is how much is new there.
    """
    return {
        "label": label,
        "icon": icon,
        "url": url,
        "is_current": context["place"] == (part or url),
        "css_class": css_class,
        "number": number,
        "shown_number": f"{MOST_COUNTED}+" if number > MOST_COUNTED else number,
    }


@register.tag
def slot(parser: Parser, token: Token) -> Node:
    """Show what apps above put here: `{% slot "timeline.post_menu" %}` (microblog.slots)."""
    return SlotNode(token.split_contents()[1].strip('"'))


class SlotNode(Node):
    """The components that fill a slot, each with the context of the place."""

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, context: Context) -> SafeString:
        shown = []
        for component in COMPONENTS.get(self.name, ()):
            template = context.template.engine.get_template(component)  # type: ignore[union-attr]
            with context.push():
                shown.append(template.render(context))
        return mark_safe("".join(shown))  # noqa: S308  (templates escape for themselves)
