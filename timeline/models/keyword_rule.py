"""What happens to posts that hold certain words."""

from functools import lru_cache
from hashlib import sha256
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from microblog.text import MAX_TYPED, clean_line, fold, holds

MOST_PHRASES = 200
LONGEST_PHRASE = 100
MOST_ACTIVE = 100
REFUSED = (
    "This site does not publish posts with some of these words. Nothing was posted; you can change "
    "it and send it again."
)


@lru_cache(maxsize=4 * MOST_ACTIVE)
def _phrases(words: str) -> tuple[str, ...]:
    return tuple(phrase for line in words.splitlines() if (phrase := fold(line)))


class UntriedError(Exception):
    """A rule is tried, as it stands, before it is switched on."""


class KeywordRuleQuerySet(models.QuerySet["KeywordRule"]):
    def active(self) -> Self:
        return self.filter(active=True).order_by("pk")[:MOST_ACTIVE]


class KeywordRule(models.Model):
    """Posts that hold one of `words` are refused, held back or reported, while `active`; tried
    first against what was said here.
    """

    class Action(models.TextChoices):
        REFUSE = "refuse", "Refuse: the author is told, and nothing is posted"
        HOLD = "hold", "Hold back: hidden until a moderator unhides it"
        REPORT = "report", "Report: posted, and a moderator is told"

    class Scope(models.TextChoices):
        EVERYBODY = "everybody", "Everybody"
        NEWCOMERS = "newcomers", "Newcomers only"

    words = models.TextField(
        help_text=f"One word or phrase a line, up to {MOST_PHRASES}. Capitals, spaces and "
        "full-width letters do not matter; accents do."
    )
    anywhere = models.BooleanField(
        "inside of words too",
        default=False,
        help_text="Else whole words alone. Where a script has no spaces, both are the same.",
    )
    action = models.CharField(max_length=6, choices=Action, default=Action.REPORT)
    scope = models.CharField("for whom", max_length=9, choices=Scope, default=Scope.EVERYBODY)
    message = models.CharField(
        max_length=300,
        blank=True,
        default="",
        help_text="What an author reads whose post is refused. "
        "Empty: a sentence that names no word.",
    )
    active = models.BooleanField(default=False, editable=False)
    # the digest of what was tried
    tried = models.CharField(max_length=64, blank=True, default="", editable=False)

    objects = KeywordRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(active=False) | ~Q(tried=""), name="keyword_rule_tried_first"
            ),
            models.CheckConstraint(
                condition=Q(action__in=["refuse", "hold", "report"]), name="keyword_rule_action"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=["everybody", "newcomers"]), name="keyword_rule_scope"
            ),
        ]

    def __str__(self) -> str:
        first, _, more = self.words.partition("\n")
        return f"{first[:50]} …" if more or len(first) > 50 else first

    def save(self, **more: Any) -> None:
        """What was changed is switched off until it was tried again."""
        if not self.is_tried:
            self.tried, self.active = "", False
        super().save(**more)

    def clean(self) -> None:
        if len(self.words) > MAX_TYPED:
            raise ValidationError(
                {
                    "words": f"This is far too long: at most {MOST_PHRASES} lines of "
                    f"{LONGEST_PHRASE} characters fit."
                }
            )
        lines = {
            fold(line): clean_line(line)
            for line in self.words.splitlines()
            if fold(clean_line(line))
        }
        if not lines:
            raise ValidationError({"words": "Type a word, or several, one a line."})
        if len(lines) > MOST_PHRASES:
            raise ValidationError(
                {
                    "words": f"At most {MOST_PHRASES} lines fit into one rule; "
                    f"these are {len(lines)}."
                }
            )
        if too_long := [line for line in lines.values() if len(line) > LONGEST_PHRASE]:
            raise ValidationError(
                {
                    "words": f"At most {LONGEST_PHRASE} characters fit into a line. "
                    f"This is longer: {too_long[0][:50]}…"
                }
            )
        self.words = "\n".join(lines.values())

    # --- What it catches ---

    def catches(self, *texts: str) -> bool:
        """Whether one of `texts` holds one of its words.

        Each text is folded (microblog.text.fold).
        """
        return any(
            holds(text, phrase, anywhere=self.anywhere)
            for phrase in _phrases(self.words)
            for text in texts
        )

    @property
    def refusal(self) -> str:
        return self.message or REFUSED

    # --- On and off ---

    @property
    def _digest(self) -> str:
        """Of all that decides what it catches."""
        return sha256(repr((self.words, self.anywhere, str(self.scope))).encode()).hexdigest()

    @property
    def is_tried(self) -> bool:
        """Whether it was tried as it stands."""
        return self.tried == self._digest

    def mark_tried(self) -> None:
        self.tried = self._digest
        self.save(update_fields=["tried", "active"])

    def switch_on(self) -> None:
        """Raises UntriedError."""
        if not self.is_tried:
            raise UntriedError
        self.active = True
        self.save(update_fields=["tried", "active"])

    def switch_off(self) -> None:
        self.active = False
        self.save(update_fields=["tried", "active"])
