"""What a picture may ask for, and what is said to who sends more."""

MEMORY = 700_000_000  # bytes of this process in all: what is more is not given to it
# bytes of that for the pixels of a picture: what would need more is refused by its header
ROOM = 600_000_000
MAX_RESULT = 32 * 1024 * 1024  # bytes of all files that are made
MAX_PIXELS = 50_000_000
# pixels of what is made of a long one: a page on a phone's screen, 9,000 high, stays as it is
MAX_MADE = 10_000_000
MAX_SIDE = 16383  # pixels: more has no WebP
MAX_FRAMES = 600
MAX_MOVING_PIXELS = 60_000_000  # of all frames together: some seconds of work
MAX_PARTS = 400_000  # that are read one by one; a GIF of 20 MB has 80,000, and each is read twice
# pixels of all scans of a JPEG together: 10 scans are usual, and each goes over the whole picture
MAX_SCANNED = 1_000_000_000
# milliseconds: what wants to be shown no longer than this is shown for LONGER, as every browser
# does
SHORTEST = 10
LONGER = 100
STILL = "still.webp"  # beside what moves: its first picture
# bytes of a colour profile; a printing press's has two million. What is longer is ignored
MAX_PROFILE = 4_000_000
STRIP = 64  # rows of a HEIC picture that are copied at a time

UNKNOWN = "This is no picture that we know. JPEG, PNG, WebP, AVIF, HEIC and GIF work."
BROKEN = "This picture is broken: it could not be read to its end."
TOO_MANY_PARTS = "This picture is broken: it has far too many parts."
TOO_LARGE = "This picture is too large to be opened here. A JPEG of it will do."
TOO_MUCH_MADE = (
    "This animation is too large: even made smaller it is more than 32 MB. Please take a part of "
    "it."
)


class RefusedError(Exception):
    """This is no picture that we take. The message is for the person who sent it."""
