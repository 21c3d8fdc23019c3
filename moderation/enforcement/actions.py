"""What each action does to an account and its posts, what takes it back, and how that reads before
it is done.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import Account, BannedEmail
from moderation.models import Action, Measure
from moderation.models.decision import UNDO_WITHIN
from timeline.models import Post

KEPT_FOR = timedelta(days=30)  # what a suspended account has; then it is deleted


@dataclass(frozen=True)
class Target:
    """What a decision is about: an account, those of its posts that were chosen, and until when, if
    it ends by itself.
    """

    account: Account
    posts: list[Post] = field(default_factory=list)
    until: datetime | None = None


@dataclass(frozen=True)
class Effect:
    """One action.

    `start` returns the ids of the posts that it changed; `stop` changes those of a measure back.

    Where `start` returns None, nothing was changed, and nothing is to be taken back.
    """

    preview: Callable[[Target], str]
    start: Callable[[Target], list[int] | None] = lambda _target: []
    stop: Callable[[Measure], object] | None = None  # None: there is nothing to take back
    on_posts: bool = False
    lasts: bool = False  # may end by itself
    due_after: timedelta | None = None  # when it is carried out for good


def _count(posts: list[Post]) -> str:
    return "1 post" if len(posts) == 1 else f"{len(posts):,} posts"


def _end(target: Target) -> str:
    return f" until {target.until:%-d %b %Y, %H:%M} UTC" if target.until else ""


def _change(
    posts: list[Post], needed: Callable[[Post], bool], do: Callable[[Post], object]
) -> list[int]:
    changed = [post for post in posts if needed(post)]
    for post in changed:
        do(post)
    return [post.pk for post in changed]


def _hide(target: Target) -> list[int]:
    return _change(
        target.posts, lambda post: post.hidden_at is None and post.deleted_at is None, Post.hide
    )


def _delete(target: Target) -> list[int]:
    """All of them are to go, those too that were hidden before."""
    _hide(target)
    return [post.pk for post in target.posts]


def _mark_sensitive(target: Target) -> list[int]:
    changed = [post.pk for post in target.posts if not post.sensitive]
    Post.objects.filter(pk__in=changed).update(sensitive=True)
    return changed


def _others(measure: Measure, *actions: Action) -> list[Measure]:
    """What else is in force against the same account, of the same kind."""
    found = (
        Measure.objects.in_force()
        .against(measure.decision.account_number or 0)
        .filter(decision__action__in=actions)
    )
    return list(found.exclude(pk=measure.pk))


def _unhide(measure: Measure) -> None:
    """But for what another measure hides as well."""
    kept = {pk for other in _others(measure, Action.HIDE, Action.DELETE) for pk in other.post_ids}
    for post in Post.objects.filter(pk__in=set(measure.post_ids) - kept):
        post.unhide()


def _unmark(measure: Measure) -> None:
    kept = {pk for other in _others(measure, Action.SENSITIVE) for pk in other.post_ids}
    Post.objects.filter(pk__in=set(measure.post_ids) - kept).update(sensitive=False)


def _on_account(verb: Callable[[Account], object]) -> Callable[[Target], list[int]]:
    def start(target: Target) -> list[int]:
        verb(target.account)
        return []

    return start


def _back(verb: Callable[[Account], object], *actions: Action) -> Callable[[Measure], None]:
    def stop(measure: Measure) -> None:
        if measure.account and not _others(measure, *actions):
            verb(measure.account)

    return stop


def _ban(target: Target) -> list[int] | None:
    """A ban that was made by hand before is not this one's to end."""
    account = target.account
    is_new = account.user is not None and BannedEmail.objects.ban(account.user.email)
    return (
        []
        if is_new or Measure.objects.in_force().against(account.pk).of(Action.BAN).exists()
        else None
    )


def _unban(measure: Measure) -> None:
    if measure.account and measure.account.user and not _others(measure, Action.BAN):
        BannedEmail.objects.lift(measure.account.user.email)


def _suspension(target: Target) -> str:
    number = target.account.posts_count
    posts = "1 post" if number == 1 else f"{number:,} posts"
    text = (
        f"Suspend {target.account}{_end(target)}: gone from every page with {posts}, signed out "
        "everywhere."
    )
    return text if target.until else f"{text} Everything is deleted after 30 days."


def _removal(target: Target) -> str:
    account = target.account
    return (
        f"Remove {account}: gone from every page at once; after ten minutes its "
        f"{account.posts_count:,} posts, retweets and files "
        "are deleted, and its handle never comes back."
    )


EFFECTS: dict[str, Effect] = {
    Action.NONE: Effect(lambda target: f"No action. Nothing changes for {target.account}."),
    Action.WARN: Effect(lambda target: f"Warn {target.account}: they read your statement."),
    Action.SENSITIVE: Effect(
        lambda target: (
            f"Mark {_count(target.posts)} as sensitive: pictures show only to who asks for them."
        ),
        _mark_sensitive,
        _unmark,
        on_posts=True,
    ),
    Action.HIDE: Effect(
        lambda target: f"Hide {_count(target.posts)}: gone from every page.",
        _hide,
        _unhide,
        on_posts=True,
    ),
    Action.DELETE: Effect(
        lambda target: (
            f"Delete {_count(target.posts)}: hidden at once, deleted for good after ten minutes."
        ),
        _delete,
        _unhide,
        on_posts=True,
        due_after=UNDO_WITHIN,
    ),
    Action.LIMIT: Effect(
        lambda target: (
            f"Limit {target.account}{_end(target)}: seen by followers and at its own address, "
            "not in explore, tags and suggestions."
        ),
        _on_account(Account.limit),
        _back(Account.unlimit, Action.LIMIT),
        lasts=True,
    ),
    Action.FREEZE: Effect(
        lambda target: (
            f"Freeze {target.account}{_end(target)}: may read and delete, cannot post, like, "
            "follow or change their profile."
        ),
        _on_account(Account.freeze),
        _back(Account.unfreeze, Action.FREEZE),
        lasts=True,
    ),
    Action.SUSPEND: Effect(
        _suspension,
        _on_account(Account.suspend),
        _back(Account.restore, Action.SUSPEND, Action.REMOVE),
        lasts=True,
        due_after=KEPT_FOR,
    ),
    Action.REMOVE: Effect(
        _removal,
        _on_account(Account.suspend),
        _back(Account.restore, Action.SUSPEND, Action.REMOVE),
        due_after=UNDO_WITHIN,
    ),
    Action.BAN: Effect(
        lambda target: (
            f"Ban the e-mail address of {target.account}: nobody signs up with it again."
        ),
        _ban,
        _unban,
    ),
}
ORDERED = tuple(EFFECTS)  # what a moderator may order, the mildest first
