"""A few people who did a bit of everything, and every page that shows it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.utils import timezone

from accounts.models import Account, User
from conftest import client_of, make_account
from moderation.models import Rule
from testing.database import Restorer
from testing.history import moderator
from testing.scene import external, from_outside, retweet, say
from testing.two_processes.another_process import AnotherProcess
from testing.two_processes.answering import Answer, Asked
from timeline.models import LinkCard, Post

# Each by a short name. Cal, who is signed in, follows Ada and Ben.
PAGES = {
    "home": "/",
    "explore": "/explore",
    "people": "/explore/people",
    "explore-later": "/explore?before={root}",
    "tag": "/tags/engines",
    "new-tag": "/tags/looms",
    "profile": "/@ada",
    "profile-later": "/@ada?before={root}",
    "replies": "/@ada/replies",
    "media": "/@ada/media",
    "followers": "/@ada/followers",
    "following": "/@ada/following",
    "post": "/@ada/{root}",
    "post-later": "/@ada/{root}?before={last}",
    "thread": "/@ada/{second}",
    "retweets": "/@ada/{root}/retweets",
    "quotes": "/@ada/{root}/quotes",
    "hidden": "/@ada/{root}/hidden",
    "ben": "/@ben",
    "dora": "/@dora",
    "dora-post": "/@dora/{quoted}",
    "grace": "/@grace@x.com",
    "about": "/about",
    "rules": "/rules",
}
# those whose fragments other views make, or other parts of templates
FRAGMENTS = (
    *("explore", "profile", "profile-later", "replies", "media"),
    *("followers", "post", "post-later", "retweets"),
)
FOR_CAL = ("home", "profile", "post")
TOKENS = ("Set-Cookie", "Content-Length")
_EACH = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"'
    r"|As of \d\d:\d\d"  # when home was made, by the clock of the machine
    r'|<section[^>]* id="suggestions".*?</section>(?=.*id="deed")',
    re.DOTALL,
)


@dataclass
class Village:
    """Ada and Ben write; what they retweet, quote and answer is Dora's, who is nobody's friend, and
    Grace's, who is elsewhere.
    """

    people: dict[str, int]
    ids: dict[str, int]  # of posts
    sessions: dict[str, str]  # of Ada, who writes, of Cal, who reads, of a moderator
    other: AnotherProcess
    restorer: Restorer
    now: datetime  # what the other process takes for it

    @classmethod
    def build(cls, other: AnotherProcess) -> Self:
        people = {name: make_account(name) for name in ("ada", "ben", "cal", "dora")}
        moderator()
        ids = {name: post.pk for name, post in _talk(**people).items()}
        signed_in = {
            "ada": people["ada"],
            "cal": people["cal"],
            "mod": Account.objects.get(handle="mod"),
        }
        sessions = {
            name: client_of(account).cookies["sessionid"].value
            for name, account in signed_in.items()
        }
        keys = {name: account.pk for name, account in people.items()}
        return cls(keys, ids, sessions, other, Restorer(), timezone.now() + timedelta(hours=1))

    def account(self, handle: str) -> Account:
        return Account.objects.select_related("user").get(handle=handle)

    def post(self, name: str) -> Post:
        return Post.objects.with_original().get(pk=self.ids[name])

    @property
    def card(self) -> LinkCard:
        return LinkCard.objects.get()

    @property
    def moderator(self) -> User:
        return User.objects.get(is_staff=True)

    # --- The other process ---

    def requests(
        self, names: Iterable[str] = tuple(PAGES), *, fragments: bool = True
    ) -> dict[str, Asked]:
        """Return each way to ask for these pages, by what a failure calls it."""
        found = {}
        for name in names:
            at = PAGES[name].format(**self.ids)
            found[name] = Asked(at)
            if fragments and name in FRAGMENTS:
                found[f"fragment of {name}"] = Asked(at, is_fragment=True)
            if name in FOR_CAL:
                found[f"cal-{name}"] = Asked(at, self.sessions["cal"])
        return found

    def answers(self, every: Mapping[str, Asked]) -> dict[str, Answer]:
        """Return the answer to each, as it is by now."""
        return dict(zip(every, map(told, self.other.ask(every.values())), strict=True))

    def fresh_answers(self, every: Mapping[str, Asked]) -> dict[str, Answer]:
        """Return likewise what it would be without any memory; that is forgotten."""
        self.other.forget()
        return self.answers(every)

    def pass_time(self, by: timedelta) -> None:
        """Let it be later, for the other process."""
        self.now += by
        self.other.set_clock(self.now)

    def restore(self) -> None:
        """Let all be as it was at first."""
        self.restorer.restore()
        self.pass_time(timedelta(0))


def told(answer: Answer) -> Answer:
    """Return what `answer` says, without what is written anew in each, and without whom who is
    signed in may like to follow: they are chosen every few minutes.
    """
    headers = {name: value for name, value in answer.headers.items() if name not in TOKENS}
    return Answer(answer.status, headers, _EACH.sub("", answer.body))


def _talk(ada: Account, ben: Account, cal: Account, dora: Account) -> dict[str, Post]:
    for follower, followed in ((ben, ada), (cal, ada), (cal, ben), (ada, ben)):
        follower.follow(followed)
    Rule.objects.create(title="Be kind", text="At all times")
    grace = external()
    posts = {"oldest": say(ada, "Long ago", ago=timedelta(days=900))}
    for name in ("retweeted", "quoted", "answered"):
        posts[name] = say(dora, f"A stranger, {name}")
    posts["elsewhere"] = from_outside(grace, "From elsewhere")
    posts["link"] = say(ada, "See https://a.example/")
    posts["pinned"] = say(ada, "Pinned")
    posts["root"] = say(ada, "Hello #engines", pictures=1)
    posts["second"] = say(ada, "Going on", reply_to=posts["root"])
    posts["answer"] = say(ben, "An answer", reply_to=posts["root"])
    posts["last"] = say(ben, "The last answer", reply_to=posts["root"])
    posts["quote"] = say(ben, "Look", quote_of=posts["root"])
    posts["ben's retweet"] = retweet(ben, posts["root"])
    posts["retweet"] = retweet(ada, posts["retweeted"])
    posts["her quote"] = say(ada, "As she says", quote_of=posts["quoted"])
    posts["her answer"] = say(ada, "No", reply_to=posts["answered"])
    retweet(ada, posts["elsewhere"])
    posts["pinned"].pin()
    posts["root"].like(ben)
    return posts
