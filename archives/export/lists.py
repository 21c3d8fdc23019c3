"""What stands in lists: what one likes and keeps, whom one follows, blocks and mutes, drafts. Each
is read some hundred rows at a time.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import Account, Block, Follow, FollowRequest, Mute, MutedWord
from archives.export.activities import Values, filled, reference, url_of, when
from archives.export.own_posts import Target, targets_of
from archives.models import ImportedAccount, ImportedId
from timeline.models import Bookmark, Draft, Like, TagFollow

BATCH = 200

type List = Callable[[Account], Iterator[Any]]


def batches(rows: "models.QuerySet[Any]") -> Iterator[list[Any]]:
    """Yield all rows by their ids, the oldest first."""
    rows, last = rows.order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


# --- Posts of anybody ---


def addresses(rows: "models.QuerySet[Any]") -> Iterator[str]:
    """Yield the address of each post, as Mastodon's lists have it: the newest like comes last."""
    for batch in batches(rows.select_related("post__author")):
        yield from (url_of(row.post) for row in batch)


def _of_posts(rows: "models.QuerySet[Any]", account: Account) -> Iterator[Values]:
    for batch in batches(rows):
        targets = targets_of((row.post_id for row in batch), account)
        for row in batch:
            if target := targets.get(row.post_id):  # else it is gone meanwhile
                yield {**reference(target), "added_at": when(row.created_at)}


def likes(account: Account) -> Iterator[Values]:
    return _of_posts(likes_of(account), account)


def bookmarks(account: Account) -> Iterator[Values]:
    return _of_posts(bookmarks_of(account), account)


def likes_of(account: Account) -> "models.QuerySet[Like]":
    return Like.objects.by(account).filter(post__deleted_at=None)


def bookmarks_of(account: Account) -> "models.QuerySet[Bookmark]":
    return Bookmark.objects.by(account).filter(post__deleted_at=None)


def drafts(account: Account) -> Iterator[Values]:
    for batch in batches(Draft.objects.by(account)):
        targets = targets_of((draft.target_id for draft in batch), account)
        yield from (_draft(draft, targets.get(draft.target_id or 0)) for draft in batch)


def _draft(draft: Draft, target: Target | None) -> Values:
    return filled(
        kind=draft.kind,
        texts=draft.texts,
        kept_at=when(draft.updated_at),
        may_reply=draft.may_reply,
        may_quote=draft.may_quote,
        about=reference(target) if target else None,
    )


# --- People ---


def _people(
    rows: "models.QuerySet[Any]", end: str, **more: Callable[[Any], Any]
) -> Iterator[Values]:
    for batch in batches(rows.select_related(end)):
        for row in batch:
            other = getattr(row, end)
            said = {name: value(row) for name, value in more.items()}
            yield filled(account=str(other), url=url_of(other), since=when(row.created_at), **said)


def following(account: Account) -> Iterator[Values]:
    rows = Follow.objects.filter(follower=account)
    return _people(rows, "followed", shows_retweets=lambda follow: follow.shows_retweets)


def followers(account: Account) -> Iterator[Values]:
    """Yield those whom she can see: what others did tells nothing of who is gone, or blocks her."""
    seen = Account.objects.visible_to(account)
    return _people(Follow.objects.filter(followed=account, follower__in=seen), "follower")


def follow_requests_sent(account: Account) -> Iterator[Values]:
    return _people(FollowRequest.objects.filter(follower=account), "followed")


def follow_requests_received(account: Account) -> Iterator[Values]:
    seen = Account.objects.visible_to(account)
    return _people(FollowRequest.objects.filter(followed=account, follower__in=seen), "follower")


def blocks(account: Account) -> Iterator[Values]:
    return _people(Block.objects.filter(blocker=account), "blocked")


def mutes(account: Account) -> Iterator[Values]:
    rows = Mute.objects.by(account)
    return _people(rows, "muted", until=lambda mute: when(mute.until))


def muted_words(account: Account) -> Iterator[Values]:
    for batch in batches(MutedWord.objects.by(account)):
        for word in batch:
            yield filled(
                text=word.text,
                hides_followed=word.hides_followed,
                until=when(word.until),
                since=when(word.created_at),
            )


def followed_tags(account: Account) -> Iterator[Values]:
    for batch in batches(TagFollow.objects.filter(account=account).select_related("tag")):
        for follow in batch:
            yield filled(tag=follow.tag.name, since=when(follow.created_at))


# --- What she was called, and what she brought ---


def former_handles(account: Account) -> Iterator[Values]:
    for former in account.former_handles.kept():
        yield {"handle": former.handle, "until": when(former.until)}


def imported_accounts(account: Account) -> Iterator[Values]:
    for archive in ImportedAccount.objects.filter(account=account):
        yield filled(
            source=archive.source,
            id=archive.source_id,
            handle=archive.handle,
            former_handles=archive.former_handles.split(),
            made_at=when(archive.made_at),
        )


def imported_posts(account: Account) -> Iterator[Values]:
    """Yield what became of each post of an archive; without `post`, she deleted it here."""
    archives = ImportedAccount.objects.filter(account=account).values("source_id")
    rows = ImportedId.objects.filter(source_account__in=archives)
    here = f"{settings.SITE_URL}{account.get_absolute_url()}"
    for batch in batches(rows):
        for row in batch:
            yield filled(
                source=row.source,
                account=row.source_account,
                id=row.source_id,
                post=f"{here}/{row.post_id}" if row.post_id else None,
            )


# By the name of the file, each.
LISTS: dict[str, List] = {
    "drafts": drafts,
    "likes": likes,
    "bookmarks": bookmarks,
    "following": following,
    "followers": followers,
    "follow_requests_sent": follow_requests_sent,
    "follow_requests_received": follow_requests_received,
    "blocks": blocks,
    "mutes": mutes,
    "muted_words": muted_words,
    "followed_tags": followed_tags,
    "former_handles": former_handles,
    "imported_accounts": imported_accounts,
    "imported_posts": imported_posts,
}
