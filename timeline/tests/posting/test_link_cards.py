"""Link cards: one for each address, fetched by a task, once for all its posts, and shown as text
and a picture of our own.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from django_ox.testing import run_tasks
from PIL import Image

from accounts.models import Account
from conftest import client_of
from microblog import settings as production
from microblog.media import uploads
from microblog.net import pacing
from microblog.net.fetching import Admit, Fetcher, dial
from testing import pictures
from testing.effort import takes_less_than
from testing.websites import Website, answer, redirect
from timeline.models import LinkCard, Post
from timeline.models.link_card import AT_WORK, KEPT, domain_of
from timeline.posting import cards, purge
from timeline.tasks import fetch_card

type Publish = Callable[..., Post]

PAGE = b"""<meta property="og:title" content="A &lt;b&gt;bold&lt;/b&gt; title">
<meta name="description" content="What it says">
<meta property="og:image" content="/picture">"""
URL = "https://example.com/a"


def card_for(url: str) -> LinkCard | None:
    return LinkCard.objects.for_urls([url]).get(url)


@pytest.fixture
def site(settings: Any) -> Iterator[Website]:
    """A website that the keeper allows, with a page that has all that a card shows."""
    with Website().serving() as website:
        settings.LINK_CARDS, settings.LINK_CARD_ALLOWED_HOSTS = True, [website.name]
        website.pages["/"] = answer(PAGE)
        website.pages["/picture"] = answer(
            pictures.plain(1200, 630, kind="JPEG", comment=b"a secret"), "image/jpeg"
        )
        yield website


@pytest.fixture
def queue(settings: Any, db: None) -> Callable[[], int]:
    """Tasks wait, as they do for the worker, until this is called: it runs those whose time has
    come, and tells how many.
    """
    settings.TASKS = production.TASKS
    return lambda: len(run_tasks())


def card_of(post: Post) -> LinkCard:
    return LinkCard.objects.get(posts=post)


def files() -> list[str]:
    folders = default_storage.listdir("")[0] if default_storage.exists("") else []
    return [key for two in folders for key in default_storage.listdir(two)[0]]


def status(client: Client, url: str) -> int:
    response = client.get(url)
    if response.streaming:
        # which closes the file; to close the answer would close the connection of the test
        b"".join(response.streaming_content)
    return response.status_code


# --- Which links have one ---


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.example.com/a?b#c", "example.com"),
        ("http://user@news.example.org:8080/", "news.example.org"),
        ("https://[::1", ""),
        ("https://www.bücher.example/", "bücher.example"),
        ("https://pаypal.com/", "xn--pypal-4ve.com"),
        ("https:///nowhere", ""),
        ("https://example.com/" + "x" * 2000, ""),
        ("https://example.com/" + "日" * 700, ""),
    ],
)
def test_domain_is_the_host_without_www(url: str, domain: str) -> None:
    assert domain_of(url) == domain


def test_two_posts_share_a_card(ada: Account, publish: Publish) -> None:
    first, second = (
        publish(ada, "See https://example.com/a"),
        publish(ada, "Again https://example.com/a"),
    )
    assert first.card == second.card == LinkCard.objects.get()


def test_a_link_that_is_too_long_for_a_card_is_still_a_link(ada: Account, publish: Publish) -> None:
    url = "https://example.com/" + "x" * 3000
    post = publish(ada, f"See {url}")
    assert post.card is None
    assert f'href="{url}"' in post.html


# --- What is fetched ---


def test_a_card_is_fetched_after_posting(site: Website, ada: Account, publish: Publish) -> None:
    card = card_of(publish(ada, f"See {site.url()}"))
    assert (card.title, card.description) == ("A <b>bold</b> title", "What it says")
    assert (card.width, card.height) == (600, 315)
    assert card.fetched_at
    assert site.paths == ["/", "/picture"]
    agent = site.asked[0][1]["user-agent"]
    assert "http://127.0.0.1:8000" in agent


def test_its_picture_is_made_anew_and_seen_by_everybody(
    site: Website, ada: Account, publish: Publish, visitor: Client
) -> None:
    card = card_of(publish(ada, f"See {site.url()}"))
    response = visitor.get(card.picture)
    content = b"".join(response.streaming_content)
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert "immutable" in response["Cache-Control"]
    assert b"secret" not in content
    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.size) == ("WEBP", (600, 315))


def test_a_picture_that_moves_stands_still(
    site: Website, ada: Account, publish: Publish, visitor: Client
) -> None:
    frames = [Image.new("RGB", (400, 300), color) for color in ("red", "blue")]
    site.pages["/picture"] = answer(pictures.moving(*frames, duration=100), "image/gif")
    response = visitor.get(card_of(publish(ada, f"See {site.url()}")).picture)
    with Image.open(BytesIO(b"".join(response.streaming_content))) as image:
        assert (image.size, getattr(image, "n_frames", 1)) == ((400, 300), 1)


def test_its_picture_is_seen_while_a_post_with_it_is(
    site: Website, ada: Account, ben: Account, publish: Publish, visitor: Client
) -> None:
    post = publish(ada, f"See {site.url()}")
    picture = card_of(post).picture
    post.hide()
    assert status(visitor, picture) == 404
    publish(ben, f"I say {site.url()}")
    assert status(visitor, picture) == 200
    assert status(visitor, picture.replace("small", "large")) == 404


def test_the_page_shows_it_and_markup_is_text(
    site: Website, ada: Account, publish: Publish, visitor: Client
) -> None:
    post = publish(ada, f"See {site.url()}")
    for url in (post.get_absolute_url(), "/@ada"):
        page = " ".join(visitor.get(url).content.decode().split())
        assert f'<a class="card pictured" href="{site.url()}"' in page
        assert f'<img src="{card_of(post).picture}" width="600" height="315" alt=""' in page
        assert "A &lt;b&gt;bold&lt;/b&gt; title" in page
        assert "<b>bold" not in page


@pytest.mark.parametrize(
    "picture",
    [
        answer(status=404),
        answer(b"no picture", "image/png"),
        answer(pictures.plain(), "text/html"),
        answer(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        answer(pictures.plain(300, 200)[:-200], "image/png"),
        answer(pictures.png_bomb(50_000, 50_000), "image/png"),
        answer(pictures.plain() + bytes(1024 * 1024), "image/png"),
    ],
)
def test_a_picture_that_is_none_is_left_out(
    site: Website, ada: Account, publish: Publish, picture: Any
) -> None:
    site.pages["/picture"] = picture
    card = card_of(publish(ada, f"See {site.url()}"))
    assert (card.title, card.picture, card.key) == ("A <b>bold</b> title", "", None)
    assert not files()


def test_a_picture_that_fails_is_followed_by_the_next(
    site: Website, ada: Account, publish: Publish
) -> None:
    names = ("gone", "text", "picture", "more")
    site.pages["/"] = answer(
        b"".join(b'<meta property="og:image" content="/%s">' % name.encode() for name in names)
    )
    site.pages["/text"] = answer(b"no picture", "image/png")
    card = card_of(publish(ada, f"See {site.url()}"))
    assert (card.width, card.height) == (600, 315)
    assert site.paths == ["/", "/gone", "/text", "/picture"]


def test_no_more_than_three_pictures_are_asked_for(
    site: Website, ada: Account, publish: Publish
) -> None:
    site.pages["/"] = answer(
        b"".join(b'<meta property="og:image" content="/%d">' % n for n in range(9))
    )
    assert card_of(publish(ada, f"See {site.url()}")).picture == ""
    assert site.paths == ["/", "/0", "/1", "/2"]


def test_a_page_and_a_picture_of_no_stated_type(
    site: Website, ada: Account, publish: Publish
) -> None:
    site.pages["/"] = answer(PAGE, "")
    site.pages["/picture"] = answer(pictures.plain(1200, 630), "")
    card = card_of(publish(ada, f"See {site.url()}"))
    assert (card.title, card.width) == ("A <b>bold</b> title", 600)


def test_an_address_in_any_script_is_asked_for(
    site: Website, ada: Account, publish: Publish
) -> None:
    site.pages["/wiki/%E6%97%A5%E6%9C%AC"] = answer(
        "<title>日本 – 百科事典</title>".encode("shift_jis", "replace"),
        "text/html; charset=Shift_JIS",
    )
    assert card_of(publish(ada, f"See {site.url('/wiki/日本')}")).title == "日本 ? 百科事典"


def test_a_page_that_does_not_answer_leaves_the_domain(
    ada: Account, publish: Publish, visitor: Client, site: Website
) -> None:
    post = publish(ada, f"See {site.url('/gone')}")
    card = card_of(post)
    assert (card.title, card.domain, bool(card.fetched_at)) == ("", "127.0.0.1", True)
    assert '<a class="card" href' in visitor.get(post.get_absolute_url()).content.decode()


def test_the_own_network_is_not_asked(site: Website, settings: Any, db: None) -> None:
    settings.LINK_CARD_ALLOWED_HOSTS = []
    card = card_for(site.url())
    assert card
    card.refresh()
    card.refresh_from_db()
    assert (card.title, bool(card.fetched_at), site.paths) == ("", True, [])


def test_a_picture_inside_of_the_own_network_is_not_asked_for(
    site: Website, ada: Account, publish: Publish
) -> None:
    with Website().serving() as inside:
        inside.pages["/picture"] = answer(pictures.plain(), "image/png")
        site.pages["/"] = answer(PAGE.replace(b"/picture", inside.url("/picture").encode()))
        assert card_of(publish(ada, f"See {site.url()}")).picture == ""
        assert inside.paths == []


def test_without_the_setting_nobody_is_asked(
    site: Website, settings: Any, ada: Account, publish: Publish
) -> None:
    settings.LINK_CARDS = False
    assert card_of(publish(ada, f"See {site.url()}")).fetched_at is None
    assert site.paths == []


# --- How often ---


def test_one_fetch_for_many_posts(
    site: Website, ada: Account, ben: Account, publish: Publish
) -> None:
    for author in (ada, ben, ada):
        publish(author, f"See {site.url()}")
    assert site.paths == ["/", "/picture"]


def test_the_task_may_run_twice(site: Website, ada: Account, publish: Publish) -> None:
    card = card_of(publish(ada, f"See {site.url()}"))
    fetch_card.enqueue(card.pk)
    cards.fetch(card.pk)
    cards.fetch(card.pk + 1)
    assert (site.paths, len(files())) == (["/", "/picture"], 1)


def test_it_is_fetched_again_a_day_later_when_posted_again(
    site: Website, ada: Account, publish: Publish, django_capture_on_commit_callbacks: Any
) -> None:
    before = card_of(publish(ada, f"See {site.url()}"))
    site.pages["/"] = answer(PAGE.replace(b"What it says", b"What it says now"))
    with time_machine.travel(timezone.now() + KEPT - timedelta(minutes=1)):
        assert card_of(publish(ada, f"See {site.url()}")).description == "What it says"
    with (
        time_machine.travel(timezone.now() + KEPT + timedelta(minutes=1)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        after = card_of(publish(ada, f"See {site.url()}"))
    assert after.description == "What it says now"
    assert after.key != before.key
    assert files() == [after.key]


def test_a_failure_is_remembered_as_long_and_takes_nothing_away(
    site: Website, ada: Account, publish: Publish
) -> None:
    before = card_of(publish(ada, f"See {site.url()}"))
    site.pages.clear()
    with time_machine.travel(timezone.now() + KEPT + timedelta(minutes=1)):
        for _ in range(2):
            after = card_of(publish(ada, f"See {site.url()}"))
    assert site.paths == ["/", "/picture", "/"]
    assert (after.title, after.key, files()) == (before.title, before.key, [before.key])


def test_a_fetch_that_was_broken_off_is_done_by_the_next_worker(
    site: Website, queue: Callable[[], int]
) -> None:
    card = card_for(site.url())
    assert card
    assert card.claim()  # and its worker is killed
    uploads.store({"small.webp": b"half a pict"}, card._next_key())
    cards.fetch(card.pk)  # by the next worker, at once: the first may still be at it
    assert (site.paths, queue()) == ([], 0)
    with time_machine.travel(timezone.now() + AT_WORK + timedelta(seconds=1)):
        assert queue() == 1
        assert queue() == 0
    card.refresh_from_db()
    assert (card.title, files()) == ("A <b>bold</b> title", [card.key])


def test_who_comes_too_late_changes_nothing(site: Website, db: None) -> None:
    card = card_for(site.url())
    assert card
    late = card.claim()
    assert late
    with time_machine.travel(timezone.now() + AT_WORK + timedelta(seconds=1)):
        cards.fetch(card.pk)
    card.keep(late, None, cards._picture(pictures.plain()))
    card.refresh_from_db()
    assert (card.title, files()) == ("A <b>bold</b> title", [card.key])


def test_a_card_that_went_meanwhile_leaves_no_file(
    site: Website, ada: Account, publish: Publish, django_capture_on_commit_callbacks: Any
) -> None:
    card = card_for(site.url())
    assert card

    def fetcher(admit: Admit) -> Fetcher:
        LinkCard.objects.all().delete()
        return cards.our_fetcher(admit)

    with django_capture_on_commit_callbacks(execute=True):
        cards.fetch(card.pk, fetcher)
    assert (site.paths, files()) == (["/", "/picture"], [])


def test_the_last_post_takes_its_card_along(
    site: Website,
    ada: Account,
    ben: Account,
    publish: Publish,
    django_capture_on_commit_callbacks: Any,
) -> None:
    first, second = publish(ada, f"See {site.url()}"), publish(ben, f"See {site.url()}")
    with django_capture_on_commit_callbacks(execute=True):
        first.remove()
        purge.remove_rows(first.pk)
    assert (LinkCard.objects.count(), len(files())) == (1, 1)
    with django_capture_on_commit_callbacks(execute=True):
        second.remove()
        purge.remove_rows(second.pk)
    assert (LinkCard.objects.count(), files()) == (0, [])


# --- What it costs ---


def test_a_page_that_would_take_a_parser_minutes_is_read_at_once(
    site: Website, ada: Account, publish: Publish
) -> None:
    costly = b"<meta " + b" ".join(b"a%d=" % n for n in range(80_000)) + b">"
    site.pages["/"] = answer(costly + b"<title>And yet</title>" + b"<div>" * 50_000)
    with takes_less_than(2):
        assert card_of(publish(ada, f"See {site.url()}")).title == "And yet"


@pytest.mark.parametrize(
    "page",
    [
        answer(b"x", "application/zip"),
        answer(status=500),
        redirect("/"),
        lambda handler: handler.wfile.write(b"?"),
    ],
)
def test_a_page_that_cannot_be_had_is_given_up(
    site: Website, ada: Account, publish: Publish, queue: Callable[[], int], page: Any
) -> None:
    site.pages["/"] = page
    card = card_of(publish(ada, f"See {site.url()}"))
    assert queue() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert queue() == 0
    card.refresh_from_db()
    assert card.fetched_at


def test_a_page_that_never_ends_is_given_up(
    site: Website, ada: Account, publish: Publish, queue: Callable[[], int], settings: Any
) -> None:
    site.pages["/"] = lambda _handler: site.over.wait()
    card = card_of(publish(ada, f"See {site.url()}"))
    cards.fetch(
        card.pk, lambda admit: Fetcher("Tester", allowed=[site.name], admit=admit, seconds=0.3)
    )
    card.refresh_from_db()
    assert card.fetched_at
    assert queue() == 1  # the task of the post, which finds it done
    assert len(site.asked) == 1


# --- How fast ---


def test_a_thread_of_25_links_to_one_host_is_spread_out(
    site: Website, ada: Account, publish: Publish, queue: Callable[[], int]
) -> None:
    now = timezone.now()
    cards = []
    with time_machine.travel(now, tick=False):
        for number in range(25):
            site.pages[f"/{number}"] = answer(f"<title>Number {number}</title>".encode())
            cards.append(card_of(publish(ada, f"See {site.url(f'/{number}')}")))
        assert queue() == 25
    asked = [len(site.asked)]
    for seconds in range(10, 300, 10):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            queue()
        asked.append(len(site.asked))
    assert asked[0] == 10
    assert asked[-1] == 25
    # in any minute
    assert all(later - earlier <= 10 for earlier, later in zip(asked, asked[6:], strict=False))
    assert sorted(site.paths) == sorted(f"/{number}" for number in range(25))
    assert {LinkCard.objects.get(pk=card.pk).title for card in cards} == {
        f"Number {number}" for number in range(25)
    }


@pytest.mark.slow
def test_who_waits_asks_about_once(site: Website, queue: Callable[[], int]) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        for number in range(60):
            card_for(site.url(f"/{number}")).refresh()  # type: ignore[union-attr]
        ran = queue()
    for seconds in range(5, 600, 5):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            ran += queue()
    assert len(site.asked) == 60
    assert ran <= 60 + 50 + 10


@pytest.mark.slow
def test_a_page_and_its_picture_are_one_call(
    site: Website, ada: Account, publish: Publish, queue: Callable[[], int]
) -> None:
    for number in range(10):
        site.pages[f"/{number}"] = answer(PAGE)
        publish(ada, f"See {site.url(f'/{number}')}")
    queue()
    assert len(site.asked) == 20


def test_a_host_to_which_others_lead_is_paced_as_well(
    site: Website, queue: Callable[[], int]
) -> None:
    """Whatever names it has, and however many hosts lead to it."""

    def fetcher(admit: Admit) -> Fetcher:
        to_site = lambda _address, _port, seconds: dial("127.0.0.1", site.port, seconds)  # noqa: E731
        return Fetcher(
            "Tester",
            admit=admit,
            resolver=lambda _host, _seconds: ["93.184.215.14"],
            dialer=to_site,
        )

    with time_machine.travel(timezone.now(), tick=False):
        for number in range(15):
            site.pages["/"] = redirect(f"http://a{number}.victim.example/page")
            card = card_for(f"http://leads{number}.example/")
            assert card
            cards.fetch(card.pk, fetcher)
        assert [headers["host"] for path, headers in site.asked if path == "/page"] == [
            f"a{number}.victim.example" for number in range(10)
        ]
        assert LinkCard.objects.filter(fetched_at=None, due_at__gt=timezone.now()).count() == 5


def test_two_pages_are_fetched_at_a_time(
    site: Website, ada: Account, publish: Publish, queue: Callable[[], int]
) -> None:
    with pacing.Calls() as first, pacing.Calls() as second:
        first.begin("127.0.0.1")
        second.begin("127.0.0.1")
        publish(ada, f"See {site.url()}")
        assert queue() == 1
        assert site.paths == []
    with time_machine.travel(timezone.now() + timedelta(seconds=2)):
        assert queue() == 1
    assert site.paths == ["/", "/picture"]


# --- This site, and the site that answered ---


def test_a_link_to_this_site_is_never_fetched(
    site: Website, ada: Account, publish: Publish, settings: Any
) -> None:
    settings.SITE_URL = site.url("")
    for url in (
        site.url(),
        f"http://LOCALHOST.:{site.port}/",
        f"https://{site.name}/",
        f"http://somebody@{site.name}/",
    ):
        settings.LINK_CARD_ALLOWED_HOSTS, settings.ALLOWED_HOSTS = (
            [site.name, f"localhost:{site.port}"],
            ["localhost"],
        )
        card = card_for(url)
        assert card
        card.refresh()
        card.refresh_from_db()
        assert card.fetched_at
    with Website().serving() as other:
        settings.LINK_CARD_ALLOWED_HOSTS = [site.name, other.name]
        other.pages["/"] = redirect(site.url())
        other.pages["/picture"] = answer(PAGE.replace(b"/picture", site.url("/picture").encode()))
        publish(ada, f"See {other.url()}")
        assert card_of(publish(ada, f"See {other.url('/picture')}")).title
        assert other.paths == ["/", "/picture"]
    assert site.paths == []


def test_a_card_shows_the_host_that_answered(
    site: Website, ada: Account, publish: Publish, visitor: Client, settings: Any
) -> None:
    settings.LINK_CARD_ALLOWED_HOSTS = [site.name, f"localhost:{site.port}"]
    site.pages["/away"] = redirect(f"http://localhost:{site.port}/")
    post = publish(ada, f"See {site.url('/away')}")
    card = card_of(post)
    assert (card.domain, card.url) == ("localhost", site.url("/away"))
    assert "localhost</small>" in visitor.get(post.get_absolute_url()).content.decode()
    site.pages.clear()
    card.fetch_again()
    card.refresh_from_db()
    assert card.domain == "localhost"


# --- In the admin ---


@pytest.fixture
def keeper(ada: Account) -> Client:
    ada.user.is_staff = ada.user.is_superuser = True
    ada.user.save()
    return client_of(ada)


def test_a_keeper_fetches_a_card_again(
    site: Website, ada: Account, publish: Publish, keeper: Client
) -> None:
    card = card_of(publish(ada, f"See {site.url()}"))
    site.pages["/"] = answer(b"<title>New</title>")
    keeper.post(
        "/admin/timeline/linkcard/", {"action": "fetch_again", "_selected_action": [card.pk]}
    )
    card.refresh_from_db()
    assert card.title == "New"
    assert "New" in keeper.get(f"/admin/timeline/linkcard/{card.pk}/change/").content.decode()


@pytest.mark.parametrize("path", ["", "{}/delete/"])
def test_a_keeper_deletes_a_card_with_its_files(
    site: Website,
    ada: Account,
    publish: Publish,
    keeper: Client,
    path: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    card = card_of(publish(ada, f"See {site.url()}"))
    with django_capture_on_commit_callbacks(execute=True):
        data = {"action": "delete_selected", "_selected_action": [card.pk], "post": "yes"}
        keeper.post("/admin/timeline/linkcard/" + path.format(card.pk), data)
    assert (LinkCard.objects.count(), Post.objects.count(), files()) == (0, 1, [])


# --- Links to posts of this site ---


@pytest.fixture
def own(settings: Any) -> str:
    settings.SITE_URL = "https://microblog.example"
    return "https://microblog.example"


def test_a_link_to_a_post_of_ours_becomes_a_quote(
    own: str, ada: Account, ben: Account, publish: Publish
) -> None:
    target = publish(ada, "The original")
    post = publish(ben, f"Look here: {own}{target.get_absolute_url()}")
    assert (post.kind, post.quote_of, post.text, post.card) == ("quote", target, "Look here:", None)
    target.refresh_from_db()
    assert target.quotes_count == 1
    for path in (f"/ada/status/{target.pk}", f"/@ada/{target.pk}?s=20", f"/@Ada/{target.pk}/"):
        assert publish(ben, f"{own.upper() if 'Ada' in path else own}{path}").quote_of == target


def test_of_a_link_alone_the_quote_alone_is_left(
    own: str, ada: Account, publish: Publish, as_ada: Client
) -> None:
    target = publish(ada, "The original")
    as_ada.post("/compose", {"text": f"{own}{target.get_absolute_url()}"})
    post = Post.objects.order_by("-pk")[0]
    assert (post.kind, post.quote_of, post.text) == ("quote", target, "")
    page = as_ada.get(post.get_absolute_url()).content.decode()
    assert "The original" in page


def test_a_link_in_the_middle_stays(own: str, ada: Account, publish: Publish) -> None:
    target = publish(ada, "The original")
    text = f"See {own}{target.get_absolute_url()} and laugh"
    post = publish(ada, text)
    assert (post.quote_of, post.text) == (target, text)


def test_a_retweet_means_its_original_and_a_reply_may_quote(
    own: str, ada: Account, ben: Account, publish: Publish
) -> None:
    target = publish(ada, "The original")
    copy = target.retweet(ben)
    assert copy
    reply = publish(ben, f"No {own}/@ben/{copy.pk}", reply_to=target)
    assert (reply.kind, reply.reply_to, reply.quote_of, reply.text) == (
        "reply",
        target,
        target,
        "No",
    )


def test_what_quotes_already_or_links_elsewhere_stays_as_it_is(
    own: str, ada: Account, publish: Publish
) -> None:
    target, other = publish(ada, "The original"), publish(ada, "Another")
    link = f"{own}{target.get_absolute_url()}"
    post = publish(ada, f"See {link}", quote_of=other)
    assert (post.quote_of, post.text) == (other, f"See {link}")
    target.hide()
    for text in (
        f"See {link}",
        f"See {own}/@ada/{2**63}",
        f"See {own}/@ada/1",
        f"See {own}/@ada",
        f"See {own}/@ada/{other.pk}/likes",
        f"See https://microblog.example.org/@ada/{other.pk}",
        f"See {own}:444/@ada/{other.pk}",
        f"See {own}/@ada/{other.pk} and https://example.com/",
        f"microblog.example {other.pk}",
    ):
        post = publish(ada, text)
        assert (post.kind, post.quote_of, post.text) == ("post", None, text)
