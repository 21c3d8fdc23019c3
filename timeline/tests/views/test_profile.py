"""The profile: GET /@HANDLE and its tabs /replies, /media, /likes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from conftest import client_of
from testing.html import find, read, rows_of
from testing.scene import HTMX, external, from_outside, retweet, say
from timeline.models import Post


def heads(response: object) -> dict[str, str]:
    """The figures of a profile by their noun."""
    items = [
        element for element in find(response, "li") if element.inside[-1].classes == {"figures"}
    ]
    return {words[-1]: words[0] for words in (element.text.split() for element in items)}


# --- Who it is ---


def test_who_somebody_is(ada: Account, visitor: Client) -> None:
    ada.edit(
        bio="Writes on #engines, see https://example.com/notes",
        location="London",
        website="https://www.ada.example/",
    )
    Account.objects.filter(pk=ada.pk).update(joined_at=datetime(2010, 6, 5, tzinfo=UTC))
    response = visitor.get("/@ada")
    assert find(response, "title")[0].text == "Ada Lovelace (@ada) · Microblog"
    assert find(response, "h1")[0].text == "Ada Lovelace"
    text = find(response, "section", class_="profile")[0].text
    for part in (
        "Ada Lovelace",
        "@ada",
        "Writes on #engines",
        "London",
        "ada.example",
        "Joined June 2010",
    ):
        assert part in text
    (website,) = find(response, "a", href="https://www.ada.example/")
    assert {"nofollow", "me"} <= set(website.attrs["rel"].split())


def test_what_is_not_given_is_not_shown(cal: Account, visitor: Client) -> None:
    text = find(visitor.get("/@cal"), "section", class_="profile")[0].text
    assert "Location" not in text
    assert "Website" not in text
    assert "None" not in text


def test_the_figures(ada: Account, ben: Account, visitor: Client) -> None:
    Account.objects.filter(pk=ada.pk).update(
        imported_followers=118_233, imported_following=11_300, media_count=455, posts_count=1_204
    )
    response = visitor.get("/@ada")
    assert heads(response) == {
        "Following": "11K11,300",
        "Followers": "118K118,234",
        "Media": "455",
        "Posts": "1.2K1,204",
    }
    assert find(response, "span", title="118,234")
    assert find(response, "a", href="/@ada/followers")
    assert find(response, "a", href="/@ada/following")


def test_one_of_each(ada: Account, ben: Account, visitor: Client) -> None:
    say(ada, "", pictures=1)
    assert heads(visitor.get("/@ada")) == {
        "Following": "0",
        "Follower": "1",
        "Media": "1",
        "Post": "1",
    }


def test_avatar_and_banner_open_large(ada: Account, visitor: Client) -> None:
    for field in ("avatar", "banner"):
        ada.set_picture(field, {"small.webp": b"1", "large.webp": b"2"})  # type: ignore[arg-type]
    response = visitor.get("/@ada")
    assert find(response, "a", class_="portrait", href=f"/media/{ada.avatar}/large.webp")
    assert find(response, "a", class_="banner", href=f"/media/{ada.banner}/large.webp")


def test_follows_you(ada: Account, ben: Account, as_ada: Client, as_ben: Client) -> None:
    assert find(as_ada.get("/@ben"), "i", class_="badge")[0].text == "Follows you"
    assert not find(as_ben.get("/@ada"), "i", class_="badge")


def test_ones_own(ada: Account, as_ada: Client, as_ben: Client) -> None:
    assert find(as_ada.get("/@ada"), "a", href="/settings/profile")
    assert not find(as_ben.get("/@ada"), "a", href="/settings/profile")


# --- Who is meant ---


@pytest.mark.parametrize("handle", ["ADA", "Ada", "aDa"])
def test_a_handle_in_any_case(ada: Account, visitor: Client, handle: str) -> None:
    assert (
        find(visitor.get(f"/@{handle}"), "link", rel="canonical")[0].attrs["href"].endswith("/@ada")
    )


@pytest.mark.parametrize(
    "handle",
    [
        "nobody",
        "ada@x.com",
        "ada@",
        "@ada",
        "ada%20",
        "ad%C3%A1",
        "a" * 31,
        "%00",
        "ada%0a",
        "ada;",
        "ada@x.com@y.com",
    ],
)
@pytest.mark.parametrize("tab", ["", "/replies", "/media", "/likes"])
def test_nobody(ada: Account, as_ben: Client, handle: str, tab: str) -> None:
    assert as_ben.get(f"/@{handle}{tab}").status_code == 404


def test_a_former_handle_leads_to_the_new_one(ada: Account, visitor: Client) -> None:
    ada.change_handle("countess")
    for tab in ("", "/replies", "/followers", "?before=5", "/media?before=5&q=@ADA"):
        assert visitor.get(f"/@ADA{tab}")["Location"] == f"/@countess{tab}"
    assert client_of(ada).post("/@ada/follow").status_code == 404
    ada.former_handles.update(until=timezone.now() - timedelta(days=1))
    assert visitor.get("/@ada").status_code == 404


def test_a_former_handle_of_who_is_suspended_tells_nothing(ada: Account, visitor: Client) -> None:
    ada.change_handle("countess")
    ada.suspend()
    response = visitor.get("/@ada")
    assert response.status_code == 410
    assert b"countess" not in response.content


def test_suspended_is_410(ada: Account, visitor: Client) -> None:
    ada.suspend()
    response = visitor.get("/@ada")
    assert response.status_code == 410
    assert b"Lovelace" not in response.content


def test_somebody_who_is_not_here(as_ben: Client) -> None:
    grace = external()
    post = from_outside(grace, "From elsewhere")
    response = as_ben.get("/@grace@x.com")
    assert rows_of(response) == [post.pk]
    assert "@grace@x.com is not here." in find(response, "p", class_="notice")[0].text
    assert "Joined" not in response.content.decode()
    assert not find(response, "form", action="/@grace@x.com/follow")
    assert find(response, "a", href="https://x.com/grace")


def test_a_bare_handle_is_local(visitor: Client, db: None) -> None:
    external("ada")
    assert visitor.get("/@ada").status_code == 404


# --- The tabs ---


@pytest.fixture
def all_kinds(ada: Account, ben: Account) -> dict[str, Post]:
    theirs = say(ben, "Ben's", pictures=1)
    return {
        "theirs": theirs,
        "post": say(ada, "A post"),
        "reply": say(ada, "A reply", reply_to=theirs),
        "quote": say(ada, "A quote", quote_of=theirs),
        "retweet": retweet(ada, theirs),
        "picture": say(ada, "A picture", pictures=1),
        "reply with a picture": say(ada, "", reply_to=theirs, pictures=2),
    }


def test_posts(all_kinds: dict[str, Post], visitor: Client) -> None:
    assert rows_of(visitor.get("/@ada")) == [
        all_kinds[kind].pk for kind in ("picture", "retweet", "quote", "post")
    ]


def test_what_is_answered_shows_once_above_the_newest_reply(
    all_kinds: dict[str, Post], visitor: Client
) -> None:
    theirs, first, second = (
        all_kinds[name].pk for name in ("theirs", "reply", "reply with a picture")
    )
    assert rows_of(visitor.get("/@ada/replies")) == [theirs, second, first]


def test_a_thread_of_replies_stands_together(ada: Account, ben: Account, visitor: Client) -> None:
    root = say(ben, "Root")
    first = say(ada, "First", reply_to=root)
    second = say(ada, "Second", reply_to=first)
    assert rows_of(visitor.get("/@ada/replies")) == [root.pk, first.pk, second.pk]


def test_media(all_kinds: dict[str, Post], visitor: Client) -> None:
    response = visitor.get("/@ada/media")
    tiles = [tile.attrs["href"] for tile in find(response, "a", class_="tile")]
    assert tiles == [
        all_kinds[kind].get_absolute_url()
        for kind in ("reply with a picture", "reply with a picture", "picture")
    ]
    assert {image.attrs["alt"] for image in find(response, "img")} >= {"Picture 1", "Picture 2"}
    assert [image.attrs.get("loading") for image in find(response, "img") if image.within("a")][
        -3:
    ] == [None, None, "lazy"]


def test_a_sensitive_picture_is_covered(ada: Account, visitor: Client) -> None:
    media = say(ada, "Careful", pictures=1, sensitive=True).media.get()
    assert media.small not in visitor.get("/@ada/media").content.decode()
    (picture,) = find(visitor.get("/@ada"), "img", src=media.small)
    assert picture.within("details")


def test_likes_are_their_owners_only(
    all_kinds: dict[str, Post],
    ben: Account,
    ada: Account,
    as_ben: Client,
    as_ada: Client,
    visitor: Client,
) -> None:
    for kind in ("post", "quote", "reply"):
        all_kinds[kind].like(ben)
    assert rows_of(as_ben.get("/@ben/likes")) == [
        all_kinds[kind].pk for kind in ("reply", "quote", "post")
    ], "what was liked last is first"
    for client in (as_ada, visitor):
        response = client.get("/@ben/likes")
        assert response.status_code == 403
        assert b"A quote" not in response.content
        assert not find(client.get("/@ben"), "a", href="/@ben/likes")
    assert find(as_ben.get("/@ben"), "a", href="/@ben/likes")


def test_a_tab_is_a_link_that_htmx_follows(ada: Account, as_ada: Client) -> None:
    for tab in ("", "/replies", "/media", "/likes"):
        page, fragment = as_ada.get(f"/@ada{tab}"), as_ada.get(f"/@ada{tab}", headers=HTMX)
        assert read(fragment)[0].attrs["id"] == "profile-tab"
        for response in (page, fragment):
            (current,) = [
                link for link in find(response, "a", aria_current="page") if link.within("section")
            ]
            assert current.attrs["href"] == f"/@ada{tab}"
            assert current.attrs["hx-target"] == "#profile-tab"


@pytest.mark.parametrize(
    ("tab", "says"),
    [
        ("", "You have not posted yet"),
        ("/replies", "No replies yet"),
        ("/media", "No pictures yet"),
        ("/likes", "Nothing liked yet"),
    ],
)
def test_an_empty_tab_says_what_would_be_here(
    cal: Account, as_cal: Client, tab: str, says: str
) -> None:
    assert (
        find(as_cal.get(f"/@cal{tab}"), "h2")[-1].text == says
        or says in as_cal.get(f"/@cal{tab}").content.decode()
    )


@pytest.mark.parametrize(("tab", "options"), [("", {}), ("/media", {"pictures": 1})])
def test_pages(ada: Account, visitor: Client, tab: str, options: dict[str, int]) -> None:
    posts = [say(ada, f"Post {number}", **options) for number in range(25)]
    response = visitor.get(f"/@ada{tab}")
    (more,) = find(response, "a", class_="more")
    assert more.attrs["href"] == f"?before={posts[5].pk}"
    rest = visitor.get(f"/@ada{tab}{more.attrs['href']}")
    shown = (
        rows_of(rest)
        if not tab
        else [int(tile.attrs["href"].rpartition("/")[2]) for tile in find(rest, "a", class_="tile")]
    )
    assert shown == [post.pk for post in reversed(posts[:5])]
    assert not find(rest, "a", class_="more")


# --- What a row shows ---


def test_a_retweet_shows_the_original_under_who_retweeted(
    all_kinds: dict[str, Post], visitor: Client
) -> None:
    row = next(
        row
        for row in find(visitor.get("/@ada"), "article")
        if row.attrs["id"] == f"p{all_kinds['retweet'].pk}"
    )
    assert row.text.startswith("Ada Lovelace retweeted")
    assert "Ben @ben" in row.text
    theirs = all_kinds["theirs"].get_absolute_url()
    assert [
        link
        for link in find(visitor.get("/@ada"), "a", class_="when", href=theirs)
        if link.within("article").attrs["id"] == row.attrs["id"]
    ]


def test_a_quote_shows_the_quoted_post(all_kinds: dict[str, Post], visitor: Client) -> None:
    (quoted,) = find(visitor.get("/@ada"), "blockquote")
    assert "Ben @ben" in quoted.text
    assert "Ben's" in quoted.text
    assert any(
        link.within("blockquote")
        for link in find(visitor.get("/@ada"), "a", href=all_kinds["theirs"].get_absolute_url())
    )


def test_a_link_shows_as_a_card_with_its_domain(ada: Account, visitor: Client) -> None:
    say(ada, "See https://www.example.com/a/page")
    (card,) = find(visitor.get("/@ada"), "a", class_="card")
    assert card.text == "example.com"
    assert card.attrs["href"] == "https://www.example.com/a/page"


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_grid_of_pictures(ada: Account, visitor: Client, number: int) -> None:
    say(ada, "", pictures=number)
    response = visitor.get("/@ada")
    assert find(response, "div", class_=f"of-{number}")
    pictures = [image for image in find(response, "img") if image.within("article")]
    assert [image.attrs["alt"] for image in pictures] == [f"Picture {n + 1}" for n in range(number)]
    assert all(image.attrs["width"] and image.attrs["height"] for image in pictures), (
        "the page does not jump when they come"
    )


def test_ages(ada: Account, visitor: Client) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=400)
    for ago in (
        timedelta(0),
        timedelta(minutes=5),
        timedelta(hours=3),
        timedelta(days=6),
        timedelta(days=65),
        timedelta(days=400),
    ):
        say(ada, "Hello", ago=ago)
    times = find(visitor.get("/@ada"), "time")
    assert [time.text for time in times] == [
        "now",
        "5m",
        "3h",
        "6d",
        "2mo",
        f"{long_ago:%b} {long_ago.day}, {long_ago.year}",
    ]
    assert all(datetime.fromisoformat(time.attrs["datetime"]) for time in times)


def test_what_has_no_date_shows_no_age(visitor: Client, db: None) -> None:
    from_outside(external(), "From elsewhere", is_dated=False)
    assert not find(visitor.get("/@grace@x.com"), "time")


def test_a_thread_of_ones_own(ada: Account, ben: Account, visitor: Client) -> None:
    post = say(ada, "One")
    assert not find(visitor.get("/@ada"), "a", class_="thread")
    say(ben, "Not hers", reply_to=post)
    assert not find(visitor.get("/@ada"), "a", class_="thread")
    say(ada, "Two", reply_to=post)
    (thread,) = find(visitor.get("/@ada"), "a", class_="thread")
    assert (thread.text, thread.attrs["href"]) == ("Show this thread", post.get_absolute_url())


def test_posting_to_a_profile(ada: Account, as_ada: Client) -> None:
    for tab in ("", "/replies", "/media", "/likes"):
        assert as_ada.post(f"/@ada{tab}").status_code == 405


def test_who_does_not_want_to_be_here(ada: Account, as_ada: Client, as_ben: Client) -> None:
    for client, url in ((as_ada, "/settings"), (as_ben, "/removal?handle=ada")):
        (link,) = find(client.get("/@ada"), "a", class_="quiet")
        assert link.attrs["href"] == url


def test_an_empty_profile_of_ones_own_leads_to_the_composer(
    cal: Account, as_cal: Client, visitor: Client
) -> None:
    (button,) = [
        link for link in find(as_cal.get("/@cal"), "a", class_="primary") if link.within("section")
    ]
    assert button.attrs["href"] == "/compose"
    assert "No posts yet" in visitor.get("/@cal").content.decode()
