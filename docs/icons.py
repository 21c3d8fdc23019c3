"""Makes the icons and the card of microblog/static out of its favicon.svg: `.venv/bin/python
docs/icons.py`, once when it changes.
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parent.parent / "microblog" / "static"
FLAGS = "--no-sandbox --disable-gpu --no-first-run"
# Name, width, height, how much of the shorter side the sign takes, and the ground ("" for none).
PICTURES = [
    ("icons/192.png", 192, 192, 1.0, ""),
    ("icons/512.png", 512, 512, 1.0, ""),
    # all of the sign within the circle that no mask cuts
    ("icons/maskable.png", 512, 512, 0.62, "#e8f2fb"),
    # a phone rounds its corners, and knows no transparency
    ("icons/touch.png", 180, 180, 0.72, "#e8f2fb"),
    ("card.png", 1200, 630, 0.5, "#e8f2fb"),
]

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS.split())
    svg = (STATIC / "favicon.svg").read_text()
    for name, width, height, part, ground in PICTURES:
        side = round(min(width, height) * part)
        page = browser.new_page(viewport={"width": width, "height": height})
        centred = "margin:0;height:100vh;display:grid;place-items:center"
        body = f"{centred};background:{ground or 'transparent'}"
        look = f"body{{{body}}}svg{{width:{side}px}}"
        page.set_content(f"<style>{look}</style>{svg}")
        page.screenshot(path=STATIC / name, omit_background=not ground)
        page.close()
    browser.close()
