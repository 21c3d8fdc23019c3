"""What a made-up community says: a bounded stock of sentences, names, tags and links.

Each piece is made to HTML once, by what publishing uses (timeline.posting.content). Pieces are put
together with white space between them, which changes none of them.
"""

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

from accounts.models import Account
from microblog.text import parse
from timeline.models.link_card import domain_of
from timeline.posting.content import render

OPENINGS = (
    "This morning",
    "Somebody asked me why",
    "I still think that",
    "Reading the minutes again:",
    "Small victory:",
    "Three weeks later,",
    "You will not believe it, but",
    "My neighbour says that",
    "For the record,",
    "Before I forget:",
    "At the market today",
    "Good news!",
    "Not a joke:",
    "According to the timetable,",
    "After all these years",
    "Note to myself:",
    "Overheard on the tram:",
    "The short version:",
    "Honestly,",
    "If anybody wonders,",
)
ENDINGS = (
    "the kettle has outlived two governments.",
    "the old printer works, if you hum.",
    "nobody waters the fern, & yet it grows.",
    "the map was right and the road was wrong.",
    "we are out of coffee again.",
    'the sign said "back in 5 minutes" since 2019.',
    "the swifts are back over the roof.",
    "rye wants more time than you have.",
    "it's raining on one side of the street only.",
    "the proof fits on half a page.",
    "the library stays open until nine.",
    "there's a comet if you look low in the west.",
    "1 < 2 is still the best theorem I know.",
    "the ferry was late, and nobody minded.",
    "we fixed the bridge with a spoon.",
    "the radio hums in B flat.",
    "I have knitted the whole of March.",
    "the slugs have won this round.",
    "the bus driver knows all the verses.",
    "every cable in this drawer fits nothing.",
    "the dictionary has no word for it.",
    "the cat sat on the only good chart.",
    "we should do this more often.",
    "the bell rings a little flat in winter.",
    "I owe somebody a lighthouse.",
)
WHOLE = (
    "Guten Morgen aus Görlitz, wo die Straßenbahn wieder fährt!",
    "¿Quién dejó la puerta abierta? Hace frío en la panadería.",
    "路面電車の音がする朝は、いい一日になる。",
    "السماء صافية الليلة، والقهوة جاهزة.",
    "Сегодня снег идёт боком.",
    "Yes.",
    "No, thank you 🙂",
    "🚃🚃🚃",
    "Same here.",
    "How did it end?",
    "Thank you, that helped a lot!",
    "<b>Bold</b> of you to assume so.",
    "A list:\n- bread\n- ink\n- 3 stamps",
)
ADJECTIVES = (
    "Quiet Slow Early Late Open Paper Northern Southern Winter Summer Little Old New Blue Green "
    "Rainy Sunny Local Daily Borrowed Wooden Hidden Lucky Free"
).split()
NOUNS = (
    "Trains Gardens Maps Bread Stars Radio Birds Books Tulips Letters Bridges Kettles Proofs Wool "
    "Rivers Lamps Recipes Archives Bicycles Harbours Songs Ferries Clouds Type"
).split()
FIRST_NAMES = (
    "ada ben cal dina emil fatma gus hana ivo jun kofi lena mira noor otto pia quim rosa sven tove "
    "uma vera wren xenia yuki zoe amir bela ciro dora"
).split()
LAST_NAMES = (
    "Lindqvist Quispe Raman Wrona Takahashi Haddad Amponsah Okafor Kahale Bjarnason Ndlovu "
    "Mikkelsen Novak Silva Moreau Rossi Yilmaz Kowalski Nguyen O'Neill Santos Weber Popov Ito"
).split()
PLACES = (
    "",
    "Göteborg",
    "Arequipa",
    "Chennai",
    "広島",
    "عمّان",
    "Kumasi",
    "Sheffield",
    "Ísafjörður",
)
BIOS = (
    "",
    "Counts birds & trains.",
    "I read everything twice. Posts are my own.",
    "Baker. Up at three so that you need not be. https://bread.example",
    "#SlowTrains, #PaperMaps and other ways to arrive late.",
    "Sheffield → Göteborg\nThey/them",
    "路面電車と古い時刻表。",
    "Mends radios <if they hum>.",
)
ALTS = (
    "",
    "",
    "A tram at a stop in the rain.",
    "A loaf of rye bread on a wooden board, cut open.",
    'A hand-drawn map with the words "here be sheep".',
)
SITES = ("news.example", "paper.example", "blog.rivers.example", "maps.example")
# width and height of a picture's largest file, and the width of its small one
SHAPES = (
    (1600, 1200, 680),
    (1200, 1600, 510),
    (1920, 1080, 680),
    (1080, 1080, 680),
    (2048, 1365, 680),
)
CARDS = 600
_NAME = "somebody"


def _nobody(name: str) -> str | None:
    """Say that a text mentions nobody who is here."""
    return None


class Piece(NamedTuple):
    """Some words, and their HTML."""

    text: str
    html: str


def piece(text: str) -> Piece:
    """Return `text`, which mentions nobody, as it is published."""
    return Piece(text, render(text, parse(text), _nobody).html)


class Tag(NamedTuple):
    name: str
    folded: str
    piece: Piece


class Link(NamedTuple):
    domain: str
    piece: Piece


class Vocabulary:
    """All pieces. Nothing is drawn here."""

    def __init__(self) -> None:
        said = [f"{opening} {ending}" for opening, ending in product(OPENINGS, ENDINGS)]
        self.sentences = [piece(text) for text in (*said, *WHOLE * 10)]
        self.tags = [_tag(first + second) for first, second in product(ADJECTIVES, NOUNS)]
        self.links = [
            _link(f"https://{SITES[n % len(SITES)]}/{NOUNS[n % len(NOUNS)].lower()}/{n + 1}")
            for n in range(CARDS)
        ]
        self.bios = [piece(text) for text in BIOS]
        self.mention = _mention()


def _tag(name: str) -> Tag:
    body = f"#{name}"
    rendered = render(body, parse(body), _nobody)
    [folded] = rendered.tags
    return Tag(name, folded, Piece(body, rendered.html))


def _link(url: str) -> Link:
    return Link(domain_of(url), piece(url))


def _mention() -> Callable[[str], Piece]:
    """Return what makes a piece of a handle: as that of a placeholder is, which is taken out."""
    address = Account(handle=_NAME).get_absolute_url()
    html = render(f"@{_NAME}", parse(f"@{_NAME}"), {_NAME: address}.get).html
    return lambda handle: Piece(f"@{handle}", html.replace(_NAME, handle))
