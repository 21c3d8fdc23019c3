"""What a moderation action is: a row an action, with how it reads, what it does to an account and
its posts, what takes that back, and what the person is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from accounts.models import Account, BannedEmail
from moderation.models import Action, Decision, Sanction
from moderation.models.decision import UNDO_WITHIN
from timeline.models import Post

KEPT_FOR = timedelta(days=30)  # what a suspended account has; then it is deleted


@dataclass(frozen=True)
class Subject:
    """What a decision is about: an account, those of its posts that were chosen, and until when, if
    it ends by itself.
    """

    account: Account
    posts: list[Post] = field(default_factory=list)
    until: datetime | None = None


class Group(StrEnum):
    """Where in its form a moderator finds an action."""

    NOTHING = "Nothing"
    POSTS = "The posts"
    ACCOUNT = "The account"
    APPEAL = "The appeal"


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    `start` returns the ids of the posts that it changed; `stop` changes those of a sanction back.
    Where `start` returns None, nothing was changed, and nothing is to be taken back.

    The sentences have places for {account}, its {posts} and {end} (" until …", or nothing).
    """

    told: str = "{label}"  # what the person whom it concerns reads
    told_for_good: str = ""  # and goes on to read where no end is set
    foretold: str = ""  # what a moderator reads before
    foretold_for_good: str = ""
    group: Group | None = None  # None: no moderator chooses it, it follows from something else
    start: Callable[[Subject], list[int] | None] = lambda _subject: []
    stop: Callable[[Sanction], object] | None = None  # None: there is nothing to take back
    lasts: bool = False  # may end by itself
    due_after: timedelta | None = None  # when it is carried out for good
    grants_removal: bool = False  # answers a removal request with yes
    is_quiet: bool = False  # nobody needs to be told: nothing was done
    fits_account: Callable[[Account], bool] = lambda _account: True  # to whom it is offered
    fits_post: Callable[[Post], bool] = lambda _post: True
    answer: str = ""  # of an appeal: how the choice reads
    in_figures: str = ""  # how /transparency calls it, where that is not its label

    @property
    def on_posts(self) -> bool:
        return self.group == Group.POSTS

    def preview(self, subject: Subject) -> str:
        """Tell a moderator what it will do to `subject`."""
        text = self.foretold if subject.until else self.foretold + self.foretold_for_good
        return text.format(
            account=subject.account,
            posts=_number(len(subject.posts)),
            all_posts=_number(subject.account.posts_count),
            end=f" until {subject.until:%-d %b %Y, %H:%M} UTC" if subject.until else "",
        )


def _number(posts: int) -> str:
    return "1 post" if posts == 1 else f"{posts:,} posts"


# --- What they do to posts ---


def _hide(subject: Subject) -> list[int]:
    changed = [post for post in subject.posts if not (post.hidden_at or post.deleted_at)]
    for post in changed:
        post.hide()
    return [post.pk for post in changed]


def _delete(subject: Subject) -> list[int]:
    """Hide them, and return all: those too are to go that were hidden before."""
    _hide(subject)
    return [post.pk for post in subject.posts]


def _mark_sensitive(subject: Subject) -> list[int]:
    changed = [post.pk for post in subject.posts if not post.sensitive]
    Post.objects.filter(pk__in=changed).update(sensitive=True)
    return changed


def _others(sanction: Sanction, *actions: Action) -> QuerySet[Sanction]:
    """Return what else of `actions` is in force against the same account."""
    number = sanction.decision.account_number or 0
    return Sanction.objects.against(number, actions).exclude(pk=sanction.pk)


def _posts_of(sanction: Sanction, *actions: Action) -> QuerySet[Post]:
    """Return its posts, but for those that another sanction of `actions` changes as well."""
    kept = {pk for other in _others(sanction, *actions) for pk in other.post_ids}
    return Post.objects.with_ids(set(sanction.post_ids) - kept)


def _unhide(sanction: Sanction) -> None:
    for post in _posts_of(sanction, Action.HIDE, Action.DELETE):
        post.unhide()


def _unmark(sanction: Sanction) -> None:
    _posts_of(sanction, Action.SENSITIVE).update(sensitive=False)


# --- What they do to accounts ---


def _on_account(verb: Callable[[Account], object]) -> Callable[[Subject], list[int]]:
    def start(subject: Subject) -> list[int]:
        verb(subject.account)
        return []

    return start


def _back(verb: Callable[[Account], object], *actions: Action) -> Callable[[Sanction], None]:
    """Return what takes back with `verb`, once none of `actions` is in force beside it."""

    def stop(sanction: Sanction) -> None:
        if sanction.account and not _others(sanction, *actions).exists():
            verb(sanction.account)

    return stop


def _ban(subject: Subject) -> list[int] | None:
    """Ban the address; a ban that was made by hand before is not this one's to end."""
    account = subject.account
    is_new = account.user is not None and BannedEmail.objects.ban(account.user.email)
    return [] if is_new or Sanction.objects.against(account.pk, [Action.BAN]).exists() else None


def _unban(account: Account) -> None:
    if account.user:
        BannedEmail.objects.lift(account.user.email)


def _signs_in(account: Account) -> bool:
    return bool(account.user_id)


# --- The table: those that a moderator chooses first, the mildest before the others ---

ACTIONS: dict[Action, ActionSpec] = {
    Action.NONE: ActionSpec(
        foretold="No action. Nothing changes for {account}.", group=Group.NOTHING, is_quiet=True
    ),
    Action.WARN: ActionSpec(
        told="This is a warning.",
        foretold="Warn {account}: they read your statement.",
        group=Group.ACCOUNT,
        fits_account=_signs_in,
    ),
    Action.SENSITIVE: ActionSpec(
        told="{posts} marked as sensitive: the pictures show only to who asks for them.",
        foretold="Mark {posts} as sensitive: pictures show only to who asks for them.",
        group=Group.POSTS,
        start=_mark_sensitive,
        stop=_unmark,
        fits_post=lambda post: post.media_count > 0 and not post.sensitive,
    ),
    Action.HIDE: ActionSpec(
        told="{posts} hidden.",
        foretold="Hide {posts}: gone from every page.",
        group=Group.POSTS,
        start=_hide,
        stop=_unhide,
        grants_removal=True,
        fits_post=lambda post: post.hidden_at is None,
    ),
    Action.DELETE: ActionSpec(
        told="{posts} deleted.",
        foretold="Delete {posts}: hidden at once, deleted for good after ten minutes.",
        group=Group.POSTS,
        start=_delete,
        stop=_unhide,
        due_after=UNDO_WITHIN,
        grants_removal=True,
    ),
    Action.LIMIT: ActionSpec(
        told="Your account is limited{end}: your followers see your posts, strangers do not come "
        "across them.",
        foretold="Limit {account}{end}: seen by followers and at its own address, not in explore, "
        "tags and suggestions.",
        group=Group.ACCOUNT,
        start=_on_account(Account.limit),
        stop=_back(Account.unlimit, Action.LIMIT),
        lasts=True,
        fits_account=lambda account: not account.is_external,
    ),
    Action.FREEZE: ActionSpec(
        told="Your account is frozen{end}: you can read, delete and unfollow, but not post, or "
        "change what others see.",
        foretold="Freeze {account}{end}: may read and delete, cannot post, like, follow or change "
        "their profile.",
        group=Group.ACCOUNT,
        start=_on_account(Account.freeze),
        stop=_back(Account.unfreeze, Action.FREEZE),
        lasts=True,
        fits_account=_signs_in,
    ),
    Action.SUSPEND: ActionSpec(
        told="Your account is suspended{end}.",
        told_for_good=" After 30 days, all that you put here is deleted.",
        foretold="Suspend {account}{end}: gone from every page with {all_posts}, signed out "
        "everywhere.",
        foretold_for_good=" Everything is deleted after 30 days.",
        group=Group.ACCOUNT,
        start=_on_account(Account.suspend),
        stop=_back(Account.restore, Action.SUSPEND, Action.REMOVE),
        lasts=True,
        due_after=KEPT_FOR,
        grants_removal=True,
    ),
    Action.REMOVE: ActionSpec(
        told="Your account is removed, with all that you put here.",
        foretold="Remove {account}: gone from every page at once; after ten minutes its "
        "{account.posts_count:,} posts, retweets and files are deleted, and its handle never "
        "comes back.",
        group=Group.ACCOUNT,
        start=_on_account(Account.suspend),
        stop=_back(Account.restore, Action.SUSPEND, Action.REMOVE),
        due_after=UNDO_WITHIN,
        grants_removal=True,
    ),
    Action.BAN: ActionSpec(
        told="Nobody can sign up with your e-mail address any more.",
        foretold="Ban the e-mail address of {account}: nobody signs up with it again.",
        group=Group.ACCOUNT,
        start=_ban,
        stop=_back(_unban, Action.BAN),
        fits_account=_signs_in,
    ),
    Action.UPHOLD: ActionSpec(
        told="Your appeal was looked at. The decision stays.",
        foretold="The earlier decision stays.",
        group=Group.APPEAL,
        answer="uphold the decision",
        in_figures="Decision stayed",
    ),
    Action.OVERTURN: ActionSpec(
        told="Your appeal was right. The decision is taken back.",
        foretold="The earlier decision is taken back, as far as it is in force.",
        group=Group.APPEAL,
        answer="overturn it: take back what is in force",
        in_figures="Decision taken back",
    ),
    Action.LIFT: ActionSpec(told="What was decided before is lifted."),
    Action.UNDO: ActionSpec(),
    Action.STAFF: ActionSpec(in_figures="Other changes by the staff"),
}
# What a moderator chooses about an account: the place of each is the key that ticks it.
CHOICES = tuple(
    action for action, spec in ACTIONS.items() if spec.group not in (None, Group.APPEAL)
)
ANSWERS = tuple(action for action, spec in ACTIONS.items() if spec.group == Group.APPEAL)


def told(decision: Decision) -> str:
    """Tell the person whom `decision` concerns what was done, in plain words."""
    spec, number = ACTIONS[Action(decision.action)], len(decision.post_ids)
    text = spec.told if decision.until else spec.told + spec.told_for_good
    return text.format(
        label=decision.get_action_display(),
        posts="One of your posts is" if number == 1 else f"{number:,} of your posts are",
        end=f" until {decision.until:%-d %B %Y, %H:%M} UTC" if decision.until else "",
    )


def is_by_choice(decision: Decision) -> bool:
    """Tell whether a moderator chose it, or it followed from something else."""
    return ACTIONS[Action(decision.action)].group is not None
