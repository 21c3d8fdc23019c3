"""A tag's page: GET /tags/TAG, the posts that carry it in any spelling."""

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find, rows_of
from testing.scene import say


def test_all_spellings(ada: Account, ben: Account, visitor: Client) -> None:
    posts = [
        say(ada, "One #Engines").pk,
        say(ben, "Two #ENGINES").pk,
        say(ben, "#engines", reply_to=say(ada, "#other")).pk,
    ]
    for name in ("engines", "Engines", "ENGINES"):
        response = visitor.get(f"/tags/{name}")
        assert rows_of(response) == posts[::-1]
        assert find(response, "h1")[0].text == "#Engines", "as it was first written"


def test_a_tag_in_any_script(ada: Account, visitor: Client) -> None:
    post = say(ada, "#日本語 and #Straße")
    (link, _) = [
        link for link in find(visitor.get("/@ada"), "a") if link.attrs["href"].startswith("/tags/")
    ]
    assert rows_of(visitor.get(link.attrs["href"])) == [post.pk]
    assert rows_of(visitor.get("/tags/STRASSE")) == [post.pk]


def test_wide_and_narrow_letters_and_dotted_ones_are_one_tag(ada: Account, visitor: Client) -> None:
    posts = [
        say(ada, text).pk for text in ("#İzmir", "#ＩＺＭＩＲ", "#izmir", "#ﾊﾝｶｸ", "#ハンカク")
    ]
    say(ada, "#ızmir")
    for name in ("izmir", "IZMIR", "İZMİR", "ｉｚｍｉｒ"):
        assert rows_of(visitor.get(f"/tags/{name}")) == posts[2::-1]
    assert rows_of(visitor.get("/tags/ﾊﾝｶｸ")) == posts[:2:-1]


def test_a_tag_that_folds_into_a_whole_page_is_text(ada: Account, visitor: Client) -> None:
    say(ada, "#" + "ﷺ" * 100)
    assert rows_of(visitor.get(f"/tags/{'ﷺ' * 100}")) == []


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "%00",
        "%F0%9F%92%A9",
        "a" * 2000,
        "<script>",
        "..",
        "%E2%80%AE",
        "'--",
        "%25",
        "%ff",
    ],
)
def test_a_tag_that_nobody_used(ada: Account, visitor: Client, name: str) -> None:
    response = visitor.get(f"/tags/{name}")
    assert response.status_code in (200, 404)
    assert rows_of(response) == []


def test_empty_says_so(visitor: Client, db: None) -> None:
    assert b"No posts with this tag" in visitor.get("/tags/nothing").content


def test_pages(ada: Account, visitor: Client) -> None:
    posts = [say(ada, f"{number} #engines").pk for number in range(25)]
    response = visitor.get("/tags/Engines")
    (more,) = find(response, "a", class_="more")
    assert rows_of(visitor.get(more.attrs["hx-get"])) == posts[4::-1]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods(as_ada: Client, method: str) -> None:
    assert getattr(as_ada, method)("/tags/engines").status_code == 405
