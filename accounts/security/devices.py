"""The name of a device, by what its browser says of itself."""

import re

# The first that fits: Edge says that it is Chrome as well, and Chrome that it is Safari.
_BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Vivaldi", r"Vivaldi/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"(Headless)?Chrome/|Chromium/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("ChromeOS", r"CrOS"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux|X11"),
)
UNKNOWN = "Unknown device"


def name_of(user_agent: str) -> str:
    """Return such as "Firefox on Linux", "Safari on iPhone"; UNKNOWN for what says neither.

    A pattern each for what people use: a library that knows all devices there ever were takes more
    memory than the rest of the page.
    """
    browser, system = (
        next((name for name, pattern in known if re.search(pattern, user_agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    )
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or UNKNOWN
