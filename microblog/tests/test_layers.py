"""Imports run one way: archives, moderation → timeline → accounts → microblog."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

# each may import those before it
LAYERS = ("microblog", "accounts", "timeline", "archives", "moderation")
# and so knows who is to be invited to it
STARTS_THE_SITE = settings.BASE_DIR / "microblog/management/commands/serve.py"


def files(app: str) -> list[Path]:
    return [
        path
        for path in sorted((settings.BASE_DIR / app).rglob("*.py"))
        if not {"tests", "migrations"} & set(path.parts)
    ]


def imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """What a module imports, inside of functions as well."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield ("." * node.level + (node.module or ""), node)


@pytest.mark.parametrize("app", LAYERS)
def test_no_app_imports_one_above_it(app: str) -> None:
    above = LAYERS[LAYERS.index(app) + 1 :]
    modules = [path for path in files(app) if path != STARTS_THE_SITE]
    wrong = [
        f"{path}:{node.lineno}: {name}"
        for path in modules
        for name, node in imports(path)
        if name.partition(".")[0] in above
    ]
    assert modules
    assert not wrong, "\n".join(wrong)


PURE = ("text/cleaning", "text/parser", "text/links", "text/diff", "net/head_tags")
PURE_PROGRAMS = (
    "media/isolation",
    "media/images",
    "media/decoder/make",
    "media/video",
    "media/remux",
)


@pytest.mark.parametrize("module", [*PURE, *PURE_PROGRAMS])
def test_pure_work_knows_no_database(module: str) -> None:
    path = settings.BASE_DIR / "microblog" / f"{module}.py"
    known = {name for name, _ in imports(path)}
    assert not {
        name
        for name in known
        if name.startswith(("django.db", "django.core", "accounts", "timeline"))
    }


@pytest.mark.parametrize("app", LAYERS)
def test_imports_are_absolute(app: str) -> None:
    assert not [
        f"{path}: {name}"
        for path in files(app)
        for name, _ in imports(path)
        if name.startswith(".")
    ]


def test_only_the_project_reads_whether_htmx_asked() -> None:
    readers = [
        path for app in LAYERS[1:] for path in files(app) if "request.htmx" in path.read_text()
    ]
    assert not readers


def test_no_module_for_what_has_no_name() -> None:
    assert not [
        path
        for app in LAYERS
        for path in files(app)
        if path.stem in ("utils", "services", "helpers", "misc")
    ]
