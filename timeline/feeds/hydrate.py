"""Rows of posts, so that their page asks the database nothing: three queries for all of them,
however many.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeGuard

from django.utils import timezone
from django.utils.dateformat import format as format_date

from accounts.models import Account
from microblog.media import uploads
from microblog.text.age import age_at
from microblog.web.pagination import Page
from timeline.feeds.muted_words import MutedWords
from timeline.feeds.records import Entry, PostRecord, read_addressees, read_media, read_posts
from timeline.feeds.row import (
    AbsentPost,
    Addressees,
    Details,
    Menu,
    MutedPost,
    Reactions,
    Row,
    ShownAuthor,
    ShownCard,
    ShownPost,
)
from timeline.models import Media, Post

EAGER_ROWS = 3  # the first picture of a page is in one of so many rows, or waits to be scrolled to
MAX_NAMED = 3  # of a reply's addressees; of more, two are named and the rest counted


def hydrate(
    entries: Iterable[Entry | Post],
    viewer: Account | None,
    host: int | None = None,
    *,
    muted: MutedWords | None = None,
) -> "Hydrated":
    """Return all that rows of `entries` show, as `viewer` sees it; a Post is one that was read with
    its original.

    Of one conversation, `host` wrote the first post. Where mutes count, `muted` are the words
    (records.read_muted_words).
    """
    places = [Entry.of(entry) if isinstance(entry, Post) else entry for entry in entries]
    return Hydrated(places, viewer, host, muted)


def name_addressees(people: Sequence[str]) -> Addressees:
    """Return how the line above a reply to `people` names them: of more than three, two."""
    named = people if len(people) <= MAX_NAMED else people[: MAX_NAMED - 1]
    return Addressees(tuple(named), len(people) - len(named))


def reactions_of(
    post: Post | PostRecord, url: str, viewer: Account | None, **state: Any
) -> Reactions:
    """Return the buttons below `post`; `state` is what is known besides (fields of Reactions)."""
    fields: dict[str, Any] = {
        "is_retweeted": False,
        "is_liked": False,
        "is_bookmarked": False,
        "row_id": None,
        **state,
    }
    return Reactions(
        id=post.pk,
        url=url,
        is_external=post.is_external,
        is_protected=post.is_protected,
        is_signed_in=viewer is not None,
        replies=post.replies_count,
        retweets=post.retweets_and_quotes,
        likes=post.likes,
        **fields,
    )


class Hydrated:
    """What the rows of a page show, by the ids of their posts; and the rows.

    What went while it was read is in none of them.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        viewer: Account | None,
        host: int | None,
        muted: MutedWords | None = None,
    ) -> None:
        self.viewer = viewer
        self.muted = muted
        self.is_hosted = viewer is not None and host == viewer.pk  # by who looks
        self.rules: tuple[str, ...] = ()  # that the page of a post says of it
        self.now: datetime = timezone.now()  # what ages are told from
        self.posts = read_posts(entries, viewer, mutes_count=muted is not None)
        self.media = read_media([post.id for post in self.posts.values() if post.media_count])
        replies = [post.id for post in self.posts.values() if self.parent_of(post)]
        self.addressees = read_addressees(replies, viewer)
        self.others = {entry.pk: entry.others for entry in entries}
        self.topics = {entry.pk: entry.topic for entry in entries}
        self._authors: dict[int, ShownAuthor] = {}
        self._prefer_first_picture(entries)

    def _prefer_first_picture(self, entries: Sequence[Entry]) -> None:
        """Let the first picture of the first rows load at once; the others do when they come into
        view.
        """
        posts = [
            post
            for entry in entries[:EAGER_ROWS]
            if (first := self.posts.get(entry.shown))
            for post in (first, self.posts.get(first.quote_of_id or 0))
            if post and not post.sensitive
        ]
        for post in posts:
            media = self.media.get(post.id, ())
            for place, one in enumerate(media):
                if one.kind == Media.Kind.IMAGE:
                    first_one = one._replace(loads_first=True)
                    self.media[post.id] = (*media[:place], first_one, *media[place + 1 :])
                    return

    # --- What stands above a reply ---

    def parent_of(self, post: PostRecord) -> PostRecord | None:
        return self.posts.get(post.reply_to_id or 0)

    def gap_of(self, post: PostRecord) -> str:
        """Return what stands in the place of what `post` answers, where that was here and is not
        seen; else "".
        """
        if self.parent_of(post) or not post.above:
            return ""
        return "This post is not available." if post.reply_to_id else "This post was deleted."

    def is_without_parent(self, pk: int) -> bool:
        """Return whether what a post answers, if anything, was never here."""
        post = self.posts[pk]
        return not self.parent_of(post) and not self.gap_of(post)

    # --- What the viewer muted ---

    def wanted(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return those of `entries` that have a row, and no word that the viewer muted."""
        return [entry for entry in entries if self.has(entry) and not self._is_unwanted(entry)]

    def _is_unwanted(self, entry: Entry) -> bool:
        is_own = self._is_own(self.posts[entry.pk])
        return not is_own and self._has_muted_word(self.posts[entry.shown])

    def wanted_parent_of(self, post: PostRecord) -> PostRecord | None:
        """Return what `post` answers, where the viewer muted nothing of it."""
        parent = self.parent_of(post)
        return parent if parent and not self._why_muted(parent) else None

    def _why_muted(self, post: PostRecord) -> str:
        """Say what the viewer muted of `post`, as Row.muted has it."""
        if self._is_own(post):
            return ""
        if post.my_mute:
            return "person"
        return "word" if self._has_muted_word(post) else ""

    def _has_muted_word(self, post: PostRecord) -> bool:
        """Tell whether `post`, or what it quotes, says one."""
        quoted = self.posts.get(post.quote_of_id or 0)
        return self._says_muted_word(post) or bool(quoted and self._says_muted_word(quoted))

    def _says_muted_word(self, post: PostRecord) -> bool:
        if not self.muted or self._is_own(post):
            return False
        texts = [post.card__title or "", *(one.alt for one in self.media.get(post.id, ()))]
        return self.muted.are_in(post.html, *texts, is_followed=post.my_follow is not None)

    # --- Rows ---

    def rows(self, entries: Iterable[Entry], **shown: Any) -> list[Row]:
        """Return the rows of `entries`, which were hydrated; `shown` as `row` takes it."""
        return [self.row(entry.pk, **shown) for entry in entries if self.has(entry)]

    def has(self, entry: Entry) -> bool:
        """Return whether there is a row of `entry`."""
        return entry.pk in self.posts and entry.shown in self.posts

    def shows(self, post: Post | None) -> TypeGuard[Post]:
        """Return whether there is a row of `post`: there is none of what went meanwhile."""
        return post is not None and post.pk in self.posts

    def page(self, page: Page, **shown: Any) -> Page:
        """Return `page` with rows in the place of its entries; `shown` as `row` takes it."""
        return Page(self.rows(page.rows, **shown), page.before, page.is_first)

    def replies(self, page: Page, author: int) -> Page:
        """Return `page` with the rows of replies to a post of `author`; those of others say what
        the viewer muted of them.
        """
        rows = self.rows(page.rows, shows_gap=True)
        muted = (row for row in rows if row.post.author.pk != author)
        why = {row.id: self._why_muted(self.posts[row.post.id]) for row in muted}
        return page._replace(rows=[row._replace(muted=why.get(row.id, "")) for row in rows])

    def row(
        self,
        pk: int,
        *,
        shows_gap: bool = False,
        shows_absent_parent: bool = False,
        is_below_parent: bool = False,
        is_pinned: bool = False,
        may_pin: bool = False,
        is_focus: bool = False,
        is_chained: bool = False,
        is_read_only: bool = False,
    ) -> Row:
        """Return the row of the post or retweet `pk`, of those that were hydrated and what they
        answer. Its author can pin it from there where `may_pin`; `is_below_parent` what it answers.
        """
        row = self.posts[pk]
        post = self.posts[row.original]
        gap = self.gap_of(row) if shows_gap else ""
        is_answer = post.kind == Post.Kind.REPLY
        names_addressees = is_answer and not (is_below_parent or gap)
        return Row(
            id=pk,
            post=self._post(post, is_long=not is_focus and post.is_long),
            gap=gap,
            absent_parent=_absent_parent(row) if shows_absent_parent else None,
            retweeter=self._author(row) if row is not post else None,
            other_retweeters=self.others.get(pk, 0),
            retweeted=age_at(row.created_at, self.now) if row is not post else None,
            addressees=self._addressees(post) if names_addressees else None,
            card=_card(post) if post.card__url and post.id not in self.media else None,
            quoted=self._quoted(post),
            has_quote=bool(post.quote_of_id or post.quote_url or post.kind == Post.Kind.QUOTE),
            is_edited=post.is_edited,
            is_reply=is_answer,
            is_pinned=is_pinned and not is_focus,
            is_focus=is_focus,
            is_chained=is_chained,
            is_read_only=is_read_only,
            has_thread=post.own_replies_count > 0 and not is_focus and not is_chained,
            menu=None if is_read_only else self._menu(post, is_pinned, may_pin or is_focus),
            details=self._details(post) if is_focus else None,
            reactions=None if is_read_only else self._reactions(post, pk),
            topic=self.topics.get(pk, ""),
        )

    def post(self, pk: int) -> ShownPost:
        return self._post(self.posts[pk])

    def quote(self, pk: int) -> ShownPost:
        """Return what stands within a post that quotes the post `pk`."""
        post = self.posts[pk]
        return self._post(post, is_long=post.is_long_for_a_quote)

    def _post(self, post: PostRecord, *, is_long: bool = False) -> ShownPost:
        author = self._author(post)
        return ShownPost(
            id=post.id,
            url=self._url(post),
            author=author,
            posted=age_at(post.created_at, self.now) if post.is_dated else None,
            html=post.html,
            is_long=is_long,
            is_sensitive=post.sensitive,
            media=self.media.get(post.id, ()),
        )

    def _quoted(self, post: PostRecord) -> ShownPost | AbsentPost | MutedPost | None:
        if quoted := self.posts.get(post.quote_of_id or 0):
            is_muted = quoted.my_mute and not self._is_own(post)
            return MutedPost(self._url(quoted)) if is_muted else self.quote(quoted.id)
        return AbsentPost(post.quote_url, post.quote_handle) if post.quote_url else None

    def _url(self, post: PostRecord) -> str:
        return f"{self._author(post).get_absolute_url()}/{post.id}"

    def _author(self, post: PostRecord) -> ShownAuthor:
        if post.author_id not in self._authors:
            self._authors[post.author_id] = ShownAuthor(
                pk=post.author_id,
                handle=post.author__handle,
                host=post.author__host,
                name=post.author__name,
                avatar=post.author__avatar,
                is_protected=post.is_protected,
            )
        return self._authors[post.author_id]

    def _addressees(self, post: PostRecord) -> Addressees:
        if parent := self.parent_of(post):
            return name_addressees(self.addressees.get(post.id) or [str(self._author(parent))])
        return Addressees(absent=AbsentPost(post.reply_to_url, post.reply_to_handle))

    def _is_own(self, post: PostRecord) -> bool:
        return self.viewer is not None and post.author_id == self.viewer.pk

    def _menu(self, post: PostRecord, is_pinned: bool, may_pin: bool) -> Menu:  # noqa: FBT001
        is_own = self._is_own(post)
        quoted = self.posts.get(post.quote_of_id or 0)
        return Menu(
            origin_url=post.origin_url,
            is_own=is_own,
            may_edit=is_own and post.is_editable,
            may_pin=is_own and (may_pin or is_pinned),
            is_pinned=is_pinned,
            may_detach=not is_own and quoted is not None and self._is_own(quoted),
            aside="" if is_own else self._aside(post),
        )

    def _aside(self, post: PostRecord) -> str:
        """Return what who looks may do with somebody's reply, as far as the page knows
        (PostPermissions.may_put_aside).
        """
        parent = self.parent_of(post)
        if post.kind != Post.Kind.REPLY or not (
            self.is_hosted or (parent is not None and self._is_own(parent))
        ):
            return ""
        return "show" if post.is_put_aside else "hide"

    def _details(self, post: PostRecord) -> Details:
        moment = post.created_at if post.is_dated else None
        return Details(
            origin_url=post.origin_url,
            date=format_date(moment, "g:i A · M j, Y") if moment else "",
            machine_date=format_date(moment, "c") if moment else "",
            retweets=post.all_retweets,
            quotes=post.quotes_count,
            likes=post.likes,
            shows_who_likes=self._is_own(post),
            rules=self.rules,
        )

    def _reactions(self, post: PostRecord, row_id: int) -> Reactions:
        return reactions_of(
            post,
            self._url(post),
            self.viewer,
            row_id=row_id,
            is_retweeted=post.my_retweet is not None,
            is_liked=post.my_like is not None,
            is_bookmarked=post.my_bookmark is not None,
        )


def _absent_parent(row: PostRecord) -> AbsentPost | None:
    """Return what `row` answers where that was never here, if it says where it is."""
    return AbsentPost(row.reply_to_url, row.reply_to_handle) if row.reply_to_url else None


def _card(post: PostRecord) -> ShownCard:
    return ShownCard(
        url=post.card__url or "",
        domain=post.card__domain,
        title=post.card__title,
        description=post.card__description,
        picture=uploads.url(post.card__key, "small.webp") if post.card__key else "",
        width=post.card__width,
        height=post.card__height,
    )


def conversations(
    entries: Iterable[Entry], hydrated: Hydrated, *, may_pin: bool = False
) -> Iterator[list[Row]]:
    """Yield the rows of `entries`, each reply under what it answers: nothing twice, so of two
    answers to one post the newer stands there. `may_pin` as in `Hydrated.row`.
    """
    for chain in _chains(filter(hydrated.has, entries), hydrated):
        yield [
            hydrated.row(
                post.id,
                shows_absent_parent=number == 1 and not hydrated.parent_of(post),
                is_below_parent=number > 1,
                is_chained=number < len(chain),
                may_pin=may_pin,
            )
            for number, post in enumerate(chain, 1)
        ]


def _chains(entries: Iterable[Entry], hydrated: Hydrated) -> Iterator[list[PostRecord]]:
    rows = {entry.pk: hydrated.posts[entry.pk] for entry in entries}
    shown = {row.original for row in rows.values()}
    while rows:
        chain = [rows.pop(next(iter(rows)))]
        while parent := hydrated.wanted_parent_of(chain[0]):
            above = rows.pop(parent.id, None)
            if above is None and parent.id in shown:
                break
            chain.insert(0, parent)
            shown.add(parent.id)
            if above is None:
                break
        yield chain
