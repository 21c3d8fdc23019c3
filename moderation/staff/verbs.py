"""What staff do to accounts and posts in their lists and on their pages: each is a decision like
one from the queue.
"""

from functools import partial

from django.http import HttpRequest

from accounts.models import Account
from accounts.ranks import why_not
from microblog.admin import Verb
from moderation.enforcement.decide import Ruling, decide
from moderation.enforcement.lift import restore_account, restore_post
from moderation.models import Action
from timeline.models import Post


def _refusal(request: HttpRequest, row: Account | Post) -> str:
    return why_not(request.user, row if isinstance(row, Account) else row.author)  # type: ignore[arg-type]


def _decide(action: Action, request: HttpRequest, row: Account | Post) -> None:
    account, posts = (row, ()) if isinstance(row, Account) else (row.author, (row.pk,))
    decide(request.user, account, Ruling((action,), posts))  # type: ignore[arg-type]


def _restore(request: HttpRequest, account: Account) -> None:
    restore_account(request.user, account, {Action.SUSPEND, Action.REMOVE}, Account.restore)  # type: ignore[arg-type]


def _unhide(request: HttpRequest, post: Post) -> None:
    restore_post(request.user, post.author, post.pk, {Action.HIDE, Action.DELETE}, post.unhide)  # type: ignore[arg-type]


_verb = partial(Verb, refusal=_refusal, is_recorded=True)
SUSPEND = _verb(
    name="suspend",
    label="Suspend: gone from every page, signed out everywhere",
    done="Suspended {}.",
    not_needed="{} had been suspended before.",
    needed=lambda account: account.suspended_at is None,
    do=partial(_decide, Action.SUSPEND),
)
RESTORE = _verb(
    name="restore",
    label="Restore: seen again, may sign in again",
    done="Restored {}.",
    not_needed="{} had not been suspended.",
    needed=lambda account: account.suspended_at is not None,
    do=_restore,
)
HIDE = _verb(
    name="hide",
    label="Hide: gone from every page until it is unhidden",
    done="Hid {}.",
    not_needed="{} had been hidden before.",
    needed=lambda post: post.hidden_at is None,
    do=partial(_decide, Action.HIDE),
)
UNHIDE = _verb(
    name="unhide",
    label="Unhide: seen again",
    done="Unhid {}.",
    not_needed="{} had not been hidden.",
    needed=lambda post: post.hidden_at is not None,
    do=_unhide,
)
DELETE = _verb(
    name="remove",
    label="Delete for good",
    done="Hid {}; deleted for good in ten minutes, unless it is undone on the queue's page.",
    not_needed="{} had been deleted before.",
    needed=lambda post: post.deleted_at is None,
    do=partial(_decide, Action.DELETE),
    permission="delete",
    warning="After ten minutes this cannot be undone. The text, the pictures, the likes and the "
    "retweets of what you delete go with it.",
)
