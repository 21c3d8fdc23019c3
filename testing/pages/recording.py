"""Keeps what the site answers: a file for each page, with its status, its headers and its nodes."""

import json
import shutil
import sys
import time
from pathlib import Path

import django
from PIL import Image

from testing.pages.dom import lines_of, lines_of_text, masked, path_of
from testing.pages.standstill import Clock

HEADERS = (
    "Allow",
    "Cache-Control",
    "Content-Disposition",
    "Content-Security-Policy",
    "Content-Type",
    "HX-Push-Url",
    "HX-Redirect",
    "HX-Refresh",
    "HX-Replace-Url",
    "HX-Reswap",
    "HX-Retarget",
    "HX-Trigger",
    "Location",
    "Referrer-Policy",
    "Retry-After",
    "Vary",
    "X-Frame-Options",
)


def record(clock: Clock, folder: Path, *, pictures: bool) -> None:
    """Build a site, and keep its pages in `folder`, whose earlier record goes."""
    started = time.perf_counter()
    _hurry()
    django.setup()
    from django.core import mail

    from testing.pages.scene import play
    from testing.pages.tour import tour

    for old in ("pages", "pictures"):
        shutil.rmtree(folder / old, ignore_errors=True)
    (folder / "pages").mkdir(parents=True)
    scene = play(clock)
    print(f"The site is there ({time.perf_counter() - started:.0f} s).", file=sys.stderr)
    sizes, shown = {}, []
    for visit in tour(scene):
        page = visit.page
        head = lines_of_text(f"{page.status} {path_of(page.path)}")
        for name in HEADERS:
            if name in page.headers:
                value = page.headers[name]
                if name == "Vary":
                    value = ", ".join(sorted(value.split(", ")))
                head += lines_of_text(f"{name}: {masked(value)}")
        head += [f"Set-Cookie: {name}" for name in page.cookies]
        lines = [*head, "", *lines_of(page.body, page.kind)]
        path = folder / "pages" / f"{visit.name}.txt"
        if visit.name in sizes:
            raise ValueError(f"two pages are called {visit.name}")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        sizes[visit.name] = len(page.body)
        if visit.is_shown:
            shown.append(visit)
    for n, message in enumerate(mail.outbox):
        lines = [
            f"To: {', '.join(message.to)}",
            f"Subject: {message.subject}",
            "",
            *lines_of_text(str(message.body)),
        ]
        (folder / "pages" / f"mail-{n:02}.txt").write_text(
            "\n".join(lines) + "\n", encoding="utf-8"
        )
    (folder / "sizes.json").write_text(json.dumps(sizes, indent=1, sort_keys=True))
    print(
        f"{len(sizes)} pages and {len(mail.outbox)} mails are in {folder} ({time.perf_counter() - started:.0f} s).",
        file=sys.stderr,
    )


def _hurry() -> None:
    """Let Pillow make the pictures of the demo in less time, and less well: how they look is no
    matter here, and they take most of the time.
    """
    save, resize = Image.Image.save, Image.Image.resize

    def fast_save(self, fp, format=None, **params):  # type: ignore[no-untyped-def]
        if format == "WEBP":
            params["method"] = 0
        return save(self, fp, format, **params)

    def fast_resize(self, size, resample=None, box=None, reducing_gap=None):  # type: ignore[no-untyped-def]
        return resize(self, size, Image.Resampling.NEAREST, box, None)

    Image.Image.save, Image.Image.resize = fast_save, fast_resize  # type: ignore[method-assign]
