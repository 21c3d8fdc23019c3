"""The rules about words, which a text must get past before it is published or changed.

Asked here by every verb that says something.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Account, RefusedError
from microblog.text import fold
from timeline.models import KeywordRule, Post
from timeline.signals import keyword_rule_matched


@dataclass(frozen=True)
class KeywordMatches:
    """The rules that caught a text which is not refused."""

    rules: tuple[KeywordRule, ...] = ()

    @property
    def holds_back(self) -> bool:
        return any(rule.action == KeywordRule.Action.HOLD for rule in self.rules)

    @property
    def hidden_at(self) -> datetime | None:
        """Return when a new post was hidden: from the beginning, where it is held back, so that
        nothing counts it until it is unhidden.
        """
        return timezone.now() if self.holds_back else None

    def report(self, post: Post, *texts: str) -> None:
        """Send a signal for each rule that `post` is held back or reported for, in the transaction
        that saves the post.

        Of a thread, each post comes with its own `texts`: held back is all of it, reported are the
        posts in which the words stand.
        """
        folded = [fold(text) for text in texts if text]
        for rule in self.rules:
            if folded and rule.action == KeywordRule.Action.REPORT and not rule.catches(*folded):
                continue
            keyword_rule_matched.send(KeywordRule, post=post, rule=rule)


def check_keywords(author: Account, *texts: str, before: str = "") -> KeywordMatches:
    """Return the rules that catch one of `texts` by `author`.

    What stood in the text `before` was reported then, and is not again. Raises RefusedError, with a
    message for the author, where a rule refuses it.
    """
    rules = list(KeywordRule.objects.active())
    if not rules:
        return KeywordMatches()
    folded, folded_before = [fold(text) for text in texts if text], fold(before)
    caught = [rule for rule in rules if rule.catches(*folded) and _holds_for(author, rule)]
    for rule in caught:
        if rule.action == KeywordRule.Action.REFUSE:
            raise RefusedError(rule.refusal)
    return KeywordMatches(
        tuple(
            rule
            for rule in caught
            if rule.action == KeywordRule.Action.HOLD or not rule.catches(folded_before)
        )
    )


def _holds_for(author: Account, rule: KeywordRule) -> bool:
    return rule.scope == KeywordRule.Scope.EVERYBODY or author.newcomer_limits is not None
