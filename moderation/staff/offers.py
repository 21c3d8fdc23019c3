"""Which actions a moderator is offered: those that can apply to what is decided about, in groups;
what answers a request first.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from accounts.models import Account
from moderation.enforcement.actions import EFFECTS, ORDERED
from moderation.models import Action, RemovalRequest
from moderation.staff.case_file import ShownPost


@dataclass(frozen=True)
class Matter:
    """What is decided about, as far as one knows before: with None, everything can apply.

    `lasting` is what is in force against the account without an end, and needs no saying again.
    """

    account: Account | None = None
    posts: Collection[ShownPost] | None = None
    requests: Collection[RemovalRequest] = ()
    lasting: Collection[str] = ()


@dataclass(frozen=True)
class Offer:
    """An action, how it reads, and the digit that chooses it: always the same one."""

    action: str
    label: str
    key: int


@dataclass(frozen=True)
class Group:
    name: str
    offers: list[Offer]


def _has_reader(matter: Matter) -> bool:
    return matter.account is None or bool(matter.account.user_id)


def _some_post(needs: Callable[[ShownPost], bool]) -> Callable[[Matter], bool]:
    return lambda matter: (
        matter.posts is None
        or any(needs(shown) for shown in matter.posts if not shown.post.deleted_at)
    )


CAN: dict[str, Callable[[Matter], bool]] = {
    Action.WARN: _has_reader,
    Action.SENSITIVE: _some_post(lambda shown: bool(shown.media) and not shown.post.sensitive),
    Action.HIDE: _some_post(lambda shown: shown.post.hidden_at is None),
    Action.DELETE: _some_post(lambda _shown: True),
    Action.LIMIT: lambda matter: matter.account is None or not matter.account.is_external,
    Action.FREEZE: _has_reader,
    Action.BAN: _has_reader,
}


def groups(matter: Matter) -> list[Group]:
    """What can apply, each action once."""
    can = [
        action
        for action in ORDERED
        if action not in matter.lasting and (action not in CAN or CAN[action](matter))
    ]
    asked = [action for action in _asked(matter) if action in can]
    rest = [action for action in can if action not in asked]
    on_posts = [action for action in rest if EFFECTS[action].on_posts]
    on_account = [action for action in rest if action not in on_posts and action != Action.NONE]
    named = (
        ("What was asked for", asked),
        ("Nothing", [Action.NONE]),
        ("The posts", on_posts),
        ("The account", on_account),
    )
    return [
        Group(
            name, [Offer(action, Action(action).label, ORDERED.index(action)) for action in actions]
        )
        for name, actions in named
        if actions
    ]


def _asked(matter: Matter) -> list[str]:
    """What grants the removal requests: deleting the posts that they name, or removing the account."""
    wanted = {Action.DELETE if request.post_ids else Action.REMOVE for request in matter.requests}
    return [action for action in ORDERED if action in wanted]
