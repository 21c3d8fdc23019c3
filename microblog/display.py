"""How pages look in one browser: said by its cookie, so that it is right from the first byte,
without JavaScript.
"""

from itertools import product, starmap
from typing import Literal, NamedTuple, get_args

from django.conf import settings
from django.http import HttpRequest, HttpResponse

AGE = 10 * 365 * 24 * 3600  # seconds

type Theme = Literal["", "light", "dark"]
type TextSize = Literal["", "small", "large", "larger"]
type Motion = Literal["", "calm"]
type Autoplay = Literal["", "paused"]
type Alt = Literal["", "shown"]


class Display(NamedTuple):
    """What was chosen, by one word each; "" for what everybody has.

    The words are the values of attributes of `<html>`, which stylesheets read. Nothing else of a
    page depends on them but the colour of a phone's bar.
    """

    theme: Theme = ""
    text: TextSize = ""
    motion: Motion = ""
    autoplay: Autoplay = ""  # of moving pictures
    alt: Alt = ""  # descriptions below their pictures

    def __str__(self) -> str:
        """Return what the cookie says: the words that are not everybody's."""
        return ".".join(filter(None, self))

    def attributes(self) -> list[tuple[str, str]]:
        """Return what `<html>` says, after `data-`."""
        return [(name, word) for name, word in self._asdict().items() if word]

    def keep_in(self, response: HttpResponse) -> None:
        """Have the browser remember it."""
        name = settings.DISPLAY_COOKIE_NAME
        if any(self):
            response.set_cookie(
                name, str(self), AGE, samesite="Lax", secure=settings.HTTPS, httponly=True
            )
        else:
            response.delete_cookie(name, samesite="Lax")


# by its cookie, each there is: what says anything else says nothing
_ALL = {
    str(display): display
    for display in starmap(
        Display,
        product(*(get_args(kind.__value__) for kind in (Theme, TextSize, Motion, Autoplay, Alt))),
    )
}


def display_of(request: HttpRequest) -> Display:
    """Return what was chosen in the browser that asks."""
    return _ALL.get(request.COOKIES.get(settings.DISPLAY_COOKIE_NAME, ""), Display())
