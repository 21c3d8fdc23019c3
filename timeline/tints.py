"""The colour that a picture has while it loads, as one of the classes of tints.css: the CSP allows
no style of its own.
"""

DIGITS = "258be"  # of red, green and blue, as CSS writes #28e for #2288ee
STEP = 51  # from one to the next, of 255


def tint(color: str) -> str:
    """The class for a colour such as "#2a80f0": "t28e". "" for none."""
    if not color:
        return ""
    return "t" + "".join(
        DIGITS[min(int(color[at : at + 2], 16) // STEP, len(DIGITS) - 1)] for at in (1, 3, 5)
    )
