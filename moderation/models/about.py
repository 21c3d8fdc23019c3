"""What the site says of itself."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

MAX_LENGTH = 10_000  # characters of a text
_HELP = "Plain text. A blank line begins a new paragraph; addresses become links."

PLACE = """This is a microblog: people write short posts here, with pictures and videos, \
answer each other, \
and pass on what others wrote. Everybody may read, also without an account and without JavaScript.

Whoever comes from X or Mastodon may have brought an archive along. Then older posts are here as \
they were written there, and people whom those posts name have a page here although they never \
signed up. Whoever does not want that can ask to be removed, and needs no account to."""

CONTACT = """Whoever runs this site has not written down yet how to reach them.

What breaks a rule can be reported under ⋯ of each post and each profile, and whoever is shown \
here and does not want to be can ask to be removed. People read both."""

PRIVACY = """Your posts, pictures, profile and follows are public. What you like, only you and \
the author of \
the post see; your bookmarks and drafts, only you. Your e-mail address is shown to nobody: it is \
for signing in and for mails to you, and who runs the site can read it.

Your password is kept as a hash from which nobody reads it. Photos and videos are made anew when \
you send them; where and with what they were taken does not stay in them.

Your network address stands in no table of people or posts: limits against abuse count a keyed \
digest of it, and a mail that tells you of a new password names the one from which it came. There \
are cookies for signing in, for sending forms safely, for recognising a browser in which you \
signed in before, for what a page has to tell you once, and for light or dark if you choose; none \
of them follows you elsewhere. Nothing on these pages is loaded from other sites, and there is no \
advertising and no tracking. When a post has a link, this site looks at the linked page itself, so \
that readers' browsers need not.

What you delete is gone at once for everybody else, and its files are deleted soon after. Your \
account as a whole you can deactivate, or delete for good, under Settings, Account; all that is \
yours you can download first, under Settings, Your archive. What an open report is about stays \
readable to the moderators until it is decided. A record of what moderators decided is kept for \
ever; it holds numbers and reasons, not what was deleted."""


def our_place() -> str:
    return PLACE


def our_contact() -> str:
    return CONTACT


def our_privacy() -> str:
    return PRIVACY


class AboutQuerySet(models.QuerySet["About"]):
    def current(self) -> "About":
        """Return the one row; where nobody saved any, the words that the software comes with."""
        return self.first() or self.model()


class About(models.Model):
    """What stands at /about: one row, which the admin edits."""

    place = models.TextField(
        "what this place is",
        default=our_place,
        help_text=_HELP,
        validators=[MaxLengthValidator(MAX_LENGTH)],
    )
    contact = models.TextField(
        "who runs it, and how to reach them",
        default=our_contact,
        help_text=_HELP,
        validators=[MaxLengthValidator(MAX_LENGTH)],
    )
    privacy = models.TextField(
        default=our_privacy, help_text=_HELP, validators=[MaxLengthValidator(MAX_LENGTH)]
    )

    objects = AboutQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "about this site"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="about_is_one_row")]

    def __str__(self) -> str:
        return "About this site"

    def save(self, **more: object) -> None:
        self.pk = 1
        super().save(**more)  # type: ignore[arg-type]
