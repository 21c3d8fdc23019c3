"""Keeps what the site answers: a file for each page, with its status, its headers and its nodes."""

import json
import re
import shutil
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import django
from PIL import Image

from testing.pages.dom import lines_of, lines_of_text, masked, path_of
from testing.pages.standstill import Clock

HEADERS = """Allow Cache-Control Content-Disposition Content-Security-Policy Content-Type
    HX-Push-Url HX-Redirect HX-Refresh HX-Replace-Url HX-Reswap HX-Retarget HX-Trigger Location
    Referrer-Policy Retry-After Vary X-Frame-Options""".split()


def record(clock: Clock, folder: Path, *, pictures: str) -> None:
    """Build a site, and keep its pages in `folder`, whose earlier record goes; of those pages
    whose name `pictures` matches, a picture too ("": of none).
    """
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
    _say(f"The site is there ({time.perf_counter() - started:.0f} s).")
    sizes: dict[str, int] = {}
    with _photographer(folder / "pictures") if pictures else nullcontext() as camera:
        for visit in tour(scene):
            if visit.name in sizes:
                raise ValueError(f"two pages are called {visit.name}")
            sizes[visit.name] = len(visit.page.body)
            _keep(folder, visit.name, [*_head(visit.page), "", *_body(visit.page)])
            if camera and visit.is_shown and re.search(pictures, visit.name):
                camera.photograph(visit.name, scene.browsers()[visit.who], visit.page.path)
    for n, message in enumerate(mail.outbox):
        head = [f"To: {', '.join(message.to)}", f"Subject: {message.subject}", ""]
        _keep(folder, f"mail-{n:02}", [*head, *lines_of_text(str(message.body))])
    (folder / "sizes.json").write_text(json.dumps(sizes, indent=1, sort_keys=True))
    _say(
        f"{len(sizes)} pages and {len(mail.outbox)} mails are in {folder} "
        f"({time.perf_counter() - started:.0f} s)."
    )


def _photographer(folder: Path) -> Any:
    from testing.pages.pictures import photographer

    return photographer(folder)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _keep(folder: Path, name: str, lines: list[str]) -> None:
    (folder / "pages" / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _head(page: Any) -> list[str]:
    lines = lines_of_text(f"{page.status} {path_of(page.path)}")
    for name in HEADERS:
        if name in page.headers:
            value = page.headers[name]
            if name == "Vary":
                value = ", ".join(sorted(value.split(", ")))
            lines += lines_of_text(f"{name}: {masked(value)}")
    return lines + [f"Set-Cookie: {name}" for name in page.cookies]


def _body(page: Any) -> list[str]:
    return lines_of(page.body, page.kind)


def _hurry() -> None:
    """Let Pillow make the pictures of the demo in less time, and less well: how they look is no
    matter here, and they take most of the time.
    """
    save, resize = Image.Image.save, Image.Image.resize

    def fast_save(self: Any, fp: Any, format: Any = None, **params: Any) -> None:  # noqa: A002
        if format == "WEBP":
            params["method"] = 0
        save(self, fp, format, **params)

    def fast_resize(
        self: Any, size: Any, resample: Any = None, box: Any = None, reducing_gap: Any = None
    ) -> Any:
        return resize(self, size, Image.Resampling.NEAREST, box)

    Image.Image.save, Image.Image.resize = fast_save, fast_resize
