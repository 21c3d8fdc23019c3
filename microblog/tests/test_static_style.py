"""Stylesheets and scripts, where Biome (`make check-code`) does not look: lines, what is not used,
and what does not grow with the reader's letters.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

from microblog.tests.test_layers import LAYERS

MAX_COLUMNS = 100
DATA = {"domains.js", "icons.css"}  # long lines, for the machine

SHEETS = sorted(
    path for app in LAYERS for path in (settings.BASE_DIR / app).glob("static/**/*.css")
)
SCRIPTS = sorted(
    path for app in LAYERS for path in (settings.BASE_DIR / app).glob("static/**/*.js")
)


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Return every word of the templates, the scripts and the code that makes HTML."""
    return {
        word
        for app in LAYERS
        for path in (settings.BASE_DIR / app).rglob("*")
        if path.suffix in {".html", ".js", ".py"} and "tests" not in path.parts
        for word in re.findall(r"[\w-]+", path.read_text())
    }


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=name)
def test_lines_are_short(path: Path) -> None:
    lines = enumerate(path.read_text().splitlines(), 1)
    long = [number for number, line in lines if len(line) > MAX_COLUMNS]
    assert path.name in DATA or not long


def test_icons_of_rows_are_those_of_the_sprite() -> None:
    sprite = (settings.BASE_DIR / "microblog/static/icons.svg").read_text()
    drawn = {
        re.sub(r"\s", "", path)
        for path in re.findall(r"<(?:path|circle) ([^>]*)/>", sprite.replace("'", '"'))
    }
    sheet = (settings.BASE_DIR / "timeline/static/timeline/icons.css").read_text()
    shown = re.findall(r"%3C(?:path|circle) (.*?)/%3E", sheet)
    assert len(shown) > 8
    assert {re.sub(r"\s", "", path.replace("'", '"')) for path in shown} <= drawn


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_every_class_is_used_somewhere(path: Path, words: set[str]) -> None:
    """A number at the end of a name, or the shade of a placeholder, is put there by code."""
    css = re.sub(r"/\*.*?\*/|@layer[^{]*", "", path.read_text(), flags=re.DOTALL)
    selectors = " ".join(re.findall(r"([^{};]+)\{", css))
    made_by_others = {"htmx-request"}
    unused = {
        each
        for each in re.findall(r"[.#](?=[a-z])([\w-]+)", selectors)
        if re.sub(r"\d+$", "", each) not in words and not re.fullmatch(r"[rgb][258be]", each)
    }
    assert unused <= made_by_others


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_what_depends_on_the_width_grows_with_the_letters(path: Path) -> None:
    """A width in px would leave large letters no room; WCAG 1.4.4 asks for twice the size."""
    queries = re.findall(r"@media \((?:min|max)-width: [^)]*\)", path.read_text())
    assert not [query for query in queries if "em" not in query]


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_says_what_it_is_for(path: Path) -> None:
    assert path.read_text().startswith("// ")
