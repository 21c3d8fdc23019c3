"""The words by which people are found: of their handles and names."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from microblog.db.fields import KeyField, beginning_with
from microblog.text.tokens import LONGEST_TOKEN, tokens

if TYPE_CHECKING:
    from accounts.models.account import Account

BATCH = 500
LONGEST_NAME = 200  # characters that count


class AccountWordQuerySet(models.QuerySet["AccountWord"]):
    def beginning_with(self, prefix: str) -> Self:
        return self.filter(word__range=beginning_with(prefix))

    def follow(self, accounts: "Collection[Account]") -> int:
        """Let these accounts be found by what they are called now; return how many words were
        wrong or missing. Those from elsewhere are not found.
        """
        kept = set(self.filter(account__in=accounts).values_list("account", "word"))
        wanted = {
            (one.pk, word) for one in accounts if not one.is_external for word in words_of(one)
        }
        rows = [self.model(account_id=pk, word=word) for pk, word in sorted(wanted - kept)]
        self.bulk_create(rows, BATCH, ignore_conflicts=True)
        for pk, word in kept - wanted:
            self.filter(account=pk, word=word).delete()
        return len(kept ^ wanted)

    def follow_all(self) -> int:
        """Likewise for every account that was not deleted, a batch at a time."""
        accounts: Any = self.model._meta.get_field("account").related_model  # noqa: SLF001  (documented)
        wrong, last = 0, 0
        while batch := list(
            accounts.objects.local()
            .undeleted()
            .filter(pk__gt=last)
            .only("handle", "host", "name")
            .order_by("pk")[:BATCH]
        ):
            wrong += self.follow(batch)
            last = batch[-1].pk
        return wrong


class AccountWord(models.Model):
    """The handle or the name of the local `account` has `word`, as a token (microblog.text)."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="words")
    word = KeyField(max_length=LONGEST_TOKEN)

    objects = AccountWordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["word", "account"], name="account_word_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} is called {self.word}"


def words_of(account: Any) -> set[str]:
    """Return the words of what has a `handle` and a `name`."""
    return {*tokens(account.handle), *tokens(account.name[:LONGEST_NAME])}
