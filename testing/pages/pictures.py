"""What Chromium shows of a page, at the width of a phone and of a desk."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, override

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from playwright.sync_api import BrowserContext

from testing.chromium import launched
from testing.pages.browser import Browser
from testing.pages.standstill import NOW

WIDTHS = {"390": 844, "1280": 900}  # and the height of the window
MAX_HEIGHT = 5000  # pixels of a page that are kept
DARK = frozenset(
    """visitor-home visitor-profile-ada visitor-post-pinned-edited visitor-login
    visitor-transparency ada-home ada-compose ada-settings bo-queue bo-case-cy-cy""".split()
)
# Every picture is there, and shows its first frame; what appears by itself has appeared.
SETTLE = """async () => {
    for (const one of document.images) one.loading = "eager";
    await Promise.all([...document.images].map((one) => one.decode().catch(() => null)));
    await Promise.all([...document.querySelectorAll("video")].map((one) => {
        one.pause();
        one.preload = "auto";
        return one.readyState > 1 ? null : new Promise((done) => {
            one.addEventListener("loadeddata", done, { once: true });
            one.addEventListener("error", done, { once: true });
            setTimeout(done, 3000);
        });
    }));
    await document.fonts.ready;
}"""


class _Quiet(WSGIRequestHandler):
    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _WithoutScripts:
    """The site without what scripts ask it for: a list would grow while one looks."""

    def __init__(self) -> None:
        self.site = StaticFilesHandler(WSGIHandler())

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if "HTTP_HX_REQUEST" in environ:
            start_response("204 No Content", [])
            return []
        return self.site(environ, start_response)


class Photographer:
    """Takes pictures of pages, as the people see them whose cookies a Browser has."""

    def __init__(self, chromium: Any, url: str, folder: Path) -> None:
        self.chromium, self.url, self.folder = chromium, url, folder

    def photograph(self, name: str, browser: Browser, path: str) -> None:
        """Keep what is at `path`, light, and in the dark where `name` is one of DARK."""
        for scheme in ("light", "dark") if name in DARK else ("light",):
            for width, height in WIDTHS.items():
                context = self.chromium.new_context(
                    base_url=self.url,
                    viewport={"width": int(width), "height": height},
                    color_scheme=scheme,
                    reduced_motion="reduce",
                    service_workers="block",
                )
                try:
                    self._take(context, browser, path, f"{name}-{width}-{scheme}.png")
                finally:
                    context.close()

    def _take(self, context: BrowserContext, browser: Browser, path: str, file: str) -> None:
        if cookie := browser.client.cookies.get(settings.SESSION_COOKIE_NAME):
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": self.url, "httpOnly": True}]
            )
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        page.goto(path, wait_until="load")
        page.evaluate(SETTLE)
        size = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
        page.screenshot(
            path=self.folder / file,
            full_page=True,
            clip={"x": 0, "y": 0, "width": size[0], "height": min(size[1], MAX_HEIGHT)},
            animations="disabled",
            caret="hide",
        )


@contextmanager
def photographer(folder: Path) -> Iterator[Photographer]:
    """Serve the site of this process, and open the system's Chromium, for pictures in `folder`."""
    folder.mkdir(parents=True)
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(_WithoutScripts())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with launched("--font-render-hinting=none", "--hide-scrollbars") as chromium:
            yield Photographer(chromium, f"http://127.0.0.1:{server.server_port}", folder)
    finally:
        server.shutdown()
        server.server_close()
