"""How much a page loads: what its files weigh on the wire."""

import gzip
from collections.abc import Callable

import brotli
from playwright.sync_api import Response

from accounts.models import Account
from timeline.models import Post

from .conftest import People, pictures

MAX_CSS, MAX_JAVASCRIPT = 14 * 1024, 30 * 1024
MAX_FOR_VISITORS = 20 * 1024  # JavaScript compressed by Brotli


def wire_size(bodies: list[bytes]) -> int:
    """The bytes of `bodies`, each compressed by gzip: what the least of all browsers gets.

    Brotli makes it less.
    """
    assert sum(len(brotli.compress(body)) for body in bodies) <= sum(
        len(gzip.compress(body, 9)) for body in bodies
    )
    return sum(len(gzip.compress(body, 9)) for body in bodies)


def test_pages_are_light(
    browse: People, ada: Account, publish: Callable[..., Post], record_testsuite_property
) -> None:
    post = publish(ada, "Look #here", attachments=pictures((600, 400)))
    lists = ("/", "/@ada", "/explore", "/explore/people", "/tags/here", "/search?q=look")
    others = (post.get_absolute_url(), "/notifications", "/compose", "/settings/profile")
    for path in (*lists, *others):
        page = browse(ada)  # with an empty cache
        responses: list[Response] = []
        page.on("response", lambda response, responses=responses: responses.append(response))
        page.goto(path, wait_until="networkidle")
        for kind, most in (("stylesheet", MAX_CSS), ("script", MAX_JAVASCRIPT)):
            found = [response for response in responses if response.request.resource_type == kind]
            assert found
            size = wire_size([response.body() for response in found])
            record_testsuite_property(kind, size)
            assert size <= most, (
                f"{path} loads a {kind} of {size} bytes: {[response.url for response in found]}"
            )
        # Nothing of it stands in the page instead.
        assert page.locator("style, [style], script:not([src])").count() == 0


def test_a_visitor_loads_little_javascript(browse: People, ada: Account) -> None:
    page = browse()
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 (it takes no builtin)
    page.goto("/@ada", wait_until="networkidle")
    assert (
        sum(
            len(brotli.compress(r.body())) for r in responses if r.request.resource_type == "script"
        )
        <= MAX_FOR_VISITORS
    )
