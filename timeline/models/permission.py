"""What one may do with a post that one sees. What one sees, `visible_to` says."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from accounts.models import Account, Follow, RefusedError

if TYPE_CHECKING:
    from timeline.models.post import Post


class Verb(StrEnum):
    REPLY = "reply to"
    QUOTE = "quote"
    RETWEET = "retweet"


class Audience(models.TextChoices):
    """Who may answer a post, or quote it, besides its author and whom it mentions."""

    EVERYONE = "everyone"
    FOLLOWED = "followed"  # by its author
    MENTIONED = "mentioned"  # nobody


WHO = {
    Audience.FOLLOWED: "{people} whom {author} follows or mentions can {verb}",
    Audience.MENTIONED: "{people} whom {author} mentions can {verb}",
}


def _sentence(people: str, audience: str, author: Account, verb: str) -> str:
    return WHO[Audience(audience)].format(people=people, author=author, verb=verb)


class PostPermissions:
    """For Post: what others may do with it, and the verbs of whoever says so."""

    __slots__ = ()

    def check_may(self, account: Account, verb: Verb) -> None:
        """Raise RefusedError, which says why, where `account` may not do this with the post."""
        if why := self.why_not(account, verb):
            raise RefusedError(why)

    def why_not(self: Any, account: Account, verb: Verb) -> str:
        """Say why `account`, who sees the post, may not do this with it; "" where they may.

        The rule of a conversation's first post holds for every reply below it, as on X; and its
        author may answer all of them.
        """
        if verb == Verb.RETWEET:
            why = f"{self.author}'s posts are protected: nobody can retweet them."
            return why if self.is_protected else ""
        ruling = self.first_of_conversation() if verb == Verb.REPLY else self
        audience = ruling.may_reply if verb == Verb.REPLY else ruling.may_quote
        if ruling._lets(account, audience):  # noqa: SLF001  (its own)
            return ""
        if type(self).objects.visible_to(account).with_ids([ruling.pk]).exists():
            return _sentence("Only people", audience, ruling.author, f"{verb} this.")
        return f"You cannot {verb} this: its conversation is not open to everyone."

    def reply_rule(self: Any, viewer: Account | None) -> str:
        """Say who may reply to it, where not everyone may and `viewer` sees the post that rules."""
        first = self.first_of_conversation()
        if first.may_reply == Audience.EVERYONE:
            return ""
        seen = type(self).objects.visible_to(viewer).with_ids([first.pk])
        if first is not self and not seen.exists():
            return ""
        return _sentence("People", first.may_reply, first.author, "reply")

    def quote_rule(self: Any) -> str:
        """Say who may quote it, where not everyone may."""
        if self.may_quote == Audience.EVERYONE:
            return ""
        return _sentence("People", self.may_quote, self.author, "quote")

    def may_put_aside(self: Any, account: Account) -> bool:
        """Tell whether `account` may put it behind "Hidden replies", or show it again: who wrote
        what it answers, or the first post of its conversation.
        """
        if self.kind != "reply" or account.pk == self.author_id:
            return False
        answered = type(self).objects.by(account).with_ids([self.reply_to_id])
        return bool(answered.exists() or self.first_of_conversation().author_id == account.pk)

    def set_audience(self: Any, may_reply: str, may_quote: str) -> None:
        """Let those answer and quote it from now on; what was answered and quoted before stays.

        Raises RefusedError.
        """
        self.author.check_may_write()
        self.may_reply, self.may_quote = may_reply, may_quote
        type(self).objects.filter(pk=self.pk).update(may_reply=may_reply, may_quote=may_quote)

    def put_aside(self: Any, account: Account) -> None:
        """Let it stand behind "Hidden replies", at the wish of `account`, who may
        (`may_put_aside`). Its author is not told.

        Raises RefusedError.
        """
        account.check_may_write()
        type(self).objects.filter(pk=self.pk, put_aside_at=None).update(put_aside_at=timezone.now())

    def put_back(self: Any, account: Account) -> None:
        """Let it stand among the replies again. Raises RefusedError."""
        account.check_may_write()
        type(self).objects.filter(pk=self.pk).update(put_aside_at=None)

    def first_of_conversation(self: Any) -> "Post":
        """Return what the post answers in the end, as far as it is here; itself if it answers none.

        Where the first post is deleted, what answered it is the first.
        """
        first = type(self).objects.first_above(self)
        posts = type(self).objects.with_author()
        found: Post | None = None if first == self.pk else posts.with_ids([first]).first()
        return found or self

    def _lets(self: Any, account: Account, audience: str) -> bool:
        if audience == Audience.EVERYONE or account.pk == self.author_id:
            return True
        if self.mentions.filter(account=account).exists():
            return True
        followed = Follow.objects.filter(follower=self.author_id, followed=account)
        return audience == Audience.FOLLOWED and followed.exists()
