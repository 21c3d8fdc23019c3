"""`bring(tweets, …)`: an archive is made as X makes them, and comes in."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import AccountWord
from archives.importer.importing import import_archive
from archives.importer.report import ImportSummary
from testing.archives import contents, tweet, write_zip
from timeline.feeds.counters import recount_everything
from timeline.search.index import reindex

OPTIONS = ("handle", "dry_run", "publish_circle_window", "progress")


@pytest.fixture
def bring(db: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., ImportSummary]:
    """Import an archive of `tweets`; further arguments are import_archive's, or those of
    make.contents. Every count is right after it, and everything is found.
    """

    def bring(tweets: Iterable[Any] = (tweet("Hello"),), **more: Any) -> ImportSummary:
        options = {name: more.pop(name) for name in OPTIONS if name in more}
        account = more.pop("account", None)
        path: Path = write_zip(
            tmp_path_factory.mktemp("archive") / "archive.zip",
            contents(tweets, **more, **({"handle": account} if account else {})),
        )
        summary = import_archive(path, **options)
        assert not any(recount_everything().values())
        assert (reindex(), AccountWord.objects.follow_all()) == (0, 0)
        return summary

    return bring
