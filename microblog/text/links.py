"""Where web addresses begin and end: X's rules (its open-sourced twitter-text 3.1), in time that
grows with the text and no faster.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

import regex  # type: ignore[import-untyped]

from microblog.text.domains import top_level_domains

MAX_LENGTH = 4096
MAX_LABEL = 63
MAX_LABELS = 21  # before the domain that ends a host
MAX_SHORT = 40  # of what follows "t.co/"

_LATIN = r"À-ÖØ-öø-ɏɓɔɖɗəɛɣɨɯɲʉʋʻ\u0300-\u036F\u1E00-\u1EFF"
_CYRILLIC = r"\u0400-\u04FF"

# A host: labels of letters, digits and symbols of any script, the last of which is a domain that
# exists.
_LETTER = r"\p{L}\p{M}\p{N}\p{So}\u200C\u200D"
_BEFORE = r"(?<![A-Za-z0-9@＠$#＃\uFEFF])"
_START = regex.compile(rf"{_BEFORE}[{_LETTER}]")
_LABEL = regex.compile(rf"[{_LETTER}_-]++(\.)?+")
_LATIN_LABEL = regex.compile(rf"[A-Za-z0-9{_LATIN}][-_A-Za-z0-9{_LATIN}]*+\.")

# The domains that exist, in lower case and in both spellings, and how long those are that begin
# with the same two characters.
_TLDS = top_level_domains()
_TLD_LENGTHS: defaultdict[str, list[int]] = defaultdict(list)
for _beginning, _length in sorted({(tld[:2], len(tld)) for tld in _TLDS}, reverse=True):
    _TLD_LENGTHS[_beginning].append(_length)
# behind what is then no domain
_RUNS_ON = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz@+-")
_PUNYCODE = regex.compile(r"(?i:xn--)[-0-9A-Za-z]++")

# After "https://", whatever its domain: domains are born, and a house has names of its own.
_ANY_HOST = (
    r"(?:(?:[A-Za-z0-9][A-Za-z0-9_-]{0,62}+(?<![_-])\.){1,20}[A-Za-z][A-Za-z0-9-]{1,62}+(?<!-)"
    r"|localhost|[0-9]{1,3}(?:\.[0-9]{1,3}){3})"
    r"(?![\w@+-]|\.\w)"
)

# A path: any run of these, of which the last is one that may end it; brackets only in pairs.
# Letters are those of any script, but for
# the marks of emoji; and hiragana behind a Latin letter or a digit are the sentence that goes on.
_LETTERS = r"\p{L}\p{Nd}[\p{M}--[\uFE00-\uFE0F\u20D0-\u20FF]]"
_WITHIN = r"(?<=[\p{L}\p{M}])[·・\u200C\u200D](?=\p{L})"  # a word of several parts
_WORD = rf"[{_LETTERS}--\p{{Hiragana}}]|(?<![A-Za-z0-9])\p{{Hiragana}}|{_WITHIN}"
_ENDS = rf"(?:[-+=_#/]|{_WORD})"
_INSIDE = r"[!*';:,.$%\[\]–~@|\&]"
_ANY = rf"(?:[-+=_#/!*';:,.$%\[\]–~@|\&{_LETTERS}]|{_WITHIN})"
_BRACKETS = rf"\((?:{_ANY}*+\)|{_ANY}*+\({_ANY}*+\){_ANY}*+\))"
_MORE = rf"(?:{_INSIDE}*+(?:{_ENDS}++|{_BRACKETS}))"
_PATH = rf"/{_MORE}*+"
_QUERY = rf"\?(?:[!?*'@();:+$%\[\].,~|]*+(?:[-_\&=#/]|{_WORD})++)++"
_FRAGMENT = rf"\#{_MORE}++"  # behind a host or a query; in a path "#" is one sign of many

_MAY_BE = regex.compile(r"://|\.\p{L}\w")  # sees at once that most texts hold no address
_SCHEME = regex.compile(rf"{_BEFORE}(?i:https?)://")
_KNOWN_OR_NOT = regex.compile(_ANY_HOST)
_REST = regex.compile(
    rf"(?::[0-9]++)?(?:(?P<path>{_PATH})(?:{_QUERY})?|(?P<fragment>{_FRAGMENT})|(?:{_QUERY}))?",
    regex.V1,
)
_SHORT = regex.compile(rf"(?i:https?://t\.co)/(?P<name>[A-Za-z0-9]++)(?:{_QUERY})?", regex.V1)


def links(value: str) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of each web address in `value`, and whether it has a scheme (http,
    https).

    Of addresses that overlap, the first is one. Each label and each scheme is looked at once.
    """
    if not _MAY_BE.search(value):
        return
    hosts, schemes = _Hosts(value), [match.span() for match in _SCHEME.finditer(value)]
    label = scheme = 0  # the next of each
    begin = 0  # where an address may begin; behind another one, a character stands in between
    while True:
        while scheme < len(schemes) and schemes[scheme][0] < begin:
            scheme += 1
        while label < len(hosts.dots) and hosts.dots[label] <= begin:
            label += 1
        if scheme < len(schemes) and (
            label == len(hosts.dots) or schemes[scheme][0] < hosts.dots[label]
        ):
            start, host_start = schemes[scheme]
            host_end = hosts.end_with_scheme(host_start, label)
            scheme += 1
        elif label < len(hosts.dots):
            start = host_start = hosts.start(label, begin)
            host_end = hosts.end(label) if start >= 0 else -1
            label += 1
        else:
            return
        if host_end < 0:
            continue
        rest = _REST.match(value, host_end)
        begin = rest.end() + 1
        if start < host_start:
            yield from _whole(value, start, rest.end(), value[host_start:host_end])
        elif not start or value[start - 1] not in "-_./":
            yield from _latin(hosts.latin(label - 1, start), rest)


def _whole(value: str, start: int, end: int, host: str) -> Iterator[tuple[int, int, bool]]:
    short = _SHORT.match(value, start, end)
    if short and len(short["name"]) > MAX_SHORT:
        return
    end = short.end() if short else end
    if end - start <= MAX_LENGTH and _fits(host):
        yield start, end, True


def _latin(
    hosts: Iterator[tuple[int, int]], rest: "regex.Match[str]"
) -> Iterator[tuple[int, int, bool]]:
    """Yield, without a scheme, of "見てexample.comを" "example.com"; what follows is the last's."""
    for start, host_end in hosts:
        has_rest = host_end == rest.start() and (rest["path"] or rest["fragment"])
        end = rest.end() if has_rest else host_end
        if end - start <= MAX_LENGTH:
            yield start, end, False


class _Hosts:
    """The hosts in a text that end with a domain that exists: labels, each up to its dot, of which
    every one is looked at once.
    """

    def __init__(self, value: str) -> None:
        self.value = value
        spans = [match.span() for match in _LABEL.finditer(value) if match[1]]
        self.starts = [start for start, _ in spans]
        self.dots = [end - 1 for _, end in spans]
        folded = _folded(value)
        # where the domain behind a dot ends; -1: there is none
        self.tlds = [_tld_end(value, folded, end) for _, end in spans]
        self.lasts = self._lasts()

    def _lasts(self) -> list[int]:
        """Return for each label the last of the longest host that begins in it; -1: none does."""
        # The last label before a domain has no "_". Up to each label, which is the last that can be
        # one?
        can_be_last = (
            n if self.tlds[n] >= 0 and self._is_whole(n, "_") else -1 for n in range(len(self.dots))
        )
        last_so_far = list(accumulate(can_be_last, max))
        lasts = [-1] * len(self.dots)
        reach = len(self.dots) - 1  # as far as one whole label follows the other
        for n in range(reach, -1, -1):
            if n + 1 < len(self.dots) and not (
                self.starts[n + 1] == self.dots[n] + 1 and self._is_whole(n + 1)
            ):
                reach = n
            last = last_so_far[min(reach, n + MAX_LABELS - 1)]
            lasts[n] = last if last > n else n if self.tlds[n] >= 0 else -1
        return lasts

    def _is_whole(self, label: int, never: str = "") -> bool:
        """Tell whether all from one dot to the next is a label."""
        start, dot = self.starts[label], self.dots[label]
        return (
            dot - start <= MAX_LABEL
            and self.value[start] not in "-_"
            and self.value[dot - 1] not in "-_"
            and not (never and self.value.find(never, start, dot) >= 0)
        )

    def start(self, label: int, begin: int) -> int:
        """Return where in this label, from `begin` on, the first host begins; -1: none does."""
        dot, last = self.dots[label], self.lasts[label]
        if last < 0 or self.value[dot - 1] in "-_":
            return -1
        begin = max(begin, self.starts[label], dot - MAX_LABEL)
        if last == label:
            begin = max(begin, self.value.rfind("_", begin, dot) + 1)
        found = _START.search(self.value, begin, dot)
        return found.start() if found else -1

    def end(self, label: int) -> int:
        """Return where the longest host ends that begins in this label."""
        return self.tlds[self.lasts[label]]

    def end_with_scheme(self, start: int, label: int) -> int:
        """Return where the host at `start`, behind a scheme, ends, or -1; `label` is the next."""
        if found := _KNOWN_OR_NOT.match(self.value, start):
            return int(found.end())
        if label == len(self.dots) or self.starts[label] != start or self.lasts[label] < 0:
            return -1
        is_whole = self._is_whole(label, "_" if self.lasts[label] == label else "")
        return self.end(label) if is_whole else -1

    def latin(self, label: int, start: int) -> Iterator[tuple[int, int]]:
        """Yield the hosts in Latin letters in the host that begins in this label at `start`."""
        last = self.lasts[label]
        while label <= last:
            first = _LATIN_LABEL.search(
                self.value, max(start, self.starts[label]), self.dots[label] + 1
            )
            end = self.tlds[label]
            label += 1
            while (
                first
                and label <= last
                and _LATIN_LABEL.fullmatch(self.value, self.starts[label], self.dots[label] + 1)
            ):
                end = max(end, self.tlds[label])
                label += 1
            if first and end >= 0:
                yield first.start(), end
                start = end


def _folded(value: str) -> str:
    """Return `value` without regard to case, letter by letter."""
    value = value.replace("İ", "i")
    folded = value.casefold()
    if len(folded) == len(value):
        return folded
    return "".join(one if len(one := letter.casefold()) == 1 else letter for letter in value)


def _tld_end(value: str, folded: str, start: int) -> int:
    """Return where the domain ends that begins at `start`; -1: none does."""
    beginning = folded[start : start + 2]
    for length in _TLD_LENGTHS.get(beginning, ()):
        end = start + length
        if (
            end <= len(value)
            and folded[start:end] in _TLDS
            and value[end : end + 1] not in _RUNS_ON
        ):
            return end
    found = _PUNYCODE.match(value, start) if beginning == "xn" else None
    return found.end() if found else -1


def _fits(host: str) -> bool:
    return host.isascii() or all(
        label.isascii() or len(label.encode("punycode")) + 4 <= MAX_LABEL
        for label in host.split(".")
    )
