"""Posts of every kind, made for a test, and every page on which they show."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from accounts.models import Account
from conftest import client_of
from microblog.media.images import Picture
from timeline.models import Draft, Post
from timeline.posting.attachments import Attachment
from timeline.posting.edit import edit
from timeline.posting.publish import publish

HTMX = {"HX-Request": "true"}
_step = count()


def say(
    author: Account, text: str, *, ago: timedelta | None = None, pictures: int = 0, **more: Any
) -> Post:
    """Publish a post, `ago` from now; else a millisecond after the one before."""
    moment = timezone.now() - (
        ago if ago is not None else timedelta(days=1) - timedelta(milliseconds=next(_step))
    )
    return publish(
        author,
        text,
        attachments=[picture(f"Picture {n + 1}") for n in range(pictures)],
        moment=moment,
        limited=False,
        **more,
    )


def picture(alt: str = "") -> Attachment:
    return Attachment(
        Picture({"small.webp": b"a small picture", "large.webp": b"a large picture"}, 1200, 900),
        alt,
    )


def external(handle: str = "grace", host: str = "x.com") -> Account:
    """Return somebody who is not here."""
    return Account.objects.create(handle=handle, host=host, name=handle.capitalize())


def from_outside(author: Account, text: str, **more: Any) -> Post:
    """Return a post that came with the archive of somebody who retweeted it."""
    origin = f"https://{author.host}/{author.handle}/status/1"
    post = Post(author=author, text=text, html=text, is_external=True, origin_url=origin, **more)
    post.insert(timezone.now() - timedelta(days=30) + timedelta(milliseconds=next(_step)))
    post.update_counters(1)
    return post


def retweet(account: Account, post: Post) -> Post:
    """Return a retweet, a millisecond after what was made before it."""
    made = Post(author=account, kind=Post.Kind.RETWEET, retweet_of=post.original)
    made.insert(timezone.now() - timedelta(days=1) + timedelta(milliseconds=next(_step)))
    made.update_counters(1)
    return made


def one_of_each(author: Account, other: Account, number: int) -> Post:
    """Return one post of `author` for the tab of posts; the kinds take turns, eight of them."""
    words = (
        f"Number {number}: the engine weaves patterns of numbers just as a loom weaves flowers and "
        "leaves, and I shall say more of it."
    )
    match number % 8:
        case 0:  # all that a post can have, so that two posts ask what twenty ask
            theirs = from_outside(external(f"q{number}_{author.handle}"), f"Quoted {number}")
            post = say(author, f"{words} @{other.handle} #engines", quote_of=theirs, pictures=2)
            say(author, f"Going on with {number}", reply_to=post)
            return post
        case 1:
            return retweet(
                author,
                say(
                    other,
                    f"Retweeted {number}: {words}",
                    quote_of=say(author, f"In the retweet {number}"),
                    pictures=1,
                ),
            )
        case 2:
            return say(author, f"{words} https://example.com/notes/{number}")
        case 3:
            return retweet(
                author,
                from_outside(
                    external(f"e{number}_{author.handle}"), f"From elsewhere {number}: {words}"
                ),
            )
        case 4:
            gone = say(other, f"Hidden {number}")
            post = say(author, f"{words} Look at that!", quote_of=gone)
            gone.hide()
            return post
        case 5:
            return say(author, words, pictures=4, sensitive=True)
        case 6:
            return say(author, f"{words} #engines #looms")
        case _:
            post = say(author, words * 2)
            post.like(other)
            return post


def body_of(response: Any) -> bytes:
    """Read a response to its end, which closes it: close() would close the database as well."""
    return b"".join(response.streaming_content) if response.streaming else response.content


@dataclass
class Scene:
    """Some people, what they said, and where one sees it."""

    ada: Account
    ben: Account
    cal: Account
    grace: Account
    posts: dict[str, Post]

    def clients(self) -> dict[str, Client]:
        return {
            "a visitor": client_of(None),
            "ada": client_of(self.ada),
            "ben": client_of(self.ben),
        }

    def pages(self, who: str) -> list[str]:
        """Return every page that `who` can open, those of accounts included: they look the same."""
        profiles = [
            f"/{account}{tab}"
            for account in (self.ada, self.ben, self.cal, self.grace)
            for tab in TABS
        ]
        posts = [post.get_absolute_url() for post in self.posts.values() if post.kind != "retweet"]
        everybody = [
            "/",
            f"/?before={max(post.pk for post in self.posts.values())}",
            "/?before=1",
            "/explore",
            "/explore?before=1",
            "/explore/people",
        ]
        everybody += [
            f"{self.posts[kind].get_absolute_url()}/{tab}"
            for kind in ("picture", "external", "edited")
            for tab in REACTIONS
        ]
        everybody += [f"/search?q={query}" for query in SEARCHES]
        everybody += [
            "/search",
            "/tags/engines",
            "/tags/nothing",
            "/settings/appearance",
            *profiles,
            *posts,
            *NOT_THERE,
        ]
        if who == "a visitor":
            return [*everybody, "/account/login/", "/account/signup/", "/account/password/reset/"]
        targets = [
            f"/compose?{name}={self.posts[kind].pk}"
            for name, kind in (("reply_to", "picture"), ("quote", "picture"), ("quote", "quote"))
        ]
        mine = next(
            post
            for post in self.posts.values()
            if str(post.author) == f"@{who}" and post.kind != "retweet"
        )
        own = [f"/posts/{self.posts['edited'].pk}/{'edit' if who == 'ada' else 'detach'}"]
        own += [
            f"/@{who}/likes",
            "/bookmarks",
            "/bookmarks?before=1",
            "/notifications",
            "/notifications?before=1",
            "/notifications/mentions",
            "/notifications/filtered",
            f"/posts/{mine.pk}/delete",
            f"/posts/{mine.pk}/audience",
            "/compose",
            "/compose?dialog",
            "/drafts",
            *targets,
        ]
        return [
            *everybody,
            *own,
            "/settings",
            "/settings/profile",
            "/settings/handle",
            "/settings/account",
            "/settings/account/deactivate",
            "/settings/account/delete",
            "/settings/export",
            "/settings/descriptions",
            "/settings/notifications",
            "/welcome/picture",
            "/welcome/bio?next=/explore",
            "/welcome/people",
            "/account/password/change/",
            "/account/logout/",
        ]


SEARCHES = (
    *("engines", "engines&tab=latest", "engines&tab=media", "ada&tab=people", "nothing"),
    *("from:ada", "from:ben&tab=latest&before=1", "since:never", "in:likes", "in:bookmarks+a"),
)
TABS = ("", "/replies", "/media", "/followers", "/following", "/media?before=1")
REACTIONS = (
    *("retweets", "quotes", "likes", "likes?before=1", "history", "history?before=1", "hidden"),
)
NOT_THERE = ("/nothing", "/@ada/1/likes", "/@nobody", "/@ada/1", "/@cal/likes", "/explore?before=x")


def stage(ada: Account, ben: Account, cal: Account) -> Scene:
    """Let Ada say something of every kind, with Ben, Cal and Grace, who is not here."""
    grace = external()
    ada.edit(
        bio="Writes with @ben about #engines <b>, see https://example.com",
        location="London <3",
        website="https://ada.example/",
    )
    ada.set_picture("avatar", {"small.webp": b"a", "large.webp": b"a"})
    ada.set_picture("banner", {"small.webp": b"b", "large.webp": b"b"})
    cal.follow(ada)
    ada.follow(cal)
    posts: dict[str, Post] = {}
    posts["plain"] = say(ben, "<script>alert('Ben')</script> & so on")
    posts["tagged"] = say(
        ada, "To @ben and @nobody: #engines & #looms, see https://example.com/?a=1&b=2"
    )
    posts["picture"] = say(ben, "A picture", pictures=1)
    posts["pictures"] = say(ada, "", pictures=4)
    posts["sensitive"] = say(ada, "Careful", pictures=2, sensitive=True)
    posts["quote"] = say(ada, "Look", quote_of=posts["picture"])
    posts["reply"] = say(ada, "No", reply_to=posts["plain"])
    posts["quoting reply"] = say(ben, "Both", reply_to=posts["reply"], quote_of=posts["pictures"])
    posts["thread"] = say(ada, "One")
    posts["second"] = say(ada, "Two", reply_to=posts["thread"])
    posts["third"] = say(ada, "Three", reply_to=posts["second"])
    posts["answer"] = say(cal, "A question", reply_to=posts["thread"])
    posts["external"] = from_outside(grace, "From elsewhere", imported_likes=118_000)
    posts["retweet"] = retweet(ada, posts["picture"])
    posts["own retweet"] = retweet(ada, posts["thread"])
    posts["external retweet"] = retweet(ada, posts["external"])
    posts["external quote"] = say(ben, "From elsewhere, see", quote_of=posts["external"])
    hidden = say(cal, "Hidden")
    posts["quote of what is hidden"] = say(ada, "Look at that", quote_of=hidden)
    posts["reply to what is hidden"] = say(ada, "No!", reply_to=hidden)
    hidden.hide()
    away = Post(
        author=ada,
        kind="reply",
        text="Yes",
        html="Yes",
        reply_to_handle="hal",
        reply_to_url="https://x.com/hal/status/1",
    )
    quoting_away = Post(
        author=ada,
        kind="quote",
        text="See",
        html="See",
        quote_handle="hal",
        quote_url="https://x.com/hal/status/2",
    )
    for name, post in (
        ("reply to what was never here", away),
        ("quote of what was never here", quoting_away),
    ):
        post.insert(timezone.now() - timedelta(hours=1))
        post.update_counters(1)
        posts[name] = post
    for number in range(16):  # more than one page
        one_of_each(ada, ben, number)
    posts["thread"].pin()
    posts["edited"] = say(ada, "A tpyo <i>", ago=timedelta(minutes=1), quote_of=posts["picture"])
    edit(posts["edited"], "A typo <b>")
    for account in (ada, ben):
        posts["picture"].like(account)
        posts["external"].like(account)
        posts["pictures"].bookmark(account)
        for kind, targets in (
            ("post", {}),
            ("reply", {"reply_to": posts["picture"]}),
            ("quote", {"quote_of": posts["picture"]}),
        ):
            Draft.objects.keep(account, uuid4(), kind, ["Half a <thought>", "And on"], targets)
    return Scene(ada, ben, cal, grace, posts)
