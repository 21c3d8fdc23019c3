"""The profile, and the settings: whose archive it is."""

from django.utils.html import format_html

from accounts.models import Account
from archives.export.activities import Values, absolute, filled, url_of, web_address, when
from archives.export.archive_file import CONTEXT, ArchiveFile
from microblog.media import uploads
from timeline.forms.notifications import LABELS, chosen
from timeline.models import NotificationSettings

PICTURES = {"icon": ("avatar", "avatar.webp"), "image": ("banner", "header.webp")}


def actor(account: Account) -> Values:
    """Return the account as ActivityPub's Person, by the names of Mastodon's actor.json."""
    here = url_of(account)
    pictures = {
        name: {"type": "Image", "mediaType": "image/webp", "url": file}
        for name, (column, file) in PICTURES.items()
        if getattr(account, column)
    }
    return {
        "@context": CONTEXT,
        "id": here,
        "type": "Person",
        "url": here,
        "preferredUsername": account.handle,
        "name": account.name,
        "summary": absolute(account.bio_html),
        "source": {"content": account.bio, "mediaType": "text/plain"},
        "published": when(account.joined_at),
        "manuallyApprovesFollowers": bool(account.protected_at),
        "discoverable": account.is_discoverable,
        "attachment": _attachments(account),
        **filled(location=_location(account)),
        **pictures,
        "outbox": "outbox.json",
        "likes": "likes.json",
        "bookmarks": "bookmarks.json",
        "followers": f"{here}/followers",
        "following": f"{here}/following",
        "microblog": _more(account),
    }


def _attachments(account: Account) -> list[Values]:
    if not web_address(account.website):
        return []
    shown = account.website, account.shown_website
    link = format_html('<a href="{}" rel="me nofollow noopener">{}</a>', *shown)
    return [{"type": "PropertyValue", "name": "Website", "value": link}]


def _location(account: Account) -> Values:
    return {"type": "Place", "name": account.location} if account.location else {}


def _more(account: Account) -> Values:
    pin = getattr(account, "pin", None)
    return {
        "id": str(account.pk),
        "followers": account.followers_count,
        "following": account.following_count,
        "posts": account.posts_count,
        "media": account.media_count,
        "stored_bytes": account.stored_bytes,
        "followers_elsewhere": account.imported_followers,
        "following_elsewhere": account.imported_following,
        "edited_fields": account.edited_fields,
        **filled(
            host=account.host,
            website=account.website,
            pinned=url_of(pin.post) if pin else None,
            protected_at=when(account.protected_at),
            limited_at=when(account.limited_at),
            frozen_at=when(account.frozen_at),
            suspended_at=when(account.suspended_at),
            deactivated_at=when(account.deactivated_at),
        ),
    }


def add_pictures(archive: ArchiveFile, account: Account) -> None:
    for column, file in PICTURES.values():
        if key := getattr(account, column):
            archive.add_file(file, uploads.path(key, "large.webp"))


def settings_of(account: Account) -> Values:
    """Return what nobody else sees: how she signs in, without what opens it, and what she chose."""
    user = account.user
    kept = NotificationSettings.objects.of(account)
    told = {kind.name.lower(): chosen(kept, kind) for kind in LABELS}
    return {
        **filled(
            email=user.email if user else None,
            signed_up_at=when(user.date_joined) if user else None,
            last_signed_in_at=when(user.last_login) if user else None,
            is_staff=user.is_staff or None if user else None,
        ),
        "is_protected": bool(account.protected_at),
        "reminds_of_descriptions": account.reminds_of_alt,
        "notifications": told,
        "notifications_seen_up_to": str(kept.seen_id),
        "mails": NotificationSettings.Mail(kept.mail).name.lower(),
    }
