"""Takes the README's pictures of the running demo: `make run` in one terminal, `.venv/bin/python
docs/screenshot.py` in another.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SITE = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
PAGE = "/@ada"
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme=scheme)
        page.goto(SITE + PAGE, wait_until="networkidle")
        page.screenshot(path=Path(__file__).parent / "images" / f"profile-{scheme}.png")
    browser.close()
