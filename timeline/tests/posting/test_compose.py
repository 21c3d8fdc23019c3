"""The composer: GET and POST /compose, for a post, a reply and a quote."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from accounts.models import Account
from microblog.media import uploads
from testing.effort import takes_less_than
from testing.html import find, read, rows_of
from testing.pictures import plain, png_bomb, upload
from testing.scene import HTMX, body_of, external, from_outside, retweet, say
from timeline.forms.content import TextForm
from timeline.models import Media, Post
from timeline.posting.edit import edit

TOO_LONG = "x" * 281


@pytest.fixture
def post(ada: Account) -> Post:
    return say(ada, "Hello")


def errors(response: Any) -> str:
    return " ".join(element.text for element in find(response, "div", class_="errors"))


def typed(response: Any) -> str:
    return find(response, "textarea", name="text")[0].text


# --- The page ---


def test_page_shows_a_form_with_every_promised_field(as_ben: Client) -> None:
    response = as_ben.get("/compose")
    assert find(response, "h1")[0].text == "New post"
    elements = read(response)
    (form,) = [
        element
        for element in elements
        if element.tag == "form" and element.attrs.get("enctype") == "multipart/form-data"
    ]
    assert (form.attrs["action"], form.attrs["method"]) == ("/compose", "post")
    fields = {element.attrs.get("name") for element in elements if form in element.inside}
    assert {
        "text",
        "images",
        "sensitive",
        "alt_1",
        "alt_2",
        "alt_3",
        "alt_4",
        "idempotency_key",
        "csrfmiddlewaretoken",
    } <= fields
    assert "multiple" in find(response, "input", name="images")[0].attrs
    assert find(response, "button", class_="primary")[0].text == "Post"


def test_its_first_form_is_the_composer(as_ben: Client) -> None:
    first = find(as_ben.get("/compose"), "form")[0]
    assert first.attrs["action"] == "/compose"


def test_it_can_begin_with_a_text(as_ben: Client) -> None:
    assert (
        typed(as_ben.get("/compose", {"text": "Hi </textarea><script>"}))
        == "Hi </textarea><script>"
    )


def test_a_reply_shows_what_it_answers(post: Post, as_ben: Client) -> None:
    response = as_ben.get(f"/compose?reply_to={post.pk}")
    assert find(response, "h1")[0].text == "Reply"
    assert rows_of(response) == [post.pk]
    assert find(response, "input", name="reply_to")[0].attrs["value"] == str(post.pk)


def test_a_quote_shows_what_it_quotes(post: Post, as_ben: Client) -> None:
    response = as_ben.get(f"/compose?quote={post.pk}")
    assert find(response, "h1")[0].text == "Quote"
    assert "Hello" in find(response, "blockquote")[0].text
    assert find(response, "input", name="quote")[0].attrs["value"] == str(post.pk)


@pytest.mark.parametrize("name", ["reply_to", "quote"])
def test_of_a_retweet_the_original_is_meant(
    post: Post, cal: Account, as_ben: Client, name: str
) -> None:
    copy = retweet(cal, post)
    assert find(as_ben.get(f"/compose?{name}={copy.pk}"), "input", name=name)[0].attrs[
        "value"
    ] == str(post.pk)


@pytest.mark.parametrize("name", ["reply_to", "quote"])
@pytest.mark.parametrize(
    "pk",
    [
        "0",
        "1",
        "-1",
        "x",
        "9223372036854775808",
        "99999999999999999999",
        "9" * 100,
        "٣",
        "1.0",
        " 1",
    ],
)
def test_composing_about_what_is_not_there_is_404(as_ben: Client, name: str, pk: str) -> None:
    assert as_ben.get("/compose", {name: pk}).status_code == 404


def test_a_visitor_signs_in_first(post: Post, visitor: Client) -> None:
    assert (
        visitor.get(f"/compose?reply_to={post.pk}")["Location"]
        == f"/account/login/?next=/compose%3Freply_to%3D{post.pk}"
    )
    assert visitor.post("/compose", {"text": "Hello"})["Location"] == "/account/login/?next=/"
    assert Post.objects.count() == 1


# --- Publishing ---


def test_post_is_published(ben: Account, as_ben: Client) -> None:
    response = as_ben.post("/compose", {"text": "  Hello\r\n\r\n\r\n\r\nworld\u202e "})
    made = Post.objects.get()
    assert (response.status_code, response["Location"]) == (302, made.get_absolute_url())
    assert (made.author, made.kind, made.text) == (ben, "post", "Hello\n\nworld")
    page = as_ben.get(response["Location"])
    assert find(page, "p", class_="message")[0].text == "Your post was sent."


def test_reply_is_published(post: Post, as_ben: Client) -> None:
    response = as_ben.post("/compose", {"text": "No", "reply_to": post.pk}, follow=True)
    made = Post.objects.get(kind="reply")
    assert made.reply_to == post
    assert find(response, "p", class_="message")[0].text == "Your reply was sent."
    assert rows_of(response) == [post.pk, made.pk]
    post.refresh_from_db()
    assert post.replies_count == 1


def test_quote_is_published(post: Post, as_ben: Client) -> None:
    as_ben.post("/compose", {"text": "Look", "quote": post.pk})
    assert Post.objects.get(kind="quote").quote_of == post


def test_reply_may_quote_as_well(post: Post, cal: Account, as_ben: Client) -> None:
    other = say(cal, "Cal's")
    as_ben.post("/compose", {"text": "Both", "reply_to": post.pk, "quote": other.pk})
    made = Post.objects.get(kind="reply")
    assert (made.reply_to, made.quote_of) == (post, other)


def test_with_htmx_the_whole_page_changes(as_ben: Client) -> None:
    response = as_ben.post("/compose", {"text": "Hello"}, headers=HTMX)
    assert response["HX-Redirect"] == Post.objects.get().get_absolute_url()


@pytest.mark.parametrize(
    "text",
    [
        "x" * 280,
        "日" * 140,
        "👨‍👩‍👧‍👦" * 140,
        "https://example.com/" + "x" * 500,
        "\n".join("x" * 140),
    ],
)
def test_text_that_just_fits_is_published(as_ben: Client, text: str) -> None:
    assert as_ben.post("/compose", {"text": text}).status_code == 302
    assert Post.objects.get().text == text


def test_form_sent_twice_posts_once(ben: Account, as_ben: Client) -> None:
    idempotency_key = find(as_ben.get("/compose"), "input", name="idempotency_key")[0].attrs[
        "value"
    ]
    sent = {"text": "Hello", "idempotency_key": idempotency_key}
    first = as_ben.post("/compose", {**sent, "images": upload()})
    second = as_ben.post("/compose", {**sent, "images": upload()})
    assert first["Location"] == second["Location"]
    assert (Post.objects.count(), Media.objects.count()) == (1, 1)
    ben.refresh_from_db()
    assert (ben.posts_count, ben.media_count) == (1, 1)


def test_a_form_that_says_something_else_by_now_posts_that_too(as_ben: Client) -> None:
    """It was opened twice, as a draft on two computers, and sent from both: nothing that was
    written is lost.
    """
    sent = {"idempotency_key": "6f7c2f0e-52f4-4c5f-8f2b-3c7de1d4f2b1"}
    first = as_ben.post("/compose", {**sent, "text": "Hello"})["Location"]
    second = as_ben.post("/compose", {**sent, "text": "Something else"})["Location"]
    assert first != second
    assert as_ben.post("/compose", {**sent, "text": "Something else"})["Location"] == second
    edit(Post.objects.get(text="Hello"), "Hello there")
    assert as_ben.post("/compose", {**sent, "text": "Hello"})["Location"] == first
    assert Post.objects.count() == 2


def test_two_forms_post_twice(as_ben: Client) -> None:
    for _ in range(2):
        idempotency_key = find(as_ben.get("/compose"), "input", name="idempotency_key")[0].attrs[
            "value"
        ]
        as_ben.post("/compose", {"text": "Hello", "idempotency_key": idempotency_key})
    assert Post.objects.count() == 2


# --- Pictures ---


def test_pictures_are_kept_with_their_descriptions(as_ben: Client) -> None:
    files = [upload(plain(400, 200)), upload(plain(3000, 1000, kind="JPEG"), "photo.jpg")]
    as_ben.post(
        "/compose",
        {
            "text": "Two",
            "images": files,
            "alt_1": " The first\u202e ",
            "alt_2": "",
            "sensitive": "on",
        },
    )
    made = Post.objects.get()
    first, second = Media.objects.of_posts([made.pk])
    assert (made.media_count, made.sensitive) == (2, True)
    assert (first.alt, first.width, first.height) == ("The first", 400, 200)
    assert (second.alt, second.width, second.height) == ("", 3000, 1000)
    with default_storage.open(uploads.path(second.key, "small.webp")) as file:
        assert Image.open(BytesIO(file.read())).size == (1146, 382)


@pytest.mark.parametrize("size", [(400, 200), (3000, 1000), (1000, 3000), (1200, 1600), (5, 4000)])
def test_a_page_says_how_wide_each_file_is(
    as_ben: Client, visitor: Client, size: tuple[int, int]
) -> None:
    """What stands upright is narrower than high, and a browser that is told otherwise takes a file
    that is too small.
    """
    response = as_ben.post("/compose", {"images": upload(plain(*size))})
    (shown,) = find(visitor.get(response["Location"]), "img", fetchpriority="high")
    for source in shown.attrs["srcset"].split(", "):
        url, said = source.split()
        assert (
            abs(Image.open(BytesIO(body_of(visitor.get(url)))).width - int(said.removesuffix("w")))
            <= 1
        )
    assert shown.attrs["width"] == said.removesuffix("w")


def test_pictures_alone_make_a_post(as_ben: Client) -> None:
    assert as_ben.post("/compose", {"images": [upload() for _ in range(4)]}).status_code == 302
    assert Post.objects.get().media_count == 4


# --- Refusals: each says what was wrong, and keeps what was typed ---


def refused(client: Client, data: dict[str, Any], status: int = 422) -> Any:
    """The answer to a plain browser; htmx gets a 422 as well.

    Nothing was published and no file kept.
    """
    before = Post.objects.count()
    for headers in (HTMX, {}):
        for file in data.get("images", []):
            file.seek(0)
        response = client.post("/compose", data, headers=headers)
        assert response.status_code == status
    assert Post.objects.count() == before
    assert not Media.objects.exists()
    return response


def test_text_that_is_too_long_is_refused(post: Post, as_ben: Client) -> None:
    response = refused(as_ben, {"text": TOO_LONG, "reply_to": post.pk, "alt_1": "A description"})
    assert "This is too long: 281 of 280 characters. Take out 1." in errors(response)
    assert typed(response) == TOO_LONG
    assert find(response, "textarea", name="alt_1")[0].text == "A description"
    assert find(response, "input", name="reply_to")[0].attrs["value"] == str(post.pk)
    assert find(response, "h1")[0].text == "Reply"
    assert rows_of(response) == [post.pk], "what it answers is still shown"
    assert find(response, "textarea", name="text")[0].attrs["aria-invalid"] == "true"


def test_quote_that_is_too_long_is_refused(post: Post, as_ben: Client) -> None:
    response = refused(as_ben, {"text": TOO_LONG, "quote": post.pk})
    assert "Hello" in find(response, "blockquote")[0].text
    assert find(response, "input", name="quote")[0].attrs["value"] == str(post.pk)


@pytest.mark.parametrize(
    "text", ["日" * 141, "👍" * 141, "x" * 9_000, "x" * 258 + " https://example.com"]
)
def test_heavy_characters_count_twice(as_ben: Client, text: str) -> None:
    assert "too long" in errors(refused(as_ben, {"text": text}))


@pytest.mark.parametrize("text", ["x" * 50_001, "a." * 50_000, "x" + "\u0f73" * 99_999])
def test_text_that_is_far_too_long_is_refused_unread(as_ben: Client, text: str) -> None:
    """No text needs more than 50,000 characters. It is not even cleaned."""
    with takes_less_than(1):
        response = refused(as_ben, {"text": text})
    assert (
        errors(response) == f"This is far too long: {len(text)} characters. A post has at most 280."
    )
    assert typed(response) == text


def test_long_links_count_as_short_ones() -> None:
    """A link counts 23, however long it is."""
    form = TextForm(
        {"text": " ".join(f"https://example.com/{n}/{'x' * 4000}" for n in range(10, 21))}
    )
    assert form.is_valid()
    assert form.cleaned_data == form.data


@pytest.mark.parametrize("text", ["", "   ", "\r\n", "\u200b\u202e", "\u200d", "\x07"])
def test_blank_text_without_a_picture_is_refused(as_ben: Client, text: str) -> None:
    assert errors(refused(as_ben, {"text": text})) == "Write something, or add a picture."


def test_empty_request_is_refused(as_ben: Client) -> None:
    assert "Write something" in errors(refused(as_ben, {}))


@pytest.mark.parametrize("name", ["reply_to", "quote"])
def test_target_that_went_meanwhile_keeps_what_was_typed(
    post: Post, as_ada: Client, as_ben: Client, name: str
) -> None:
    as_ada.post(f"/posts/{post.pk}/delete")
    response = refused(as_ben, {"text": "What I wrote", name: post.pk})
    assert "That post is gone." in errors(response)
    assert typed(response) == "What I wrote"


@pytest.mark.parametrize("name", ["reply_to", "quote"])
@pytest.mark.parametrize(
    "value", ["0", "x", "-1", "9223372036854775808", "9" * 30, "1' OR 1=1", "\x00", "١"]
)
def test_target_that_never_was_is_refused(as_ben: Client, name: str, value: str) -> None:
    response = refused(as_ben, {"text": "What I wrote", name: value})
    assert errors(response)
    assert typed(response) == "What I wrote"


def test_reply_to_an_external_author_is_refused(as_ben: Client) -> None:
    outside = from_outside(external(), "From elsewhere")
    response = refused(as_ben, {"text": "Hello?", "reply_to": outside.pk})
    assert "You can quote it instead." in errors(response)
    assert typed(response) == "Hello?"
    assert as_ben.post("/compose", {"text": "Look", "quote": outside.pk}).status_code == 302


def test_five_pictures_are_refused(as_ben: Client) -> None:
    response = refused(as_ben, {"text": "Five", "images": [upload() for _ in range(5)]})
    assert "A post holds up to 4 pictures; you chose 5." in errors(response)
    assert "please choose them again" in errors(response)
    assert typed(response) == "Five"


@pytest.mark.filterwarnings("ignore:Image size")
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            b"A text",
            (
                "holiday.png: This is no picture that we know. JPEG, PNG, WebP, AVIF, HEIC and GIF "
                "work."
            ),
        ),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is no picture that we know"),
        (plain(200, 200, kind="JPEG")[:400], "broken"),
        (png_bomb(30_000, 30_000), "too large"),
    ],
)
def test_what_is_no_picture_is_refused(as_ben: Client, content: bytes, says: str) -> None:
    response = refused(as_ben, {"text": "Look", "images": [upload(content, "holiday.png")]})
    assert says in errors(response)
    assert typed(response) == "Look"


def test_empty_file_is_refused(as_ben: Client) -> None:
    assert "empty" in errors(refused(as_ben, {"text": "Look", "images": [upload(b"")]}))


def test_description_that_is_too_long_is_refused(as_ben: Client) -> None:
    response = refused(as_ben, {"text": "Look", "alt_1": "x" * 1501})
    assert "1500" in errors(response)


@pytest.mark.parametrize("idempotency_key", ["x", "1", "' OR 1=1", "\x00"])
def test_an_idempotency_key_that_is_none_is_ignored(as_ben: Client, idempotency_key: str) -> None:
    response = refused(as_ben, {"text": "What I wrote", "idempotency_key": idempotency_key})
    assert errors(response)
    assert typed(response) == "What I wrote"


def test_null_byte_breaks_nothing(as_ben: Client) -> None:
    """Django's own field refuses it: PostgreSQL has no place for one."""
    assert as_ben.post("/compose", {"text": "null \x00 byte"}).status_code in (302, 422)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_another_method_is_not_allowed(as_ben: Client, method: str) -> None:
    assert getattr(as_ben, method)("/compose").status_code == 405


@pytest.mark.parametrize("idempotency_key", ["", "x", "6f7c2f0e-52f4-4c5f-8f2b-3c7de1d4f2b1"])
def test_after_a_refusal_the_same_form_can_be_sent(as_ben: Client, idempotency_key: str) -> None:
    response = refused(as_ben, {"text": TOO_LONG, "idempotency_key": idempotency_key})
    fields = {
        element.attrs["name"]: element.attrs.get("value", "")
        for element in find(response, "input", type="hidden")
    }
    assert as_ben.post("/compose", {**fields, "text": "Short"}).status_code == 302


# --- Where one is afterwards ---


def test_one_stays_where_one_was(ada: Account, as_ben: Client) -> None:
    target = say(ada, "Hello")
    for page, data in (
        ("/", {"text": "Hello"}),
        (target.get_absolute_url(), {"text": "Yes", "reply_to": target.pk}),
    ):
        response = as_ben.post("/compose", {**data, "next": page})
        assert response["Location"] == page
        made = Post.objects.order_by("-pk").first()
        (message,) = find(as_ben.get(page), "p", class_="message")
        assert message.text in ("Your post was sent. View", "Your reply was sent. View")
        assert made
        assert find(as_ben.get(made.get_absolute_url()), "article", class_="main")


def test_the_message_leads_to_the_post(as_ben: Client) -> None:
    page = as_ben.post("/compose", {"text": "Hello", "next": "/explore"}, follow=True)
    (link,) = [link for link in find(page, "a") if link.text == "View"]
    assert link.attrs["href"] == Post.objects.get().get_absolute_url()


def test_with_htmx_the_page_on_which_one_wrote_is_shown_anew(as_ben: Client) -> None:
    response = as_ben.post(
        "/compose?dialog",
        {"text": "Hello"},
        headers={**HTMX, "HX-Current-URL": "http://testserver/@ben?before=5"},
    )
    assert (response["HX-Refresh"], "HX-Redirect" in response) == ("true", False)
    response = as_ben.post(
        "/compose",
        {"text": "Well"},
        headers={**HTMX, "HX-Current-URL": "http://testserver/compose"},
    )
    assert response["HX-Redirect"] == Post.objects.get(text="Well").get_absolute_url()
    response = as_ben.post(
        "/compose", {"text": "Yes"}, headers={**HTMX, "HX-Current-URL": "https://evil.example/"}
    )
    assert response["HX-Redirect"] == Post.objects.get(text="Yes").get_absolute_url()


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example", "/compose?reply_to=1", "javascript:alert(1)"]
)
def test_next_leads_to_no_other_site(as_ben: Client, url: str) -> None:
    assert (
        as_ben.post("/compose", {"text": "Hello", "next": url})["Location"]
        == Post.objects.get().get_absolute_url()
    )
