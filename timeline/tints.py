"""The colour that a picture has while it loads, as classes of media.css: the CSP allows no style of
its own.
"""

DIGITS = "258be"  # of red, green and blue, as CSS writes #28e for #2288ee
STEP = 51  # from one to the next, of 255


def tint(color: str) -> str:
    """Return the classes for a colour such as "#2a80f0": "r2 g8 be"; "" for none."""
    if not color:
        return ""
    return " ".join(
        part + DIGITS[min(int(color[at : at + 2], 16) // STEP, len(DIGITS) - 1)]
        for part, at in (("r", 1), ("g", 3), ("b", 5))
    )
