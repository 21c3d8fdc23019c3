"""Somebody takes their account along, without JavaScript, and opens what they got."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Account
from archives.models import Export
from archives.tasks import make_export
from conftest import PASSWORD
from testing.scene import say
from timeline.posting.publish import publish

from .conftest import PHONE, People, pictures

HOSTILE = "<script>document.title = 'taken'</script> javascript:alert(1)"


@pytest.fixture(autouse=True)
def _tasks_wait_for_a_worker(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}


def run_worker() -> None:
    """Do what a worker does for the archive that was asked for."""
    make_export.call(Export.objects.get().pk)


def download(page: Page, folder: Path) -> Path:
    """Download the archive, unpack it, and return where it is."""
    with page.expect_download() as started:
        page.get_by_role("link", name="Download", exact=True).click()
    assert started.value.suggested_filename.startswith("microblog-ada-")
    started.value.save_as(folder / "archive.zip")
    with ZipFile(folder / "archive.zip") as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def assert_opens(chromium: Browser, folder: Path, words: str) -> None:
    """Open the page as a file, with JavaScript, and see that it shows what it has to, asks nobody
    and runs nothing.
    """
    asked: list[str] = []
    context = chromium.new_context(viewport={"width": PHONE, "height": 844})
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "index.html").as_uri())
    expect(page.get_by_role("article").filter(has_text=words)).to_be_visible()
    assert page.title().startswith("Ada Lovelace (@ada)")
    assert page.evaluate("getComputedStyle(document.body).maxWidth") == "640px"
    page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
    page.wait_for_function("[...document.images].every(image => image.complete)")
    assert all(page.evaluate("[...document.images].map(image => image.naturalWidth)"))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert asked
    assert [url for url in asked if not url.startswith("file:")] == []
    assert_forbids(page, folder)
    context.close()


def assert_forbids(page: Page, folder: Path) -> None:
    """Put into the page what no text can, and see that it neither runs nor is fetched."""
    attack = '<script>document.title = "taken"</script><img src="https://example.com/x.png">'
    attacked = (folder / "index.html").read_text().replace("<main>", f"{attack}<main>")
    assert attack in attacked
    (folder / "attacked.html").write_text(attacked)
    failed: list[tuple[str, str | None]] = []
    page.on("requestfailed", lambda request: failed.append((request.url, request.failure)))
    page.goto((folder / "attacked.html").as_uri())
    assert page.title().startswith("Ada Lovelace")
    assert failed == [("https://example.com/x.png", "csp")]


@pytest.mark.both_databases
def test_an_account_is_taken_along(
    browse: People, chromium: Browser, ada: Account, tmp_path: Path
) -> None:
    publish(ada, HOSTILE, attachments=pictures((600, 400), alt=HOSTILE))
    page = browse(ada, js=False, width=PHONE)
    page.goto("/settings")
    page.get_by_role("link", name="Your archive").click()
    page.get_by_role("button", name="Ask for your archive").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="It is being made")).to_be_visible()
    expect(page.get_by_role("button", name="Ask for your archive")).to_have_count(0)
    run_worker()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", name="It is ready")).to_be_visible()
    assert_opens(chromium, download(page, tmp_path), HOSTILE)


@pytest.mark.both_databases
def test_so_does_who_is_suspended(
    browse: People, chromium: Browser, ada: Account, tmp_path: Path
) -> None:
    say(ada, "Hello")
    ada.suspend()
    page = browse(js=False)
    page.goto("/account/login/")
    page.get_by_label("Handle or e-mail").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="delete your account for good").click()
    page.get_by_role("link", name="Download your archive first").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Ask for your archive").click()
    run_worker()
    page.get_by_role("link", name="Look again").click()
    assert_opens(chromium, download(page, tmp_path), "Hello")
