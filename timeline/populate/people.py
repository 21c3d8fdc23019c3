"""Who is in a made-up community, and who follows whom."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from math import log2

from accounts.models.account_word import words_of
from timeline.populate.chance import Chance, heavy_tail, zipf
from timeline.populate.rows import AccountRow, FollowRow, PinRow, WordRow, moment
from timeline.populate.vocabulary import FIRST_NAMES, LAST_NAMES, PLACES, Vocabulary

YEARS = 6  # that a community has been there
FEWEST = 20  # accounts
DOMAIN = "populate.example"  # of all e-mail addresses: nobody reads what is sent there
AUTHOR = 0  # who writes the most
_FOLLOWS = 20  # of each on the average
_FOUNDERS = 0.05  # of all accounts, who were there on the first day


@dataclass(frozen=True)
class Plan:
    """What kind of community is wanted. The same plan makes the same community."""

    accounts: int
    posts: int
    until: datetime  # when its newest post was written
    seed: int = 0
    biggest_author: int = 0  # posts of the one account; 0: it is one of many
    readers: tuple[int, ...] = ()  # how many others each of these follows

    @cached_property
    def last(self) -> int:
        return int(self.until.timestamp() * 1000)

    @cached_property
    def first(self) -> int:
        return self.last - int(timedelta(days=365.25 * YEARS).total_seconds() * 1000)


class People:
    """Everybody, by number: 0 writes the most, the readers follow, and then in the order in which
    they joined. The id of an account is one more.
    """

    def __init__(self, plan: Plan, words: Vocabulary, chance: Chance) -> None:
        self.plan, self.words, self.chance = plan, words, chance
        size = self.size = plan.accounts
        self.special = ["author", *(f"reader_{number}" for number in plan.readers)]
        self.founders = min(size, max(len(self.special) + 10, int(size * _FOUNDERS)))
        self.by_rank = array("I", range(size))  # whom most people read, and who writes most, first
        chance.shuffle(self.by_rank)
        place = self.by_rank.index(AUTHOR)
        self.by_rank[0], self.by_rank[place] = AUTHOR, self.by_rank[0]
        self._writes, self._is_read = zipf(size, 0.7), zipf(size, 0.8)
        self.followers, self.following, self.posts, self.media = (
            array("I", bytes(4 * size)) for _ in range(4)
        )
        self.bytes, self.last_post, self.pinned = (array("q", bytes(8 * size)) for _ in range(3))

    # --- Each of them ---

    def handle(self, number: int) -> str:
        if number < len(self.special):
            return self.special[number]
        return f"{FIRST_NAMES[number * 7 % len(FIRST_NAMES)]}_{number}"

    def joined_at(self, number: int) -> int:
        late = max(0, number + 1 - self.founders) / max(1, self.size - self.founders)
        return int(self.plan.first + late * (self.plan.last - self.plan.first))

    def joined_by(self, when: int) -> int:
        """Return how many have joined at that time: the numbers below."""
        share = (when - self.plan.first) / (self.plan.last - self.plan.first)
        return self.founders + int((self.size - self.founders) * max(0.0, share))

    def writer(self, joined: int) -> int:
        """Return one of the first `joined`, more likely who writes much."""
        return self._one(self._writes, joined)

    def well_known(self, joined: int) -> int:
        """Likewise, more likely whom many read."""
        return self._one(self._is_read, joined)

    def _one(self, rank: Callable[[float], int], joined: int) -> int:
        for _ in range(50):
            number = self.by_rank[rank(self.chance.random())]
            if number < joined:
                return number
        return int(self.chance.random() * joined)

    def active(self, joined: int) -> int:
        """Return one of the first `joined`, more likely who joined early."""
        return int(joined * self.chance.random() ** 2)

    def fame(self, number: int) -> float:
        """Return how much comes back on what an account says: more where many read it."""
        return 0.3 + log2(1 + self.followers[number]) ** 2 / 40

    # --- Who follows whom ---

    def follows(self) -> Iterator[FollowRow]:
        often = heavy_tail(_FOLLOWS)
        for number in range(self.size):
            wanted = self._reads(number) or min(
                self.chance.number(often, 1), self.size // 4, 5 * _FOLLOWS**2
            )
            mine = self.joined_at(number)
            for other in self._followed_by(number, wanted):
                since = max(mine, self.joined_at(other))
                self.following[number] += 1
                self.followers[other] += 1
                yield FollowRow(
                    number + 1,
                    other + 1,
                    moment(since + int(self.chance.random() * (self.plan.last - since))),
                )

    def _reads(self, number: int) -> int:
        return self.plan.readers[number - 1] if 0 < number < len(self.special) else 0

    def _followed_by(self, number: int, wanted: int) -> list[int]:
        found: dict[int, None] = {}
        for _ in range(3 * wanted):
            if len(found) == wanted:
                break
            other = self.well_known(self.size)
            if other != number:
                found[other] = None
        if len(found) < wanted:
            rest = (
                other
                for other in self.chance.sample(range(self.size), self.size)
                if other != number and other not in found
            )
            found |= dict.fromkeys(islice(rest, wanted - len(found)))
        return list(found)

    # --- What is stored of them, when all has been said ---

    def accounts(self) -> Iterator[AccountRow | WordRow | PinRow]:
        for number in range(self.size):
            account = self._account(number)
            yield account
            for word in sorted(words_of(account)):
                yield WordRow(account.id, word)
            if self.pinned[number]:
                yield PinRow(number + 1, self.pinned[number])

    def _account(self, number: int) -> AccountRow:
        chance = self.chance
        bio = chance.choice(self.words.bios)
        avatar = chance.key() if chance.random() < 0.75 else ""
        avatar_bytes = chance.randrange(4_000, 20_000) if avatar else 0
        handle = self.handle(number)
        first, last = handle.partition("_")[0], LAST_NAMES[number // 7 % len(LAST_NAMES)]
        return AccountRow(
            id=number + 1,
            handle=handle,
            user_id=number + 1 if number < len(self.special) else None,
            name=f"{first.capitalize()} {last}",
            bio=bio.text,
            bio_html=bio.html,
            location=chance.choice(PLACES),
            website=f"https://{handle.replace('_', '-')}.example" if chance.random() < 0.3 else "",
            avatar=avatar,
            avatar_bytes=avatar_bytes,
            joined_at=moment(self.joined_at(number)),
            followers_count=self.followers[number],
            following_count=self.following[number],
            posts_count=self.posts[number],
            media_count=self.media[number],
            stored_bytes=self.bytes[number] + avatar_bytes,
            last_post_id=self.last_post[number],
        )
