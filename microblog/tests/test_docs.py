"""What the docs name is there: files, modules, functions, pages and their sections."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from microblog import slots

ROOT = settings.BASE_DIR
# The formats of others name files of others.
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs/decisions").glob("*.md")),
]
DECISIONS = [page for page in PAGES if page.parent.name == "decisions" and page.stem != "README"]
APPS = ("microblog", "accounts", "timeline", "moderation", "archives")
CODE_SUFFIXES = {".py", ".html", ".js", ".css", ".txt", ".toml", ".json", ""}
CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(
    r"[\w.][\w./-]*/(?:[\w.-]+\.(?:py|html|css|js|json|md|txt|toml))?|[\w-]+\.(?:py|js|css)"
)
DOTTED = re.compile(rf"(?:{'|'.join((*APPS, 'testing'))})(?:\.\w+)+")
# What only code is called: with a capital, or joined by a dot or by "_".
WORD = re.compile(r"[A-Z]\w*[a-z]\w*|\w+_\w+|[a-z]\w+(?:\.[a-z_]\w+)+")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
# Names of libraries that our code does not say, hosts that are examples, and what is still to come.
FOREIGN = {
    "DB_CASCADE",
    "OpusHead",
    "a1.victim.example",
    "bar.example.com",
    "goógle.com",
    "microblog.example",
    "pg_trgm",
    "post_save",
    "reverse_proxy",
    "to_tsvector",
    "user_change_password",
    "wanted_by",
}
# Files that tools, libraries and the site itself make.
MADE = ("var/", "node_modules/", ".venv/", "nginx", "settings/")


@cache
def tracked() -> set[str]:
    """The files of the repository, and those that are about to be."""
    listed = run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}


@cache
def folders() -> set[str]:
    return {f"{parent}/" for name in tracked() for parent in Path(name).parents}


@cache
def code() -> str:
    """All that is no page of the docs, in one piece."""
    names = [name for name in sorted(tracked()) if (ROOT / name).suffix in CODE_SUFFIXES]
    return "\n".join((ROOT / name).read_text() for name in names if (ROOT / name) != Path(__file__))


@cache
def words() -> set[str]:
    return set(re.findall(r"\w+", code()))


def named(page: Path) -> Iterator[str]:
    yield from CODE.findall(page.read_text())


def is_file(name: str) -> bool:
    """Tell whether `name` is a file or a folder of ours; without a folder before it, one anywhere.

    APP stands for any app.
    """
    if name.startswith("APP/"):
        return any(is_file(name.replace("APP", app)) for app in APPS)
    if "/" in name.removesuffix("/"):
        return name in tracked() or name in folders()
    return any(f"/{path}".endswith(f"/{name}") for path in (*tracked(), *folders()))


def has_attribute(owner: Any, name: str) -> bool:
    """Tell whether a module, class or dataclass has `name`."""
    return hasattr(owner, name) or name in getattr(owner, "__annotations__", {})


@cache
def permissions() -> set[str]:
    return {
        f"{model._meta.app_label}.{codename}"
        for model in apps.get_models()
        for codename in (
            *(f"{verb}_{model._meta.model_name}" for verb in model._meta.default_permissions),
            *(codename for codename, _ in model._meta.permissions),
        )
    }


def is_name(dotted: str) -> bool:
    """Tell whether `dotted` is a module, something in one, a permission, or a slot."""
    if dotted in permissions() or dotted in slots.COMPONENTS:
        return True
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        try:
            owner: Any = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[end:]:
            if not has_attribute(owner, attribute):
                return False
            owner = getattr(owner, attribute, None)
        return True
    return False


def anchors(page: Path) -> set[str]:
    """The sections of a page, as GitHub calls them in addresses."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    ours = [
        name
        for name in named(page)
        if FILE.fullmatch(name) and not name.startswith(MADE) and not name.endswith("NAME.py")
    ]
    assert not [name for name in ours if not is_file(name)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_module_and_function_that_a_page_names_is_there(page: Path) -> None:
    assert not [
        name
        for name in named(page)
        if DOTTED.fullmatch(name.removesuffix("()")) and not is_file(name)
        if name not in FOREIGN and not is_name(name.removesuffix("()"))
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_word_of_code_that_a_page_says_is_in_the_code(page: Path) -> None:
    said = {name.removesuffix("()") for name in named(page)} - FOREIGN
    ours = [
        word
        for word in sorted(said)
        if WORD.fullmatch(word) and not FILE.fullmatch(word) and not DOTTED.fullmatch(word)
        if word.partition(".")[0] not in sys.stdlib_module_names
    ]
    assert not [word for word in ours if not (word in code() if "." in word else word in words())]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target, section in LINK.findall(page.read_text()):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), target
        assert not section or section in anchors(there), f"{target}#{section}"


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_every_decision_has_a_date_and_stands_in_the_list(page: Path) -> None:
    lines = page.read_text().splitlines()
    assert lines[0].startswith("# ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d.* · .+", lines[2]), lines[2]
    assert f"]({page.name})" in (page.parent / "README.md").read_text()


def test_names_are_told_apart() -> None:
    assert is_name("timeline.models.Post.like")
    assert is_name("moderation.work_queue")
    assert not is_name("timeline.models.Post.applaud")
    assert not is_name("timeline.nowhere")
    assert is_file("microblog/slots.py")
    assert is_file("slots.py")
    assert not is_file("microblog/web/slots.py")
