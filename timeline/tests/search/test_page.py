"""/search: what is found by `?q=`, in four tabs; for everybody, with and without htmx."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from conftest import client_of, make_account
from microblog.db.words import Phrase, condition
from testing.html import find, rows_of
from testing.scene import HTMX, say
from timeline.models import Post
from timeline.search import find as finding


def posts_of(client: Client, query: str, tab: str = "latest", **more: str) -> list[int]:
    response = client.get("/search", {"q": query, "tab": tab, **more})
    assert response.status_code == 200
    return rows_of(response)


def said(client: Client, query: str, status: int = 200, **more: str) -> str:
    response = client.get("/search", {"q": query, **more})
    assert response.status_code == status
    (section,) = find(response, "section", id="found")
    return str(section.text)


# --- What one sees ---


def test_a_word_is_found_and_marked(ada: Account, visitor: Client) -> None:
    post = say(ada, "Engines & looms, see https://example.com/engines")
    response = visitor.get("/search?q=engines")
    assert rows_of(response) == [post.pk]
    assert [one.text for one in find(response, "mark")] == ["Engines", "engines"]
    assert find(response, "input", name="q")[0].attrs["value"] == "engines"
    link, *_ = find(response, "a", href="https://example.com/engines")
    assert link.text == "example.com/engines"


def test_no_text_becomes_markup(ada: Account, visitor: Client) -> None:
    say(ada, "<mark>amp & lt</mark> <script>lt</script>")
    for query in ("amp", "lt", "mark", "script", "<mark>", "39", "x27"):
        page = visitor.get("/search", {"q": query})
        html = page.content.decode().replace("<mark>", "").replace("</mark>", "")
        if rows_of(page):
            assert "&lt;mark&gt;amp &amp; lt&lt;/mark&gt; &lt;script&gt;lt&lt;/script&gt;" in html
    assert len(rows_of(visitor.get("/search?q=lt"))) == 1


def test_what_is_asked_for_stays_in_the_box(visitor: Client) -> None:
    page = visitor.get("/search", {"q": '"><b> since:never'})
    assert page.status_code == 400
    assert find(page, "input", name="q")[0].attrs["value"] == '"><b> since:never'


def test_nothing_to_look_for_is_no_search(visitor: Client) -> None:
    for query in ("", " ", "-", '%_*"()', "\0", "()", "🏳\ufe0f"[1:]):
        assert "What are you looking for?" in said(visitor, query)


def test_what_is_not_there_is_said(ada: Account, visitor: Client) -> None:
    assert "Nothing was found" in said(visitor, "nothing")
    assert "Nobody is called that" in said(visitor, "nobody", tab="people")
    assert "No pictures were found" in said(visitor, "nothing", tab="media")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since:2024-02-30", "After since: comes a date, as in since:2024-01-31."),
        ("until:yesterday", "After until: comes a date, as in until:2024-01-31."),
        ("until:20240101", "After until: comes a date, as in until:2024-01-31."),
        ("since:٢٠٢٤-٠١-٠١", "After since: comes a date, as in since:2024-01-31."),
        ("-since:2024-01-01", "There is no opposite of since: here. Leave the - off."),
        ("min_likes:many", "After min_likes: comes a number, as in min_likes:10."),
        ("min_likes:-1", "After min_likes: comes a number, as in min_likes:10."),
        ("from:a/b", "After from: comes a handle, as in from:ada."),
        ("has:nothing", "After has: comes media, images, video, link or alt."),
        ("is:good", "After is: comes reply or quote."),
        ("in:mind", "After in: comes bookmarks or likes."),
        ("-in:likes", "There is no opposite of in: here. Leave the - off."),
        ("x" * 501, "That is too long to look for: at most 500 characters fit."),
        ("x" * 7_000, "That is too long to look for: at most 500 characters fit."),
    ],
)
def test_what_cannot_be_looked_for_is_said(visitor: Client, query: str, sentence: str) -> None:
    assert sentence in said(visitor, query, 400)


def test_ten_kilobytes_are_refused(visitor: Client) -> None:
    assert visitor.get("/search", {"q": "x" * 10_000}).status_code in (400, 414, 431)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "", "1\0"])
def test_what_is_no_cursor_is_no_page(visitor: Client, before: str) -> None:
    for tab in ("top", "latest", "people", "media"):
        page = visitor.get("/search", {"q": "engine", "tab": tab, "before": before})
        assert page.status_code == 404


def test_a_crafted_cursor_is_a_page(ada: Account, visitor: Client) -> None:
    say(ada, "engine")
    for tab in ("top", "latest", "people", "media"):
        for before in ("0", "1", str(2**63 - 1)):
            page = visitor.get("/search", {"q": "engine", "tab": tab, "before": before})
            assert page.status_code == 200


def test_it_is_a_fragment_for_htmx(ada: Account, visitor: Client) -> None:
    post = say(ada, "engine")
    response = visitor.get("/search?q=engine", headers=HTMX)
    assert b"<!doctype" not in response.content
    assert rows_of(response) == [post.pk]


def test_search_engines_do_not_come_here(ada: Account, visitor: Client) -> None:
    assert find(visitor.get("/search?q=ada"), "meta", name="robots", content="noindex")
    assert b"Disallow: /search" in visitor.get("/robots.txt").content


# --- Tabs ---


def test_the_newest_come_a_page_at_a_time(ada: Account, visitor: Client) -> None:
    posts = [say(ada, f"engine {number}").pk for number in range(45)][::-1]
    found: list[int] = []
    url = "/search?q=engine&tab=latest"
    while url:
        page = visitor.get(url)
        found += rows_of(page)
        more = find(page, "a", class_="more")
        url = f"/search{more[0].attrs['href']}" if more else ""
    assert found == posts


def test_the_best_come_first_a_page_at_a_time(ada: Account, ben: Account, visitor: Client) -> None:
    posts = [say(ada, f"engine {number}") for number in range(30)]
    posts[3].like(ben)
    say(ben, "A reply", reply_to=posts[4])
    posts[4].like(ben)
    say(ben, "A quote", quote_of=posts[5])
    posts[5].like(ben)
    say(ada, "My own reply", reply_to=posts[6])
    best = [posts[5].pk, posts[4].pk, posts[3].pk]
    rest = [post.pk for post in reversed(posts) if post.pk not in best]
    page = visitor.get("/search?q=engine")
    assert rows_of(page) == [*best, *rest][:20]
    (more,) = find(page, "a", class_="more")
    assert rows_of(visitor.get(f"/search{more.attrs['href']}")) == [*best, *rest][20:]


def test_media_are_tiles(ada: Account, visitor: Client) -> None:
    say(ada, "An engine")
    post = say(ada, "An engine, drawn", pictures=2)
    page = visitor.get("/search?q=engine&tab=media")
    tiles = find(page, "a", class_="tile")
    assert [one.attrs["href"] for one in tiles] == [post.get_absolute_url()] * 2


def test_people_are_found_a_page_at_a_time(visitor: Client) -> None:
    for number in range(25):
        make_account(f"same{number}")
    page = visitor.get("/search?q=same&tab=people")
    first = [one.attrs["href"] for one in find(page, "a", class_="author")]
    (more,) = find(page, "a", class_="more")
    rest = [
        one.attrs["href"]
        for one in find(visitor.get(f"/search{more.attrs['href']}"), "a", class_="author")
    ]
    assert len({*first, *rest}) == len([*first, *rest]) == 25


def test_a_tab_that_is_none_is_the_first(ada: Account, visitor: Client) -> None:
    post = say(ada, "engine")
    assert posts_of(visitor, "engine", "nothing") == [post.pk]


# --- What one may see ---


def test_what_one_may_not_see_is_not_found(ada: Account, ben: Account, cal: Account) -> None:
    post = say(ada, "engine")
    assert posts_of(client_of(cal), "engine") == [post.pk]
    Account.objects.filter(pk=ada.pk).update(protected_at=timezone.now())
    assert posts_of(client_of(cal), "engine") == posts_of(client_of(None), "from:ada") == []
    assert posts_of(client_of(ben), "engine") == [post.pk]  # who follows her
    assert posts_of(client_of(ada), "engine", "top") == [post.pk]


def test_who_is_limited_is_found_by_whom_asks_for_them(ada: Account, cal: Account) -> None:
    post = say(ada, "engine")
    Account.objects.filter(pk=ada.pk).update(limited_at=timezone.now())
    assert posts_of(client_of(cal), "engine") == []
    assert posts_of(client_of(cal), "engine from:ada") == [post.pk]


def test_who_blocks_or_is_muted_is_not_found(ada: Account, ben: Account, cal: Account) -> None:
    say(ada, "engine")
    ada.block(ben)
    cal.mute(ada)
    for account in (ben, cal):
        for query in ("engine", "from:ada"):
            assert posts_of(client_of(account), query) == []
    assert "Nobody is called that" in said(client_of(ben), "ada", tab="people")


def test_muted_words_are_not_found(ada: Account, cal: Account) -> None:
    say(ada, "engine and spoiler")
    post = say(ada, "engine")
    cal.mute_word("spoiler", hides_followed=True, until=None)
    for tab in ("latest", "top"):
        assert posts_of(client_of(cal), "engine", tab) == [post.pk]


def test_many_that_one_may_not_see_hide_none_that_one_may(
    ada: Account, cal: Account, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "AT_ONCE", 5)
    post = say(ada, "engine")
    for number in range(12):
        say(cal, f"engine {number}")
    Account.objects.filter(pk=cal.pk).update(suspended_at=timezone.now())
    assert posts_of(visitor, "engine") == [post.pk]


def test_where_many_are_left_out_one_may_read_on(
    ada: Account, cal: Account, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "AT_ONCE", 2)
    post = say(ada, "engine")
    for number in range(40):
        say(cal, f"engine {number}")
    Account.objects.filter(pk=cal.pk).update(suspended_at=timezone.now())
    page = visitor.get("/search?q=engine&tab=latest")
    assert rows_of(page) == []
    (more,) = find(page, "a", class_="more")
    assert rows_of(visitor.get(f"/search{more.attrs['href']}")) == [post.pk]


# --- What is one's own ---

OWN = ("likes", "bookmarks")


def keep(post: Post, place: str, account: Account) -> Post:
    (post.like if place == "likes" else post.bookmark)(account)
    return post


@pytest.mark.parametrize("place", OWN)
def test_among_ones_own_is_nothing_of_others(
    ada: Account, ben: Account, cal: Account, place: str
) -> None:
    mine = keep(say(ada, "engine mine"), place, ben)
    theirs = keep(say(ada, "engine theirs"), place, cal)
    say(ada, "engine of nobody")
    for tab in ("latest", "top"):
        assert posts_of(client_of(ben), f"engine in:{place}", tab) == [mine.pk]
        assert posts_of(client_of(cal), f"in:{place}", tab) == [theirs.pk]
        assert posts_of(client_of(ada), f"in:{place} engine", tab) == []
    (mine.unlike if place == "likes" else mine.unbookmark)(ben)
    assert posts_of(client_of(ben), f"engine in:{place}") == []


@pytest.mark.parametrize("place", OWN)
@pytest.mark.parametrize("tab", ["", "latest", "top", "media", "people"])
def test_a_visitor_is_told_to_sign_in(
    ada: Account, ben: Account, visitor: Client, place: str, tab: str
) -> None:
    keep(say(ada, "engine"), place, ben)
    sentence = "sign in, to look among it"
    assert sentence in said(visitor, f"engine in:{place}", 403, tab=tab)
    assert sentence in said(visitor, f"in:{place}", 403, tab=tab)


@pytest.mark.parametrize("place", OWN)
def test_what_one_may_not_see_any_more_is_not_found_among_ones_own(
    ada: Account, cal: Account, place: str
) -> None:
    for change in ("hide", "remove", "suspend", "protect", "block"):
        author = make_account(f"a{change}")
        post = keep(say(author, "engine"), place, cal)
        assert posts_of(client_of(cal), f"engine in:{place}") == [post.pk]
        subject = post if change in ("hide", "remove") else author
        getattr(subject, change)(*([cal] if change == "block" else []))
        assert posts_of(client_of(cal), f"engine in:{place}") == [], change


@pytest.mark.parametrize("place", OWN)
def test_what_one_muted_stays_among_ones_own(ada: Account, cal: Account, place: str) -> None:
    """As on the page of bookmarks."""
    post = keep(say(ada, "engine and spoiler"), place, cal)
    cal.mute(ada)
    cal.mute_word("spoiler", hides_followed=True, until=None)
    Account.objects.filter(pk=ada.pk).update(limited_at=timezone.now())
    assert posts_of(client_of(cal), f"engine in:{place}") == [post.pk]
    assert posts_of(client_of(cal), "engine") == []


def test_ones_own_comes_a_page_at_a_time(ada: Account, as_ada: Client) -> None:
    posts = [keep(say(ada, f"engine {n}"), "bookmarks", ada).pk for n in range(45)][::-1]
    found: list[int] = []
    url = "/search?q=in:bookmarks+engine"
    while url:
        page = as_ada.get(url)
        found += rows_of(page)
        more = find(page, "a", class_="more")
        url = f"/search{more[0].attrs['href']}" if more else ""
    assert found == posts


def test_ones_own_has_its_tabs(ada: Account, as_ada: Client) -> None:
    keep(say(ada, "An engine, drawn", pictures=2), "bookmarks", ada)
    page = as_ada.get("/search?q=engine+in:bookmarks")
    tabs = find(page, "nav", **{"aria-label": "Found"})[0]
    assert str(tabs.text).split() == ["Latest", "Top", "Media"]
    media = as_ada.get("/search?q=engine+in:bookmarks&tab=media")
    assert len(find(media, "a", class_="tile")) == 2
    assert "Nothing of that is among your bookmarks." in said(as_ada, "in:bookmarks loom")
    assert "Nothing of that is among your likes." in said(as_ada, "in:likes loom")


@pytest.mark.parametrize(("page", "place"), [("/bookmarks", "bookmarks"), ("/@ada/likes", "likes")])
def test_ones_own_pages_have_a_box(ada: Account, as_ada: Client, page: str, place: str) -> None:
    post = keep(say(ada, "engine"), place, ada)
    say(ada, "engine")
    (within,) = find(as_ada.get(page), "input", name="within", value=f"in:{place}")
    asked = {"within": within.attrs["value"], "q": "engine"}
    assert rows_of(as_ada.get("/search", asked, follow=True)) == [post.pk]


# --- Too much ---


@pytest.mark.django_db(transaction=True)
def test_what_takes_too_long_is_broken_off(
    ada: Account, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = (
        "SELECT 1 FROM pg_sleep(5)"
        if connection.vendor == "postgresql"
        else "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    )

    def endless(*_: object) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(slow)
            return list(cursor.fetchall())

    monkeypatch.setattr(finding, "LONGEST", 0.05)
    monkeypatch.setattr(finding, "newest", endless)
    monkeypatch.setattr(finding, "newest_among", endless)
    assert "Add a word" in said(visitor, "engine")
    assert "You have too many" in said(client_of(ada), "engine in:likes")
    monkeypatch.undo()
    post = say(ada, "engine")  # and all is well afterwards
    assert posts_of(visitor, "engine") == [post.pk]


def test_a_search_within_a_search_asks_the_index_in_its_own_words() -> None:
    """No word of anybody's reaches a query of the index but encoded."""
    _, (asked,) = condition("timeline_searchentry", Phrase(("a'b\\", "*", '"', "né"), is_open=True))
    assert not set(asked) - set("abcdefghijklmnopqrstuvwxyz0123456789' <->()\"*:")


# --- More ways ---


def test_the_form_writes_the_operators(visitor: Client, as_ada: Client) -> None:
    filled = {
        "ways": "1",
        "words": "slow engine",
        "phrase": 'lazy "dog',
        "choices": "one two",
        "without": "three -four",
        "author": "ada @ben",
        "addressee": "cal",
        "since": "2024-01-31",
        "until": "2024-02-01",
        "has": "images",
        "min_likes": "10",
        "place": "bookmarks",
    }
    response = visitor.get("/search", filled)
    assert response.status_code == 302
    (query,) = parse_qs(urlsplit(response["Location"]).query)["q"]
    assert query == (
        'slow engine "lazy  dog" one OR two -three -four from:ada OR from:@ben to:cal '
        "since:2024-01-31 until:2024-02-01 has:images min_likes:10 in:bookmarks"
    )
    assert as_ada.get(response["Location"]).status_code == 200
    filled["place"] = "elsewhere"
    assert b"Choose one of the list." in visitor.get("/search", filled).content


def test_a_date_that_is_none_is_said_and_stays(visitor: Client) -> None:
    page = visitor.get("/search", {"ways": "1", "words": "engine", "since": "never"})
    assert page.status_code == 400
    assert b"This is no date." in page.content
    assert find(page, "input", name="words")[0].attrs["value"] == "engine"
    assert find(page, "input", name="since")[0].attrs["value"] == "never"
    assert any("open" in one.attrs for one in find(page, "details"))


def test_a_profile_has_a_box_for_what_it_says(ada: Account, cal: Account, visitor: Client) -> None:
    post = say(ada, "engine")
    say(cal, "engine")
    (within,) = find(visitor.get("/@ada"), "input", name="within")
    filled = {"within": within.attrs["value"], "q": "engine"}
    response = visitor.get("/search", filled, follow=True)
    assert rows_of(response) == [post.pk]


def test_there_is_a_box_beside_every_page(ada: Account, visitor: Client, as_ada: Client) -> None:
    for client in (visitor, as_ada):
        for page in ("/explore", "/about"):
            assert find(client.get(page), "form", action="/search", role="search")
        assert find(client.get("/explore"), "a", href="/search")


def test_what_is_posted_is_found_on_the_next_request(as_ada: Client, visitor: Client) -> None:
    assert posts_of(visitor, "engine") == []
    as_ada.post("/compose", {"text": "An engine"})
    assert posts_of(visitor, "engine") == [Post.objects.get().pk]
