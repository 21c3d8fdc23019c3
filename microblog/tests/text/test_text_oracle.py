"""Links, mentions, tags and lengths are X's: thousands of generated texts are read by
microblog.text and by X's own twitter-text.
"""

import fcntl
import hashlib
import json
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import regex

from microblog import text

HERE = Path(__file__).parents[1] / "oracle"
HOW_MANY = 12_000
SEED = 20261122

# Each text is a few of these in a row: with a space, with what stands next to names in real texts,
# or with nothing in between.
FRAGMENTS: dict[str, list[str]] = {
    "words": [
        "hello", "Ada", "naïve", "größe", "don’t", "a", "x_y", "42", "1.5", "e.g.", "U.S.A.",
        "node.js", "end.Then",
        "привіт", "Ωμέγα",
        "مرحبا", "می\u200cخواهم", "שלום", "नमस्ते", "สวัสดี", "日本語", "これは", "中文字",
        "한국어", "カタカナ", "ქართული",
        "አማርኛ", "𝒜𝒷", "ﬀ", "½",
        "e\u0301", "\u0924\u094d\u200d\u0930", "²",
    ],
    "emoji": [
        "👍", "👍🏽", "❤️", "❤", "☺", "☺️", "👩‍🚀", "👨‍👩‍👧‍👦", "👩🏽‍💻", "🏳️‍🌈", "🏴‍☠️", "🇩🇪",
        "🇩🇪🇫🇷", "🇩", "🇽🇽", "1️⃣", "#️⃣", "*⃣", "9⃣", "©", "©️", "®", "™", "™️", "〰", "㊗️", "‼️",
        "ℹ️",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "🚀🏽", "👁️‍🗨️", "🤦🏽‍♀️", "👩‍❤️‍💋‍👨", "🕵️‍♂️", "♟️", "☎", "⌚", "🥲", "🫡", "🧑‍🚀", "🐻‍❄️",
        "👍‍👍", "a\ufe0f", "✔", "▶", "🏻",
    ],
    "names": [
        "@ada", "＠ada", "@Ada_1", "@" + "b" * 20, "@" + "c" * 21, "@" + "d" * 31, "@ada@x.com",
        "@ada@ben", "@ada's",
        "@adaさん", "@adaé", "@日本", "@ada/list",
        "@ada/", "@ada/2", "RT@ada", "RT @ada:", "rt:@ada", "@ada://", "@ada.com", "@ada-ben",
        "@_", "@", "@@ada", ".@ada",
        "xRT@ada", "a@RT@ada", "@RT@ada", "@ada@日本.com",
        "@ada@ben@cal", "@adaж",
    ],
    "tags": [
        "#tag", "＃tag", "#日本語", "#한국어", "#العربية", "#עברית", "#हिन्दी", "#ภาษาไทย",
        "#Москва", "#größe", "#2026",
        "#2026goals", "#_", "#_a", "#a_1", "#1️⃣", "##tag",
        "#one#two", "#tag://", "#·", "#col·lab", "#تگ\u200cها", "#C++", "#ad&", "#½", "#a²",
        "#ねこ〜", "#コーヒー・豆",
        "#ナ゛", "#𝒜", "#𠮷野家", "#e\u0301", "#٣", "#أ٣", "#tag…", "#it's", "#tag-b",
        "#❤️", "#a❤️", "#️⃣tag", "#צ״ל", "#དབུ་", "&#39;", "#" + "t" * 100, "#" + "t" * 101, "#ⓐ",
        "#𞤀",
        "#😀.example.com", "#日本語example.com",
    ],
    "links": [
        "https://example.com", "http://example.com/", "HTTPS://Example.COM/Path",
        "https://www.example.co.uk/a?b=1&c=2#d",
        "https://example.com:8080/a", "https://example.com:8080",
        "https://en.wikipedia.org/wiki/Ada_(name)", "https://example.com/a_(b_(c))",
        "https://example.com/(a",
        "https://example.com/a)b", "https://example.com/a_(b)c_(d)",
        "https://example.com/日本", "https://example.com/f()", "example.com/日本_(国)",
        "https://example.com/ä/ж",
        "https://example.com/?q=日本", "https://example.com/a.",
        "https://example.com/a,b;c", "https://example.com/a!", "https://example.com/#!/a",
        "https://example.com/@ada/1", "https://example.com/@ada", "https://example.com/a?",
        "https://example.com?a=1",
        "https://example.com#a", "https://example.com/a'b'", "https://example.com/%E6%97%A5",
        "https://münchen.de/a", "https://日本語.jp", "https://例え.テスト", "https://例え.みんな",
        "https://xn--mnchen-3ya.de", "https://example.xn--p1ai", "https://пример.рф/путь",
        "https://مثال.السعودية",
        "https://foo_bar.example.com", "https://foo.ex_ample.com", "https://-foo.com",
        "https://foo-.com", "https://a..com",
        "https://example.unknowntld", "https://example.com.next", "https://localhost:8000",
        "https://1.2.3.4/",
        "https://t.co/AbC123", "https://t.co/AbC123/more", "https://t.co/AbC123?x=1",
        "https://t.co/" + "a" * 41,
        "https://t.co/abc…", "https://user@example.com", "https://a:b@example.com/",
        "https://example.com@evil.com",
        "https://" + "l" * 63 + ".com", "https://" + "l" * 64 + ".com",
        "https://" + "日" * 40 + ".com",
        "https://example.com/" + "p" * 300, "https://😀.com", "https://😀.to/a",
        "example.com", "Example.COM/Path", "www.example.com", "example.com/a_(b)",
        "example.com:8080", "example.com:8080/a",
        "example.com?a=1", "example.com#a", "example.photography", "example.dev/x", "example.app",
        "example.zip",
        "example.notatld", "example.みんな", "münchen.de", "日本語.jp", "пример.рф",
        "見てexample.comを",
        "見てexample.com/aを見て", "example.com、example.org", "foo_bar.example.com/x",
        "foo-bar.com", "-foo.com",
        "_foo.com",
        "日本-foo.com", "日本_foo.com", "a.b.c.example.com", "example.com.", "example.community",
        "it.is", "README.md",
        "example.comé", "t.co/abc", "t.co/abc…", "ada@example.com", "ada.b@example.co.uk",
        "ada@münchen.de",
        "mailto:ada@example.com", "österreich.at",
        "ftp://example.com", "//example.com", "javascript://example.com", "xhttps://example.com",
        "見てhttps://example.comを", "見てhttps://example.com/a。次",
        "https://example.com,https://example.org",
        "https://example.com/https://example.org",
        "https://example.com、https://example.org", "https://a.com、b.com/x",
        "https://exam\"ple.com", "example.active",
        "https://example.htc/a", "example.com’s", "“example.com”", "example.comや",
        "l" * 70 + ".com", "example..com",
        "example.com-",
        "1.2.3.4", "example.xn--p1ai", "https://example.com/a\u200cb", "https://sub.日本.example.com",
        "これを見てからまた言ってくださいと友達が教えてくれた新しい場所example.com",
    ],
    "other": [
        "$TSLA", "$AAPL.com", "&amp;", "<b>", "\"", "'", "://", "/", "://a", "…", "...", "~", "|",
        "\\", "`", "^",
        "％", "\u2026", "—", "‘", "″", "′",
    ],
}  # fmt: skip
BETWEEN = [
    " ", " ", " ", "", "", "\n", "\n\n", ".", ",", ":", "/", "-", "_", "!", "?", "(", ")", "「",
    "」", "、", "。", "’", "&", "+", "=",
    "@", "#", "$", "٪", "؟", "״", "る", "é", "1", "z", "\u3000", "\u200d",
]  # fmt: skip


def generated() -> list[str]:
    """Every fragment alone, and `HOW_MANY` texts of two to five: the same ones in every run, each
    as it is after cleaning.
    """
    chance = random.Random(SEED)
    kinds = list(FRAGMENTS)
    texts = [fragment for fragments in FRAGMENTS.values() for fragment in fragments]
    while len(texts) < HOW_MANY:
        parts = [chance.choice(FRAGMENTS[chance.choice(kinds)])]
        for _ in range(chance.randint(1, 4)):
            parts += [chance.choice(BETWEEN), chance.choice(FRAGMENTS[chance.choice(kinds)])]
        texts.append("".join(parts))
    return list(dict.fromkeys(filter(None, map(text.clean, texts))))


@dataclass
class Reading:
    """What somebody makes of a text."""

    length: int
    links: list[str]
    mentions: list[str]
    tags: list[str]

    def differs_in(self, other: "Reading") -> set[str]:
        return {field for field, value in vars(self).items() if value != getattr(other, field)}


def ours(value: str) -> Reading:
    parsed = text.parse(value)
    links = [token.text for token in parsed.tokens if token.kind == "link"]
    mentions = [token.value for token in parsed.tokens if token.kind == "mention"]
    tags = [token.value for token in parsed.tokens if token.kind == "tag"]
    return Reading(parsed.length, links, mentions, tags)


@dataclass(frozen=True)
class Difference:
    """A difference that we keep.

    With its `cause` replaced `by` something harmless, both must read the text alike.
    """

    reason: str
    cause: str
    by: str
    fields: frozenset[str]

    def in_text(self, value: str) -> bool:
        return bool(regex.search(self.cause, value, flags=regex.V1))


def keep(reason: str, cause: str, by: str, *fields: str) -> Difference:
    """A link that is read otherwise changes the rest, too: the names inside of it, the length."""
    return Difference(
        reason,
        cause,
        by,
        frozenset(("links", "mentions", "tags", "length") if "links" in fields else fields),
    )


EMOJI_PART = r"\p{Extended_Pictographic}\uFE0F?\p{EMod}?"
HOST_MARKS = r"[[\p{P}\p{Sm}\p{Sk}\p{Sc}--[\x00-\x7F]]\"`]"  # X takes them for letters
ANY_HOST = (
    r"(?ai)(?<=https?://)(?:localhost|1\.2\.3\.4|(?:[a-z0-9][\w-]*\.)+"
    r"(?:ex_ample\.com|(?!(?:com|uk|de|dev|jp|org|to|co|xn--p1ai)(?!\w))[a-z][a-z0-9-]+))"
)
AFTER_HOST = r"(?<=(?:[^\s/]\.[\w-]+|localhost)(?::\d+)?[/?#]\S*)"
PATH_LETTER = (
    r"[[\p{L}\p{Nd}[\p{M}--[\uFE00-\uFE0F\u20D0-\u20FF]]]--[\x00-\x7F]]"
    r"|(?<=[\p{L}\p{M}])[\u200C\u200D·・](?=\p{L})"
)
PATH_LETTERS = rf"{AFTER_HOST}(?:{PATH_LETTER})"
KEPT = [
    keep(
        "@ada@x.com names an external account; X knows none",
        r"(?i)([@＠]\w{1,30})@[a-z0-9-]+(?:\.[a-z0-9-]+)+",
        r"\1 ",
        "mentions",
    ),
    keep(
        "lists are no part of this site, so that @ada/list is a mention of @ada",
        r"([@＠][A-Za-z0-9_]{1,20})/[A-Za-z][\w-]{0,24}",
        r"\1 ",
        "mentions",
    ),
    keep("@RT@ada mentions @ada, as RT@ada does", r"(?<=[@＠])RT(?=@)", "x", "mentions"),
    keep(
        "handles have up to 30 characters; X cuts at 20",
        r"(?a)(?<=[@＠])\w{21,}",
        "ada ",
        "mentions",
    ),
    keep(
        "a tag has up to 100 characters; X's library has no limit",
        r"(?<=[#＃])[\w״]{101,}",
        "tag",
        "tags",
    ),
    keep(
        "letters that came into Unicode after X's library are letters",
        r"\p{Adlam}",
        "a",
        "tags",
        "links",
    ),
    keep(
        "emoji joined since X's library was made, in 2018, are one",
        rf"{EMOJI_PART}(?:\u200D{EMOJI_PART})+",
        "👍",
        "length",
    ),
    keep("two letters are a flag; X's library lists the countries", "🇽🇽", "👍", "length"),
    keep(
        "after https:// any host counts, whole: domains are born, and a house has names of its own",
        ANY_HOST,
        "example.com",
        "links",
    ),
    keep("domains that IANA took back are none", r"(?<=\.)active", "com", "links"),
    keep("a host holds no punctuation and no quotation marks", HOST_MARKS, " ", "links"),
    keep("a host begins with no hyphen", r"-(?=\w+\.)", " ", "links"),
    keep(
        "foo_bar.example.com is one host, without a scheme as with one",
        r"(?<=[a-z])_(?=(?:[a-z]+_)*bar\.)",
        "",
        "links",
    ),
    keep(
        "what runs on from a tag is a part of it, and as long as it is",
        r"(?<=[#＃][\w\u200D]*[^\x00-\x7F])(?=[A-Za-z0-9_]+\.)",
        " ",
        "length",
    ),
    keep(
        "X's library takes letters beyond U+FFFF apart",
        r"(?<=[@＠$#＃])[[\U00010000-\U0010FFFF]--\p{Adlam}]",
        "」",
        "links",
    ),
    keep(
        "a text may begin with an address that begins with ö; X's library finds sterreich.at",
        r"^[À-ÿ](?=\w+\.)",
        "a",
        "links",
    ),
    keep("a path, a query and a fragment have letters of any script", PATH_LETTERS, "a", "links"),
    keep("brackets with nothing in them are a part of a path", r"(?<=/\S*)\(\)", "(a)", "links"),
    keep(
        "a fragment right behind a host is a part of the address",
        r"(?<=(?:\.[\p{L}\p{M}][\p{M}\w-]*|localhost)(?::\d+)?)#",
        "/#",
        "links",
    ),
    keep(
        "the words before an address are no part of it, however many",
        r"これを見て\w+(?=example\.com)",
        "日",
        "links",
    ),
]


@pytest.fixture(scope="session")
def oracle() -> Callable[[Iterable[str]], list[Reading]]:
    """X's reading of texts.

    Its packages are installed once, into a folder named after their versions.
    """
    if not (shutil.which("node") and shutil.which("npm")):
        message = (
            "NOT COMPARED WITH X: there is no node or npm here. Install them (on Debian: apt-get "
            "install nodejs npm)."
        )
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    folder = _installed()

    def read(values: Iterable[str]) -> list[Reading]:
        lines = "".join(f"{json.dumps(value)}\n" for value in values)
        done = subprocess.run(
            ["node", folder / "oracle.cjs"],
            input=lines,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return [Reading(**json.loads(line)) for line in done.stdout.splitlines()]

    return read


def _installed() -> Path:
    lock = (HERE / "package-lock.json").read_bytes()
    folder = (
        Path(tempfile.gettempdir())
        / f"microblog-oracle-{os.getuid()}-{hashlib.sha256(lock).hexdigest()[:12]}"
    )
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # several test processes may come at once
        if not (folder / "installed").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, folder)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, check=False, timeout=300
            )
            assert done.returncode == 0, done.stdout + done.stderr
            (folder / "installed").touch()
        shutil.copy(HERE / "oracle.cjs", folder)
    return folder


@pytest.mark.slow
def test_every_text_is_read_as_x_reads_it(oracle: Callable[[Iterable[str]], list[Reading]]) -> None:
    texts = generated()
    assert len(texts) > 10_000
    different = {
        value: theirs
        for value, theirs in zip(texts, oracle(texts), strict=True)
        if ours(value) != theirs
    }
    causes = {value: [kept for kept in KEPT if kept.in_text(value)] for value in different}
    plain = {value: _without(causes[value], value) for value in different}
    alike = {
        value: ours(plain[value]) == theirs
        for value, theirs in zip(plain, oracle(plain.values()), strict=True)
    }
    unexplained, seen = [], set()
    for value, theirs in different.items():
        differs = ours(value).differs_in(theirs)
        if not alike[value] or not differs <= set().union(*(kept.fields for kept in causes[value])):
            unexplained.append(
                f"{value!r} ({', '.join(sorted(differs))})\n  ours {ours(value)}\n  X's  {theirs}"
            )
        elif len(causes[value]) == 1:
            seen.add(causes[value][0].reason)
    unexplained.sort(key=len)
    assert not unexplained, (
        f"{len(unexplained)} of {len(texts)} texts, the shortest first:\n"
        + "\n".join(unexplained[:20])
    )
    never = {kept.reason for kept in KEPT} - seen
    assert not never, f"These differences occur no more; take them off the list: {never}"


def _without(causes: Iterable[Difference], value: str) -> str:
    for kept in causes:
        value = regex.sub(kept.cause, kept.by, value, flags=regex.V1)
    return value
