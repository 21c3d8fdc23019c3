"""What an account says of itself: /settings and /settings/profile."""

import time
import zlib
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings, strategies
from PIL import Image

from accounts import limits
from accounts.forms import ProfileForm
from accounts.models import Account
from accounts.profile_pictures import AVATAR_SIZES, BANNER_SIZES
from accounts.tests.conftest import HTMX, picture
from microblog.media import images, uploads
from microblog.web.ratelimit import spend
from testing.html import find

URL = "/settings/profile"


def form(**fields: Any) -> dict[str, Any]:
    positions = {"avatar_position": "middle", "banner_position": "middle"}
    return {"name": "Ada Lovelace", "bio": "", "location": "", "website": "", **positions, **fields}


def stored(key: str, name: str) -> Image.Image:
    with default_storage.open(uploads.path(key, name)) as file:
        return Image.open(BytesIO(file.read()))


def test_settings_lead_to_each_page(as_ada: Client, visitor: Client) -> None:
    page = as_ada.get("/settings").content.decode()
    for link in (
        "/settings/profile",
        "/settings/handle",
        "/settings/security",
    ):
        assert f'href="{link}"' in page
    assert 'action="/account/logout/"' in page
    assert "/admin/" not in page
    assert visitor.get("/settings")["Location"] == "/account/login/?next=/settings"
    assert as_ada.post("/settings").status_code == 405


def test_form_shows_what_is_there(as_ada: Client, ada: Account) -> None:
    ada.edit(bio="First\nprogrammer", website="https://ada.example")
    page = as_ada.get(URL).content.decode()
    assert 'value="Ada Lovelace"' in page
    assert "First\nprogrammer</textarea>" in page
    assert 'value="https://ada.example"' in page
    assert 'enctype="multipart/form-data"' in page
    assert "Remove the avatar" not in page


def test_profile_changes(as_ada: Client, ada: Account) -> None:
    data = form(
        name=" Ada  King ",
        bio="One\r\n\r\n\r\n\r\nTwo with #tag",
        location="London",
        website="ada.example/~me",
    )
    response = as_ada.post(URL, data)
    assert response["Location"] == "/@ada"
    ada.refresh_from_db()
    assert (ada.name, ada.bio, ada.location, ada.website) == (
        "Ada King",
        "One\n\nTwo with #tag",
        "London",
        "https://ada.example/~me",
    )
    assert ada.bio_html == 'One\n\nTwo with <a href="/tags/tag">#tag</a>'
    assert ada.edited_fields == ["bio", "location", "name", "website"]


def test_a_tag_in_a_bio_leads_to_its_page(as_ada: Client, visitor: Client) -> None:
    as_ada.post(URL, form(bio="#日本語 and #<b>, not #1 nor a\u200b#b"))
    links = [
        link.attrs["href"]
        for link in find(visitor.get("/@ada"), "a")
        if link.attrs["href"].startswith("/tags/")
    ]
    assert links == ["/tags/%E6%97%A5%E6%9C%AC%E8%AA%9E"]
    assert visitor.get(links[0]).status_code == 200


def test_a_bio_keeps_separators_and_a_name_does_not(as_ada: Client, ada: Account) -> None:
    as_ada.post(
        URL,
        form(
            name="A\u200bda\u200f", bio="ខ្មែរ\u200bភាសា \u200fשלום!\u200f", location="Lon\u2060don"
        ),
    )
    ada.refresh_from_db()
    assert (ada.name, ada.bio, ada.location) == (
        "Ada",
        "ខ្មែរ\u200bភាសា \u200fשלום!\u200f",
        "London",
    )


def test_twice_changes_nothing_more(as_ada: Client, ada: Account) -> None:
    for _ in range(2):
        as_ada.post(URL, form(bio="x"))
    ada.refresh_from_db()
    assert (ada.bio, ada.edited_fields) == ("x", ["bio"])


def test_counts_that_change_meanwhile_stay(ada: Account, ben: Account) -> None:
    stale = Account.objects.get(pk=ada.pk)
    ben.unfollow(ada)
    stale.edit(name="Ada")
    ada.refresh_from_db()
    assert ada.followers_count == 0


def test_htmx_gets_the_form_alone(as_ada: Client, ada: Account) -> None:
    response = as_ada.post(URL, form(bio="x"), headers=HTMX)
    assert response["HX-Redirect"] == "/@ada"
    response = as_ada.post(URL, form(name=""), headers=HTMX)
    assert response.status_code == 422
    assert response.content.decode().lstrip().startswith("<form")


def test_visitor_is_led_to_sign_in(visitor: Client) -> None:
    assert visitor.get(URL)["Location"] == f"/account/login/?next={URL}"
    assert visitor.post(URL, form())["Location"] == "/account/login/?next=/"
    assert visitor.post(URL, form(), headers=HTMX)["HX-Redirect"].startswith("/account/login/")


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_wrong_method_is_refused(as_ada: Client, method: str) -> None:
    assert getattr(as_ada, method)(URL).status_code == 405


BAD = [
    ({"name": ""}, "Please type a name."),
    ({"name": " \u200b\u202e\u2066\ufeff\u3164 \n"}, "Please type a name."),
    ({"name": "x" * 51}, "At most 50 characters fit; this has 51."),
    ({"bio": "x" * 161}, "At most 160 characters fit; this has 161."),
    ({"location": "x" * 31}, "At most 30 characters fit; this has 31."),
    ({"website": "javascript:alert(1)"}, "no web address"),
    ({"website": "javascript://ada.example/%0aalert(1)"}, "no web address"),
    ({"website": "data:text/html,x"}, "no web address"),
    ({"website": "ftp://ada.example"}, "no web address"),
    ({"website": "ada"}, "no web address"),
    ({"website": "https://"}, "no web address"),
    ({"website": "https://[::1"}, "no web address"),
    ({"website": "//ada.example"}, "no web address"),
    ({"website": "https://bank.example@evil.example"}, "no web address"),
    ({"website": "bank.example@evil.example"}, "no web address"),
    ({"website": f"https://ada.example/{'x' * 200}"}, "At most 200 characters fit"),
    ({"avatar_position": "somewhere"}, "valid choice"),
    *(
        ({field: crop}, "lies outside of the picture")
        for field in ("avatar_crop", "banner_crop")
        for crop in (
            *("0.5,0,0.6,1", "0,0.5,1,0.6", "-0.1,0,1,1", "0,-0.1,1,1", "2,2,1,1", "0,0,2,2"),
            *("0,0,0,0", "0.2,0.2,-0.1,0.1", "nan,0,1,1", "0,0,inf,1", "0,0,1,nan", "0,0,1"),
            *("0,0,1,1,1", "a,b,c,d", "0 0 1 1", "[0,0,1,1]", "0,0,1,1e" + "9" * 5000, "\x00", ","),
            *("0,0,1e-9,1e-9", "1e308,0,1e308,1", "0x0,0,1,1"),
        )
    ),
]


@pytest.mark.parametrize(("fields", "message"), BAD)
def test_bad_input_is_refused(
    as_ada: Client, ada: Account, fields: dict[str, str], message: str
) -> None:
    response = as_ada.post(URL, form(**{"location": "Kept <here>", **fields}))
    assert response.status_code == 422
    page = response.content.decode()
    assert message in page
    if "location" not in fields:
        assert 'value="Kept &lt;here&gt;"' in page
    ada.refresh_from_db()
    assert (ada.name, ada.location, ada.edited_fields) == ("Ada Lovelace", "", [])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada \u202eecalevoL", "Ada ecalevoL"),
        ("\u2066Ada\u2069\u200b", "Ada"),
        ("Ada\r\nLovelace\tKing", "Ada Lovelace King"),
        ("A\u0301" + "\u0301" * 60, "Á" + "\u0301" * 4),
        ("x" * 50 + " \u200b", "x" * 50),
        ("👩‍💻 Ada", "👩‍💻 Ada"),
        ("<b>Ada</b>", "<b>Ada</b>"),
    ],
)
def test_names_are_cleaned_before_they_are_measured(
    as_ada: Client, ada: Account, typed: str, kept: str
) -> None:
    assert as_ada.post(URL, form(name=typed)).status_code == 302
    ada.refresh_from_db()
    assert ada.name == kept


def test_no_name_becomes_markup(as_ada: Client, ada: Account) -> None:
    as_ada.post(URL, form(name="<script>x</script>", bio="<img src=x>"))
    for page in (URL, "/settings"):
        body = as_ada.get(page).content.decode()
        assert "<script>x" not in body
        assert "<img src=x" not in body


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    strategies.fixed_dictionaries(
        {field: strategies.text(max_size=60) for field in ("name", "bio", "location", "website")}
    )
)
def test_no_text_breaks_the_form(ada: Account, data: dict[str, str]) -> None:
    profile = ProfileForm(form(**data), account=ada)
    if profile.is_valid():
        assert 1 <= len(profile.cleaned_data["name"]) <= 50
        assert profile.cleaned_data["website"].partition("://")[0] in ("", "http", "https")
        profile.save()
    str(profile)


# --- Pictures ---


def test_pictures_are_kept_in_the_sizes_of_pages(
    as_ada: Client, ada: Account, django_capture_on_commit_callbacks: Any
) -> None:
    as_ada.post(URL, form(avatar=picture(900, 300), banner=picture(900, 300, "JPEG")))
    ada.refresh_from_db()
    for field, sizes in (("avatar", AVATAR_SIZES), ("banner", BANNER_SIZES)):
        for name, size in sizes.items():
            image = stored(getattr(ada, field), f"{name}.webp")
            assert (image.size, image.format) == (size, "WEBP")
    before = ada.avatar
    with django_capture_on_commit_callbacks(execute=True):
        as_ada.post(URL, form(avatar_remove="on"))
    ada.refresh_from_db()
    assert not ada.avatar
    assert ada.banner
    assert not default_storage.exists(uploads.path(before, "small.webp"))


@pytest.mark.parametrize(
    ("position", "color"), [("start", (255, 0, 0)), ("middle", (0, 255, 0)), ("end", (0, 0, 255))]
)
@pytest.mark.parametrize("upright", [False, True])
def test_picture_is_cut_where_one_chooses(
    as_ada: Client, ada: Account, position: str, color: tuple[int, ...], *, upright: bool
) -> None:
    image = Image.new("RGB", (300, 100), (0, 255, 0))
    image.paste((255, 0, 0), (0, 0, 100, 100))
    image.paste((0, 0, 255), (200, 0, 300, 100))
    out = BytesIO()
    (image.transpose(Image.Transpose.ROTATE_270) if upright else image).save(out, "PNG")
    as_ada.post(
        URL, form(avatar=SimpleUploadedFile("a.png", out.getvalue()), avatar_position=position)
    )
    ada.refresh_from_db()
    seen = stored(ada.avatar, "small.webp").convert("RGB").getpixel((48, 48))
    assert all(abs(a - b) < 60 for a, b in zip(seen, color, strict=True))


def test_a_picture_gives_away_nothing_but_itself(as_ada: Client, ada: Account) -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    as_ada.post(URL, form(avatar=picture(kind="JPEG", exif=exif, comment=b"secret place")))
    ada.refresh_from_db()
    for name in AVATAR_SIZES:
        with default_storage.open(uploads.path(ada.avatar, f"{name}.webp")) as file:
            assert b"secret" not in file.read()


def test_a_new_picture_wins_over_removing(as_ada: Client, ada: Account) -> None:
    as_ada.post(URL, form(avatar=picture()))
    as_ada.post(URL, form(avatar=picture(color="red"), avatar_remove="on"))
    ada.refresh_from_db()
    assert ada.avatar


def huge_png() -> bytes:
    """A PNG of a few bytes that says that it is 60,000 pixels wide and high."""
    content = bytearray(picture(1, 1).read())
    content[16:24] = (60_000).to_bytes(4) * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4)
    return bytes(content)


def bomb() -> bytes:
    """169 megapixels of nothing, in some kilobytes."""
    out = BytesIO()
    Image.new("1", (13_000, 13_000)).save(out, "PNG")
    return out.getvalue()


BAD_FILES = {
    "nothing": b"",
    "text": b"I am no picture." * 99,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "zip": b"PK\x03\x04" + b"\0" * 64,
    "broken": picture(200, 200, "JPEG").read()[:300],
    "only a beginning": b"\x89PNG\r\n\x1a\n",
    "huge": huge_png(),
    "bomb": bomb(),
}


@pytest.mark.parametrize("field", ["avatar", "banner"])
@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_picture_is_refused(as_ada: Client, ada: Account, kind: str, field: str) -> None:
    upload = SimpleUploadedFile("me.png", BAD_FILES[kind], content_type="image/png")
    started = time.process_time()
    response = as_ada.post(URL, form(bio="Kept", **{field: upload}))
    assert time.process_time() - started < 1
    assert response.status_code == 422
    page = response.content.decode()
    assert f'id="id_{field}_error"' in page
    assert "please choose them again" in page
    assert "Kept" in page
    ada.refresh_from_db()
    assert (getattr(ada, field), ada.bio) == ("", "")


def quarters() -> SimpleUploadedFile:
    """Return a picture with a red, a lime, a blue and a white quarter."""
    image = Image.new("RGB", (400, 400), "red")
    for corner, color in (((200, 0), "lime"), ((0, 200), "blue"), ((200, 200), "white")):
        image.paste(color, (*corner, corner[0] + 200, corner[1] + 200))
    out = BytesIO()
    image.save(out, "PNG")
    return SimpleUploadedFile("quarters.png", out.getvalue())


@pytest.mark.parametrize(
    ("crop", "color"),
    [
        ("0,0,0.5,0.5", (255, 0, 0)),
        ("0.5,0,0.5,0.5", (0, 255, 0)),
        ("0.00000,0.50000,0.50000,0.50000", (0, 0, 255)),
        ("0.5004,0.5004,0.5,0.5", (255, 255, 255)),  # rounded by a browser
    ],
)
def test_what_was_chosen_of_a_picture_is_kept(
    as_ada: Client, ada: Account, crop: str, color: tuple[int, ...]
) -> None:
    data = form(avatar=quarters(), avatar_crop=crop, avatar_position="start")
    assert as_ada.post(URL, data).status_code == 302
    ada.refresh_from_db()
    made = stored(ada.avatar, "large.webp").convert("RGB")
    for corner in ((20, 20), (380, 20), (20, 380), (380, 380)):
        seen = made.getpixel(corner)
        assert all(abs(a - b) < 60 for a, b in zip(seen, color, strict=True))


# --- What a refused form keeps ---


def token(response: Any, field: str = "avatar") -> str:
    """Return what finds the picture that a refused form kept; "" where it kept none."""
    assert response.status_code in {422, 429}
    return next((one.attrs["value"] for one in find(response, "input", name=f"{field}_kept")), "")


def color_of(account: Account, field: str = "avatar") -> tuple[int, ...]:
    account.refresh_from_db()
    image = stored(getattr(account, field), "small.webp").convert("RGB")
    return tuple(round(part / 255) for part in image.getpixel((20, 20)))


def test_a_refused_form_keeps_its_pictures(as_ada: Client, ada: Account) -> None:
    files = {"avatar": quarters(), "avatar_crop": "0.5,0,0.5,0.5", "banner": picture(color="blue")}
    response = as_ada.post(URL, form(name="", **files))
    page = response.content.decode()
    assert "choose them again" not in page
    assert page.count("is kept for an hour") == 2
    assert page.count('src="data:image/webp;base64,') == 2
    kept = {f"{field}_kept": token(response, field) for field in ("avatar", "banner")}
    again = as_ada.post(URL, form(website="no address", **kept))  # and is refused once more
    assert {f"{field}_kept": token(again, field) for field in ("avatar", "banner")} == kept
    assert as_ada.post(URL, form(**kept)).status_code == 302
    assert color_of(ada) == (0, 1, 0)
    assert color_of(ada, "banner") == (0, 0, 1)
    assert token(as_ada.post(URL, form(**kept, name=""))) == "", "what was saved is forgotten"


def test_another_file_wins_over_the_one_that_was_kept(as_ada: Client, ada: Account) -> None:
    kept = token(as_ada.post(URL, form(name="", avatar=picture(color="blue"))))
    data = form(avatar=picture(color="red"), avatar_kept=kept)
    assert as_ada.post(URL, data).status_code == 302
    assert color_of(ada) == (1, 0, 0)


def test_what_is_no_picture_is_not_kept_and_the_other_is(as_ada: Client, ada: Account) -> None:
    bad = SimpleUploadedFile("me.png", b"I am no picture.")
    response = as_ada.post(URL, form(avatar=bad, banner=picture(color="blue")))
    assert (token(response), bool(token(response, "banner"))) == ("", True)
    assert "please choose them again" in response.content.decode()


def test_it_is_kept_for_an_hour(as_ada: Client, ada: Account) -> None:
    with time_machine.travel(0) as clock:
        kept = token(as_ada.post(URL, form(name="", avatar=picture())))
        clock.shift(59 * 60)
        assert token(as_ada.post(URL, form(name="", avatar_kept=kept))) == kept
        clock.shift(2 * 60)
        response = as_ada.post(URL, form(avatar_kept=kept))
    assert response.status_code == 422
    assert "was kept for an hour. Please choose it again." in response.content.decode()


def test_it_is_theirs_alone_and_of_that_field(
    as_ada: Client, as_ben: Client, ada: Account, ben: Account
) -> None:
    kept = token(as_ada.post(URL, form(name="", avatar=picture(color="blue"))))
    as_ben.post(URL, form(name="", avatar=picture(color="red")))
    assert as_ben.post(URL, form(avatar_kept=kept)).status_code == 422
    assert as_ada.post(URL, form(banner_kept=kept)).status_code == 422
    ben.refresh_from_db()
    assert not ben.avatar


@pytest.mark.parametrize("forged", ["x", "a:b:c", "\x00", "é", "x" * 5000, '["ada"]', ":::"])
def test_a_forged_one_is_refused(as_ada: Client, ada: Account, forged: str) -> None:
    assert as_ada.post(URL, form(avatar_kept=forged)).status_code == 422
    ada.refresh_from_db()
    assert not ada.avatar


def test_the_next_takes_its_place_and_nothing_adds_up(as_ada: Client, ada: Account) -> None:
    """A form in another tab says so, and does not show another picture than it said."""
    first = token(as_ada.post(URL, form(name="", avatar=picture(color="blue"))))
    one = uploads.stored_bytes()
    second = token(as_ada.post(URL, form(name="", avatar=picture(color="blue", width=90))))
    assert uploads.stored_bytes() == pytest.approx(one, rel=0.1)
    third = token(as_ada.post(URL, form(name="", avatar=picture(color="red"))))
    assert as_ada.post(URL, form(avatar_kept=first)).status_code == 422
    assert as_ada.post(URL, form(avatar_kept=second)).status_code == 422
    assert as_ada.post(URL, form(avatar_kept=third)).status_code == 302
    ada.refresh_from_db()
    assert uploads.stored_bytes() == uploads.bytes_of(ada.avatar)


def test_a_script_keeps_files_itself(as_ada: Client, ada: Account) -> None:
    response = as_ada.post(URL, form(name="", avatar=picture()), headers=HTMX)
    assert token(response) == ""
    assert "choose them again" not in response.content.decode()
    assert uploads.stored_bytes() == 0
    [chosen] = find(response, "div", id="avatar-chosen")
    assert "hx-preserve" in chosen.attrs


def test_nobody_is_served_what_is_kept(as_ada: Client, ada: Account) -> None:
    kept = token(as_ada.post(URL, form(name="", avatar=picture())))
    [(folder, *_), *_] = [default_storage.listdir("")[0]]
    [key] = default_storage.listdir(folder)[0]
    assert kept
    assert as_ada.get(uploads.url(key, "small.webp")).status_code == 404


def test_too_often_saved_keeps_it_as_well(as_ada: Client, ada: Account) -> None:
    for _ in range(limits.PROFILES.most):
        spend(limits.PROFILES, ada.pk)
    response = as_ada.post(URL, form(avatar=picture()))
    assert response.status_code == 429
    assert token(response)


def test_who_is_frozen_keeps_nothing(as_ada: Client, ada: Account) -> None:
    ada.freeze()
    assert token(as_ada.post(URL, form(avatar=picture()))) == ""
    assert uploads.stored_bytes() == 0


def test_too_many_bytes_are_refused(
    as_ada: Client, ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "MAX_BYTES", 100)
    response = as_ada.post(URL, form(avatar=picture(300, 300)))
    assert response.status_code == 422
    assert "too large" in response.content.decode()


def test_the_files_before_stay_when_a_form_is_refused(as_ada: Client, ada: Account) -> None:
    as_ada.post(URL, form(avatar=picture()))
    ada.refresh_from_db()
    as_ada.post(URL, form(name="", avatar=picture(color="red")))
    key = ada.avatar
    ada.refresh_from_db()
    assert ada.avatar == key
    assert default_storage.exists(uploads.path(key, "small.webp"))
