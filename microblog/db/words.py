"""Tables of words by which rows are found, alike on both databases: neither decides what a word is.

A text comes as tokens (microblog.text.tokens), each encoded as one word of a-z and 0-9, of which
no database makes another. PostgreSQL keeps them as a `tsvector` with positions, SQLite in an FTS5
table. Nothing that anybody wrote reaches a `tsquery` or `MATCH`, but these words.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections

from microblog.db.prepared import statement_cursor, untyped
from microblog.db.writing import Write

# PostgreSQL knows so many positions, of one word so many; more are kept nowhere.
MOST_WORDS, MOST_OF_A_WORD = 16_000, 255
GAP = "z"  # stands where no word is, so that no phrase goes on
# Marks of a row that are no words of it: what a word of somebody's is encoded as never begins so.
_MARK = "zz"
EVERY = _MARK  # which each row has


@lru_cache(10_000)
def encode(token: str) -> str:
    """Return `token` as a word of a-z and 0-9; what begins alike still does."""
    if token.isascii() and token.isalnum() and "z" not in token:
        return token
    return "".join(
        char if char != "z" and char.isascii() and char.isalnum() else f"z{ord(char):06x}"
        for char in token
    )


def mark(kind: str, value: object = "") -> str:
    """Return the mark of a row of which `kind`, one letter, says something: `value`, perhaps."""
    return f"{_MARK}{kind}{encode(str(value))}"


# --- What is asked ---


class Phrase(NamedTuple):
    """Tokens that stand one behind the other; the last may go on where it `is_open`."""

    tokens: tuple[str, ...]
    is_open: bool = False


class Mark(NamedTuple):
    """A row that has this mark."""

    mark: str


class Not(NamedTuple):
    asked: "Asked"


class Any(NamedTuple):
    asked: "tuple[Asked, ...]"


class All(NamedTuple):
    asked: "tuple[Asked, ...]"


type Asked = Phrase | Mark | Not | Any | All


def condition(table: str, asked: Asked | None) -> tuple[str, list[str]]:
    """Return SQL that holds for rows of `table` that are `asked` for (None: all); and values."""
    if asked is None:
        return "TRUE", []
    if connection.vendor == "postgresql":
        return "words @@ %s::tsquery", [_tsquery(asked)]
    return f"{table} MATCH %s", [_match(asked)]


def _tsquery(asked: Asked) -> str:
    match asked:
        case Phrase(tokens, is_open):
            words = " <-> ".join(f"'{encode(token)}'" for token in tokens)
            return f"({words}{':*' if is_open else ''})"
        case Mark(name):
            return f"'{name}'"
        case Not(one):
            return f"!{_tsquery(one)}"
        case Any(several):
            return f"({' | '.join(map(_tsquery, several))})"
        case All(several):
            return f"({' & '.join(map(_tsquery, several))})"


def _match(asked: Asked) -> str:
    match asked:
        case Phrase(tokens, is_open):
            return f'"{" ".join(map(encode, tokens))}"{" *" if is_open else ""}'
        case Mark(name):
            return f'"{name}"'
        case Not():
            return _match(All((asked,)))
        case Any(several):
            return f"({' OR '.join(map(_match, several))})"
        case All(several):
            wanted = [_match(one) for one in several if not isinstance(one, Not)]
            unwanted = [_match(one.asked) for one in several if isinstance(one, Not)]
            both = f"({' AND '.join(wanted or [_match(Mark(EVERY))])})"
            return f"({both} NOT ({' OR '.join(unwanted)}))" if unwanted else both


# --- What is kept ---


def text_of(parts: Iterable[Iterable[str]], marks: Iterable[str]) -> str:
    """Return what a row is found by: the tokens of its `parts`, of which no phrase goes from one
    into the next, and its `marks`.
    """
    words: list[str] = []
    for part in parts:
        words.extend(map(encode, islice(part, MOST_WORDS)))
        words.append(GAP)
    if len(words) > MOST_OF_A_WORD:
        words = [*_without_too_many(words[:MOST_WORDS])]
    return " ".join([*words, EVERY, *marks])


def _without_too_many(words: Iterable[str]) -> Iterator[str]:
    """Yield `words`, and gaps for those that were there too often."""
    seen = Counter[str]()
    for word in words:
        seen[word] += 1
        yield word if seen[word] <= MOST_OF_A_WORD else GAP


def column_of(text: str) -> str:
    """Return `text` as the database takes it."""
    if connection.vendor != "postgresql":
        return text
    return " ".join(_lexemes(text))


def _lexemes(text: str) -> Iterable[str]:
    places: dict[str, list[str]] = {}
    for place, word in enumerate(text.split(" "), 1):
        if word != GAP:
            places.setdefault(word, []).append("" if word.startswith(_MARK) else str(place))
    return (f"{word}:{','.join(at)}" if at[0] else word for word, at in places.items())


def upsert(table: str, rows: Sequence[tuple[int, str]]) -> Write:
    """Return what lets `table` have `rows` of keys and texts, in the place of those that differ."""
    places = ", ".join(["(%s, %s)"] * len(rows))
    values = [value for pk, text in rows for value in (pk, column_of(text))]
    if connection.vendor != "postgresql":
        return f"INSERT OR REPLACE INTO {table} (rowid, words) VALUES {places}", values  # noqa: S608
    sql = f"""INSERT INTO {table} (rowid, words) VALUES {places}
        ON CONFLICT (rowid) DO UPDATE SET words = excluded.words
        WHERE {table}.words IS DISTINCT FROM excluded.words"""  # noqa: S608  (our own words)
    return sql, values


# --- What is found ---

# PostgreSQL takes words that often stand together for rare, reads all rows that have them, and
# sorts these, where a short walk down the keys would do. So it looks at the newest rows first: they
# tell whether one that is not too long finds enough.
LOOKED_AT, WALKED = 2000, 150_000  # rows


def newest(table: str, asked: Asked | None, first: int, end: int, most: int) -> list[int]:
    """Return the keys from `first` to below `end` of what is `asked` for, the highest first, `most`
    of them.
    """
    if asked is None or connection.vendor != "postgresql":
        return _all(table, asked, first, end, most)
    found, below = _walk(table, asked, (first, end), most, LOOKED_AT)
    if below and len(found) * WALKED >= most * LOOKED_AT:
        more, below = _walk(table, asked, (first, below), most - len(found), WALKED)
        found += more
    return found + _all(table, asked, first, below, most - len(found)) if below else found


class Among(NamedTuple):
    """Some rows: `sql` selects their keys, as `key`, with `values`."""

    sql: str
    values: tuple[object, ...]


def newest_among(
    among: Among, table: str, asked: Asked | None, span: tuple[int, int], most: int
) -> list[int]:
    """Return what `newest` does, of these rows alone, for keys from the first to below the second
    of `span`.

    PostgreSQL looks at these rows, one after the other, and at no others: their number bounds the
    way, however often the words occur. SQLite walks down the words as ever.
    """
    where, values = condition(table, asked)
    if connection.vendor != "postgresql":
        key = "+rowid" if asked else "rowid"  # +: not a search for each
        sql = f"""SELECT rowid FROM {table} WHERE {where} AND {key} IN ({among.sql})
            AND rowid >= %s AND rowid < %s ORDER BY rowid DESC LIMIT %s"""  # noqa: S608  (ours)
        return _keys(sql, [*values, *among.values, *span, most])
    sql = f"""SELECT key FROM (
            SELECT key FROM ({among.sql}) kept WHERE key >= %s AND key < %s ORDER BY key DESC
        ) kept CROSS JOIN LATERAL (
            SELECT FROM {table} WHERE rowid = kept.key AND {where} LIMIT 1
        ) found ORDER BY key DESC LIMIT %s"""  # noqa: S608  (ours)
    return _keys(sql, [*among.values, *span, *values, most])


def _all(table: str, asked: Asked | None, first: int, end: int, most: int) -> list[int]:
    """Let the database choose the way."""
    where, values = condition(table, asked)
    sql = f"""SELECT rowid FROM {table} WHERE {where} AND rowid >= %s AND rowid < %s
        ORDER BY rowid DESC LIMIT %s"""  # noqa: S608  (our own words)
    return _keys(sql, [*values, first, end, most])


def _walk(
    table: str, asked: Asked, span: tuple[int, int], most: int, rows: int
) -> tuple[list[int], int | None]:
    """Look at so many `rows`, one after the other; return what was found, and the key below which
    nothing was looked at: None where nothing is left, or `most` were found.
    """
    where, values = condition(table, asked)
    of_these = f"FROM {table} WHERE rowid >= %s AND rowid < %s ORDER BY rowid DESC"
    sql = f"""SELECT * FROM (
            SELECT rowid FROM (SELECT rowid, words {of_these} LIMIT %s) walked
            WHERE {where} LIMIT %s
        ) found UNION ALL SELECT -rowid FROM (
            SELECT rowid, row_number() OVER (ORDER BY rowid DESC) AS number
            FROM (SELECT rowid {of_these} LIMIT %s) walked
        ) numbered WHERE number = %s LIMIT %s"""  # noqa: S608  (our own words)
    keys = _keys(sql, [*span, rows, *values, most, *span, rows, rows, most])
    below = -keys.pop() if keys and keys[-1] < 0 else None
    return keys, below


def _keys(sql: str, values: Sequence[object]) -> list[int]:
    with statement_cursor(connections[DEFAULT_DB_ALIAS], plans_once=False) as cursor:
        cursor.execute(sql, untyped(values))
        return [key for (key,) in cursor.fetchall()]
