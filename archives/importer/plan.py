"""What the tweets of an archive become, by the rules: a value, which a dry run counts and an import
applies. Nothing is written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from archives.importer.existing import Existing
from archives.x.tweet import Target, Tweet
from timeline.ids import id_of_tweet


class Outcome(Enum):
    """What becomes of a tweet."""

    NEW = auto()  # it comes in
    EXISTING = auto()  # it came before, or is one more retweet of what is retweeted
    DELETED = auto()  # it, or what it retweets, was deleted here
    LOST = auto()  # a retweet of an own tweet that is not in the archive
    REMOVED = auto()  # a retweet of somebody who asked not to be here


type Linked = int | Target | None
"""What a post answers or quotes: a post here, by its id; a tweet elsewhere; or nothing, as there is
nothing, or it was deleted here."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one tweet becomes. Posts that are yet to be made have provisional ids, below 0."""

    tweet: Tweet
    outcome: Outcome
    post: int | None = None  # the one that it becomes, or is; None where there is none
    # of a retweet: what it shows; None also where the retweet itself came before
    original: int | None = None
    makes_original: bool = False  # which is external and comes with it
    new_versions: tuple[int, ...] = ()  # those ids of the tweet that are to lead to `post` from now
    reply_to: Linked = None
    quote_of: Linked = None

    @property
    def wanted_id(self) -> int:
        """Return the id that the post should have: its time."""
        return id_of_tweet(self.tweet.versions[0], self.tweet.moment)

    @property
    def has_media(self) -> bool:
        """Tell whether the media of the tweet come in with it: a retweet's are somebody else's."""
        return self.outcome is Outcome.NEW and not self.tweet.retweet_of

    @property
    def has_text(self) -> bool:
        """Tell whether a post with the text of the tweet is to be made."""
        return self.outcome is Outcome.NEW and (self.makes_original or not self.tweet.retweet_of)


class Planner:
    """Decides tweet by tweet; what is planned is `existing` for the tweets after it."""

    def __init__(self, existing: Existing) -> None:
        self._existing = existing

    def steps(self, tweets: Sequence[Tweet]) -> list[Step]:
        """Return what each of `tweets` becomes, in the order of their ids."""
        self._existing.look_up(tweets)
        return [self._step(tweet) for tweet in tweets]

    def _step(self, tweet: Tweet) -> Step:
        step = self._decide(tweet)
        if step.outcome is Outcome.NEW and step.post:
            self._expect(tweet, step.post, step.original)
        self._existing.posts |= dict.fromkeys(step.new_versions, step.post)
        return step

    def _decide(self, tweet: Tweet) -> Step:
        existing = self._existing
        if existing.has(tweet):
            posts = (existing.posts.get(version) for version in tweet.versions)
            post = next((pk for pk in posts if pk), None)
            return self._remembered(tweet, Outcome.EXISTING if post else Outcome.DELETED, post)
        if tweet.retweet_of:
            return self._decide_retweet(tweet, tweet.retweet_of)
        return self._remembered(
            tweet,
            Outcome.NEW,
            _provisional(tweet),
            reply_to=self._linked(tweet.reply_to),
            quote_of=self._linked(tweet.quote_of),
        )

    def _decide_retweet(self, tweet: Tweet, target: Target) -> Step:
        existing = self._existing
        if target.is_own:
            if target.id not in existing.posts:
                return Step(tweet, Outcome.LOST)
        elif target.handle.lower() in existing.removed:
            return Step(tweet, Outcome.REMOVED)
        elif target.id not in existing.external:
            post = _provisional(tweet)
            return self._remembered(tweet, Outcome.NEW, post, post - 1, makes_original=True)
        original = existing.original(target)
        if not original:
            return self._remembered(tweet, Outcome.DELETED)
        if original in existing.retweets:
            retweet = existing.retweets[original]
            return self._remembered(tweet, Outcome.EXISTING, retweet, original)
        return self._remembered(tweet, Outcome.NEW, _provisional(tweet), original)

    def _remembered(
        self,
        tweet: Tweet,
        outcome: Outcome,
        post: int | None = None,
        original: int | None = None,
        *,
        makes_original: bool = False,
        reply_to: Linked = None,
        quote_of: Linked = None,
    ) -> Step:
        """Return a step after which all versions lead to `post`; None: it stays deleted."""
        new = tuple(id_ for id_ in tweet.versions if id_ not in self._existing.posts)
        return Step(tweet, outcome, post, original, makes_original, new, reply_to, quote_of)

    def _expect(self, tweet: Tweet, post: int, original: int | None) -> None:
        """Let the tweets after it know that `post` retweets `original`."""
        if (target := tweet.retweet_of) and original:
            self._existing.retweets[original], self._existing.originals[post] = post, original
            if target.id and not target.is_own:
                self._existing.external[target.id] = original

    def _linked(self, target: Target | None) -> Linked:
        if not target:
            return None
        return self._existing.post(target) or (
            target if target.id not in self._existing.posts else None
        )


def _provisional(tweet: Tweet) -> int:
    """Return the id that stands for its post until that is made; one less, for its original."""
    return -2 * tweet.id
