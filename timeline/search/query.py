"""What somebody typed to find, as a value: `engine -steam from:ada since:2024-01-01`."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from microblog.db.words import All, Any, Asked, Mark, Not, Phrase, mark
from microblog.text import fold_tag, parse
from microblog.text.tokens import tokens_asked
from microblog.web.converters import MAX_ID, HandleConverter, parse_id
from timeline import ids
from timeline.search import document

LONGEST = 500  # characters
FEWEST_LETTERS = 3  # of a last word that may go on
MOST_LIKES = 2**31 - 1  # what a column of likes holds

HAS = {
    "media": document.MEDIA,
    "images": document.IMAGE,
    "video": document.VIDEO,
    "link": document.LINK,
    "alt": document.ALT,
}
OWN = ("bookmarks", "likes")
IS = {"reply": document.REPLY, "quote": document.QUOTE}
_NOBODY = mark("u")  # which no post has

_CHUNK = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_OPERATOR = re.compile(r"(from|to|since|until|has|is|in|min_likes):(\S+)", re.IGNORECASE)
_HANDLE = re.compile(rf"@?({HandleConverter.regex})", re.ASCII)
_MENTION = re.compile(rf"@({HandleConverter.regex})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class QueryError(Exception):
    """What was typed cannot be looked for. The message is for who typed it."""


class NotSignedInError(QueryError):
    """Nobody is signed in whose bookmarks and likes could be looked through."""


class Term(NamedTuple):
    """One thing that a post is to be, or not."""

    kind: str  # "words", "tag", "has", "is", or how an account has to do with it: "from", "to", "@"
    value: str = ""  # a mark, or a handle in lower case
    phrase: Phrase = Phrase(())
    is_negated: bool = False

    def asked(self, accounts: Mapping[str, int]) -> Asked:
        asked = self._positive(accounts)
        return Not(asked) if self.is_negated else asked

    def _positive(self, accounts: Mapping[str, int]) -> Asked:
        if self.kind == "words":
            return self.phrase
        if self.kind in ("tag", "has", "is"):
            return Mark(self.value)
        if (account := accounts.get(self.value)) is None:
            return Mark(_NOBODY)
        if self.kind == "from":
            return Mark(mark(document.AUTHOR, account))
        named = Mark(mark(document.MENTION, account))
        return All((Mark(document.REPLY), named)) if self.kind == "to" else named


class Query(NamedTuple):
    """All of `groups` are looked for, and of each group one term at least."""

    groups: tuple[tuple[Term, ...], ...] = ()
    since: date | None = None
    until: date | None = None  # that day itself no longer
    min_likes: int = 0
    places: frozenset[str] = frozenset()  # of OWN: among what is in all of them alone

    @property
    def is_empty(self) -> bool:
        return self == Query()

    @property
    def handles(self) -> set[str]:
        """Return the handles that it names, in lower case."""
        return {term.value for term in self._terms() if term.kind in ("from", "to", "@")}

    @property
    def authors(self) -> set[str]:
        """Return those of them whose posts it asks for."""
        return {term.value for term in self._wanted() if term.kind == "from"}

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """Return the words that a post may be found by."""
        return tuple(term.phrase for term in self._wanted() if term.kind == "words")

    @property
    def first(self) -> int:
        """Return the lowest id of what may be found."""
        return _id_of(self.since, 0)

    @property
    def end(self) -> int:
        """Return an id that nothing reaches which may be found."""
        return _id_of(self.until, MAX_ID)

    def asked(self, accounts: Mapping[str, int]) -> Asked | None:
        """Return what the index is asked, None for nothing; `accounts` are the ids by handle of
        those whom the reader may see.
        """
        groups = [tuple(term.asked(accounts) for term in group) for group in self.groups]
        several = tuple(group[0] if len(group) == 1 else Any(group) for group in groups)
        return All(several) if several else None

    def _terms(self) -> Iterator[Term]:
        return (term for group in self.groups for term in group)

    def _wanted(self) -> Iterator[Term]:
        return (term for term in self._terms() if not term.is_negated)


def _id_of(day: date | None, default: int) -> int:
    if day is None:
        return default
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return min(max(ids.first_id_at(moment), 0), MAX_ID)


def read(typed: str) -> Query:
    """Return what `typed` asks for. What is no operator is words.

    Raises QueryError.
    """
    if len(typed) > LONGEST:
        raise QueryError(f"That is too long to look for: at most {LONGEST} characters fit.")
    return _Reader(typed).read()


class _Reader:
    """Reads what somebody typed, from the left to the right."""

    def __init__(self, typed: str) -> None:
        self.chunks = [*_CHUNK.finditer(typed)]
        self.groups: list[tuple[Term, ...]] = []
        self.bounds: dict[str, date | int] = {}
        self.places: set[str] = set()

    def read(self) -> Query:
        joins = False  # what comes next is another choice beside the last
        for number, chunk in enumerate(self.chunks):
            is_last = number == len(self.chunks) - 1
            if chunk[0] == "OR" and self.groups and not joins:
                joins = True
                continue
            term = self._term(chunk, is_last=is_last)
            if term and joins:
                self.groups[-1] += (term,)
            elif term:
                self.groups.append((term,))
            joins = False
        places = frozenset(self.places)
        return Query(tuple(self.groups), places=places, **self.bounds)  # type: ignore[arg-type]

    def _term(self, chunk: re.Match[str], *, is_last: bool) -> Term | None:
        """Return what a chunk says, None where it says nothing about words and people."""
        negated, quoted, plain = bool(chunk[1]), chunk[2], chunk[3]
        if quoted is not None:
            return _words(quoted, negated=negated)
        if operator := _OPERATOR.fullmatch(plain):
            name, value = operator[1].lower(), operator[2]
            if name in _BOUNDS or name == "in":
                self._bound(name, value, negated=negated)
                return None
            return _OPERATORS[name](name, value)._replace(is_negated=negated)
        if mentioned := _MENTION.fullmatch(plain):
            return Term("@", mentioned[1].lower(), is_negated=negated)
        if plain[0] in "#＃" and (tag := _tag(plain)):
            return Term("tag", document.tag_mark(tag), is_negated=negated)
        return _words(plain, negated=negated, may_go_on=is_last and not negated)

    def _bound(self, name: str, value: str, *, negated: bool) -> None:
        """Note what holds for all that is found."""
        if negated:
            raise QueryError(f"There is no opposite of {name}: here. Leave the - off.")
        if name == "in":
            self.places.add(_place(name, value))
        else:
            self.bounds[name] = _BOUNDS[name](name, value)


def _words(said: str, *, negated: bool, may_go_on: bool = False) -> Term | None:
    tokens, is_open = tokens_asked(said)
    if not tokens:
        return None
    goes_on = is_open or (may_go_on and len(tokens[-1]) >= FEWEST_LETTERS)
    return Term("words", phrase=Phrase(tokens, goes_on), is_negated=negated)


def _tag(said: str) -> str:
    """Return the tag that `said` is, folded; "" where it is more than one, or none."""
    tags = [token.value for token in parse(said).tokens if token.text == said]
    return fold_tag(tags[0]) if tags else ""


# --- Operators ---


def _account(name: str, value: str) -> Term:
    handle = _HANDLE.fullmatch(value)
    if not handle:
        raise QueryError(f"After {name}: comes a handle, as in {name}:ada.")
    return Term(name, handle[1].lower())


def _has(name: str, value: str) -> Term:
    return _one_of(name, value, HAS)


def _is(name: str, value: str) -> Term:
    return _one_of(name, value, IS)


def _one_of(name: str, value: str, known: Mapping[str, str]) -> Term:
    return Term(name, known[_known(name, value, known)])


def _place(name: str, value: str) -> str:
    return _known(name, value, OWN)


def _known(name: str, value: str, known: Collection[str]) -> str:
    """Return `value`, in lower case, where it is `known`."""
    if value.lower() not in known:
        *others, last = known
        raise QueryError(f"After {name}: comes {', '.join(others)} or {last}.")
    return value.lower()


def _day(name: str, value: str) -> date:
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise QueryError(f"After {name}: comes a date, as in {name}:2024-01-31.")


def _number(name: str, value: str) -> int:
    number = parse_id(value)
    if number is None:
        raise QueryError(f"After {name}: comes a number, as in {name}:10.")
    return min(number, MOST_LIKES)


_OPERATORS = {"from": _account, "to": _account, "has": _has, "is": _is}
_BOUNDS: dict[str, Callable[[str, str], date | int]] = {
    "since": _day,
    "until": _day,
    "min_likes": _number,
}
