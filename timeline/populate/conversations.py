"""What is said in a made-up community: posts, what answers them, and what people do with them.

A post is made at its time. How often it will be answered, quoted and retweeted is drawn then, so
that its counts are known when its row is made; what follows waits in a heap until its time has
come. So nothing of the past is kept, however many posts there are.
"""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from microblog.db.words import column_of
from timeline.populate.chance import Chance, heavy_tail, zipf
from timeline.populate.people import AUTHOR, People, Plan
from timeline.populate.rows import (
    BookmarkRow,
    CardRow,
    LikeRow,
    MediaRow,
    MentionRow,
    PostRow,
    Row,
    SearchRow,
    TaggingRow,
    TagRow,
    moment,
)
from timeline.populate.vocabulary import ALTS, SHAPES, Piece, Vocabulary
from timeline.posting.addressees import MOST as MOST_ADDRESSEES
from timeline.search.document import Document

POST, REPLY, QUOTE, RETWEET = "post", "reply", "quote", "retweet"
HOUR = 3_600_000  # milliseconds
MONTH = 30 * 24 * HOUR
LONGEST_THREAD = 30


class Written(NamedTuple):
    """A post that is there: what those that answer, retweet or quote it have to know."""

    id: int
    when: int
    kind: str
    author: int
    written_to: tuple[int, ...]


class Waiting(NamedTuple):
    """A post that will be made at `when`; `number` keeps the order of those of one moment."""

    when: int
    number: int
    kind: str
    author: int
    about: Written | None = None  # what it answers, quotes or retweets
    thread: int = 0  # how many posts its author will go on with


class Often(NamedTuple):
    """How often something comes back on a post of one kind: quantiles."""

    replies: list[float]
    retweets: list[float]
    quotes: list[float]
    likes: list[float]


class Responses(NamedTuple):
    """Who answers, retweets, quotes and likes a post."""

    replies: Sequence[int] = ()
    retweets: Sequence[int] = ()
    quotes: Sequence[int] = ()
    likes: Sequence[int] = ()


class Text(NamedTuple):
    """What a post says, whom it names, which tags and which card it has."""

    piece: Piece
    named: list[int]
    tags: list[int]
    card: int | None


OFTEN = {
    POST: Often(*map(heavy_tail, (0.5, 0.5, 0.07, 3.0))),
    QUOTE: Often(*map(heavy_tail, (0.3, 0.3, 0.03, 2.0))),
    REPLY: Often(*map(heavy_tail, (0.35, 0.05, 0.01, 1.0))),
}
THREADS = 0.05  # of what begins a conversation, how much its author goes on with


def _written_to(said: Waiting) -> tuple[int, ...]:
    """Return whom a reply is written to, as timeline.posting.addressees does."""
    if said.kind != REPLY or said.about is None:
        return ()
    everybody = dict.fromkeys((said.about.author, *said.about.written_to))
    everybody.pop(said.author, None)
    return tuple(everybody)[:MOST_ADDRESSEES]


class Conversations:
    """All that `people` say and do, in the order of time."""

    def __init__(self, plan: Plan, people: People, words: Vocabulary, chance: Chance) -> None:
        self.plan, self.people, self.words, self.chance = plan, people, words, chance
        self.waiting: list[Waiting] = []
        self.numbers = count()
        self.planned = 0  # posts that are made or wait
        self.planned_of_author = 0
        self.last_id = 0
        self.tag_of, self.card_of = zipf(len(words.tags), 0.8), zipf(len(words.links), 0.6)
        self.tags_used: set[int] = set()
        self.cards_used: dict[int, int] = {}  # when last
        self.titles = [chance.choice(words.sentences).text for _ in words.links]  # of their pages
        self.fame = self._fame_on_average()

    def _fame_on_average(self) -> float:
        share = self.plan.biggest_author / self.plan.posts
        size = self.people.size
        others = sum(self.people.fame(self.people.writer(size)) for _ in range(2000)) / 2000
        return share * self.people.fame(AUTHOR) + (1 - share) * others

    def rows(self) -> Iterator[Row]:
        """Yield a PostRow for each post that is wanted, and all else."""
        for _ in range(self.plan.posts):
            begins = self._next_beginning()
            is_due = self.waiting and (
                self.planned == self.plan.posts or self.waiting[0].when <= begins
            )
            yield from self._post(heappop(self.waiting) if is_due else self._beginning(begins))
        yield from self._tags()
        yield from self._cards()

    # --- Who, and when ---

    def _next_beginning(self) -> int:
        """Return when the next conversation begins: more and more often as the years go by."""
        share = (self.planned / self.plan.posts) ** 0.5
        return int(self.plan.first + share * (self.plan.last - 1000 - self.plan.first))

    def _beginning(self, when: int) -> Waiting:
        author = self._author(self.people.joined_by(when))
        waiting = Waiting(when, next(self.numbers), POST, author, thread=self._thread(author))
        return self._plan(waiting)

    def _plan(self, waiting: Waiting) -> Waiting:
        self.planned += 1
        self.planned_of_author += waiting.author == AUTHOR
        return waiting

    def _author(self, joined: int) -> int:
        """Return who says the next thing; the biggest author as often as is wanted."""
        wanted = self.plan.biggest_author
        if not wanted:
            return self.people.writer(joined)
        lacking = wanted - self.planned_of_author
        # a bit more often, so that none is lacking in the end
        if self.chance.random() * (self.plan.posts - self.planned) < 1.25 * lacking:
            return AUTHOR
        while (author := self.people.writer(joined)) == AUTHOR:
            pass
        return author

    def _thread(self, author: int) -> int:
        """Return how many posts of its author follow; now and then a great many."""
        drawn = self.chance.random() / THREADS
        if drawn >= 1 or (author == AUTHOR and self.plan.biggest_author):
            return 0
        return int(1 / (drawn + 1 / LONGEST_THREAD))

    def _later(self, when: int, half: int) -> int:
        """Return a time after `when`: half of all come within `half` milliseconds."""
        drawn = self.chance.random()
        later = when + 1 + min(MONTH, int(half * drawn / (1 - drawn)))
        left = self.plan.last - when
        return later if later <= self.plan.last else when + 1 + int(drawn * (left - 1))

    # --- A post ---

    def _post(self, said: Waiting) -> Iterator[Row]:
        pk = self.last_id = max(said.when << 16 | self.chance.getrandbits(16), self.last_id + 1)
        self.people.posts[said.author] += 1
        self.people.last_post[said.author] = pk
        target = said.about.id if said.about else None
        if said.kind == RETWEET:
            yield PostRow(pk, said.author + 1, RETWEET, retweet_of_id=target)
            return
        written = Written(pk, said.when, said.kind, said.author, _written_to(said))
        joined = self.people.joined_by(said.when)
        media = list(self._media(written))
        text = self._text(written, joined, shows_card=not (media or said.kind == QUOTE))
        back = self._responses(written, joined, said.thread)
        yield PostRow(
            id=pk,
            author_id=said.author + 1,
            kind=said.kind,
            text=text.piece.text,
            html=text.piece.html,
            sensitive=bool(media) and self.chance.random() < 0.02,
            reply_to_id=target if said.kind == REPLY else None,
            quote_of_id=target if said.kind == QUOTE else None,
            card_id=text.card,
            media_count=len(media),
            likes_count=len(back.likes),
            retweets_count=len(back.retweets),
            replies_count=len(back.replies),
            own_replies_count=back.replies.count(said.author),
            quotes_count=len(back.quotes),
        )
        yield from media
        for other in dict.fromkeys((*written.written_to, *text.named)):
            yield MentionRow(pk, other + 1, other in written.written_to)
        for tag in text.tags:
            yield TaggingRow(tag + 1, pk)
        yield SearchRow(pk, column_of(self._words(written, text, media)))
        for other in back.likes:
            yield LikeRow(other + 1, pk, moment(self._later(said.when, HOUR)))
        yield from self._kept(written, joined)

    def _words(self, post: Written, text: Text, media: Sequence[MediaRow]) -> str:
        """Return what a post is found by."""
        document = Document(
            author=post.author + 1,
            kind=post.kind,
            text=text.piece.text,
            html=text.piece.html,
            card_title=self.titles[text.card - 1] if text.card else "",
            media=tuple((one.kind, one.alt) for one in media),
            tags=[self.words.tags[tag].folded for tag in text.tags],
            mentions=[other + 1 for other in (*post.written_to, *text.named)],
        )
        return document.words

    def _kept(self, post: Written, joined: int) -> Iterator[BookmarkRow]:
        """Let somebody bookmark a post now and then, or its author pin it."""
        drawn = self.chance.random()
        if drawn < 0.03:
            account = self.people.active(joined) + 1
            yield BookmarkRow(account, post.id, moment(self._later(post.when, HOUR)))
        elif drawn > 0.98 and post.kind == POST:
            self.people.pinned[post.author] = post.id

    def _media(self, post: Written) -> Iterator[MediaRow]:
        chance = self.chance
        if chance.random() >= (0.06 if post.kind == REPLY else 0.2):
            return
        is_video = chance.random() < 0.04
        number = 1 if is_video else chance.choice((1, 1, 1, 1, 1, 1, 2, 2, 3, 4))
        self.people.media[post.author] += number
        for position in range(number):
            width, height, small = chance.choice(SHAPES)
            size = chance.randrange(20_000, 200_000) * (20 if is_video else 1)
            self.people.bytes[post.author] += size
            yield MediaRow(
                post_id=post.id,
                owner=post.author + 1,
                payer=post.author + 1,
                bytes=size,
                position=position,
                kind="video" if is_video else "image",
                key=chance.key(),
                alt=chance.choice(ALTS),
                color=f"#{chance.getrandbits(24):06x}",
                width=width,
                height=height,
                small_width=0 if is_video else small,
            )

    def _text(self, post: Written, joined: int, *, shows_card: bool) -> Text:
        drawn, choice, words = self.chance.random, self.chance.choice, self.words
        pieces, named, tags, card = [choice(words.sentences)], [], [], None
        between = " "
        if drawn() < 0.4:
            pieces.append(choice(words.sentences))
            between = choice((" ", " ", "\n", "\n\n"))
        if drawn() < (0.05 if post.kind == REPLY else 0.12):
            other = self.people.well_known(joined)
            if other != post.author:
                named.append(other)
                pieces.append(words.mention(self.people.handle(other)))
        if post.kind != REPLY and drawn() < 0.2:
            tags = list({self.tag_of(drawn()): None for _ in range(choice((1, 1, 2)))})
            self.tags_used.update(tags)
            pieces.extend(words.tags[tag].piece for tag in tags)
        if post.kind == POST and drawn() < 0.1:
            link = self.card_of(drawn())
            pieces.append(words.links[link].piece)
            if shows_card:
                card = link + 1
                self.cards_used[link] = post.when
        if len(pieces) == 1:
            return Text(pieces[0], named, tags, card)
        said, html = zip(*pieces, strict=True)
        return Text(Piece(between.join(said), between.join(html)), named, tags, card)

    # --- What comes back ---

    def _responses(self, post: Written, joined: int, thread: int) -> Responses:
        """Plan what answers, retweets and quotes a post; `thread` more posts are its author's.

        Nothing comes back on what was written in the last moment.
        """
        if post.when >= self.plan.last - 1:
            return Responses()
        fame, often = self.people.fame(post.author) / self.fame, OFTEN[post.kind]
        replies = self._plan_thread(post, thread)
        replies += self._plan_all(post, REPLY, self.chance.number(often.replies, fame), joined)
        return Responses(
            replies,
            self._plan_all(post, RETWEET, self.chance.number(often.retweets, fame), joined),
            self._plan_all(post, QUOTE, self.chance.number(often.quotes, fame), joined),
            self._who_likes(min(joined, self.chance.number(often.likes, fame)), joined),
        )

    def _plan_thread(self, post: Written, thread: int) -> list[int]:
        """Let the author go on, if `thread` more posts are to come."""
        if not thread or self.planned == self.plan.posts:
            return []
        self._wait(post, REPLY, post.author, thread - 1)
        return [post.author]

    def _plan_all(self, post: Written, kind: str, wanted: int, joined: int) -> list[int]:
        """Plan at most `wanted` posts of this kind; return their authors."""
        number = min(wanted, joined // 4, self.plan.posts - self.planned) if wanted else 0
        authors = [self._author(joined) for _ in range(number)]
        if kind == RETWEET:  # each does it once
            authors = list(dict.fromkeys(authors))
        for author in authors:
            self._wait(post, kind, author)
        return authors

    def _who_likes(self, wanted: int, joined: int) -> list[int]:
        return list({self.people.active(joined): None for _ in range(wanted)})

    def _wait(self, post: Written, kind: str, author: int, thread: int = 0) -> None:
        when = self._later(post.when, HOUR if author != post.author else HOUR // 30)
        waiting = Waiting(when, next(self.numbers), kind, author, post, thread)
        heappush(self.waiting, self._plan(waiting))

    # --- What all of them share ---

    def _tags(self) -> Iterator[TagRow]:
        for number in sorted(self.tags_used):
            tag = self.words.tags[number]
            yield TagRow(number + 1, tag.name, tag.folded)

    def _cards(self) -> Iterator[CardRow]:
        for number, when in sorted(self.cards_used.items()):
            link = self.words.links[number]
            has_picture = self.chance.random() < 0.6
            yield CardRow(
                id=number + 1,
                url=link.piece.text,
                domain=link.domain,
                title=self.titles[number],
                description=self.chance.choice(self.words.sentences).text,
                key=self.chance.key() if has_picture else None,
                width=600 if has_picture else 0,
                height=315 if has_picture else 0,
                fetched_at=moment(when + 2000),
                due_at=moment(when + 2000 + 24 * HOUR),
            )
