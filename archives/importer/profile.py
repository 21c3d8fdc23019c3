"""Whose profile an archive becomes, and what it says there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from django.db import transaction

from accounts import handles
from accounts.models import Account, HandleTakenError
from accounts.profile_pictures import AVATAR_SIZES, BANNER_SIZES
from archives.importer import files
from archives.importer.mentions import MentionLinks
from archives.importer.report import ImportSummary
from archives.importer.scan import X_BEGAN, ScannedArchive
from archives.models import ImportedAccount, ImportedId, X
from archives.reader.container import ArchiveError
from archives.x.archive import Owner, Profile, XArchive
from archives.x.json_access import MAX_NUMBER
from archives.x.text import MAX_URL, encoded, is_link
from microblog import text
from microblog.db.counters import clamped_delta
from microblog.media import uploads

PICTURES: dict[Literal["avatar", "banner"], dict[str, tuple[int, int]]] = {
    "avatar": AVATAR_SIZES,
    "banner": BANNER_SIZES,
}
PROFILE_FIELDS = ("name", "bio", "location", "website")
SAY_HANDLE = "Say into which account it should come: --handle HANDLE"
_TCO = re.compile(r"https?://t\.co/[A-Za-z0-9]+")


@dataclass(frozen=True)
class Destination:
    """Where an archive goes: `account`, or a new `handle`; `imported`: it came before."""

    handle: str
    account: Account | None
    imported: ImportedAccount | None


def destination(owner: Owner, wanted: str) -> Destination:
    """Return where the archive of `owner` goes; `wanted` is a handle, or "" for its own.

    Raises ArchiveError.
    """
    wanted = wanted.strip().removeprefix("@")
    imported = (
        ImportedAccount.objects.filter(source=X, source_id=str(owner.id))
        .select_related("account")
        .first()
    )
    named = Account.objects.named(wanted or owner.handle).filter(host="").first()
    if imported:
        if wanted and named != imported.account:
            raise ArchiveError(
                f"This archive belongs to {imported.account} here already, and cannot come "
                "into another account."
            )
        account: Account | None = imported.account
    else:
        account = named
        if named and not wanted:
            raise ArchiveError(f"Somebody else is @{named.handle} here. {SAY_HANDLE}")
        if not named:
            _check_new(wanted, owner.handle)
    if account and account.suspended_at:
        raise ArchiveError(f"{account} is suspended here.")
    if account and account.absent_at:
        raise ArchiveError(f"{account} is deactivated or deleted here.")
    return Destination(wanted or owner.handle, account, imported)


def _check_new(wanted: str, own: str) -> None:
    if wanted and not handles.LOCAL.fullmatch(wanted) and wanted.lower() != own.lower():
        raise ArchiveError("A handle has 1 to 15 letters, digits and underscores.")
    if not Account.objects.handle_is_free(wanted or own):
        advice = "Please choose another one." if wanted else SAY_HANDLE
        raise ArchiveError(f"@{wanted or own} cannot be taken here. {advice}")


def short_links(profile: Profile) -> set[str]:
    """Return the t.co links in a profile, which only the tweets may tell to lead somewhere."""
    return {*_TCO.findall(profile.bio), *_TCO.findall(profile.website)}


def import_profile(
    archive: XArchive, scanned: ScannedArchive, destination: Destination, summary: ImportSummary
) -> tuple[ImportedAccount, bool]:
    """Make or find the account, and carry the profile over; return what is remembered of it, and
    whether no newer archive came here.
    """
    made_at = archive.made_at or scanned.newest
    before = destination.imported.made_at if destination.imported else None
    is_newest = not before or (made_at is not None and made_at >= before)
    profile = archive.profile()
    pictures = _store_pictures(archive, profile, destination.account, summary) if is_newest else {}
    with transaction.atomic():
        account = destination.account or _create(destination.handle, archive.owner)
        account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        imported, is_new = ImportedAccount.objects.get_or_create(
            source=X,
            source_id=str(archive.owner.id),
            defaults={"account": account, "handle": archive.owner.handle},
        )
        if is_new:
            ImportedId.objects.forget_deletions(str(archive.owner.id))
        if is_newest:
            _update_account(account, archive, profile, scanned, pictures)
            imported.handle, imported.made_at = archive.owner.handle, made_at
            imported.former_handles = f" {' '.join(sorted(archive.owner.former))} "
            imported.save(update_fields=["handle", "made_at", "former_handles"])
    imported.account = account
    return imported, is_newest


def _update_account(
    account: Account,
    archive: XArchive,
    profile: Profile,
    scanned: ScannedArchive,
    pictures: Mapping[str, tuple[str, int]],
) -> None:
    """Let `account`, which is locked, show what the archive says of it."""
    _set_profile(account, archive.owner, profile, scanned)
    _show_pictures(account, pictures)
    files_of = {"imported_followers": "follower", "imported_following": "following"}
    for field, name in files_of.items():
        if (number := archive.count(name)) is not None:
            setattr(account, field, min(number, MAX_NUMBER))
    shown = [name for field in PICTURES for name in (field, f"{field}_bytes")]
    account.save(update_fields=[*PROFILE_FIELDS, *files_of, "bio_html", "joined_at", *shown])


def _create(handle: str, owner: Owner) -> Account:
    try:
        return Account.objects.create_local(handle, name=owner.name)
    except HandleTakenError as error:
        raise ArchiveError(f"{error} {SAY_HANDLE}") from error


def _set_profile(account: Account, owner: Owner, profile: Profile, scanned: ScannedArchive) -> None:
    def resolved(text: str) -> str:
        """Write out where t.co links lead, as far as tweets tell."""
        return _TCO.sub(lambda link: encoded(scanned.links.get(link[0], link[0])), text)[:MAX_URL]

    website = resolved(profile.website)
    fields = {
        "name": owner.name,
        "bio": resolved(profile.bio),
        "location": resolved(profile.location),
        "website": website if is_link(website) else "",
    }
    links = MentionLinks(account, scanned.authors)
    known = [encoded(url) for url in scanned.links.values()]
    links.prepare(text.parse(fields["bio"], known).mentions)
    account.set_imported_profile(
        links.where({owner.handle.lower(), *owner.former}), known, **fields
    )
    if owner.joined_at and X_BEGAN <= owner.joined_at < account.joined_at:
        account.joined_at = owner.joined_at


def _store_pictures(
    archive: XArchive, profile: Profile, account: Account | None, summary: ImportSummary
) -> dict[str, tuple[str, int]]:
    """Keep the avatar and banner that are to be shown and are not yet; return keys and bytes."""
    keys: dict[str, tuple[str, int]] = {}
    for field, sizes in PICTURES.items():
        name: str = getattr(profile, field)
        key = files.picture_key(archive, name)
        is_kept = account and (field in account.edited_fields or getattr(account, field) == key)
        if not name or is_kept:
            continue
        try:
            keys[field] = files.store_picture(archive, name, sizes)
        except files.MissingError as error:
            summary.notes.append(f"The {field} is {error}.")
    return keys


def _show_pictures(account: Account, keys: Mapping[str, tuple[str, int]]) -> None:
    """Let `account` show the stored pictures `keys`, however full the storage is."""
    for field, (key, size) in keys.items():
        if field in account.edited_fields:
            continue
        before = getattr(account, field)
        more = size - getattr(account, f"{field}_bytes")
        Account.objects.filter(pk=account.pk).update(
            stored_bytes=clamped_delta("stored_bytes", more)
        )
        setattr(account, field, key)
        setattr(account, f"{field}_bytes", size)
        if before and before != key:
            transaction.on_commit(partial(uploads.discard, before))
