"""One page, one address: ours have no slash at the end, allauth's and the admin's have, and either
form leads to the right one.
"""

import pytest
from django.test import Client

from accounts.models import Account


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("/explore/", "/explore"),
        ("/explore//", "/explore"),
        ("/@ada/", "/@ada"),
        ("/@ada/followers/", "/@ada/followers"),
        ("/settings/appearance/?a=1&b=2", "/settings/appearance?a=1&b=2"),
        ("/tags/caf%C3%A9/", "/tags/caf%C3%A9"),
        ("/tags/a%3Fb/", "/tags/a%3Fb"),
        ("/tags/a%23b/?c=%26&d=%3F", "/tags/a%23b?c=%26&d=%3F"),
        ("/tags/100%25/", "/tags/100%25"),
        ("/tags/%5Cevil.example/", "/tags/%5Cevil.example"),
        ("/account/login", "/account/login/"),
        ("/account/signup?next=/explore", "/account/signup/?next=/explore"),
        ("/admin", "/admin/"),
    ],
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_the_other_form_leads_to_the_right_one(
    ada: Account, visitor: Client, method: str, asked: str, right: str
) -> None:
    response = getattr(visitor, method)(asked)
    assert response.status_code == 301
    assert response["Location"] == right


@pytest.mark.parametrize(
    "url",
    [
        "/nothing/",
        "/nothing",
        "/@ada/nothing/",
        "//evil.example/",
        "/\\\\evil.example/",
        "/%5Cevil.example/explore/",
        "/%2Fevil.example/",
        "/%2F%2Fevil.example/explore/",
        "//evil.example//explore/",
        "/admin/nothing",
    ],
)
def test_what_is_nowhere_is_nowhere_in_either_form(ada: Account, visitor: Client, url: str) -> None:
    response = visitor.get(url, follow=True)
    assert response.status_code in (404, 200)
    assert not any(to.startswith(("//", "http://evil")) for to, _ in response.redirect_chain)


@pytest.mark.parametrize("url", ["/settings/appearance/", "/@ada/follow/", "/compose/"])
def test_a_form_is_never_redirected(ada: Account, as_ben: Client, url: str) -> None:
    assert as_ben.post(url).status_code == 404


def test_the_right_form_is_answered(ada: Account, visitor: Client) -> None:
    for url in ("/", "/explore", "/@ada", "/account/login/", "/health"):
        assert visitor.get(url).status_code == 200


def test_a_page_of_the_admin_that_is_not_there_leads_in_no_circle(admin_client: Client) -> None:
    assert admin_client.get("/admin/timeline/keywordrule/1/try/", follow=True).status_code == 404
