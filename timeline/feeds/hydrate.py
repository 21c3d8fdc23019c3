"""Rows of posts, so that their page asks the database nothing: a few queries for all of them,
however many.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date

from accounts.models import Account
from microblog.text.age import age_at
from microblog.web.pagination import Page
from timeline.feeds.row import (
    AbsentPost,
    Addressees,
    Details,
    Menu,
    Reactions,
    Row,
    ShownAuthor,
    ShownCard,
    ShownMedia,
    ShownPost,
)
from timeline.models import Bookmark, Like, LinkCard, Media, Mention, Post

EAGER_ROWS = 3  # the first picture of a page is in one of so many rows, or waits to be scrolled to
MAX_NAMED = 3  # of a reply's addressees; of more, two are named and the rest counted


def hydrate(
    posts: Iterable[Post], viewer: Account | None, *, parents: bool = False, bookmarks: bool = True
) -> "Hydrated":
    """Return all that rows of `posts` and of what they retweet show besides, as `viewer` sees it.

    With `parents`, what each answers can be shown as a row as well. Without `bookmarks`, for a page
    that shows none, they are not asked for.
    """
    posts = list(posts)
    shown = {post.pk: post for row in posts for post in (row, row.original)}
    related = _related(shown, viewer)
    if parents:
        above = {
            pk: related[pk] for post in shown.values() if (pk := post.reply_to_id or 0) in related
        }
        related |= _related(above, viewer) if above else {}
    originals = [post for post in (related | shown).values() if post.kind != Post.Kind.RETWEET]
    hydrated = Hydrated(viewer, related, timezone.now(), shows_bookmarks=bookmarks)
    hydrated.read(originals)
    hydrated.prefer_first_picture(posts)
    return hydrated


def _related(posts: dict[int, Post], viewer: Account | None) -> dict[int, Post]:
    """Return what `posts` quote and answer, by id, but for what `viewer` may not come across."""
    ids = {
        target
        for post in posts.values()
        for target in (post.quote_of_id, post.reply_to_id)
        if target
    }
    found = {pk: posts[pk] for pk in ids & posts.keys()}
    missing = ids - posts.keys()
    if missing:
        authors = {post.author_id for post in posts.values()}
        found |= (
            Post.objects.visible_to(viewer)
            .met_by(viewer, asked=authors)
            .with_author()
            .in_bulk(missing)
        )
    return found


def name_addressees(people: Sequence[Account]) -> Addressees:
    """Return how the line above a reply to `people` names them: of more than three, two."""
    named = people if len(people) <= MAX_NAMED else people[: MAX_NAMED - 1]
    return Addressees(tuple(map(str, named)), len(people) - len(named))


def reactions_of(post: Post, viewer: Account | None, **state: Any) -> Reactions:
    """Return the buttons below `post`; `state` is what is known besides (fields of Reactions)."""
    fields: dict[str, Any] = {
        "is_retweeted": False,
        "is_liked": False,
        "is_bookmarked": False,
        "shows_bookmark": viewer is not None,
        "row_id": None,
        **state,
    }
    return Reactions(
        id=post.pk,
        url=post.get_absolute_url(),
        is_external=post.is_external,
        is_signed_in=viewer is not None,
        replies=post.replies_count,
        retweets=post.retweets_and_quotes,
        likes=post.likes,
        **fields,
    )


@dataclass
class Hydrated:
    """What the rows of a page show besides their posts, by the ids of these; and the rows."""

    viewer: Account | None
    related: dict[int, Post]  # what they quote and answer, where the viewer may come across it
    now: datetime  # what ages are told from
    shows_bookmarks: bool
    media: dict[int, tuple[ShownMedia, ...]] = field(default_factory=dict)
    addressees: dict[int, list[Account]] = field(default_factory=dict)
    continued: Collection[int] = ()  # by their authors
    liked: Collection[int] = ()
    retweeted: Collection[int] = ()
    bookmarked: Collection[int] = ()
    _authors: dict[int, ShownAuthor] = field(default_factory=dict)

    # --- Reading ---

    def read(self, posts: Sequence[Post]) -> None:
        """Ask for everything that hangs on `posts`."""
        self._read_media([post.pk for post in posts if post.media_count])
        self._read_addressees([post.pk for post in posts if post.reply_to_id])
        answered = [post.pk for post in posts if post.replies_count]
        if answered:
            continued = Post.objects.visible_to(self.viewer).answering_themselves(answered)
            self.continued = {pk for pk in continued if pk}
        if self.viewer:
            ids = [post.pk for post in posts]
            self.liked = set(Like.objects.by(self.viewer).of_posts(ids))
            self.retweeted = {pk for pk in Post.objects.by(self.viewer).retweets_of(ids) if pk}
            if self.shows_bookmarks:
                self.bookmarked = set(Bookmark.objects.by(self.viewer).of_posts(ids))

    def _read_media(self, ids: list[int]) -> None:
        found = defaultdict(list)
        for media in Media.objects.of_posts(ids) if ids else ():
            found[media.post_id].append(_media(media))
        self.media = {pk: tuple(media) for pk, media in found.items()}

    def _read_addressees(self, ids: list[int]) -> None:
        found = defaultdict(list)
        seen = Account.objects.visible_to(self.viewer)
        for mention in Mention.objects.addressing(ids, seen) if ids else ():
            found[mention.post_id].append(mention.account)
        self.addressees = dict(found)

    def prefer_first_picture(self, rows: Sequence[Post]) -> None:
        """Let the first picture of the first rows load at once; the others do when they come into
        view.
        """
        posts = [
            post
            for row in rows[:EAGER_ROWS]
            for post in (row.original, self.related.get(row.original.quote_of_id or 0))
            if post and not post.sensitive
        ]
        for post in posts:
            media = self.media.get(post.pk, ())
            for place, one in enumerate(media):
                if one.kind == Media.Kind.IMAGE:
                    first = replace(one, loads_first=True)
                    self.media[post.pk] = (*media[:place], first, *media[place + 1 :])
                    return

    # --- What stands above a reply ---

    def parent_of(self, post: Post) -> Post | None:
        return self.related.get(post.reply_to_id or 0)

    def gap_of(self, post: Post) -> str:
        """Return what stands in the place of what `post` answers, where that was here and is not
        seen; else "".
        """
        if self.parent_of(post) or not post.above:
            return ""
        return "This post is not available." if post.reply_to_id else "This post was deleted."

    def is_without_parent(self, post: Post) -> bool:
        """Return whether what `post` answers, if anything, was never here."""
        return not self.parent_of(post) and not self.gap_of(post)

    # --- Rows ---

    def page(self, page: Page, **shown: Any) -> Page:
        """Return `page` with rows in the place of its posts; `shown` as `row` takes it."""
        return replace(page, rows=[self.row(post, **shown) for post in page.rows])

    def row(
        self,
        post: Post,
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
        """Return the row of `post`, one of those that were hydrated or what one of them answers.

        Its author can pin it from there where `may_pin`; `is_below_parent` what it answers.
        """
        row, post = post, post.original
        gap = self.gap_of(row) if shows_gap else ""
        may_pin = may_pin or is_focus
        is_answer = post.kind == Post.Kind.REPLY
        return Row(
            id=row.pk,
            post=self.post(post, is_long=post.is_long and not is_focus),
            gap=gap,
            absent_parent=_absent_parent(row) if shows_absent_parent else None,
            retweeter=self._author(row.author) if row is not post else None,
            retweeted=age_at(row.created_at, self.now) if row is not post else None,
            addressees=self._addressees(post)
            if is_answer and not (is_below_parent or gap)
            else None,
            card=_card(post.card) if post.card and not self.media.get(post.pk) else None,
            quoted=self._quoted(post),
            has_quote=bool(post.quote_of_id or post.quote_url or post.kind == Post.Kind.QUOTE),
            is_edited=post.edited_at is not None,
            is_reply=is_answer,
            is_pinned=is_pinned and not is_focus,
            is_focus=is_focus,
            is_chained=is_chained,
            is_read_only=is_read_only,
            has_thread=post.pk in self.continued and not is_focus and not is_chained,
            menu=None if is_read_only else self._menu(post, is_pinned=is_pinned, may_pin=may_pin),
            details=self._details(post) if is_focus else None,
            reactions=None if is_read_only else self._reactions(post, row.pk),
        )

    def post(self, post: Post, *, is_long: bool = False) -> ShownPost:
        return ShownPost(
            id=post.pk,
            url=post.get_absolute_url(),
            author=self._author(post.author),
            posted=age_at(post.created_at, self.now) if post.is_dated else None,
            html=post.html,
            is_long=is_long,
            is_sensitive=post.sensitive,
            media=self.media.get(post.pk, ()),
        )

    def quote(self, post: Post) -> ShownPost:
        """Return what stands within a post that quotes `post`."""
        return self.post(post, is_long=post.is_long_for_a_quote)

    def _quoted(self, post: Post) -> ShownPost | AbsentPost | None:
        if quoted := self.related.get(post.quote_of_id or 0):
            return self.quote(quoted)
        return AbsentPost(post.quote_url, post.quote_handle) if post.quote_url else None

    def _author(self, account: Account) -> ShownAuthor:
        if account.pk not in self._authors:
            self._authors[account.pk] = ShownAuthor(
                handle=account.full_handle,
                host=account.host,
                shown_name=account.shown_name,
                avatar=account.avatar,
                placeholder_color=account.placeholder_color,
            )
        return self._authors[account.pk]

    def _addressees(self, post: Post) -> Addressees:
        if parent := self.parent_of(post):
            return name_addressees(self.addressees.get(post.pk) or [parent.author])
        return Addressees(absent=AbsentPost(post.reply_to_url, post.reply_to_handle))

    def _is_own(self, post: Post) -> bool:
        return self.viewer is not None and post.author_id == self.viewer.pk

    def _menu(self, post: Post, *, is_pinned: bool, may_pin: bool) -> Menu:
        is_own = self._is_own(post)
        quoted = self.related.get(post.quote_of_id or 0)
        return Menu(
            origin_url=post.origin_url,
            is_own=is_own,
            may_edit=is_own and post.is_editable,
            may_pin=is_own and (may_pin or is_pinned),
            is_pinned=is_pinned,
            may_detach=not is_own and quoted is not None and self._is_own(quoted),
        )

    def _details(self, post: Post) -> Details:
        moment = post.created_at if post.is_dated else None
        return Details(
            origin_url=post.origin_url,
            date=format_date(moment, "g:i A · M j, Y") if moment else "",
            machine_date=format_date(moment, "c") if moment else "",
            retweets=post.all_retweets,
            quotes=post.quotes_count,
            likes=post.likes,
            shows_who_likes=self._is_own(post),
        )

    def _reactions(self, post: Post, row_id: int) -> Reactions:
        return reactions_of(
            post,
            self.viewer,
            row_id=row_id,
            is_retweeted=post.pk in self.retweeted,
            is_liked=post.pk in self.liked,
            is_bookmarked=post.pk in self.bookmarked,
            shows_bookmark=self.viewer is not None and self.shows_bookmarks,
        )


def _media(media: Media) -> ShownMedia:
    return ShownMedia(
        id=media.pk,
        kind=media.kind,
        key=media.key,
        container=media.container,
        moves=media.moves,
        alt=media.alt,
        tint=media.tint,
        width=media.width,
        height=media.height,
        small_width=media.small_width,
        loads_first=False,
    )


def _absent_parent(row: Post) -> AbsentPost | None:
    """Return what `row` answers where that was never here, if it says where it is."""
    return AbsentPost(row.reply_to_url, row.reply_to_handle) if row.reply_to_url else None


def _card(card: LinkCard) -> ShownCard:
    return ShownCard(
        url=card.url,
        domain=card.domain,
        title=card.title,
        description=card.description,
        picture=card.picture,
        width=card.width,
        height=card.height,
    )


def conversations(
    posts: Iterable[Post], hydrated: Hydrated, *, may_pin: bool = False
) -> Iterator[list[Row]]:
    """Yield the rows of `posts`, each reply under what it answers: nothing twice, so of two answers
    to one post the newer stands there. `may_pin` as in `Hydrated.row`.
    """
    for chain in _chains(posts, hydrated):
        yield [
            hydrated.row(
                post,
                shows_absent_parent=number == 1 and not hydrated.parent_of(post),
                is_below_parent=number > 1,
                is_chained=number < len(chain),
                may_pin=may_pin,
            )
            for number, post in enumerate(chain, 1)
        ]


def _chains(posts: Iterable[Post], hydrated: Hydrated) -> Iterator[list[Post]]:
    rows = {row.pk: row for row in posts}
    shown = {row.original.pk for row in rows.values()}
    while rows:
        chain = [rows.pop(next(iter(rows)))]
        while parent := hydrated.parent_of(chain[0]):
            above = rows.pop(parent.pk, None)
            if above is None and parent.pk in shown:
                break
            chain.insert(0, above or parent)
            shown.add(parent.pk)
            if above is None:
                break
        yield chain
