"""Measure texts by X's weighted rule (twitter-text, configuration version 3)."""

import regex  # type: ignore[import-untyped]

_PICTURE = r"\p{Extended_Pictographic}(?:\uFE0F|(?<=\p{Emoji_Modifier_Base})\p{EMod})?"
_EMOJI = regex.compile(
    r"\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3"
    rf"|🏴[\U000E0061-\U000E007A]{{3,6}}\U000E007F|{_PICTURE}(?:\u200D{_PICTURE}){{0,3}}"
)
_PLAIN_SYMBOLS = frozenset("©®™〰〽㊗㊙")  # pictographs only when a variation selector says so
_LIGHT = regex.compile(r"[\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")


def weight_of(value: str) -> int:
    """Return the weight of `value`: 2 for an emoji or a sign of a heavy script, else 1 each."""
    emoji = [m for m in _EMOJI.finditer(value) if m.group() not in _PLAIN_SYMBOLS]
    rest, end = [], 0
    for match in emoji:
        rest.append(value[end : match.start()])
        end = match.end()
    plain = "".join(rest) + value[end:]
    light = len(_LIGHT.findall(plain))
    return 2 * len(emoji) + light + 2 * (len(plain) - light)
