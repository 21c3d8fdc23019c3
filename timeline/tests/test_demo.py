"""The demo community: it comes once, reads well, counts right, and goes without a trace of itself
or a scratch to anybody else.
"""

import shutil
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from accounts import handles
from accounts.models import Account, Follow, User
from conftest import make_account
from microblog import text
from moderation.models import Case, DailyFigures, Decision, Notice, Sanction, Ticket
from testing.database import Restorer
from timeline.demo import community
from timeline.demo.conversations import Saying, age, conversations, read
from timeline.demo.people import ADA, LOCAL, PEOPLE
from timeline.feeds import counters
from timeline.models import Like, LinkCard, Media, Mention, Post, Tag
from timeline.posting.publish import publish


def kept_in(folder: Path) -> dict[str, Any]:
    """The settings by which a site keeps all it writes in `folder`."""
    options = {"location": folder / "media", "allow_overwrite": True}
    return {
        "VAR": folder,
        "STORAGES": {"default": {"BACKEND": "microblog.media.storage.Storage", "OPTIONS": options}},
    }


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]


def everything(sayings: list[Saying]) -> Iterator[Saying]:
    for saying in sayings:
        yield saying
        yield from everything(saying.following)


def person(handle: str) -> Account:
    return Account.objects.named(handle).get()


@pytest.fixture(scope="class")
def folder(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock():
        before = Restorer()
        with override_settings(**kept_in(folder)):
            assert community.make()
        yield folder
        before.restore()


@pytest.mark.slow
class TestHere:
    """With a demo community, made once for all of these, for that takes a few seconds."""

    @pytest.fixture(autouse=True)
    def _here(self, folder: Path, db: None, settings: Any) -> None:
        for name, value in kept_in(folder).items():
            setattr(settings, name, value)

    def test_everybody_is_there(self) -> None:
        assert {str(account) for account in Account.objects.all()} == {
            f"@{p.handle}@{p.host}" if p.host else f"@{p.handle}" for p in PEOPLE
        }
        ada = person("ada")
        assert (ada.followers // 1000, ada.following // 1000, ada.joined_at) == (
            118,
            11,
            ADA.joined,
        )
        assert '<a href="/@mateo_bakes">@mateo_bakes</a>' in ada.bio_html
        assert all(
            account.avatar and account.banner and account.followers_count
            for account in Account.objects.local()
        )

    def test_ada_fills_a_page_of_every_kind(self) -> None:
        kinds = Counter(Post.objects.by(person("ada")).values_list("kind", flat=True))
        assert min(kinds[kind] for kind in Post.Kind.values) >= 25
        assert {1, 2, 3, 4} <= set(
            Post.objects.by(person("ada")).values_list("media_count", flat=True)
        )
        assert Like.objects.filter(account=person("ada")).count() >= 25
        assert Post.objects.by(person("ada")).exclude(card=None).exists()
        assert Post.objects.by(person("ada")).filter(reply_to__author=person("ada")).exists()
        assert Post.objects.filter(sensitive=True, media_count__gt=0).exists()

    def test_every_age_shows_on_her_first_two_pages(self) -> None:
        shown = Post.objects.by(person("ada")).top_level().newest_first()[:40]
        ages = [timezone.now() - post.original.created_at for post in shown]
        borders = [
            timedelta(minutes=1),
            timedelta(hours=1),
            timedelta(days=1),
            timedelta(days=31),
            timedelta(days=366),
            timedelta(days=1500),
        ]
        for low, high in pairwise(borders):
            assert any(low <= age < high for age in ages), f"nothing between {low} and {high}"

    def test_nothing_is_said_before_what_it_belongs_to(self) -> None:
        for post in Post.objects.select_related("reply_to", "quote_of", "retweet_of"):
            about = post.reply_to or post.quote_of or post.retweet_of
            assert post.created_at < timezone.now()
            assert about is None or about.pk < post.pk

    def test_every_picture_is_described_and_kept(self, folder: Path) -> None:
        assert Media.objects.count() >= 30
        assert all(len(media.alt) >= 20 for media in Media.objects.all())
        assert len(files_in(folder / "media")) == 2 * (Media.objects.count() + 2 * len(LOCAL))

    def test_external_posts_are_read_through_local_people(self) -> None:
        external = Post.objects.filter(is_external=True)
        assert len({post.author_id for post in external}) >= 3
        assert all(post.retweets.exists() for post in external)
        assert external.filter(quotes__isnull=False).exists()
        assert external.filter(origin_url__startswith="https://x.com/").exists()
        assert not external.filter(is_listed=True).exists()

    def test_counts_are_right(self) -> None:
        assert not any(counters.recount_everything().values())
        assert Post.objects.filter(imported_likes__gte=9000, imported_likes__lt=10_000).exists()

    def test_moderators_have_something_to_do(self) -> None:
        """What moderation adds finds the posts that it is about."""
        assert Case.objects.open().count() == 6
        assert (
            Ticket.objects.reports().open().count(),
            Ticket.objects.removals().open().count(),
            Ticket.objects.appeals().open().count(),
        ) == (5, 1, 1)
        assert (
            Ticket.objects.reports().filter(state="dismissed").count()
            == Decision.objects.filter(action="none").count()
            == 8
        )
        assert not Case.objects.about(person("ada")).open().exists()
        assert sum(figures.reports_count for figures in DailyFigures.objects.all()) >= 8

    def test_making_it_twice_changes_nothing(self, folder: Path, capsys: Any) -> None:
        before = set(Post.objects.values_list("pk", flat=True)), set(files_in(folder))
        call_command("demo")
        first = capsys.readouterr().out
        call_command("demo")
        assert (set(Post.objects.values_list("pk", flat=True)), set(files_in(folder))) == before
        assert (
            first
            == capsys.readouterr().out
            == f"Sign in as ada with the password {(folder / 'demo-password').read_text()}\n"
        )

    def test_ada_is_staff_with_a_password_of_the_sites_own(self, folder: Path) -> None:
        user = person("ada").user
        assert (user.email, user.is_staff, user.is_superuser) == ("ada@demo.example", True, True)
        assert user.check_password((folder / "demo-password").read_text())
        assert stat.S_IMODE((folder / "demo-password").stat().st_mode) == 0o600
        assert User.objects.count() == 1

    def test_a_password_that_was_changed_is_not_told(self) -> None:
        user = person("ada").user
        user.set_password("my own")
        user.save()
        assert community.demo_sign_in() == "Sign in as ada with the password that you gave her"

    def test_remove_leaves_nothing(
        self,
        folder: Path,
        tmp_path: Path,
        settings: Any,
        capsys: Any,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        shutil.copytree(folder, tmp_path / "var")
        for name, value in kept_in(tmp_path / "var").items():
            setattr(settings, name, value)
        with django_capture_on_commit_callbacks(execute=True):
            call_command("demo", remove=True)
        for model in (Account, Follow, User, Post, Like, Media, Mention, LinkCard, Tag):
            assert not model.objects.exists(), model
        for model in (Case, Ticket, Sanction, Notice):
            assert not model.objects.exists(), model
        assert not any(
            figures.reports_count or figures.removals_count
            for figures in DailyFigures.objects.all()
        )
        assert Decision.objects.exists()  # the record stays
        assert files_in(tmp_path / "var") == []
        call_command("demo", remove=True)
        assert (
            capsys.readouterr().out
            == "The demo community is gone.\nThere is no demo community here.\n"
        )
        assert community.demo_sign_in() is None

    def test_remove_keeps_what_is_real_peoples(
        self, folder: Path, tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        shutil.copytree(folder, tmp_path / "var")
        for name, value in kept_in(tmp_path / "var").items():
            setattr(settings, name, value)
        eve, fay = make_account("eve"), make_account("fay")
        post = publish(eve, "Hello, all. #trams https://ada.example/hyphens")
        theirs = Post.objects.by(person("ada")).filter(kind="post").first()
        reply, quote = (
            publish(eve, "Lovely.", reply_to=theirs),
            publish(eve, "This.", quote_of=theirs),
        )
        theirs.retweet(eve)
        theirs.like(eve)
        post.like(fay)
        post.retweet(fay)
        eve.follow(fay)
        eve.follow(person("ada"))
        for handle in ("ada", "kofi_fm"):
            person(handle).follow(eve)
            post.like(person(handle))
            post.retweet(person(handle))
            publish(person(handle), "Welcome, @eve!", reply_to=post)
            publish(person(handle), "Somebody new:", quote_of=post)
        with django_capture_on_commit_callbacks(execute=True):
            assert community.remove()
        assert set(Account.objects.all()) == {eve, fay}
        assert User.objects.count() == 2
        reply.refresh_from_db()
        quote.refresh_from_db()
        post.refresh_from_db()
        eve.refresh_from_db()
        assert (reply.kind, reply.reply_to, quote.kind, quote.quote_of) == (
            "reply",
            None,
            "quote",
            None,
        )
        assert (post.likes_count, post.retweets_count, post.replies_count, post.quotes_count) == (
            1,
            1,
            0,
            0,
        )
        assert (eve.posts_count, eve.followers_count, eve.following_count) == (3, 0, 1)
        assert post.card.domain == "ada.example"
        assert [tag.name for tag in Tag.objects.all()] == ["trams"]
        assert not any(counters.recount_everything().values())


class TestAway:
    """Where there is none, and must not be one."""

    @pytest.fixture(autouse=True)
    def _var(self, tmp_path: Path, settings: Any) -> None:
        settings.VAR = tmp_path

    @pytest.mark.parametrize("handle", ["ada", "KOFI_fm"])
    def test_it_does_not_push_real_people_out(self, db: None, tmp_path: Path, handle: str) -> None:
        make_account(handle)
        with pytest.raises(
            CommandError,
            match=f"@{handle} is here already, and not of the demo. Nothing was changed.",
        ):
            call_command("demo")
        assert (Account.objects.count(), Post.objects.count(), files_in(tmp_path)) == (1, 0, [])

    def test_it_takes_no_handle_that_somebody_had_yesterday(self, cal: Account) -> None:
        cal.change_handle("old_ib")
        cal.change_handle("cal")
        with pytest.raises(CommandError, match="@old_ib is kept for somebody"):
            call_command("demo")

    def test_it_takes_no_address_that_somebody_signs_in_with(self, cal: Account) -> None:
        User.objects.filter(pk=cal.user_id).update(email="Ada@demo.example")
        with pytest.raises(CommandError, match=r"somebody signs in with ada@demo\.example"):
            call_command("demo")

    def test_a_real_ada_with_that_address_is_no_demo(self, db: None) -> None:
        User.objects.create_superuser(community.EMAIL, "a long pass phrase")
        Account.objects.create_local("ada", user=User.objects.get())
        assert community.demo_sign_in() is None
        assert not community.remove()
        assert Account.objects.named("ada").exists()

    def test_what_fails_half_way_leaves_nothing(
        self, db: None, tmp_path: Path, settings: Any, monkeypatch: Any
    ) -> None:
        settings.STORAGES = kept_in(tmp_path)["STORAGES"]
        trams = [
            Saying(
                "ada", timedelta(hours=1), "A tram.", pictures=[("tram-night", "A tram at night.")]
            ),
            Saying("nobody", timedelta(0), "?"),
        ]
        monkeypatch.setattr(community, "conversations", lambda: trams)
        with pytest.raises(KeyError):
            community.make()
        assert not Account.objects.exists()
        assert not files_in(tmp_path / "media")


class TestWords:
    """The words alone, without a database."""

    sayings = tuple(everything(conversations()))

    def test_everything_fits_in_a_post_and_is_said_once(self) -> None:
        assert [
            saying.text
            for saying in self.sayings
            if not 0 < text.parse(saying.text).length <= text.MAX_LENGTH
        ] == []
        assert [
            words
            for words, times in Counter(saying.text for saying in self.sayings).items()
            if times > 1
        ] == []

    def test_every_link_leads_to_an_invented_place(self) -> None:
        links = [link for saying in self.sayings for link in text.parse(saying.text).links]
        links += [
            link
            for p in PEOPLE
            for link in [*text.parse(p.bio).links, *([p.website] if p.website else [])]
        ]
        assert links
        assert [
            link for link in links if not (urlsplit(link).hostname or "").endswith(".example")
        ] == []

    def test_who_is_named_is_of_the_demo(self) -> None:
        known = {p.handle.lower() for p in LOCAL}
        texts = [saying.text for saying in self.sayings] + [p.bio for p in PEOPLE]
        assert {name for words in texts for name in text.parse(words).mentions} <= known

    def test_handles_and_profiles_obey_the_rules(self) -> None:
        for p in PEOPLE:
            assert handles.LOCAL.fullmatch(p.handle)
            assert not handles.is_reserved(p.handle)
            assert len(p.name) <= 50
            assert len(p.location) <= 30
            assert text.parse(p.bio).length <= 160
            assert 2009 <= p.joined.year <= 2024

    def test_every_picture_is_there_and_shown(self) -> None:
        shown = {f"posts/{name}" for saying in self.sayings for name, _ in saying.pictures}
        faces = {f"{kind}/{p.handle}" for kind in ("avatars", "banners") for p in LOCAL}
        there = files_in(community.PICTURES)
        assert {str(file.relative_to(community.PICTURES)) for file in there} == {
            f"{name}.webp" for name in shown | faces
        }
        assert sum(file.stat().st_size for file in there) < 1_500_000

    @pytest.mark.parametrize(
        ("written", "days"), [("6d", 6), ("2w", 14), ("2mo", 62), ("1y 2mo", 428), ("1y", 366)]
    )
    def test_age_is_read(self, written: str, days: int) -> None:
        assert age(written) == timedelta(days=days)

    @pytest.mark.parametrize("written", ["", "soon", "3 d", "5x", "3h later"])
    def test_what_is_no_age_is_refused(self, written: str) -> None:
        with pytest.raises(ValueError, match="is no age"):
            age(written)

    def test_conversations_are_read_by_their_indent(self) -> None:
        first, second = read(
            "// said\n@ada · 3h · sensitive · elsewhere 9000/20 · retweets old_ib, kofi_fm "
            "2h\nOne\n\\\ntwo\n[tram] A tram.\n\n"
            "  @old_ib\n  Three.\n\n    @ada · quotes · 1h\n    Four.\n\n@kofi_fm · 2d · "
            "undated\nFive.\n"
        )
        assert (first.who, first.text, first.is_sensitive, first.elsewhere) == (
            "ada",
            "One\n\ntwo",
            True,
            (9000, 20),
        )
        assert first.retweets == [("old_ib", None), ("kofi_fm", timedelta(hours=2))]
        assert first.pictures == [("tram", "A tram.")]
        assert (first.following[0].ago, first.following[0].following[0].is_quote) == (None, True)
        assert (second.text, second.is_dated) == ("Five.", False)
