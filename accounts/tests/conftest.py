"""What tests of people share: mails, pictures, a site with a mail server."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.auth.antispam import opened
from conftest import PASSWORD

HTMX = {"HX-Request": "true"}
SIGN_UP = "/account/signup/"
WELCOME = "/welcome/picture"  # where a first day begins


def sign_up_form(**fields: str) -> dict[str, str]:
    """What Dora types, a minute after she opened the form."""
    typed = {
        "name": "Dora",
        "handle": "dora",
        "email": "dora@example.com",
        "password1": PASSWORD,
    }
    return {**typed, "opened": opened(timezone.now() - timedelta(minutes=1)), **fields}


def link_in(mail: Any) -> str:
    """The path of the first link to the site."""
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", mail.body)[1]


@pytest.fixture
def mailed(
    django_capture_on_commit_callbacks: Any, mailoutbox: list[Any]
) -> Callable[..., tuple[Any, list[Any]]]:
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


def picture(
    width: int = 40, height: int = 30, kind: str = "PNG", color: str = "navy", **more: Any
) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (width, height), color).save(out, kind, **more)
    return SimpleUploadedFile("picture." + kind.lower(), out.getvalue())
