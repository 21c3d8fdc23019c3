"""Keep what is said to a person once, on the next page that they see."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage as DjangoCookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class CookieStorage(DjangoCookieStorage):
    """In a signed cookie, which is called as our other cookies are."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        return str(settings.MESSAGES_COOKIE_NAME)


class Storage(FallbackStorage):
    """In that cookie, and in the session what does not fit."""

    storage_classes = (CookieStorage, SessionStorage)
