"""What tests of people share: mails, pictures, a site with a mail server, limits that are on."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

HTMX = {"HX-Request": "true"}


@pytest.fixture
def mailed(django_capture_on_commit_callbacks: Any, mailoutbox: list[Any]) -> Callable[..., tuple[Any, list[Any]]]:
    """`mailed(client.post, url, data)`: the answer, and the mails that it caused."""

    def call(do: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, list[Any]]:
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            response = do(*args, **kwargs)
        return response, list(mailoutbox)

    return call


@pytest.fixture
def confirms(settings: Any) -> None:
    """The site has a mail server: addresses have to be confirmed."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.fixture
def limits(settings: Any, db: None) -> None:
    """The limits that the site has."""
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {}


def picture(width: int = 40, height: int = 30, kind: str = "PNG", color: str = "navy", **more: Any) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (width, height), color).save(out, kind, **more)
    return SimpleUploadedFile("picture." + kind.lower(), out.getvalue())
