"""X's archive as a whole: whose it is, when it was made, its data files one element at a time."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from typing import Any

from archives.reader.container import ArchiveError, Container
from archives.reader.json_stream import elements
from archives.x.json_access import child, handle, identifier, moment, string, unwrapped
from archives.x.text import MAX_RAW, unescape
from microblog import text

MAX_DATA = 8 * 1024**3  # bytes of one data file
MAX_MANIFEST = 4 * 1024 * 1024
MAX_HANDLES = 200  # that somebody had before
CIRCLE_WINDOW = (datetime(2022, 8, 1, tzinfo=UTC), datetime(2023, 12, 1, tzinfo=UTC))


# by X's way of naming its files
_POSTS = re.compile(
    r"(?:data/)?((?:[a-z0-9-]+-)?(?:tweets?|articles?|posts?))(?:-part\d{1,6})?\.js"
)
_MEDIA = re.compile(r"(?:data/)?(?:community_)?tweets?_media/([^/]+)")
_READ = re.compile(r"(?:community-)?tweets?|note-tweet")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose archive it is: account.js without its e-mail address, which is never read."""

    id: int
    handle: str
    name: str
    joined_at: datetime | None
    former: frozenset[str] = frozenset()  # handles that were the owner's, in lower case

    def is_called(self, name: str, person: int | None = None) -> bool:
        """Tell whether `name` is the owner, by the id of the `person` where X tells it."""
        return person == self.id if person else name.lower() in {self.handle.lower(), *self.former}


@dataclass(frozen=True, slots=True)
class Profile:
    """profile.js.

    `bio` and `website` may hold t.co links; `avatar` and `banner` are names of files in the
    archive, or "".
    """

    bio: str
    location: str
    website: str
    avatar: str
    banner: str


class XArchive:
    """X's archive in a `container`. Raises ArchiveError for one that does not say whose it is."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.owner = self._owner()

    # --- Its data files ---

    def parts(self, name: str) -> list[str]:
        """Return the files of the data type `name` (a pattern): tweets.js, tweets-part1.js …"""
        pattern = re.compile(rf"(?:data/)?(?:{name})(?:-part(\d{{1,6}}))?\.js")
        found = [
            (int(match[1] or 0), match.group())
            for member in self.container.sizes
            if (match := pattern.fullmatch(member))
        ]
        return [member for _, member in sorted(found)]

    def elements(self, name: str) -> Iterator[Any]:
        for part in self.parts(name):
            with self.container.open(part, MAX_DATA) as file:
                yield from elements(file)

    def tweets(self) -> Iterator[Any]:
        """Yield tweets, and posts in communities. Raises ArchiveError where there is none."""
        is_empty = True
        for item in self.elements("(?:community-)?tweets?"):
            is_empty = False
            yield item
        if is_empty:
            raise ArchiveError("There are no tweets in this archive.")

    def notes(self) -> Iterator[Any]:
        return self.elements("note-tweet")

    def count(self, name: str) -> int | None:
        """Return how many elements the data type `name` has; None where it has no file."""
        return sum(1 for _ in self.elements(name)) if self.parts(name) else None

    def unread(self) -> dict[str, int | None]:
        """Count the posts of each file with posts that is not read; None for one that is broken."""
        found = {}
        for name in sorted(self.container.sizes):
            match = _POSTS.fullmatch(name)
            if match and not _READ.fullmatch(match[1]) and (count := self._count(name)) != 0:
                found[name] = count
        return found

    def _count(self, file: str) -> int | None:
        try:
            with self.container.open(file, MAX_DATA) as source:
                return sum(1 for _ in elements(source))
        except ArchiveError:
            return None

    # --- Whose it is, and since when ---

    @cached_property
    def manifest(self) -> dict[str, Any]:
        names = self.parts("manifest")
        if not names:
            return {}
        with self.container.open(names[0], MAX_MANIFEST) as file:
            content = file.all().decode("utf-8-sig", "replace")
        value = content.partition("=")[2].strip().removesuffix(";")
        try:
            return child({"all": json.loads(value)}, "all")
        except (ValueError, RecursionError):
            return {}

    @cached_property
    def made_at(self) -> datetime | None:
        """Return when X made it; None where it does not say, or says a time to come."""
        made_at = moment(child(self.manifest, "archiveInfo"), "generationDate")
        return made_at if made_at and made_at <= datetime.now(UTC) else None

    def _owner(self) -> Owner:
        raw = unwrapped(next(self.elements("account"), None), "account")
        known = child(self.manifest, "userInfo")
        owner_id = identifier(raw, "accountId") or identifier(known, "accountId")
        name = handle(raw, "username") or handle(known, "userName")
        if not owner_id or not name:
            raise ArchiveError(
                "This archive does not say whose it is: data/account.js is missing or broken."
            )
        shown_name = string(raw, "accountDisplayName") or string(known, "displayName")
        shown_name = text.clean_line(unescape(shown_name[:MAX_RAW]))[:50] or name
        former = self._former_handles(owner_id)
        return Owner(owner_id, name, shown_name, moment(raw, "createdAt"), former)

    def _former_handles(self, owner_id: int) -> frozenset[str]:
        listed = islice(self.elements("screen-name-change"), MAX_HANDLES)
        changes = (unwrapped(item, "screenNameChange") for item in listed)
        own = [change for change in changes if identifier(change, "accountId") in (None, owner_id)]
        names = (
            handle(child(change, "screenNameChange") or change, key)
            for change in own
            for key in ("changedFrom", "changedTo")
        )
        return frozenset(name.lower() for name in names if name)

    def profile(self) -> Profile:
        raw = unwrapped(next(self.elements("profile"), None), "profile")
        description = child(raw, "description")
        return Profile(
            bio=text.clean(unescape(string(description, "bio")[:MAX_RAW]))[:1000],
            location=text.clean_line(unescape(string(description, "location")[:MAX_RAW]))[:150],
            website=string(description, "website").strip()[:2000],
            avatar=self._picture(string(raw, "avatarMediaUrl")),
            banner=self._picture(string(raw, "headerMediaUrl")),
        )

    def _picture(self, url: str) -> str:
        """Return the file of the picture at `url`, by its stem: a banner's has no extension."""
        file = url.rpartition("/")[2]
        stem = file.rpartition(".")[0] or file
        pattern = re.compile(rf"(data/)?profile_media/{self.owner.id}-{re.escape(stem)}\.[^.]*")
        names = filter(pattern.fullmatch, self.container.sizes)
        return min(names, default="") if stem else ""

    # --- Its media ---

    @cached_property
    def _media(self) -> dict[str, str]:
        """Return where the files of tweets lie, by their names."""
        found = map(_MEDIA.fullmatch, self.container.sizes)
        return {match[1]: match[0] for match in found if match}

    @cached_property
    def _videos(self) -> dict[str, list[str]]:
        """Return the names of videos, by the tweet's id that they begin with."""
        found: dict[str, list[str]] = {}
        for name in sorted(self._media):
            if name.lower().endswith((".mp4", ".webm")):
                found.setdefault(name.partition("-")[0], []).append(name)
        return found

    def media(self, names: tuple[str, ...], tweet_id: int, *, is_video: bool) -> str:
        """Return the file under one of `names`, or else any video of that tweet; "" for none."""
        found = [name for name in names if name in self._media] or (
            self._videos.get(str(tweet_id), []) if is_video else []
        )
        return self._media[found[0]] if found else ""

    # --- Who may see it ---

    @cached_property
    def circle_ids(self) -> frozenset[int]:
        """Return the ids of tweets for the Circle alone, as far as the archive knows."""
        items = list(self._ids("twitter-circle-tweet"))
        if None in items:
            raise ArchiveError(
                "data/twitter-circle-tweet.js is broken, so nobody can tell which tweets were "
                "for the Circle alone."
            )
        return frozenset(found for found in items if found)

    @cached_property
    def deleted_ids(self) -> frozenset[int]:
        """Return the ids of tweets that their owner deleted shortly before it was made."""
        return frozenset(found for found in self._ids("deleted-tweets?") if found)

    @cached_property
    def community_ids(self) -> frozenset[int]:
        """Return the ids of posts in communities, which are public."""
        return frozenset(found for found in self._ids("community-tweets?") if found)

    def _ids(self, name: str) -> Iterator[int | None]:
        return (
            identifier(unwrapped(item, "tweet"), "id_str", "id") for item in self.elements(name)
        )

    @cached_property
    def has_circle(self) -> bool:
        """Tell whether the owner had a Circle: then tweets of that time may have been for it."""
        return any(True for _ in self.elements("twitter-circle(?:-member)?"))

    @cached_property
    def was_protected(self) -> bool:
        return any(True for _ in self.elements("protected-history"))
