"""Which actions a moderator is offered: those that can apply to what is decided about, in groups;
what answers a request first.
"""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import Account
from moderation.enforcement.actions import ACTIONS, CHOICES, ActionSpec, Group
from moderation.models import Action, Ticket
from timeline.models import Post


@dataclass(frozen=True)
class Matter:
    """What is decided about, as far as one knows before: with None, everything can apply.

    `lasting` is what is in force against the account without an end, and needs no saying again.
    """

    account: Account | None = None
    posts: Collection[Post] | None = None
    removals: Collection[Ticket] = ()
    lasting: Collection[str] = ()


@dataclass(frozen=True)
class Offer:
    """An action, how it reads, and the digit that chooses it: always the same one."""

    action: str
    label: str
    key: int


@dataclass(frozen=True)
class OfferGroup:
    name: str
    offers: list[Offer]


def groups(matter: Matter) -> list[OfferGroup]:
    """Return what can apply, each action once.

    What was asked for is to delete the posts that a request names, or else to remove the account.
    """
    granting = {Action.DELETE if ticket.post_ids else Action.REMOVE for ticket in matter.removals}
    headings = ("What was asked for", Group.NOTHING, Group.POSTS, Group.ACCOUNT)
    named: dict[str, list[Offer]] = {name: [] for name in headings}
    for key, action in enumerate(CHOICES):
        spec = ACTIONS[action]
        if action not in matter.lasting and _fits(spec, matter):
            name = headings[0] if action in granting else spec.group or ""
            named[name].append(Offer(action, action.label, key))
    return [OfferGroup(name, offers) for name, offers in named.items() if offers]


def _fits(spec: ActionSpec, matter: Matter) -> bool:
    if not spec.on_posts:
        return matter.account is None or spec.fits_account(matter.account)
    return matter.posts is None or any(
        spec.fits_post(post) for post in matter.posts if not post.deleted_at
    )
