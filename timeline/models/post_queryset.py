"""The questions that one asks about posts, each a phrase:
Post.objects.visible_to(viewer).by(account).newest_first().
"""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from uuid import UUID

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models.account_queryset import met_by, readable_by, wanted_by
from accounts.models.follow import Follow
from microblog.db.prepared import Params
from timeline import ids

if TYPE_CHECKING:
    from accounts.models import Account, AccountQuerySet
    from timeline.models import Tag
    from timeline.models.post import Post


def _stands(prefix: str = "") -> Q:
    return Q(
        **{
            f"{prefix}hidden_at": None,
            f"{prefix}deleted_at": None,
            f"{prefix}author__absent_at": None,
        }
    )


def _may_be_read(viewer: "Account | None", prefix: str = "") -> Q:
    return _stands(prefix) & readable_by(viewer, f"{prefix}author__")


def _chain(name: str, step: str) -> str:
    """Return SQL for `name`: the ids that one gets to from the post %s by `step`, which knows the
    last one as chain.id, at most %s of them.
    """
    return f"""{name}(id, depth) AS (
        SELECT CAST(%s AS bigint), 0 UNION ALL
        SELECT ({step.replace("chain.", f"{name}.")}), depth + 1 FROM {name}
        WHERE {name}.id IS NOT NULL AND depth < %s
    )"""  # noqa: S608  (the steps are our own)


_ABOVE = "SELECT above FROM timeline_post WHERE id = chain.id AND above IS NOT NULL"
_BELOW = """SELECT next.id FROM timeline_post next
    WHERE next.above = chain.id AND next.author_id = %s AND next.put_aside_at IS NULL
    ORDER BY next.hidden_at IS NOT NULL OR next.deleted_at IS NOT NULL, next.id
    LIMIT 1"""
_THREAD = f"""WITH RECURSIVE {_chain("up", _ABOVE)}, {_chain("down", _BELOW)}
    SELECT -depth, post.id, author_id, may_reply FROM up
        JOIN timeline_post post ON post.id = up.id WHERE depth > 0
    UNION ALL
    SELECT depth, id, CAST(NULL AS bigint), '' FROM down WHERE depth > 0 AND id IS NOT NULL
    UNION ALL
    SELECT * FROM (SELECT 0, id, author_id, may_reply FROM timeline_post
        WHERE above = %s AND put_aside_at IS NOT NULL LIMIT 1) aside
    ORDER BY 1"""  # noqa: S608
_FIRST = f"""WITH RECURSIVE {_chain("up", _ABOVE)}
    SELECT id FROM up WHERE id IS NOT NULL ORDER BY depth DESC LIMIT 1"""  # noqa: S608
_ALL_LIKES = F("likes_count") + F("imported_likes")
LONGEST_CONVERSATION = 2000  # replies, one below the other, of which the first post is looked for


class Thread(NamedTuple):
    """What stands around a post, by ids."""

    above: list[int]
    below: list[int]
    host: int  # who wrote the first post of the conversation
    is_open: bool  # everyone may reply
    has_put_aside: bool  # some of its replies were, if only such as nobody sees any more


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, viewer: "Account | None") -> Self:
        """The posts that `viewer` (None: a visitor) may see.

        Every list, page and file starts here.
        """
        original = Q(retweet_of=None) | _may_be_read(viewer, "retweet_of__")
        return self.filter(_may_be_read(viewer), original)

    def standing(self) -> Self:
        """Those that nobody hid or deleted, of authors who are here; of a retweet, this
        says nothing of its original.
        """
        return self.filter(_stands())

    def of_open_authors(self) -> Self:
        """Those of accounts that are not protected."""
        return self.filter(author__protected_at=None)

    def counted(self) -> Self:
        """Those that their author's counts count: they stand, and of a retweet its original."""
        return self.standing().filter(Q(retweet_of=None) | _stands("retweet_of__"))

    def done_here(self) -> Self:
        """Without the retweets that the numbers count already which came with an archive."""
        return self.filter(is_imported_retweet=False)

    def with_ids(self, ids: Collection[int] | Params) -> Self:
        return self.filter(pk__in=ids)

    def undeleted(self) -> Self:
        return self.filter(deleted_at=None)

    def deleted(self) -> Self:
        """Those whose rows are still here though they were deleted."""
        return self.exclude(deleted_at=None)

    def by(self, account: "Account") -> Self:
        return self.filter(author=account)

    def sent_by(self, idempotency_key: UUID) -> "Post | None":
        """Return the post that the form with this key made, where it is among these."""
        return self.filter(idempotency_key=idempotency_key).first()

    def since(self, moment: datetime) -> Self:
        return self.filter(pk__gte=ids.first_id_at(moment))

    def said_since(self, moment: datetime) -> Self:
        """What people here wrote since `moment`, whether it is seen or hidden: the newest first."""
        return (
            self.since(moment)
            .without_retweets()
            .filter(is_external=False, deleted_at=None)
            .order_by("-pk")
        )

    def for_rising(self, moment: datetime, settled: datetime) -> Self:
        """Return what makes a tag rise, the newest first: posts and quotes since `moment` that
        everybody may come across, by people who are here since `settled`. As often as one has tags.
        """
        said = self.visible_to(None).discoverable().listed().since(moment)
        without_user = Q(author__user=None, author__joined_at__lte=settled)
        here = Q(author__user__date_joined__lte=settled) | without_user
        return said.filter(here, sensitive=False, taggings__isnull=False).order_by("-pk")

    def top_level(self) -> Self:
        """What the Posts tab shows: all but replies."""
        return self.filter(is_reply=False)

    def replies_only(self) -> Self:
        return self.filter(is_reply=True)

    def with_media(self) -> Self:
        return self.filter(has_media=True)

    def having_media(self, key: str) -> Self:
        return self.filter(media__key=key)

    def having_card_picture(self, key: str) -> Self:
        """Return those whose link card shows the picture `key`."""
        return self.filter(card__key=key)

    def listed(self) -> Self:
        """What is shown to strangers: local posts and quotes."""
        return self.filter(is_listed=True)

    def discoverable(self) -> Self:
        """Those that a page may show to people who all did not ask for their author."""
        return self.met_by(None)

    def met_by(self, viewer: "Account | None", asked: Collection[int] | Params = ()) -> Self:
        """Those that `viewer` may come across (see accounts' met_by), or whose author is one of
        `asked`; of a retweet, its original too.

        Everything that a page shows besides what its address names starts with visible_to and goes
        on with this.
        """

        def may(prefix: str) -> Q:
            return met_by(viewer, f"{prefix}author__") | Q(**{f"{prefix}author__in": asked})

        return self.filter(may(""), Q(retweet_of=None) | may("retweet_of__"))

    def wanted_by(self, viewer: "Account | None") -> Self:
        """Those that `viewer` may come across and did not turn away: not of whom they mute, and no
        retweets of that, nor of whom they follow without retweets.

        Of all pages but those that were asked for: a profile, bookmarks. Muted words are looked for
        in what was read (timeline.feeds.wanted).
        """
        if not viewer:
            return self
        quiet = Follow.objects.without_retweets(viewer).filter(followed=OuterRef("author"))
        retweets = wanted_by(viewer, "retweet_of__author__") & ~Exists(quiet)
        return self.filter(wanted_by(viewer, "author__"), Q(retweet_of=None) | retweets)

    def answering(self, post: "Post") -> Self:
        """The replies to `post`, and those to what answered it and was deleted."""
        return self.filter(above=post.pk)

    def put_aside(self) -> Self:
        """The replies that stand behind "Hidden replies"."""
        return self.exclude(put_aside_at=None)

    def not_put_aside(self) -> Self:
        return self.filter(put_aside_at=None)

    def bridge(self, post: "Post") -> None:
        """Let those that answer `post`, which is about to go, lead on to what stands above it."""
        self.filter(above=post.pk).update(beyond_gap=post.above)

    def tagged(self, tag: "Tag | None") -> Self:
        return self.filter(taggings__tag=tag) if tag else self.none()

    def liked_by(self, account: "Account") -> Self:
        """What `account` likes, what it liked last first."""
        return (
            self.filter(liked_by__account=account)
            .annotate(cursor=F("liked_by__pk"))
            .order_by("-cursor")
        )

    def bookmarked_by(self, account: "Account") -> Self:
        """What `account` keeps, what it bookmarked last first."""
        return (
            self.filter(bookmarked_by__account=account)
            .annotate(cursor=F("bookmarked_by__pk"))
            .order_by("-cursor")
        )

    def quoting(self, post: "Post") -> Self:
        return self.filter(quote_of=post)

    def people_retweeting(self, post: "Post", seen: "AccountQuerySet") -> "AccountQuerySet":
        """Return who of those `seen` made the retweets of `post` among these, the newest first."""
        retweeting = seen.filter(posts__in=self.filter(retweet_of=post))
        return retweeting.annotate(cursor=F("posts__pk")).order_by("-cursor")

    def quoting_posts_of(self, account: "Account") -> Self:
        return self.filter(quote_of__author=account)

    def without_retweets(self) -> Self:
        """All but retweets."""
        return self.filter(retweet_of=None)

    def searchable(self) -> Self:
        """What search can find at all: what was written here or imported, and no retweets."""
        return self.without_retweets().filter(is_external=False)

    def pinned_by(self, account: "Account") -> Self:
        """What `account` shows first on its profile: one post at most."""
        return self.filter(pinned_by__account=account)

    def answering_themselves(self) -> Self:
        """Replies of whoever wrote what they answer."""
        return self.filter(reply_to__author=F("author"))

    def with_author(self) -> Self:
        return self.select_related("author", "card")

    def with_original(self) -> Self:
        """With all that a row of a timeline shows by itself; the rest is
        timeline.feeds.hydrate.hydrate's.
        """
        return self.select_related("author", "card", "retweet_of__author", "retweet_of__card")

    def with_pin(self) -> Self:
        """Each with `is_pinned`: whether its author shows it first."""
        return self.annotate(is_pinned=Q(pinned_by__isnull=False))

    def thread(self, post: "Post", most: int = 50) -> Thread:
        """Return what `post` answers, what that answers, and so on, past what was deleted, the
        oldest first; and how its author went on: their first answer to it, their first answer to
        that, and so on.

        The way down leads on past what is hidden or about to go, where the author did not answer
        anew; it ends at what somebody put aside.
        """
        with connection.cursor() as cursor:
            cursor.execute(_THREAD, [post.pk, most, post.pk, post.author_id, most, post.pk])
            walked = cursor.fetchall()
        above = [pk for way, pk, *_ in walked if way < 0]
        host, may_reply = walked[0][2:] if above else (post.author_id, post.may_reply)
        if len(above) == most:
            first = post.first_of_conversation()
            host, may_reply = first.author_id, first.may_reply
        return Thread(
            above,
            [pk for way, pk, *_ in walked if way > 0],
            host,
            may_reply == "everyone",
            any(way == 0 for way, *_ in walked),
        )

    def first_above(self, post: "Post") -> int:
        """Return the id of what `post` answers, past what was deleted, that of what that answers,
        and so on to the end; its own where it answers nothing.
        """
        if not (post.reply_to_id or post.beyond_gap_id):
            return post.pk
        with connection.cursor() as cursor:
            cursor.execute(_FIRST, [post.pk, LONGEST_CONVERSATION])
            return int(cursor.fetchone()[0])

    def liked_at_least(self, number: Any) -> Self:
        return self.alias(all_likes=_ALL_LIKES).filter(all_likes__gte=number)

    def best_first(self) -> Self:
        """Return them by what people made of them, here and elsewhere: a like and somebody else's
        reply count once, a retweet and a quote twice; of equals the newest first.
        """
        retweets = F("retweets_count") + F("imported_retweets") + F("quotes_count")
        replies = F("replies_count") - F("own_replies_count")
        ranked = self.alias(points=_ALL_LIKES + retweets * 2 + replies)
        return ranked.annotate(cursor=F("pk")).order_by("-points", "-pk")

    def newest_first(self) -> Self:
        return self.annotate(cursor=F("pk")).order_by("-pk")
