"""Pictures and videos."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from accounts.models import Account
from archives.importer.files import ABSENT, EMPTY, FULL, NO_PICTURE
from microblog.media import uploads
from testing.archives import (
    answering,
    at,
    entities,
    jpeg,
    photo,
    profile,
    snowflake,
    tweet,
    url,
    video,
)
from testing.pictures import moving
from testing.scene import body_of
from testing.videos import mp4, webm
from timeline.models import LinkCard, Media, Post

ID = snowflake(at(1))
SECRET = b"+52.5200+013.4050/"


def stored(media: Media, name: str) -> bytes:
    with default_storage.open(uploads.path(media.key, name)) as file:
        return file.read()


def with_media(*items: dict, text: str = "Look https://t.co/p", **more) -> dict:
    return tweet(text, at(1), ID, extended_entities={"media": list(items)}, **more)


def test_photos_come_in_as_the_sizes_that_pages_use(bring):
    files = {
        f"data/tweets_media/{ID}-a.jpg": jpeg(3000, 1500),
        f"data/tweets_media/{ID}-b.jpg": jpeg(100, 50),
    }
    summary = bring(
        [
            with_media(
                photo("https://t.co/p", "a.jpg", ext_alt_text="Red"),
                photo("https://t.co/p", "b.jpg"),
            )
        ],
        files=files,
    )
    post = Post.objects.get()
    first, second = post.media.all()
    assert (post.media_count, post.text, summary.media) == (2, "Look", 2)
    assert (first.kind, first.alt, first.width, first.height, second.position) == (
        "image",
        "Red",
        2160,
        1080,
        1,
    )
    assert Image.open(BytesIO(stored(first, "small.webp"))).size == (764, 382)
    assert Account.objects.get().media_count == 2


def test_what_moves_has_a_still_picture(bring):
    frames = [Image.new("RGB", (40, 30), color) for color in ("red", "blue")]
    bring(
        [with_media(photo("https://t.co/p", "a.gif"))],
        files={f"data/tweets_media/{ID}-a.gif": moving(*frames, duration=100)},
    )
    media = Media.objects.get()
    assert (media.kind, media.moves) == ("image", True)
    assert Image.open(BytesIO(stored(media, "still.webp"))).size == (40, 30)


def test_a_photo_gives_away_nothing(bring):
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    bring(
        [with_media(photo("https://t.co/p", "a.jpg"))],
        files={f"data/tweets_media/{ID}-a.jpg": jpeg(exif=exif, comment=SECRET)},
    )
    media = Media.objects.get()
    for name in ("small.webp", "large.webp"):
        assert SECRET not in stored(media, name)


@pytest.mark.parametrize(("kind", "here"), [("video", "video"), ("animated_gif", "gif")])
def test_a_video_is_kept_without_its_metadata(bring, kind, here):
    item = video("https://t.co/p", [("low.mp4", "1000"), ("v.mp4", "2000")], kind=kind)
    bring([with_media(item)], files={f"data/tweets_media/{ID}-v.mp4": mp4(SECRET)})
    media = Media.objects.get()
    assert (media.kind, media.width, media.height) == (here, 640, 480)
    assert SECRET not in stored(media, "video.mp4")


@pytest.mark.parametrize("name", ["v.mp4", "v.webm", "other.webm"])
def test_a_webm_is_kept_as_one_whatever_it_is_called(bring, visitor, name):
    item = video("https://t.co/p", [("low.mp4", "1000"), ("v.mp4", "2000")])
    item["video_info"]["variants"].append(
        {
            "bitrate": "3000",
            "content_type": "video/webm",
            "url": "https://video.twimg.com/ext/v.webm",
        }
    )
    bring([with_media(item)], files={f"data/tweets_media/{ID}-{name}": webm(SECRET)})
    media = Media.objects.get()
    assert (media.kind, media.container, media.width, media.height) == ("video", "webm", 640, 480)
    assert SECRET not in stored(media, "video.webm")
    assert body_of(visitor.get(media.video)) == stored(media, "video.webm")


def test_a_video_under_another_name_is_found_by_its_tweet(bring):
    bring(
        [with_media(video("https://t.co/p", [("v.mp4", "2000")]))],
        files={f"data/tweet_media/{ID}-other.mp4": mp4()},
    )
    assert Media.objects.get().kind == "video"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("other.jpg", jpeg(), ABSENT),
        ("a.jpg", b"", EMPTY),
        ("a.jpg", b"no picture", NO_PICTURE),
        ("a.jpg", jpeg()[:500], NO_PICTURE),
        (
            "a.jpg",
            b"\xff\xd8" + bytes(21 * 1024 * 1024),
            "a file of the archive that is broken, or too large",
        ),
    ],
)
def test_a_picture_that_is_missing_or_broken_is_counted(bring, name, content, reason):
    summary = bring(
        [with_media(photo("https://t.co/p", "a.jpg"))],
        files={f"data/tweets_media/{ID}-{name}": content},
    )
    post = Post.objects.get()
    assert (post.text, post.media_count, summary.media, summary.missing) == (
        "Look https://twitter.com/ada/status/1/photo/1",
        0,
        0,
        {reason: 1},
    )


def test_what_calls_itself_a_video_and_is_none_is_refused(bring):
    item = video("https://t.co/p", [("v.mp4", "1")])
    summary = bring([with_media(item)], files={f"data/tweets_media/{ID}-v.mp4": b"<script>" * 100})
    assert summary.missing.total() == 1
    assert not Media.objects.exists()


def test_a_tweet_of_nothing_but_a_missing_picture_says_where_it_is(bring):
    bring([with_media(photo("https://t.co/p", "a.jpg", tweet_id=ID), text="https://t.co/p")])
    assert Post.objects.get().text == f"https://twitter.com/ada/status/{ID}/photo/1"
    assert (
        bring(
            [with_media(photo("https://t.co/p", "a.jpg", tweet_id=ID), text="https://t.co/p")]
        ).updated
        == 0
    )


def test_a_link_beside_a_picture_has_no_card_and_a_reply_may_be_a_picture(bring):
    links = entities(url("https://t.co/a", "https://example.com/"))
    item = with_media(
        photo("https://t.co/p", "a.jpg"),
        text="@ben https://t.co/a https://t.co/p",
        entities=links,
        **answering(5, "ben"),
    )
    bring([item], files={f"data/tweets_media/{ID}-a.jpg": jpeg()})
    assert not LinkCard.objects.exists()
    assert Post.objects.get().media_count == 1


def test_what_a_retweet_shows_belongs_to_the_original(bring):
    item = photo("https://t.co/p", "a.jpg", source_status_id_str=str(snowflake(at(0))))
    summary = bring(
        [with_media(item, text="RT @ben: https://t.co/p")],
        files={f"data/tweets_media/{ID}-a.jpg": jpeg()},
    )
    original = Post.objects.get(is_external=True)
    assert (original.media_count, original.text, original.author.media_count) == (1, "", 1)
    assert Post.objects.get(kind="retweet").media_count == 0
    assert not summary.missing


def test_a_retweet_of_a_picture_that_is_not_there_leads_to_it(bring):
    item = photo("https://t.co/p", "a.jpg", source_status_id_str=str(snowflake(at(0))))
    summary = bring([with_media(item, text="RT @ben: https://t.co/p")])
    assert Post.objects.get(is_external=True).text == f"https://x.com/ben/status/{snowflake(at(0))}"
    assert not summary.missing


def test_avatar_and_banner_come_in(bring):
    about = profile(
        avatar="https://pbs.twimg.com/profile_images/1/Face.jpg",
        banner="https://pbs.twimg.com/profile_banners/4242/167",
    )
    files = {
        "data/profile_media/4242-Face.jpg": jpeg(),
        "data/profile_media/4242-167.jpg": jpeg(900, 300),
    }
    bring(data={"profile": about}, files=files)
    account = Account.objects.get()
    for key, size in ((account.avatar, (400, 400)), (account.banner, (1500, 500))):
        with default_storage.open(uploads.path(key, "large.webp")) as file:
            assert Image.open(file).size == size
    assert account.edited_fields == []
    account.set_picture("avatar", {"small.webp": b"x"})
    mine = account.avatar
    bring(data={"profile": about}, files=files)
    account.refresh_from_db()
    assert account.avatar == mine


def test_a_broken_avatar_is_told(bring):
    about = profile(avatar="https://pbs.twimg.com/profile_images/1/Face.jpg")
    summary = bring(data={"profile": about}, files={"data/profile_media/4242-Face.jpg": b"x"})
    assert any("avatar" in note for note in summary.notes)


def test_a_dry_run_counts_media_and_keeps_nothing(bring, tmp_path):
    items = [
        photo("https://t.co/p", "a.jpg"),
        photo("https://t.co/p", "b.jpg"),
        photo("https://t.co/p", "c.jpg"),
    ]
    files = {f"data/tweets_media/{ID}-a.jpg": jpeg(), f"data/tweets_media/{ID}-b.jpg": b""}
    summary = bring([with_media(*items)], files=files, dry_run=True)
    assert (summary.media, summary.missing) == (1, {EMPTY: 1, ABSENT: 1})
    assert not Post.objects.exists()
    assert default_storage.listdir("")[0] == []


# --- What they take ---


def taken() -> int:
    """Return how many bytes the files of all posts and accounts are."""
    pictures = [
        key for pair in Account.objects.values_list("avatar", "banner") for key in pair if key
    ]
    return sum(
        uploads.bytes_of(key) for key in [*Media.objects.values_list("key", flat=True), *pictures]
    )


def test_what_comes_in_counts_for_who_brought_it(bring):
    """Also what a retweet shows, whose author is not here."""
    other = snowflake(at(2))
    retweet = tweet(
        "RT @grace: Look https://t.co/r",
        at(2),
        other,
        extended_entities={"media": [photo("https://t.co/r", "r.jpg")]},
    )
    files = {
        f"data/tweets_media/{ID}-a.jpg": jpeg(300, 150),
        f"data/tweets_media/{other}-r.jpg": jpeg(300, 150),
    }
    for _ in range(2):
        bring([with_media(photo("https://t.co/p", "a.jpg")), retweet], files=files)
        account = Account.objects.get(host="")
        assert account.stored_bytes == taken() > 0
        assert {media.payer for media in Media.objects.all()} == {account.pk}
        assert not Account.objects.exclude(host="").filter(stored_bytes__gt=0).exists()


def test_media_stop_where_the_storage_is_full_and_the_report_says_so(bring, settings):
    names = [f"data/tweets_media/{ID}-{n}.jpg" for n in "ab"]
    files = dict.fromkeys(names, jpeg(300, 150))
    bring([with_media(photo("https://t.co/p", "a.jpg"))], files=files)
    settings.ACCOUNT_BYTES = 2 * Account.objects.get().stored_bytes - 1
    later = snowflake(at(2))
    clip = video("https://t.co/v", [("v.mp4", "1000")])
    more = tweet(
        "More https://t.co/p",
        at(2),
        later,
        extended_entities={"media": [photo("https://t.co/p", "a.jpg"), clip]},
    )
    summary = bring(
        [with_media(photo("https://t.co/p", "a.jpg")), more],
        files={
            **files,
            f"data/tweets_media/{later}-a.jpg": jpeg(300, 150),
            f"data/tweets_media/{later}-v.mp4": mp4(b"x" * 100_000),
        },
    )
    assert summary.missing[FULL] == 2
    assert f"2: {FULL}" in "\n".join(summary.lines())
    assert (Post.objects.count(), Media.objects.count()) == (2, 1)
    assert Account.objects.get().stored_bytes == taken() <= settings.ACCOUNT_BYTES
