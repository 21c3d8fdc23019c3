"""GET and POST /settings/descriptions: the pictures of one's own that lack a description, one after
another.
"""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Account
from testing.html import find
from testing.scene import picture, say
from timeline.models import Media, Post
from timeline.posting import describe as describing
from timeline.posting.publish import publish

URL = "/settings/descriptions"


def show(author: Account, *alts: str) -> Post:
    return publish(author, "", attachments=[picture(alt) for alt in alts])


def shown(response: Any) -> int:
    """The picture that the page asks about; 0 for none."""
    fields = find(response, "input", name="media")
    return int(fields[0].attrs["value"]) if fields else 0


def ids(post: Post) -> list[int]:
    return list(post.media.order_by("position").values_list("pk", flat=True))


def test_they_come_one_after_another_the_newest_first(ada: Account, as_ada: Client) -> None:
    older, newer = show(ada, "", "A cat"), show(ada, "", "")
    asked = [*ids(newer), ids(older)[0]]
    url = URL
    for number, pk in enumerate(asked):
        page = as_ada.get(url)
        assert shown(page) == pk
        assert (
            "One picture has" if number == 2 else f"{3 - number} pictures have"
        ) in page.content.decode()
        response = as_ada.post(URL, {"media": pk, "alt": f" Number {number} "})
        assert response.status_code == 302
        url = response["Location"]
    assert "All pictures are described" in as_ada.get(url).content.decode()
    assert list(Media.objects.order_by("pk").values_list("alt", flat=True)) == [
        "Number 2",
        "A cat",
        "Number 0",
        "Number 1",
    ]


def test_skipping_keeps_the_place(ada: Account, as_ada: Client) -> None:
    first, second = ids(show(ada, "", ""))
    (skip,) = [link for link in find(as_ada.get(URL), "a", class_="button") if link.text == "Skip"]
    page = as_ada.get(f"{URL}?before={first}")
    assert skip.attrs["href"] == f"{URL}?before={first}"
    assert shown(page) == second
    end = as_ada.get(as_ada.post(URL, {"media": second, "alt": "A dog"})["Location"])
    assert shown(end) == 0
    assert "One picture that you skipped has" in end.content.decode()


def test_what_is_gone_meanwhile_is_said(
    ada: Account, as_ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = show(ada, "")
    (pk,) = ids(post)
    check = describing.check_keywords

    def meanwhile(*said: Any, **more: Any) -> Any:
        Post.objects.filter(pk=post.pk).delete()
        return check(*said, **more)

    monkeypatch.setattr(describing, "check_keywords", meanwhile)
    response = as_ada.post(URL, {"media": pk, "alt": "A cat"})
    assert response.status_code == 422
    assert "This picture is gone" in response.content.decode()


def test_how_many_are_left_has_an_end(ada: Account, as_ada: Client) -> None:
    post = show(ada, "")
    Media.objects.bulk_create(
        Media(post=post, owner=ada.pk, position=n, key=f"{n:032}", width=1, height=1)
        for n in range(1, 120)
    )
    assert "More than 99 pictures have" in as_ada.get(URL).content.decode()


@pytest.mark.parametrize("alt", ["", "   ", "x" * 1501])
def test_what_is_no_description_comes_back(ada: Account, as_ada: Client, alt: str) -> None:
    (pk,) = ids(show(ada, ""))
    response = as_ada.post(URL, {"media": pk, "alt": alt})
    assert response.status_code == 422
    assert shown(response) == pk
    assert find(response, "textarea", name="alt")[0].text.strip() == alt.strip()
    assert find(response, "p", class_="error")


def test_description_sent_twice_is_kept_once(ada: Account, as_ada: Client) -> None:
    (pk,) = ids(show(ada, ""))
    for _ in range(2):
        assert as_ada.post(URL, {"media": pk, "alt": "A cat"}).status_code == 302
    assert Media.objects.get().alt == "A cat"


def test_only_ones_own_pictures_that_stand_are_offered(
    ada: Account, ben: Account, as_ada: Client, as_ben: Client
) -> None:
    (pk,) = ids(post := show(ada, ""))
    assert shown(as_ben.get(URL)) == 0
    assert as_ben.post(URL, {"media": pk, "alt": "Mine"}).status_code == 404
    post.hide()
    assert shown(as_ada.get(URL)) == 0
    assert as_ada.post(URL, {"media": pk, "alt": "Mine"}).status_code == 404


@pytest.mark.parametrize("media", ["", "0", "x", "-1", "9" * 30, "٣"])
def test_what_is_no_picture_of_ones_own_is_404(as_ada: Client, media: str) -> None:
    assert as_ada.post(URL, {"media": media, "alt": "A cat"}).status_code == 404


@pytest.mark.parametrize(
    ("before", "status"), [("1", 200), ("x", 404), ("-1", 404), ("9" * 30, 404)]
)
def test_what_is_no_place_is_404(ada: Account, as_ada: Client, before: str, status: int) -> None:
    show(ada, "")
    assert as_ada.get(URL, {"before": before}).status_code == status


def test_a_visitor_signs_in_first(visitor: Client) -> None:
    assert visitor.get(URL)["Location"] == f"/account/login/?next={URL}"


def test_settings_lead_there(as_ada: Client) -> None:
    assert URL in [link.attrs["href"] for link in find(as_ada.get("/settings"), "a")]


def test_it_asks_the_database_little(
    ada: Account, as_ada: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        show(ada, "", "")
    as_ada.get(URL)  # chooses whom one may like to follow, for some minutes
    with django_assert_max_num_queries(7):
        as_ada.get(f"{URL}?before={Media.objects.latest('pk').pk}")


def test_an_index_leads_to_them(ada: Account, ben: Account) -> None:
    for author in (ada, ben):
        for _ in range(3):
            say(author, "", pictures=4)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    assert "media_undescribed" in Media.objects.undescribed_by(ada)[:1].explain()
