"""The people of the demo community. All of them are invented, and so are their domains."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Person:
    """An account of the demo.

    `joined` is exact to the second: with the handle, it tells the demo's account from a real one.

    `followers` and `following` are what "elsewhere" carried over; `follows` are handles of the
    demo, apart by spaces.
    """

    handle: str
    name: str
    joined: datetime
    bio: str = ""
    location: str = ""
    website: str = ""
    followers: int = 0
    following: int = 0
    follows: str = ""
    host: str = ""


ADA = Person(
    "ada",
    "Ada Lindqvist",
    datetime(2010, 6, 14, 7, 41, 23, tzinfo=UTC),
    bio="I print small books at Lilla Pressen. Type, trams, tulips, bells. Bread by @mateo_bakes. "
    "The shop window: https://ada.example",
    location="Göteborg",
    website="https://ada.example",
    followers=118_204,
    following=11_312,
    follows="mateo_bakes priya_counts tomaszwrona yuki_tram salma_stars kofi_fm wren_digs "
    "leilani_k oskar_maps amahle_n old_ib",
)

PEOPLE = (
    ADA,
    Person(
        "mateo_bakes",
        "Mateo Quispe",
        datetime(2012, 3, 2, 4, 12, 51, tzinfo=UTC),
        bio="Baker. Up at three so that you need not be. Quinoa, rye, anise. Recipes, free: "
        "https://migas.example 🥖",
        location="Arequipa, Perú",
        website="https://migas.example",
        followers=23_480,
        following=611,
        follows="ada wren_digs priya_counts leilani_k kofi_fm old_ib",
    ),
    Person(
        "priya_counts",
        "Priya Raman",
        datetime(2011, 1, 9, 13, 5, 37, tzinfo=UTC),
        bio="I teach maths to people who say they cannot do maths. One proof a day, drawn by hand. "
        "Sums checked by @amahle_n.",
        location="Chennai",
        website="https://onesmallproof.example",
        followers=2_318_077,
        following=404,
        follows="ada amahle_n salma_stars oskar_maps mateo_bakes leilani_k",
    ),
    Person(
        "tomaszwrona",
        "Tomasz Wrona",
        datetime(2014, 10, 21, 5, 33, 8, tzinfo=UTC),
        bio="Counting birds at the edge of the Białowieża forest. Yes, my name means crow. No, I "
        "did not choose the job for it.",
        location="Białowieża",
        website="https://skrzydla.example",
        followers=8_452,
        following=1_204,
        follows="ada wren_digs old_ib oskar_maps kofi_fm",
    ),
    Person(
        "yuki_tram",
        "高橋ゆき",
        datetime(2009, 8, 3, 22, 15, 44, tzinfo=UTC),
        bio="路面電車と駅弁と古い時刻表。広島在住。写真より線画派です。🚃 @ada とは電車友だち。",
        location="広島",
        website="https://romen.example",
        followers=41_906,
        following=872,
        follows="ada old_ib kofi_fm oskar_maps mateo_bakes",
    ),
    Person(
        "salma_stars",
        "سلمى حداد",
        datetime(2015, 5, 30, 20, 48, 19, tzinfo=UTC),
        bio="أرصد السماء من سطح البيت ومن وادي رم. أكتب عن النجوم والقهوة. الصور مرسومة باليد.",
        location="عمّان",
        website="https://samaa.example",
        followers=66_130,
        following=350,
        follows="ada priya_counts kofi_fm amahle_n leilani_k",
    ),
    Person(
        "kofi_fm",
        "Kofi Amponsah",
        datetime(2013, 7, 18, 17, 20, 2, tzinfo=UTC),
        bio="I mend radios and, on Sundays, voice them. Shortwave, valves, highlife. If it hums, "
        "bring it. https://kofi-fm.example",
        location="Kumasi",
        website="https://kofi-fm.example",
        followers=12_744,
        following=2_015,
        follows="ada old_ib salma_stars yuki_tram amahle_n tomaszwrona mateo_bakes",
    ),
    Person(
        "wren_digs",
        "Wren Okafor",
        datetime(2017, 4, 1, 9, 2, 56, tzinfo=UTC),
        bio="Allotment 14b. They/them. At war with slugs, at peace with nettles. Seed swaps "
        "always: https://plot14b.example 🌱",
        location="Sheffield",
        website="https://plot14b.example",
        followers=991,
        following=1_077,
        follows="ada tomaszwrona mateo_bakes leilani_k old_ib amahle_n oskar_maps",
    ),
    Person(
        "leilani_k",
        "Leilani Kahale 🧶",
        datetime(2016, 11, 11, 19, 37, 28, tzinfo=UTC),
        bio="Knits weather. One row a day, coloured by the sea 🌊🧶 Patterns at "
        "https://rowaday.example; the maths is by @priya_counts",
        location="Hilo, Hawaiʻi",
        website="https://rowaday.example",
        followers=31_560,
        following=940,
        follows="ada priya_counts wren_digs mateo_bakes salma_stars amahle_n",
    ),
    Person(
        "oskar_maps",
        "Óskar Bjarnason",
        datetime(2010, 2, 24, 11, 54, 33, tzinfo=UTC),
        bio="I draw maps of places with more weather than people. Pen, ink, sheep for scale.",
        location="Ísafjörður",
        website="https://fjordur.example",
        followers=5_218,
        following=187,
        follows="ada old_ib priya_counts tomaszwrona yuki_tram",
    ),
    Person(
        "amahle_n",
        "Amahle Ndlovu",
        datetime(2018, 9, 6, 6, 29, 47, tzinfo=UTC),
        bio="Software for ears and fingertips. Blind, loud, usually right about your forms. Alt "
        "text is a love letter: https://altogether.example",
        location="Durban",
        website="https://altogether.example",
        followers=15_230,
        following=722,
        follows="ada priya_counts kofi_fm wren_digs leilani_k salma_stars old_ib mateo_bakes "
        "tomaszwrona",
    ),
    Person(
        "old_ib",
        "Ib Mikkelsen",
        datetime(2024, 1, 17, 15, 10, 5, tzinfo=UTC),
        bio="81. Kept a lighthouse until they gave it a computer. My granddaughter set this up. I "
        "read everything twice.",
        location="Ærø",
        followers=214,
        following=3,
        follows="ada kofi_fm tomaszwrona",
    ),
    # Known from elsewhere only: their posts came in with somebody's retweets.
    Person(
        "HarrowmereRadio",
        "Harrowmere Community Radio",
        datetime(2012, 12, 5, 8, 0, 13, tzinfo=UTC),
        host="x.com",
    ),
    Person(
        "LumenhavnPress",
        "Lumenhavn Press",
        datetime(2013, 9, 27, 10, 30, 41, tzinfo=UTC),
        host="x.com",
    ),
    Person(
        "OstrevikBirds",
        "Ostrevik Bird Observatory",
        datetime(2011, 4, 19, 3, 45, 9, tzinfo=UTC),
        host="x.com",
    ),
    Person(
        "DrQuillfeather",
        "Imelda Quillfeather",
        datetime(2014, 2, 11, 16, 18, 52, tzinfo=UTC),
        host="x.com",
    ),
)

LOCAL = tuple(person for person in PEOPLE if not person.host)
