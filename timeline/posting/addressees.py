"""Whom a reply is written to: the author of what it answers, and whom that was written to."""

from collections.abc import Iterable

from accounts.models import Account
from microblog import text
from timeline.models import Mention, Post

MOST = 20  # of one reply: so many accounts are remembered


def addressees(reply: Post, named: Iterable[Mention] | None = None) -> list[Account]:
    """Return whom here `reply` is written to: the author of what it answers, then others.

    `named` are the rows of what it answers, where they are known.
    """
    above = reply.reply_to
    if above is None:
        return []
    leading = leading_names(text.parse(above.text))
    if named is None:
        named = Mention.objects.in_post(above, Account.objects.visible_to(reply.author))
    written_to = (m for m in named if m.is_addressee or m.account.handle.lower() in leading)
    further = [mention.account for mention in written_to]
    people = {
        account.pk: account
        for account in [above.author, *further]
        if account.pk != reply.author_id and not account.is_external
    }
    return list(people.values())[:MOST]


def leading_names(parsed: text.Parsed) -> set[str]:
    """Return the names, in lower case, that a text begins with: whom it is written to."""
    names: set[str] = set()
    for token in parsed.tokens:
        if token.kind == "mention":
            names.add(token.value.lower())
        elif token.text.strip():
            break
    return names
