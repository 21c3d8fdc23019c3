"""The hosts of web addresses: as networks and as pages know them, and whose. Knows no database."""

import unicodedata
from contextlib import suppress
from functools import cache, lru_cache
from ipaddress import ip_address, ip_network
from urllib.parse import quote, urlsplit

import idna
import regex  # type: ignore[import-untyped]
from django.conf import settings
from publicsuffixlist import PublicSuffixList

MAX_LENGTH = 253  # of a name (RFC 1035); to encode it takes time that grows with its square

# --- As the network knows them ---


def number(host: str) -> str:
    """Return `host` in the usual spelling of a number, "" where it is none."""
    try:
        return str(ip_address(host))
    except ValueError:
        return ""


def to_ascii(host: str) -> str:
    """Return `host`, a name in any script and case, as it is asked for: small letters of ASCII, no
    dot at its end. Raises UnicodeError.

    As browsers do it (UTS 46, not transitional); what only the older rules of 2003 know, such as
    emoji, is taken by those.
    """
    if len(host) > MAX_LENGTH:
        raise UnicodeError("no name is so long")
    if not host.isascii():
        with suppress(idna.IDNAError):
            host = idna.encode(host, uts46=True).decode("ascii")
    return host.encode("idna").decode("ascii").lower().rstrip(".")


def is_this_site(host: str, port: int) -> bool:
    """Tell whether `host` (a usual number, or of to_ascii) and `port` are where this site answers.

    Its port is that of SITE_URL, or of `serve`; both usual ones where SITE_URL names none. A
    further name of ALLOWED_HOSTS is some proxy's, with the usual ports as well. "*" is no host.
    """
    site = urlsplit(settings.SITE_URL)
    ours = {site.port or 80, site.port or 443, settings.PORT}
    if host == _plain(site.hostname or ""):
        return port in ours
    named = any(
        (host == name.removeprefix(".") or (name.startswith(".") and host.endswith(name)))
        for name in (_plain(name) for name in settings.ALLOWED_HOSTS)
        if name != "*"
    )
    return named and port in (ours if number(host) or host == "localhost" else ours | {80, 443})


def _plain(name: str) -> str:
    """Return a host of the settings as is_this_site compares it; what is none stays as it is."""
    dot, bare = "." if name.startswith(".") else "", name.strip("[].")
    try:
        return dot + (number(bare) or to_ascii(bare))
    except UnicodeError:
        return name


# --- To whom they belong ---


def owner(host: str) -> str:
    """Return whose `host` is (as for is_this_site): the domain that somebody registered, or the
    network of a number.

    Names below one domain are one owner's, however many there are; by ICANN's part of the public
    suffix list alone, so that a provider of names for everybody (github.io) counts as one as well.
    """
    if ip := number(host):
        return str(ip_network(f"{ip}/64", strict=False)) if ":" in ip else ip
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


# --- As a page shows them ---

_SCRIPTS = (
    "Latin Cyrillic Greek Armenian Georgian Hebrew Arabic Thai Lao Khmer Myanmar Ethiopic "
    "Devanagari Bengali Gurmukhi Gujarati Oriya "
    "Tamil Telugu Kannada Malayalam Sinhala Tibetan Han Hiragana Katakana Bopomofo Hangul"
).split()
_LETTERS_OF = {script: regex.compile(rf"\p{{Script={script}}}") for script in _SCRIPTS}
_TOGETHER = (  # UTS 39, "highly restrictive": these scripts are written in one word
    frozenset(("Latin", "Han", "Hiragana", "Katakana")),
    frozenset(("Latin", "Han", "Bopomofo")),
    frozenset(("Latin", "Han", "Hangul")),
)
_COMMON = regex.compile(r"[0-9-]")
_PROLONGED = "ー"  # of no script, and only between kana
_LATIN_LETTERS = frozenset("ßæøœđħłŋ")  # that are more than one of ASCII with accents
_ONLY_UNDER = {"þ": ("is", "fo"), "ð": ("is", "fo"), "ə": ("az",), "ı": ("az", "tr")}
# Letters that look like those of ASCII or like its digits, by Unicode's confusables.txt and what
# browsers add; a word of nothing else
# is read as Latin. With them, the endings under which such words are usual.
_LOOK_LATIN: dict[str, tuple[str, tuple[str, ...]]] = {
    "Cyrillic": (
        "абгекопрсухъыьюѕіјѡѵүҽһӏԁԍԗԛԝꙇ",
        ("bg", "by", "kg", "kz", "mk", "mn", "ru", "su", "tj", "ua", "uz"),
    ),
    "Greek": ("αγικνορστυχωηϱϲϳ", ("gr", "cy")),
    "Armenian": ("ազէլհյոռսցքօգւ", ("am",)),
    "Georgian": ("იოყძხჽჿ", ("ge",)),
    "Hebrew": ("דוחיןס", ("il",)),
    "Ethiopic": ("ሀሠሰስበነተከዐዕዘጠፐ", ("er", "et")),
    "Thai": ("ทนบพรหเแดลปฟม", ("th",)),
    "Myanmar": ("ခဂငထပဝ", ("mm",)),
    "Malayalam": ("ടഠധനറ", ()),
    "Oriya": ("ଠଃ", ()),
    "Tamil": ("டப", ()),
    "Gujarati": ("ડટ", ()),
    "Han": ("〇一丨丶丿乙工口十卜", ()),
}


# beside letters of Latin, a slash, a dash, a letter
_STROKES = frozenset("ノンソゾヽヾ丶乀乁丿一丨乛七丅十〇工讠丁ㄧㄒㄚㄟㄨㄩㄈ")


def shown(host: str) -> str:
    """Return `host` as a page shows it: in its own script, unless it could pass for another; then
    in the letters of ASCII ("xn--…").

    By the rules of browsers (Chrome's policy for internationalized names; UTS 39, highly
    restrictive) for each label: the scripts of one language only, letters that its people write,
    and no word of Latin look-alikes under an ending where that is not usual. What is no name of a
    host is quoted.
    """
    if host.isascii():
        return host
    try:
        name = to_ascii(host)
    except UnicodeError:
        return quote(host)
    labels = [_unicode(label) for label in name.split(".")]
    ending = labels[-1]
    return ".".join(
        word if word.isascii() or _is_plain(word, ending) else label
        for word, label in zip(labels, name.split("."), strict=True)
    )


def _unicode(label: str) -> str:
    """Return a label as its people write it; one that may not be (IDNA 2008) stays in ASCII."""
    try:
        return idna.ulabel(label)
    except idna.IDNAError:
        return label


def _is_plain(label: str, ending: str) -> bool:
    letters = _COMMON.sub("", label)
    if any(
        unicodedata.category(letter) not in ("Lo", "Ll", "Lm", "Mn", "Mc") for letter in letters
    ):
        return False  # digits of other scripts, signs
    scripts = {_script(letter) for letter in letters if letter != _PROLONGED}
    if (
        not scripts
        or "" in scripts
        or (len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER))
    ):
        return False
    if "Latin" in scripts and not _STROKES.isdisjoint(letters):
        return False
    if _PROLONGED in letters and not scripts & {"Hiragana", "Katakana"}:
        return False
    return all(_is_usual(letter, ending) for letter in letters) and not any(
        _looks_latin(letters, script, ending) for script in scripts
    )


@lru_cache(4096)
def _script(letter: str) -> str:
    return next((script for script, pattern in _LETTERS_OF.items() if pattern.match(letter)), "")


def _is_usual(letter: str, ending: str) -> bool:
    if letter in _ONLY_UNDER:
        return ending in _ONLY_UNDER[letter]
    return (
        _script(letter) != "Latin"
        or letter in _LATIN_LETTERS
        or unicodedata.normalize("NFD", letter)[0].isascii()
    )


def _looks_latin(letters: str, script: str, ending: str) -> bool:
    alike, endings = _LOOK_LATIN.get(script, ("", ()))
    if ending in endings or (
        _script(ending[0]) == script and _suffixes().is_public(ending, accept_unknown=False)
    ):
        return False
    return all(letter in alike for letter in letters if not letter.isascii())
