"""What may change of what the village shows, and on which of its pages that is seen."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from accounts.models import Account, LivelyAccount
from archives.importer.importing import import_archive
from microblog.net.opengraph import Summary
from moderation.enforcement.decide import Ruling, decide
from moderation.models import About, Case, Rule
from testing.archives import contents, tweet, write_zip
from testing.history import ask_removal
from testing.two_processes.village import Village
from timeline.models import Media, Post, RisingTag, Tag
from timeline.posting.describe import describe
from timeline.posting.edit import edit
from timeline.posting.publish import publish

type Deed = Callable[[Village], object]

PUBLIC = "profile replies media explore explore-later tag followers following post thread"
CAL = "cal-home cal-profile cal-post"  # who follows Ada, and is signed in
ADA = f"{PUBLIC} {CAL}"
POSTS = f"home explore tag profile post {CAL}"  # where Ada's post stands
PICTURE = {"small.webp": b"a small picture", "large.webp": b"a large picture"}


class Change(NamedTuple):
    """A deed, and the pages that say something else after it. `first`: what was before."""

    deed: Deed
    shows: str
    first: Deed = lambda village: None


def _on_post(name: str, verb: str) -> Deed:
    return lambda village: getattr(village.post(name), verb)()


def _on_account(handle: str, verb: str, **fields: str) -> Deed:
    return lambda village: getattr(village.account(handle), verb)(**fields)


def _by(handle: str, verb: str, name: str) -> Deed:
    """Return the deed of who does `verb` to a post."""
    return lambda village: getattr(village.post(name), verb)(village.account(handle))


def _publish(handle: str, words: str, **targets: str) -> Deed:
    def deed(village: Village) -> Post:
        found = {name: village.post(target) for name, target in targets.items()}
        return publish(village.account(handle), words, **found)

    return deed


def _newest() -> Post:
    return Post.objects.with_original().latest("pk")


def _follow(village: Village) -> None:
    village.account("dora").follow(village.account("ada"))


def _about(handle: str, verb: str, other: str) -> Deed:
    """Return what somebody does about another account."""
    return lambda village: getattr(village.account(handle), verb)(village.account(other))


def _unfollow(village: Village) -> None:
    village.account("ben").unfollow(village.account("ada"))


def _picture(field: str) -> Deed:
    return lambda village: village.account("ada").set_picture(field, PICTURE)  # type: ignore[arg-type]


def _describe(village: Village) -> None:
    describe(Media.objects.select_related("post__author").get(), "A loom")


def _decide(*actions: str, **more: object) -> Deed:
    """Return what a moderator does to Ada's first post, or to her."""

    def deed(village: Village) -> None:
        ruling = Ruling(actions=actions, post_ids=(village.ids["root"],), **more)  # type: ignore[arg-type]
        decide(village.moderator, village.account("ada"), ruling)

    return deed


def _grant_removal(handle: str) -> Deed:
    def deed(village: Village) -> None:
        account = Account.objects.get(handle=handle)
        wish = ask_removal(account, timezone.now())
        case = Case.objects.get(pk=wish.case_id)
        decide(village.moderator, account, Ruling(actions=("remove",)), case)  # type: ignore[arg-type]

    return deed


def _fetch_card(village: Village) -> None:
    card = village.card
    claim = card.claim()
    assert claim
    card.keep(claim, Summary("A title", "A description", ()), None)


def _import(village: Village) -> None:
    """Bring what lies between two of Ada's posts."""
    moment = timezone.now() - timedelta(days=500)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.zip"
        write_zip(path, contents([tweet("In the middle", moment)], made=None))
        import_archive(path, handle="ada")


def _write_sql(village: Village) -> None:
    """Change it as no code of ours does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE timeline_post SET likes_count = 7 WHERE id = %s", [village.ids["root"]]
        )


def _rise(village: Village) -> None:
    tag = Tag.objects.get(folded="engines")
    RisingTag.objects.create(tag=tag, place=1, people=3, posts=3, since=1)


def _be_lively(village: Village) -> None:
    LivelyAccount.objects.create(account=village.account("dora"), place=1)


def _keep_from_rising(village: Village) -> None:
    Tag.objects.get(folded="engines").keep_from_rising()


def _pass(by: timedelta) -> Deed:
    return lambda village: village.pass_time(by)


def _be_younger(village: Village) -> None:
    """Say something that is as old as a second, for the other process."""
    publish(village.account("ada"), "Just now", moment=village.now - timedelta(seconds=1))


def _keep_about(**fields: str) -> Deed:
    return lambda village: About(**fields).save()


CHANGES = {
    "post": Change(
        _publish("ada", "New #engines"), "home explore tag profile cal-home cal-profile"
    ),
    "first post of a tag": Change(_publish("ada", "New #looms"), "new-tag explore"),
    "edit": Change(
        lambda village: edit(_newest(), "A typo #engines"),
        "home explore tag profile cal-home cal-profile",
        _publish("ada", "A tpyo #engines"),
    ),
    "edit another tag": Change(
        lambda village: edit(_newest(), "Of #looms"), "tag new-tag", _publish("ada", "Of #engines")
    ),
    "delete": Change(_on_post("root", "remove"), f"{POSTS} media thread retweets quotes ben"),
    "delete an answer": Change(_on_post("answer", "remove"), "post post-later ben"),
    "hide": Change(_on_post("root", "hide"), f"{POSTS} media thread retweets quotes ben"),
    "unhide": Change(
        _on_post("root", "unhide"),
        f"{POSTS} media thread retweets quotes ben",
        _on_post("root", "hide"),
    ),
    "suspend": Change(_on_account("ada", "suspend"), f"{ADA} home ben"),
    "restore": Change(
        _on_account("ada", "restore"), f"{ADA} home ben", _on_account("ada", "suspend")
    ),
    "deactivate": Change(_on_account("ada", "deactivate"), f"{ADA} home ben"),
    "reactivate": Change(
        _on_account("ada", "reactivate"), f"{ADA} home ben", _on_account("ada", "deactivate")
    ),
    "delete the account": Change(_on_account("ada", "remove"), f"{ADA} home ben"),
    "protect": Change(_on_account("ada", "protect"), f"{PUBLIC} home ben"),
    "open": Change(_on_account("ada", "open"), f"{PUBLIC} home ben", _on_account("ada", "protect")),
    "stranger protected": Change(_on_account("dora", "protect"), "profile replies dora dora-post"),
    "block": Change(_about("ada", "block", "cal"), CAL),
    "be blocked": Change(_about("cal", "block", "ada"), CAL),
    "unblock": Change(
        _about("ada", "unblock", "cal"), "cal-profile cal-post", _about("ada", "block", "cal")
    ),
    "limit": Change(_on_account("ada", "limit"), "home explore tag ben profile"),
    "unlimit": Change(
        _on_account("ada", "unlimit"),
        "home explore tag ben profile",
        _on_account("ada", "limit"),
    ),
    "like": Change(_by("dora", "like", "root"), f"{POSTS} ben"),
    "like of one's own": Change(_by("cal", "like", "root"), f"{POSTS} ben"),
    "unlike": Change(_by("ben", "unlike", "root"), f"{POSTS} ben"),
    "bookmark": Change(_by("cal", "bookmark", "root"), CAL),
    "retweet": Change(_by("dora", "retweet", "root"), f"{POSTS} retweets dora"),
    "unretweet": Change(_by("ben", "unretweet", "root"), f"{POSTS} retweets ben"),
    "quote": Change(_publish("dora", "See", quote_of="root"), f"{POSTS} quotes dora"),
    "reply": Change(_publish("dora", "Why?", reply_to="root"), f"{POSTS} ben"),
    "going on with a thread": Change(
        _publish("ada", "And on", reply_to="second"), "thread post replies"
    ),
    "who may answer": Change(
        lambda village: village.post("root").set_audience("mentioned", "followed"),
        "post thread cal-post",
    ),
    "put aside": Change(_by("ada", "put_aside", "answer"), "post post-later hidden"),
    "put back": Change(
        _by("ada", "put_back", "answer"),
        "post post-later hidden",
        _by("ada", "put_aside", "answer"),
    ),
    "pin": Change(_on_post("root", "pin"), "profile"),
    "unpin": Change(_on_post("pinned", "unpin"), "profile"),
    "follow": Change(_follow, "followers profile"),
    "follow by who looks": Change(
        lambda village: village.account("cal").follow(village.account("dora")), "cal-home"
    ),
    "unfollow": Change(_unfollow, "followers profile ben"),
    "name": Change(_on_account("ada", "edit", name="Countess"), f"{ADA} home ben"),
    "handle": Change(
        lambda village: village.account("ada").change_handle("countess"), f"{ADA} home ben"
    ),
    "bio": Change(
        _on_account(
            "ada", "edit", bio="Of #engines", location="London", website="https://ada.example"
        ),
        "profile",
    ),
    "bio in a list": Change(_on_account("ben", "edit", bio="Of looms"), "followers retweets ben"),
    "avatar": Change(_picture("avatar"), POSTS),
    "banner": Change(_picture("banner"), "profile"),
    "alt text": Change(_describe, f"{POSTS} media ben"),
    "sensitive": Change(_decide("sensitive"), f"{POSTS} media ben"),
    "card fetched": Change(_fetch_card, "home explore profile-later cal-home cal-profile"),
    "detach": Change(_on_post("quote", "detach"), "quotes ben explore"),
    "removal": Change(_grant_removal("ada"), f"{ADA} home ben"),
    "removal of somebody elsewhere": Change(_grant_removal("grace"), "profile grace"),
    "import into the middle": Change(_import, "profile profile-later"),
    "stranger's name": Change(
        _on_account("dora", "edit", name="Theodora"), "profile replies dora dora-post cal-profile"
    ),
    "stranger's handle": Change(
        lambda village: village.account("dora").change_handle("theo"), "profile replies dora"
    ),
    "stranger suspended": Change(_on_account("dora", "suspend"), "profile replies dora dora-post"),
    "stranger deactivated": Change(
        _on_account("dora", "deactivate"), "profile replies dora dora-post"
    ),
    "stranger back": Change(
        _on_account("dora", "restore"),
        "profile replies dora dora-post",
        _on_account("dora", "suspend"),
    ),
    "stranger limited": Change(_on_account("dora", "limit"), "profile replies explore"),
    "quoted post hidden": Change(_on_post("quoted", "hide"), "profile dora-post dora"),
    "answered post deleted": Change(_on_post("answered", "remove"), "replies dora"),
    "retweeted post back": Change(
        _on_post("retweeted", "unhide"), "profile dora", _on_post("retweeted", "hide")
    ),
    "a tag rises": Change(_rise, f"home explore tag {CAL}"),
    "a tag rises otherwise": Change(
        lambda village: RisingTag.objects.update(posts=4), f"home explore tag {CAL}", _rise
    ),
    "a tag rises no longer": Change(
        lambda village: RisingTag.objects.all().delete(), f"home explore tag {CAL}", _rise
    ),
    "a tag is kept from rising": Change(_keep_from_rising, f"home explore tag {CAL}", _rise),
    "what rises is hidden": Change(_on_post("root", "hide"), f"home explore tag {CAL}", _rise),
    "somebody is lively": Change(_be_lively, "home explore tag people"),
    "who is lively is called otherwise": Change(
        _on_account("dora", "edit", name="Theodora"), "home explore tag people", _be_lively
    ),
    "who is lively is protected": Change(
        _on_account("dora", "protect"), "home explore tag people", _be_lively
    ),
    "by hand, in SQL": Change(_write_sql, "profile post ben"),
    "about": Change(_keep_about(place="A village of ours"), "about"),
    "new rule": Change(lambda village: Rule.objects.create(title="Be brief"), "rules"),
    "changed rule": Change(lambda village: Rule.objects.update(title="Be very kind"), "rules"),
    "a day later": Change(_pass(timedelta(days=1)), f"{POSTS} replies ben"),
    "a minute old": Change(_pass(timedelta(seconds=59)), "home explore profile", _be_younger),
    "a year old": Change(_pass(timedelta(days=400)), f"{POSTS} replies"),
}
