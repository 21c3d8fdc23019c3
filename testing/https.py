"""The settings of a site with https, as the settings file makes them of its environment."""

import runpy
from pathlib import Path
from typing import Any

from django.test import override_settings

HOST = "social.example.org"
ABOUT = tuple(
    "SECURE_ SESSION_ CSRF_ COOKIE_ MESSAGES_ DISPLAY_ KNOWN_ HTTPS ALLOWED_HOSTS SITE_URL "
    "X_FRAME".split()
)


def https_settings(monkeypatch: Any) -> override_settings:
    """Return what an https SITE_URL changes of the settings of the suite: a context in which it
    holds.
    """
    monkeypatch.setenv("SITE_URL", f"https://{HOST}")
    monkeypatch.setenv("SECRET_KEY", "x" * 60)
    made = runpy.run_path(str(Path(__file__).parents[1] / "microblog" / "settings.py"))
    return override_settings(
        **{name: value for name, value in made.items() if name.startswith(ABOUT)}
    )
