"""The demo community comes and goes: accounts, follows, posts, likes and pictures.

What is the demo's is known by three things together, so that no real person is taken for one of its
people: its marker (a superuser with the address ada@demo.example, whose account joined when
`people.ADA` did), the handles in `people`, and for each the exact second of joining. Its accounts
other than the marker's have no user, so nobody can sign in and make one their own.
"""

import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from pathlib import Path
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.handles import full_handle
from accounts.models import Account, Follow, HandleTakenError, User
from accounts.profile_pictures import AVATAR_SIZES, BANNER_SIZES
from microblog import text
from microblog.media import decoder, uploads
from microblog.media.images import Picture
from timeline.demo import DOMAIN
from timeline.demo.conversations import Saying, conversations
from timeline.demo.people import ADA, LOCAL, PEOPLE, Person
from timeline.feeds import counters
from timeline.models import Like, LinkCard, Media, Notification, Post, Tag
from timeline.posting.attachments import PICTURE_SIZES, Attachment
from timeline.posting.content import tag_url
from timeline.posting.publish import publish
from timeline.signals import demo_created, demo_removing

EMAIL = f"ada@{DOMAIN}"
# avatars and banners by handle, and what posts show by name
PICTURES = Path(__file__).with_name("pictures")


class DemoError(Exception):
    """The demo community cannot move in. The message is for whoever runs the site."""


# --- Signing in ---


def demo_sign_in() -> str | None:
    """Return the line to print while a demo community is here, how to sign in; else None."""
    user = _marker()
    if user is None:
        return None
    password = _password_file().read_text().strip() if _password_file().exists() else ""
    if password and user.check_password(password):
        return f"Sign in as {user.account.handle} with the password {password}"
    return f"Sign in as {user.account.handle} with the password that you gave her"


def _marker() -> User | None:
    """Return the user by whom one knows that the demo community is here."""
    return (
        User.objects.filter(email=EMAIL, is_superuser=True, account__joined_at=ADA.joined)
        .select_related("account")
        .first()
    )


def _password_file() -> Path:
    return Path(settings.VAR) / "demo-password"


def _password() -> str:
    """Return the demo's password: that of its file, or a new one, which is then kept there."""
    path = _password_file()
    letters = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(16))
    with (
        suppress(FileExistsError),
        os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file,
    ):
        file.write("-".join(letters[n : n + 4] for n in range(0, 16, 4)))
    return path.read_text().strip()


def people() -> list[int]:
    """Return the ids of its accounts; none where it is not here."""
    user = _marker()
    return list(_accounts(user).values_list("pk", flat=True)) if user else []


# --- Moving in ---


def make(now: datetime | None = None) -> bool:
    """Make the demo community, its posts dated back from `now`; False where it is here already, and
    then nothing changes.

    Raises DemoError where somebody else has one of its handles; then nothing changes either.
    """
    if _marker():
        return False
    _check_room()
    community = _Community(now or timezone.now())
    community.open_pictures()
    try:
        with transaction.atomic():
            community.move_in()
            demo_created.send(None, now=community.now)
            community.tell_nobody()
    except BaseException as error:
        for key in community.keys:
            uploads.discard(key)
        if isinstance(error, HandleTakenError):  # somebody was faster
            raise DemoError(
                f"The demo community cannot move in: {error} Nothing was changed."
            ) from error
        raise
    return True


def _check_room() -> None:
    called = {full_handle(person.handle, person.host) for person in PEOPLE}
    taken = list(Account.objects.named_any(called))
    if taken:
        names = ", ".join(sorted(str(account) for account in taken))
        raise DemoError(
            f"The demo community cannot move in: {names} is here already, and not of the demo. "
            "Nothing was changed."
        )
    kept = [person.handle for person in LOCAL if not Account.objects.handle_is_free(person.handle)]
    if kept:
        raise DemoError(
            f"The demo community cannot move in: @{', @'.join(kept)} is kept for somebody who "
            "had it before. Nothing was changed."
        )
    if User.objects.filter(email__iexact=EMAIL).exists():
        raise DemoError(
            f"The demo community cannot move in: somebody signs in with {EMAIL}. Nothing was "
            "changed."
        )


class _Community:
    """A demo community on its way in. `keys` are those of the uploads that it has stored."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.sayings = conversations()
        self.accounts: dict[str, Account] = {}
        self.keys: list[str] = []
        self.avatars: dict[str, Picture] = {}
        self.banners: dict[str, Picture] = {}
        self.pictures: dict[str, Picture] = {}

    def open_pictures(self) -> None:
        """Open all of them, before the transaction: that takes most of the time."""
        handles = [person.handle for person in LOCAL]
        names = sorted({name for saying in _walk(self.sayings) for name, _ in saying.pictures})
        with ThreadPoolExecutor() as pool:  # Pillow works side by side
            avatars = pool.map(
                lambda handle: _made(f"avatars/{handle}", sizes=AVATAR_SIZES), handles
            )
            banners = pool.map(
                lambda handle: _made(f"banners/{handle}", sizes=BANNER_SIZES), handles
            )
            shown = pool.map(lambda name: _made(f"posts/{name}", fits=PICTURE_SIZES), names)
        self.avatars = dict(zip(handles, avatars, strict=True))
        self.banners = dict(zip(handles, banners, strict=True))
        self.pictures = dict(zip(names, shown, strict=True))

    def move_in(self) -> None:
        for person in PEOPLE:
            self.accounts[person.handle] = self._account(person)
        for person in LOCAL:
            self._furnish(person)
        for saying in self.sayings:
            self._say(saying)

    def tell_nobody(self) -> None:
        """Let nobody be told of what came with the community."""
        Notification.objects.filter(recipient__in=self.accounts.values()).delete()

    # --- People ---

    def _account(self, person: Person) -> Account:
        fields = {
            "name": person.name,
            "bio": person.bio,
            "location": person.location,
            "website": person.website,
            "joined_at": person.joined,
            "imported_followers": person.followers,
            "imported_following": person.following,
        }
        if person.host:
            return Account.objects.create(handle=person.handle, host=person.host, **fields)
        account = Account.objects.create_local(person.handle, **fields)
        if person is ADA:
            account.user = User.objects.create_superuser(EMAIL, _password(), date_joined=ADA.joined)
            account.save(update_fields=["user"])
            EmailAddress.objects.create(user=account.user, email=EMAIL, primary=True, verified=True)
        return account

    def _furnish(self, person: Person) -> None:
        """Add what needs all the others to be there, and the pictures."""
        account = self.accounts[person.handle]
        account.parse_bio()
        account.save(update_fields=["bio_html"])
        for handle in person.follows.split():
            account.follow(self.accounts[handle])
        account.set_picture("avatar", self.avatars[person.handle].files)
        account.set_picture("banner", self.banners[person.handle].files)
        self.keys += [account.avatar, account.banner]

    # --- What they say ---

    def _say(self, saying: Saying, about: Post | None = None) -> None:
        chance = Random(f"{saying.who} {saying.text}")  # noqa: S311  (the same community each time, not a secret)
        moment = self._moment(saying.ago, about, chance)
        post = (
            self._external(saying, moment)
            if self.accounts[saying.who].host
            else self._publish(saying, moment, about)
        )
        post.imported_likes, post.imported_retweets = saying.elsewhere or _elsewhere(
            saying, post, self.now - moment
        )
        post.save(update_fields=["imported_likes", "imported_retweets"])
        for handle, ago in saying.retweets:
            retweet = Post(author=self.accounts[handle], kind=Post.Kind.RETWEET, retweet_of=post)
            retweet.insert(self._moment(ago, post, chance))
            retweet.update_counters(1)
        for handle in self._who_likes(saying, chance):
            post.like(self.accounts[handle])
        for following in saying.following:
            self._say(following, post)

    def _moment(self, ago: timedelta | None, about: Post | None, chance: Random) -> datetime:
        """Return a moment a bit more than `ago` before now; without it, a while after `about`."""
        if ago is not None:
            bit = ago * 0.04 if ago > timedelta(hours=1) else timedelta(seconds=40)
            moment = self.now - ago - bit * chance.random()
            if about is None:
                return moment
            later = about.created_at + timedelta(seconds=chance.randint(30, 1500))
            return min(max(moment, later), self.now)
        assert about is not None  # noqa: S101  (a conversation begins with an age)
        while_ago = self.now - about.created_at
        return about.created_at + min(
            while_ago * chance.uniform(0.2, 0.6), timedelta(minutes=chance.randint(2, 170))
        )

    def _publish(self, saying: Saying, moment: datetime, about: Post | None) -> Post:
        post = publish(
            self.accounts[saying.who],
            saying.text,
            reply_to=None if saying.is_quote else about,
            quote_of=about if saying.is_quote else None,
            attachments=[Attachment(self.pictures[name], alt) for name, alt in saying.pictures],
            sensitive=saying.is_sensitive,
            moment=moment,
            limited=False,
        )
        self.keys += post.media.values_list("key", flat=True)
        return post

    def _external(self, saying: Saying, moment: datetime) -> Post:
        """Save it as an import does: with the address of the original where that is known."""
        post = Post(
            author=self.accounts[saying.who],
            is_external=True,
            text=saying.text,
            is_dated=saying.is_dated,
        )
        post.html = text.parse(saying.text).html(lambda name: f"https://x.com/{name}", tag_url)
        if saying.is_dated:
            tweet_id = (int(moment.timestamp() * 1000) - 1288834974657) << 22
            post.origin_url = f"https://x.com/{saying.who}/status/{tweet_id}"
        post.insert(moment)
        post.update_counters(1)
        return post

    def _who_likes(self, saying: Saying, chance: Random) -> list[str]:
        """Return some of those who are here, mostly those who follow whoever says it."""
        fond = [
            p.handle
            for p in LOCAL
            if p.handle != saying.who and (saying.who in p.follows.split() or chance.random() < 0.3)
        ]
        return chance.sample(fond, min(len(fond), chance.choice((0, 1, 1, 2, 2, 3, 4, 6))))


def _made(name: str, **job: Any) -> Picture:
    """Return a picture of ours in the sizes that pages use: no process of its own makes it."""
    with (PICTURES / f"{name}.webp").open("rb") as file:
        made = decoder.make(file, decoder.Job(**job))
    return Picture(made.files, made.width, made.height, made.color, made.widths)


def _elsewhere(saying: Saying, post: Post, since: timedelta) -> tuple[int, int]:
    """Return how many likes and retweets a post brought along: the more the more people read its
    author, hardly any for what is new.
    """
    chance = Random(saying.text)  # noqa: S311
    readers = next(person.followers for person in PEOPLE if person.handle == saying.who)
    appeal = 0.006 if post.kind == Post.Kind.REPLY else 0.12 if saying.pictures else 0.07
    likes = round(appeal * readers**0.8 * chance.random() ** 3 * min(1, since / timedelta(days=3)))
    return likes, round(likes * chance.uniform(0.04, 0.2))


def _walk(sayings: list[Saying]) -> Iterator[Saying]:
    for saying in sayings:
        yield saying
        yield from _walk(saying.following)


# --- Moving out ---


@transaction.atomic
def remove() -> bool:
    """Delete the demo community; False where there is none.

    What real people did stays, but for their retweets of what goes.
    """
    user = _marker()
    if user is None:
        return False
    gone = people()
    demo_removing.send(None, account_ids=gone)
    posts = Post.objects.filter(author__in=gone)
    near = _near(gone)
    keys = [*Media.objects.filter(post__in=posts).values_list("key", flat=True)]
    for avatar, banner in Account.objects.filter(pk__in=gone).values_list("avatar", "banner"):
        keys += [key for key in (avatar, banner) if key]
    cards = list(LinkCard.objects.filter(posts__in=posts).values_list("pk", flat=True))
    tags = list(Tag.objects.filter(taggings__post__in=posts).values_list("pk", flat=True))
    Account.objects.filter(pk__in=gone).delete()
    user.delete()
    for pk in cards:
        LinkCard.drop_unused(pk)
    Tag.objects.filter(pk__in=tags, taggings=None).delete()
    for model, ids in near.items():
        counters.recount(model, ids)
    transaction.on_commit(lambda: _sweep(keys))
    return True


def _accounts(user: User) -> QuerySet[Account]:
    """Return the accounts of the demo whose marker is `user`."""
    ours = (
        Q(handle__lower=person.handle.lower(), host=person.host, joined_at=person.joined, user=None)
        for person in PEOPLE
    )
    return Account.objects.filter(reduce(or_, ours, Q(user=user)))


def _near(people: list[int]) -> dict[type[Account] | type[Post], set[int]]:
    """Return who and what else has a count that changes when the accounts `people` go."""
    accounts = {
        *Follow.objects.filter(follower__in=people).values_list("followed", flat=True),
        *Follow.objects.filter(followed__in=people).values_list("follower", flat=True),
        *Post.objects.filter(retweet_of__author__in=people).values_list("author", flat=True),
    }
    posts = set(Like.objects.filter(account__in=people).values_list("post", flat=True))
    for column in ("reply_to", "quote_of", "retweet_of"):
        posts.update(
            Post.objects.filter(author__in=people)
            .exclude(**{column: None})
            .values_list(column, flat=True)
        )
    return {Account: accounts, Post: posts}


def _sweep(keys: list[str]) -> None:
    for key in keys:
        uploads.discard(key)
    _password_file().unlink(missing_ok=True)
