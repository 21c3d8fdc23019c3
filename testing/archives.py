"""Makes archives as X makes them: for tests, and for trying the site (`python -m testing.archives
20000 /tmp/archive.zip`).
"""

import json
import random
import sys
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

OWNER_ID = "4242"
EMAIL = "secret@example.org"
X_EPOCH = 1288834974657


def snowflake(moment: datetime, low: int = 0) -> int:
    """X's id for a tweet of that moment."""
    return (int(moment.timestamp() * 1000) - X_EPOCH << 22) | low


def at(day: int, second: int = 0, ms: int = 0) -> datetime:
    """Return a moment in 2020: that many days and seconds into it."""
    return datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=day, seconds=second, milliseconds=ms)


def created(moment: datetime) -> str:
    return moment.strftime("%a %b %d %H:%M:%S +0000 %Y")


def tweet(
    text: str, moment: datetime | None = None, number: int | str = "", **more: Any
) -> dict[str, Any]:
    """Return an element of tweets.js; `more` goes in as it is."""
    moment = moment or at(1)
    number = str(number or snowflake(moment))
    control = {
        "editTweetIds": [number],
        "editableUntil": "2020-01-01T00:00:00.000Z",
        "editsRemaining": "5",
        "isEditEligible": True,
    }
    return {
        "tweet": {
            "edit_info": {"initial": control},
            "retweeted": False,
            "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
            "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
            "display_text_range": ["0", str(len(text))],
            "favorite_count": "0",
            "id_str": number,
            "truncated": False,
            "retweet_count": "0",
            "id": number,
            "created_at": created(moment),
            "favorited": False,
            "full_text": text,
            "lang": "en",
            **more,
        }
    }


def url(short: str, expanded: str) -> dict[str, Any]:
    return {
        "url": short,
        "expanded_url": expanded,
        "display_url": expanded[8:30],
        "indices": ["0", "23"],
    }


def answering(number: int | str, handle: str = "ada", user_id: str = OWNER_ID) -> dict[str, str]:
    """Return what a reply says of the tweet that it answers."""
    return {
        "in_reply_to_status_id_str": str(number),
        "in_reply_to_status_id": str(number),
        "in_reply_to_user_id_str": user_id,
        "in_reply_to_screen_name": handle,
    }


def entities(*urls: dict[str, Any], mentions: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    people = [
        {"name": name, "screen_name": handle, "indices": ["0", "3"], "id_str": "-1", "id": "-1"}
        for handle, name in mentions
    ]
    return {"hashtags": [], "symbols": [], "user_mentions": people, "urls": list(urls)}


def photo(short: str, name: str, tweet_id: int | str = 1, **more: Any) -> dict[str, Any]:
    """Return an item of extended_entities.media of the file data/tweets_media/<tweet_id>-<name>."""
    return {
        "expanded_url": f"https://twitter.com/ada/status/{tweet_id}/photo/1",
        "indices": ["0", "23"],
        "url": short,
        "media_url": f"http://pbs.twimg.com/media/{name}",
        "media_url_https": f"https://pbs.twimg.com/media/{name}",
        "id_str": "99",
        "id": "99",
        "type": "photo",
        "display_url": "pic.twitter.com/abc",
        "sizes": {
            "large": {"w": "640", "h": "480", "resize": "fit"},
            "thumb": {"w": "150", "h": "150", "resize": "crop"},
        },
        **more,
    }


def video(
    short: str, names: Iterable[tuple[str, str]], kind: str = "video", **more: Any
) -> dict[str, Any]:
    """Return likewise a video; `names` are (file name, bitrate)."""
    base = "https://video.twimg.com/ext"
    variants: list[dict[str, Any]] = [
        {"content_type": "application/x-mpegURL", "url": f"{base}/list.m3u8?tag=12"}
    ]
    for name, bitrate in names:
        file = {"content_type": "video/mp4", "url": f"{base}/{name}?tag=12"}
        variants.append({"bitrate": bitrate, **file})
    info = {"aspect_ratio": ["16", "9"], "duration_millis": "1000", "variants": variants}
    return photo(short, "thumb.jpg", type=kind, video_info=info, **more)


def jpeg(width: int = 640, height: int = 480, **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), (200, 30, 60)).save(out, "JPEG", **options)
    return out.getvalue()


def data_file(name: str, content: Any) -> str:
    return f"window.YTD.{name.replace('-', '_')}.part0 = {json.dumps(content, indent=2)}"


def account(handle: str = "ada", owner_id: str = OWNER_ID, **more: Any) -> list[dict[str, Any]]:
    fields = {"email": EMAIL, "createdVia": "web", "username": handle, "accountId": owner_id}
    known = {"createdAt": "2011-06-23T13:04:14.000Z", "accountDisplayName": "Ada Lovelace"}
    return [{"account": {**fields, **known, **more}}]


def profile(
    bio: str = "", website: str = "", location: str = "", avatar: str = "", banner: str = ""
) -> list[dict[str, Any]]:
    description = {"bio": bio, "website": website, "location": location}
    pictures = {"avatarMediaUrl": avatar, "headerMediaUrl": banner}
    return [{"profile": {"description": description, **pictures}}]


def contents(
    tweets: Iterable[Any] = (),
    *,
    handle: str = "ada",
    owner_id: str = OWNER_ID,
    made: str | None = "2026-01-01T00:00:00.000Z",
    files: Mapping[str, bytes] | None = None,
    data: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """Return an archive's files by name.

    `data` are further data files ("note-tweet": [...]); None leaves one out.
    """
    user = {"accountId": owner_id, "userName": handle, "displayName": "Ada Lovelace"}
    manifest = {
        "userInfo": user,
        "archiveInfo": {"sizeBytes": "1", **({"generationDate": made} if made else {})},
        "dataTypes": {},
    }
    tables: dict[str, Any] = {
        "account": account(handle, owner_id),
        "profile": profile(),
        "tweets": list(tweets),
        "follower": [],
        "following": [],
        **(data or {}),
    }
    found = {
        f"data/{name}.js": data_file(name, content).encode()
        for name, content in tables.items()
        if content is not None
    }
    found["data/manifest.js"] = f"window.__THAR_CONFIG = {json.dumps(manifest)}".encode()
    found["Your archive.html"] = b"<!doctype html>"
    return {**found, **(files or {})}


def write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def many(number: int) -> Iterable[dict[str, Any]]:
    """Return made-up tweets of every kind without media, each ten minutes after the one before."""
    chance = random.Random(number)
    words = (
        "the quick brown fox jumps over a lazy dog while it rains in Lisbon and nobody minds &amp; "
        "all is well"
    ).split()
    people = [f"friend_{n}" for n in range(500)]
    before: list[int] = []
    for n in range(number):
        moment = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(
            minutes=10 * n, milliseconds=chance.randrange(1000)
        )
        number_ = snowflake(moment, chance.randrange(1 << 12))
        text = " ".join(chance.choices(words, k=chance.randrange(5, 40))).capitalize()
        friend = chance.choice(people)
        short = f"https://t.co/{number_ % 10**10:010d}"
        more: dict[str, Any] = {
            "favorite_count": str(chance.randrange(50)),
            "retweet_count": str(chance.randrange(9)),
        }
        match chance.randrange(10):
            case 0 | 1:
                text = f"RT @{friend}: {text}"[:139] + "…"
                more["entities"] = entities(mentions=[(friend, friend.title())])
            case 2 | 3:
                text = f"@{friend} {text}"
                more |= answering(number_ - 5000, friend, "77")
                more["entities"] = entities(mentions=[(friend, friend.title())])
            case 4 if before:
                more |= answering(before[-1])
            case 5 if before:
                text = f"{text} {short}"
                quoted = f"https://twitter.com/ada/status/{chance.choice(before)}"
                more["entities"] = entities(url(short, quoted))
            case 6:
                text = f"{text} {short} #{chance.choice(words[:10])}"
                more["entities"] = entities(url(short, f"https://example.com/{n}?a=1&b=2"))
            case 7:
                text = f"{text} with @{friend} #fox"
            case _:
                pass
        before.append(number_)
        yield tweet(text, moment, number_, **more)


if __name__ == "__main__":
    write_zip(Path(sys.argv[2]), contents(many(int(sys.argv[1]))))
