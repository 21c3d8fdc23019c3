"""What somebody would rather not come across: people, and words."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, Q, StringAgg, Value, When
from django.db.models.functions import Concat, Now

if TYPE_CHECKING:
    from accounts.models.account import Account

MAX_MUTED_WORD = 100
MAX_FOLDED_WORD = 4 * MAX_MUTED_WORD
MOST_MUTED_WORDS = 200
_APART = "\x1f"  # which no muted word has


def _stands() -> Q:
    return Q(until=None) | Q(until__gt=Now())


class MuteQuerySet(models.QuerySet["Mute"]):
    def standing(self) -> Self:
        """Return those that have not run out."""
        return self.filter(_stands())

    def by(self, account: "Account") -> Self:
        return self.filter(muter=account)


class Mute(models.Model):
    """`muter` does not come across `muted`, which nobody else knows, `until` then (None: for ever).

    Made and ended by Account.mute and .unmute.
    """

    muter = models.ForeignKey("accounts.Account", models.CASCADE, related_name="mutes")
    muted = models.ForeignKey("accounts.Account", models.CASCADE, related_name="muted_by")
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MuteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["muter", "muted"], name="mute_once"),
            models.CheckConstraint(condition=~Q(muter=F("muted")), name="mute_others"),
        ]
        indexes = [models.Index(fields=["muter", "id"], name="mute_muter")]

    def __str__(self) -> str:
        return f"{self.muter} mutes {self.muted}"


class MutedWordQuerySet(models.QuerySet["MutedWord"]):
    def standing(self) -> Self:
        """Return those that have not run out."""
        return self.filter(_stands())

    def run_out(self) -> Self:
        return self.exclude(_stands())

    def by(self, account: "Account") -> Self:
        return self.filter(account=account)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def in_one(self) -> Any:
        """Return all of one account's as one text, a row of one column, which `words_in` takes
        apart; no row where there are none.
        """
        hides_followed = Case(When(hides_followed=True, then=Value("1")), default=Value("0"))
        words = StringAgg(Concat(hides_followed, "folded"), Value(_APART))
        return self.order_by().values("account").annotate(words=words).values_list("words")


def words_in(text: str) -> list[tuple[str, bool]]:
    """Return the muted words of MutedWordQuerySet.in_one: each folded, and whether it also hides
    what those say whom one follows.
    """
    return [(word[1:], word[0] == "1") for word in text.split(_APART) if word]


class MutedWord(models.Model):
    """`account` does not come across posts that say `text`: a word, a phrase or a tag."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="muted_words")
    text = models.CharField(max_length=MAX_MUTED_WORD)
    # what all its spellings have in common
    folded = models.CharField(max_length=MAX_FOLDED_WORD, editable=False)
    hides_followed = models.BooleanField(default=True)  # also what those say whom one follows
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MutedWordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "folded"], name="muted_word_once")
        ]

    def __str__(self) -> str:
        return f"{self.account} mutes “{self.text}”"


def muted_by(viewer: Any) -> "models.QuerySet[Any, Any]":
    """Return the ids of all whom `viewer` mutes now, for `__in`."""
    return Mute.objects.by(viewer).standing().values("muted")
