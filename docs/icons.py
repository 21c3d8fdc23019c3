"""Makes the icons and the card of microblog/static out of its favicon.svg, and the icons of rows
out of its sprite: `.venv/bin/python docs/icons.py`, once when one of them changes.
"""

import re
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
# What rows show, by the name of a property: the symbol of the sprite, and how it is filled.
IN_ROWS = {
    "reply": ("reply", "none"),
    "retweet": ("retweet", "none"),
    "like": ("like", "none"),
    "liked": ("like", "#000"),
    "bookmark": ("bookmark", "none"),
    "bookmarked": ("bookmark", "#000"),
    "lock": ("lock", "none"),
    "more": ("more", "none"),
    "pin": ("pin", "none"),
}
SHEET = """/* Icons of the sprite that rows show, made by docs/icons.py. */

@layer components {{
  :root {{
{}
  }}
}}
"""


def as_url(symbol: str, fill: str) -> str:
    """Return the `symbol` of the sprite as the address of a picture in a stylesheet."""
    sprite = (STATIC / "icons.svg").read_text()
    symbols = re.findall(rf'<symbol id="{symbol}" (.*?)>(.*?)</symbol>', sprite, re.DOTALL)
    ((attributes, paths),) = symbols
    paths = paths.replace(" />", "/>").replace("> <", "><")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" fill="{fill}" {attributes}>{paths}</svg>'
    svg = svg.replace("currentColor", "#000").replace('"', "'")
    return svg.replace("#", "%23").replace("<", "%3C").replace(">", "%3E")


lines = (
    f'    --icon-{name}: url("data:image/svg+xml,{as_url(*drawn)}");'
    for name, drawn in IN_ROWS.items()
)
SHEET_PATH = STATIC.parents[1] / "timeline/static/timeline/icons.css"
SHEET_PATH.write_text(SHEET.format("\n".join(lines)))

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
