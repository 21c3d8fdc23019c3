"""How pages say numbers, ages and icons. In every template without loading."""

from datetime import datetime

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.base import Parser, TextNode, Token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


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
    """`number` in short beside an icon, the exact one in `title`; nothing for 0.

    Not read out: `counted` is.
    """
    if not number:
        return ""
    title = f' title="{number:,}"' if number >= 1000 else ""
    return mark_safe(  # noqa: S308  (digits)
        f'<span aria-hidden="true"{title}>{compact(number)}</span>'
    )


@register.simple_tag
def age(moment: datetime) -> SafeString:
    """How long ago `moment` was: now, 5m, 3h, 6d, 2mo, from a year on its date; the whole date in
    `title` and for screen readers.
    """
    exact = f"{moment.isoformat(timespec='seconds')[:19]}Z"
    whole = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}, {exact[11:16]} UTC"
    shown = short_age(moment, timezone.now())
    return mark_safe(  # noqa: S308  (digits and our own words)
        f'<time datetime="{exact}" title="{whole}">{shown}</time>'
    )


def short_age(moment: datetime, now: datetime) -> str:
    """Return how long before `now` `moment` (UTC) was: in one unit, after a year as a date."""
    seconds = max(0, int((now - moment).total_seconds()))
    days = seconds // 86400
    if seconds < 60:
        return "now"
    if seconds < 3600:
        return f"{seconds // 60}m"
    if days < 1:
        return f"{seconds // 3600}h"
    if days < 30:
        return f"{days}d"
    if days < 365:
        return f"{min(days // 30, 11)}mo"
    return f"{MONTHS[moment.month - 1]} {moment.day}, {moment.year}"


@register.tag
def icon(parser: Parser, token: Token) -> TextNode:
    """`{% icon "like" %}`: a picture of the sprite, whose meaning is said beside it.

    Made once, when the template is read.
    """
    name = token.split_contents()[1].strip('"')
    return TextNode(f'<svg><use href="{static("icons.svg")}#{name}"/></svg>')
