"""Imports, names of templates and URLs, and addresses that are written out run one way:
archives, moderation → timeline → accounts → microblog.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.template import engines
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from microblog import slots

# each may import those before it
LAYERS = ("microblog", "accounts", "timeline", "archives", "moderation")
# and so knows who is to be invited to it
STARTS_THE_SITE = settings.BASE_DIR / "microblog/management/commands/serve.py"
# These put all apps together.
TOGETHER = {
    settings.BASE_DIR / "microblog" / name
    for name in ("settings.py", "test_settings.py", "urls.py")
} | {STARTS_THE_SITE}
FRAME = settings.BASE_DIR / "microblog/templates/base.html"


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
    modules = [path for path in files(app) if path != STARTS_THE_SITE]
    wrong = [
        f"{path}:{node.lineno}: {name}"
        for path in modules
        for name, node in imports(path)
        if name.partition(".")[0] in above(app)
    ]
    assert modules
    assert not wrong, "\n".join(wrong)


# --- Who owns what a name means ---


def above(app: str) -> tuple[str, ...]:
    return LAYERS[LAYERS.index(app) + 1 :]


def app_of(dotted: str) -> str:
    """The app that has the module; allauth's views are accounts', which gives them addresses."""
    package = dotted.partition(".")[0]
    return "accounts" if package == "allauth" else package


def named_patterns(
    resolver: URLResolver, namespace: str = "", owner: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield each URL's name with the app that has it."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            urlconf = getattr(pattern.urlconf_module, "__name__", "")
            yield from named_patterns(pattern, inner, app_of(urlconf) if urlconf else owner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            module = pattern.callback.__module__
            yield namespace + pattern.name, owner or app_of(module)


@cache
def urls() -> dict[str, str]:
    """The app that owns each URL, by its name.

    The admin's own names are Django's, also where a page of ours answers; a table's are its app's.
    """
    found = dict(named_patterns(get_resolver()))
    stock = {pattern.name for pattern in admin.AdminSite().get_urls()}
    tables = {
        f"{model._meta.app_label}_{model._meta.model_name}_": model._meta.app_label
        for model in admin.site._registry
    }
    for name, owner in found.items():
        if name.startswith("admin:"):
            inner = name.removeprefix("admin:")
            table = next((app for begins, app in tables.items() if inner.startswith(begins)), "")
            found[name] = "django" if inner in stock else table or owner
    return found


@cache
def owner_of_template(name: str) -> str:
    """The app whose template `name` is; "" where no app of ours has one."""
    name = name.partition("#")[0]
    return next(
        (app for app in LAYERS if (settings.BASE_DIR / app / "templates" / name).is_file()), ""
    )


@cache
def owner_of_static(name: str) -> str:
    path = finders.find(name)
    inside = path and Path(path).is_relative_to(settings.BASE_DIR)
    return Path(path).relative_to(settings.BASE_DIR).parts[0] if inside else ""


@cache
def owner_of_library(name: str) -> str:
    return app_of(engines["django"].engine.libraries.get(name, ""))


@cache
def owner_of_address(address: str) -> str:
    """The app whose page answers at `address`, which may have any value in its places; "/" is the
    site's own.
    """
    path = re.split(r"[?#]", address)[0]
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    return "" if path == "/" else urls().get(found.view_name) or app_of(found.func.__module__)


# --- What a template names ---

TAG = re.compile(r"""\{% (url|include|extends|static|load) ([^%]*?) ?%\}""")
QUOTED = re.compile(r"""["']([^"']+)["']""")
ADDRESS = re.compile(r"""["'](/(?:[^"'{}\s]|\{\{[^}]*\}\})*)""")
PERMISSION = re.compile(r"\bperms\.([a-z]+)")
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)
OWNERS = {
    "url": lambda name: urls().get(name, ""),
    "include": owner_of_template,
    "extends": owner_of_template,
    "static": owner_of_static,
}


def templates(app: str) -> list[Path]:
    folder = settings.BASE_DIR / app / "templates"
    return sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".txt"))


def named_in_template(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a template names, each with the app that owns it."""
    text = COMMENT.sub("", text)
    for tag, arguments in TAG.findall(text):
        if tag == "load":
            yield from ((name, owner_of_library(name)) for name in arguments.split())
        elif (named := QUOTED.match(arguments)) is not None:
            yield named[1], OWNERS[tag](named[1])
    for address in ADDRESS.findall(text):
        yield address, owner_of_address(re.sub(r"\{\{.*?\}\}", "1", address))
    yield from ((f"perms.{app}", app) for app in PERMISSION.findall(text))


@pytest.mark.parametrize("app", LAYERS)
def test_no_template_names_what_is_above_it(app: str) -> None:
    wrong = [
        f"{path}: {name} ({owner})"
        for path in templates(app)
        if path != FRAME
        for name, owner in named_in_template(path.read_text())
        if owner in above(app)
    ]
    assert not wrong, "\n".join(wrong)


def test_templates_are_understood() -> None:
    """What the test above stands on finds the owners of names of every kind."""
    text = """{% load timeline %}{% url 'report_post' 1 %}{% include "timeline/pages/home.html" %}
    <a href="/posts/{{ post.pk }}/edit">{% url "admin:timeline_post_change" 1 %}
    {{ perms.moderation.x }}
    {% url 'admin:index' %}"""
    assert dict(named_in_template(text)) == {
        "timeline": "timeline",
        "report_post": "moderation",
        "timeline/pages/home.html": "timeline",
        "/posts/{{ post.pk }}/edit": "timeline",
        "admin:timeline_post_change": "timeline",
        "perms.moderation": "moderation",
        "admin:index": "django",
    }


def test_slots_are_filled_from_above_and_stand_somewhere() -> None:
    standing = {
        slot: app
        for app in LAYERS
        for path in templates(app)
        for slot in re.findall(r"""\{% slot "([^"]+)" %\}""", path.read_text())
    }
    for slot, components in slots.COMPONENTS.items():
        assert slot.partition(".")[0] == standing[slot]
        assert {owner_of_template(name) for name in components} <= set(above(standing[slot]))


# --- What a string of Python names ---

DOTTED = re.compile(rf"({'|'.join(LAYERS)})\.\w+(\.\w+)*")


def strings(path: Path) -> Iterator[tuple[str, int, bool]]:
    """Yield the strings of a module that are no docstring, each with its line and whether a
    function takes it as the name of a URL. What is filled in, in an f-string, is 1.
    """
    tree = ast.parse(path.read_text())
    skipped = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in ("reverse", "reverse_lazy", "redirect", "resolve_url"):
                names.add(id(node.args[0]))
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            parts = (part.value if isinstance(part, ast.Constant) else "1" for part in node.values)
            yield "".join(parts), node.lineno, False
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in skipped
        ):
            yield node.value, node.lineno, id(node) in names


def owner_of_string(value: str, *, is_url_name: bool) -> str:
    """The app that owns what `value` names: a URL, a template, an address, or a model, a
    permission or a module of an app; "" where it names nothing.
    """
    if is_url_name:
        return urls().get(value, "")
    if DOTTED.fullmatch(value):
        return value.partition(".")[0]
    if re.search(r"\.(html|txt)(#\w+)?$", value):
        return owner_of_template(value)
    return owner_of_address(value) if re.fullmatch(r"/[^\s\\]+", value) else ""


@pytest.mark.parametrize("app", LAYERS)
def test_no_string_names_what_is_above_it(app: str) -> None:
    wrong = [
        f"{path}:{line}: {value} ({owner})"
        for path in files(app)
        if path not in TOGETHER
        for value, line, is_url_name in strings(path)
        if (owner := owner_of_string(value, is_url_name=is_url_name)) in above(app)
    ]
    assert not wrong, "\n".join(wrong)


# --- Other rules of a layer ---

PURE = ("text/age", "text/cleaning", "text/parser", "text/links", "text/diff", "net/head_tags")
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
