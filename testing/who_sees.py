"""People who know, follow, block, mute and ask each other, and a slow oracle that says in plain
Python who may see what: the other half of `visible_to`, `met_by` and `wanted_by`.

The text of a post, the alt text of its picture and the bio of an account say whose they are: so a
page tells by its words what it shows.
"""

import random
import re
from collections.abc import Callable
from contextlib import suppress
from itertools import permutations
from typing import Any, NamedTuple

from accounts.models import Account, Block, Follow, Mute, RefusedError
from conftest import make_account
from testing.scene import retweet, say
from timeline.models import Media, Post

STATES: dict[str, Callable[[Account], Any]] = {
    "open": lambda account: None,
    "protected": lambda account: account.protect(),
    "limited": lambda account: account.limit(),
    "suspended": lambda account: account.suspend(),
    "deactivated": lambda account: account.deactivate(),
    "protected and limited": lambda account: (account.protect(), account.limit()),
}
# What somebody is to another, by the verbs that make it.
TIES: dict[str, Callable[[Account, Account], Any]] = {
    "nothing": lambda me, other: None,
    "follows": lambda me, other: me.follow(other),
    "is followed": lambda me, other: other.follow(me),
    "follows without retweets": lambda me, other: (
        me.follow(other),
        me.set_shows_retweets(other, shows=False),
    ),
    "blocks": lambda me, other: me.block(other),
    "is blocked": lambda me, other: other.block(me),
    "both block": lambda me, other: (me.block(other), other.block(me)),
    "mutes": lambda me, other: me.mute(other),
    "follows and mutes": lambda me, other: (me.follow(other), me.mute(other)),
}
OWN_TIES = ["follows", "follows without retweets", "blocks", "mutes", "follows and mutes"]
_POST, _ACCOUNT = re.compile(r"\bpost(\d+)q\b"), re.compile(r"\bself(\d+)q\b")


def posts_in(body: str) -> set[int]:
    """Return the ids of the posts whose words stand in `body`."""
    return set(map(int, _POST.findall(body)))


def people_in(body: str) -> set[int]:
    """Return the ids of the accounts whose bio stands in `body`."""
    return set(map(int, _ACCOUNT.findall(body)))


# --- Making a community ---


def person(handle: str) -> Account:
    account = make_account(handle)
    account.edit(bio=f"self{account.pk}q")
    return account


def post_by(author: Account, **more: Any) -> Post:
    """Return a post by `author` that says its id, with #tagged, and so does its picture."""
    post = say(author, "? #tagged", pictures=1, **more)
    words = f"post{post.pk}q"
    Post.objects.filter(pk=post.pk).update(text=words, html=words)
    Media.objects.filter(post=post).update(alt=words)
    return Post.objects.with_original().get(pk=post.pk)


def at_random(chance: random.Random, people: int, posts: int) -> list[Account]:
    """Return people in all states and relations, who posted, answered, quoted and retweeted."""
    accounts = [person(f"p{number}") for number in range(people)]
    pairs = list(permutations(accounts, 2))
    _tie(chance, chance.sample(pairs, len(pairs) // 2), OWN_TIES)
    made: list[Post] = []
    for _ in range(posts):
        _post(chance, chance.choice(accounts), made)
    for post in chance.sample(made, len(made) // 10):
        post.hide()
    for account in accounts:
        STATES[chance.choice([*STATES, "open", "open"])](account)
    _tie(chance, chance.sample(pairs, len(pairs) // 5), ["follows"])
    return accounts


def _post(chance: random.Random, author: Account, made: list[Post]) -> None:
    """Let `author` retweet, answer or quote one of those `made`, or post."""
    target = chance.choice(made) if made else None
    if target and target.author_id != author.pk and chance.random() < 0.2:
        if author not in {one.author for one in target.retweets.select_related("author")}:
            retweet(author, target)
        return
    more = chance.choice([{}, {}, {"reply_to": target}, {"quote_of": target}])
    made.append(post_by(author, **more))


def _tie(chance: random.Random, pairs: list[tuple[Account, Account]], ties: list[str]) -> None:
    for pair in pairs:
        with suppress(RefusedError):  # who blocks cannot be followed
            TIES[chance.choice(ties)](*(Account.objects.get(pk=one.pk) for one in pair))


# --- Judging it ---


class Known(NamedTuple):
    """What the oracle knows of a post."""

    pk: int
    author: int
    is_gone: bool
    is_reply: bool
    original: int | None
    has_media: bool


class Oracle:
    """Who may see what, told from rows that it reads at once, each by itself."""

    def __init__(self) -> None:
        self.accounts = {account.pk: account for account in Account.objects.all()}
        self.follows = set(Follow.objects.values_list("follower", "followed"))
        self.quiet = set(
            Follow.objects.filter(shows_retweets=False).values_list("follower", "followed")
        )
        self.blocks = set(Block.objects.values_list("blocker", "blocked"))
        self.mutes = set(Mute.objects.values_list("muter", "muted"))
        self.posts = {
            post.pk: Known(
                post.pk,
                post.author_id,
                bool(post.hidden_at or post.deleted_at),
                post.kind == Post.Kind.REPLY,
                post.retweet_of_id,
                post.media_count > 0,
            )
            for post in Post.objects.order_by("-pk")
        }

    def block_each_other(self, one: int | None, other: int) -> bool:
        return bool(self.blocks & {(one, other), (other, one)})

    def follows_or_is(self, viewer: int | None, account: int) -> bool:
        return viewer == account or (viewer, account) in self.follows

    def is_absent(self, account: int) -> bool:
        one = self.accounts[account]
        return bool(one.suspended_at or one.deactivated_at or one.deleted_at)

    def sees_account(self, viewer: int | None, account: int) -> bool:
        return not self.is_absent(account) and not self.block_each_other(viewer, account)

    def reads(self, viewer: int | None, account: int) -> bool:
        """Tell whether `viewer` (None: a visitor) may read what `account` posts."""
        is_open = not self.accounts[account].protected_at
        return self.sees_account(viewer, account) and (
            is_open or self.follows_or_is(viewer, account)
        )

    def sees(self, viewer: int | None, pk: int) -> bool:
        post = self.posts[pk]
        if post.is_gone or not self.reads(viewer, post.author):
            return False
        return post.original is None or self.sees(viewer, post.original)

    def meets(self, viewer: int | None, account: int) -> bool:
        """Tell whether `viewer` comes across `account` without having asked for it."""
        return not self.accounts[account].limited_at or self.follows_or_is(viewer, account)

    def wants(self, viewer: int | None, pk: int) -> bool:
        """Tell whether `viewer` muted neither who is behind the post nor their retweets."""
        post = self.posts[pk]
        if (viewer, post.author) in self.mutes:
            return False
        if post.original is None:
            return True
        return (viewer, post.author) not in self.quiet and self.wants(viewer, post.original)

    # --- What stands on a page, in its order ---

    def of_tab(self, viewer: int | None, account: int, tab: str) -> list[int]:
        """Return the rows of a tab of `account`, which was asked for."""
        tabs: dict[str, Callable[[Known], bool]] = {
            "posts": lambda post: not post.is_reply,
            "replies": lambda post: post.is_reply,
            "media": lambda post: post.has_media,
        }
        return [
            post.pk
            for post in self.posts.values()
            if post.author == account and tabs[tab](post) and self.sees(viewer, post.pk)
            if post.original is None or self._meets_or_asked(viewer, post.original, account)
        ]

    def _meets_or_asked(self, viewer: int | None, pk: int, asked: int) -> bool:
        author = self.posts[pk].author
        return author == asked or self.meets(viewer, author)

    def tag(self, viewer: int | None) -> list[int]:
        """Return what the page of a tag shows: of nobody who is limited, whoever follows them."""
        return [
            post.pk
            for post in self.posts.values()
            if post.original is None and self.sees(viewer, post.pk)
            if not self.accounts[post.author].limited_at and self.wants(viewer, post.pk)
        ]

    def search(self, viewer: int | None) -> list[int]:
        """Return what search finds: the same, and of whom `viewer` follows who is limited."""
        return [
            post.pk
            for post in self.posts.values()
            if post.original is None and self.sees(viewer, post.pk)
            if self.meets(viewer, post.author) and self.wants(viewer, post.pk)
        ]

    def explore(self, viewer: int | None) -> list[int]:
        """Return what explore shows: the same, without replies."""
        return [pk for pk in self.tag(viewer) if not self.posts[pk].is_reply]

    def home(self, viewer: int) -> list[int]:
        """Return what home shows of whom `viewer` follows, and of `viewer`: an original once, in
        its newest row.
        """
        rows: dict[int, int] = {}
        for post in self.posts.values():
            if self.follows_or_is(viewer, post.author) and self.sees(viewer, post.pk):
                original = post.original or post.pk
                if self.wants(viewer, post.pk) and self._meets_or_asked(viewer, original, viewer):
                    rows.setdefault(original, post.pk)
        return list(rows.values())
