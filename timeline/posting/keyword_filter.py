"""The rules about words, which a text must get past before it is published or changed.

Asked here by every verb that says something.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from accounts.models import Account, RefusedError, SignupPolicy
from microblog.db.prepared import Statement, column_names, prepared
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


def active_rules(author: Account) -> list[KeywordRule]:
    """Return the rules that hold now; `author` is told what holds for newcomers, by one query."""
    rows = _keeper_says()
    policy = rows[0][: len(_POLICY)]
    author.signup_policy = (
        SignupPolicy()
        if policy[0] is None
        else SignupPolicy.from_db(connection.alias, _POLICY, policy)
    )
    rules = (row[len(_POLICY) :] for row in rows)
    return [
        KeywordRule.from_db(connection.alias, _RULE, rule) for rule in rules if rule[0] is not None
    ]


_POLICY, _RULE = column_names(SignupPolicy), column_names(KeywordRule)


@prepared
def _keeper_says() -> Statement:
    """Ask for the policy beside each active rule, and once where there is no rule."""
    policy = Statement.of(SignupPolicy.objects.values_list(*_POLICY)[:1])
    rules = Statement.of(KeywordRule.objects.active().values_list(*_RULE))
    sql = f"""SELECT policy.*, rule.* FROM (SELECT 1) once LEFT JOIN ({policy.sql}) policy ON true
        LEFT JOIN ({rules.sql}) rule ON true ORDER BY rule.id"""  # noqa: S608  (the parts are ours)
    further = {len(_POLICY) + place: found for place, found in rules.converters.items()}
    return policy._replace(
        sql=sql,
        params=(*policy.params, *rules.params),
        converters={**policy.converters, **further},
    )


def check_keywords(
    author: Account,
    *texts: str,
    before: str = "",
    rules: Sequence[KeywordRule] | None = None,
) -> KeywordMatches:
    """Return those of `rules` (None: the active ones) that catch one of `texts` by `author`.

    What stood in the text `before` was reported then, and is not again. Raises RefusedError, with a
    message for the author, where a rule refuses it.
    """
    if rules is None:
        rules = active_rules(author)
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
