"""What a text must get past before it is published, or changed: the rules about words.

Said once, for every verb that says something.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Account, RefusedError
from microblog.text import fold
from timeline.models import KeywordRule, Post
from timeline.signals import keyword_rule_matched


@dataclass(frozen=True)
class Screening:
    """Which rules caught a text that is not refused."""

    caught: tuple[KeywordRule, ...] = ()

    @property
    def holds_back(self) -> bool:
        return any(rule.action == KeywordRule.Action.HOLD for rule in self.caught)

    @property
    def hidden_at(self) -> datetime | None:
        """For a new post: hidden from the beginning, so that nothing counts it until it is
        unhidden.
        """
        return timezone.now() if self.holds_back else None

    def tell(self, post: Post, *texts: str) -> None:
        """Tell those who want to know of it, in the transaction that says it.

        Of a thread each post with its own `texts`: what is held back all of it, what is reported
        where the words stand.
        """
        folded = [fold(text) for text in texts if text]
        for rule in self.caught:
            if folded and rule.action == KeywordRule.Action.REPORT and not rule.catches(*folded):
                continue
            keyword_rule_matched.send(KeywordRule, post=post, rule=rule)


def screen(author: Account, *texts: str, before: str = "") -> Screening:
    """What the rules say of `texts` by `author`.

    Raises RefusedError, with a message for the author.

    What stood in the text `before` was reported then, and is not again.
    """
    rules = list(KeywordRule.objects.active())
    if not rules:
        return Screening()
    folded, said = [fold(text) for text in texts if text], fold(before)
    caught = [rule for rule in rules if rule.catches(*folded) and _holds_for(author, rule)]
    for rule in caught:
        if rule.action == KeywordRule.Action.REFUSE:
            raise RefusedError(rule.refusal)
    return Screening(
        tuple(
            rule
            for rule in caught
            if rule.action == KeywordRule.Action.HOLD or not rule.catches(said)
        )
    )


def _holds_for(author: Account, rule: KeywordRule) -> bool:
    return rule.scope == KeywordRule.Scope.EVERYBODY or author.newcomer_limits is not None
