"""What holds for every page of the admin."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from accounts.models import Account, User
from testing.scene import say

# nobody's business
pytestmark = pytest.mark.both_databases

PRIVATE = {
    "archives.export",
    "timeline.bookmark",
    "timeline.draft",
    "timeline.notification",
    "timeline.notificationsettings",
    "accounts.waitingsignup",
    "accounts.addresschange",
    "accounts.block",
    "accounts.followrequest",
    "accounts.mute",
    "accounts.mutedword",
    "accounts.session",
    "timeline.tagfollow",
}
# told better elsewhere: on the page of a post, of a case, or on the dashboard
SHOWN_ELSEWHERE = {
    "timeline.pin",
    "timeline.revision",
    "timeline.mention",
    "timeline.tagging",
    "moderation.dailyfigures",
    "moderation.message",
    "moderation.notice",
}
# what the site itself remembers, of which a list tells nothing
BOOKKEEPING = {
    "accounts.accountword",
    "accounts.removedhandle",
    "archives.importedid",
    "moderation.reminder",
    "timeline.searchentry",
    "timeline.risingtag",
    "accounts.livelyaccount",
}
OURS = [
    model
    for name in ("accounts", "timeline", "moderation", "archives")
    for model in apps.get_app_config(name).get_models()
]
WITHOUT_A_LIST = PRIVATE | SHOWN_ELSEWHERE | BOOKKEEPING
LISTED = [model for model in OURS if model._meta.label_lower not in WITHOUT_A_LIST]


@pytest.fixture
def keeper(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("keeper@example.com", "a long pass phrase"))
    return client


def test_no_list_but_for_somebodys_work() -> None:
    """Whoever adds a model decides whether it has a list, and writes it down here if not."""
    without = {model._meta.label_lower for model in OURS if not admin.site.is_registered(model)}
    assert without == WITHOUT_A_LIST


@pytest.mark.slow
@pytest.mark.parametrize("model", LISTED, ids=lambda model: model._meta.label_lower)
def test_each_list_opens(keeper: Client, model: type[Model]) -> None:
    assert admin.site.is_registered(model)
    path = f"/admin/{model._meta.label_lower.replace('.', '/')}/"
    for query in ("", "?q=ada", "?q=1", "?q=%00", "?p=9", "?p=x", "?o=9.-9.x"):
        assert keeper.get(path + query, follow=True).status_code == 200, query


@pytest.mark.parametrize("lookup", ["id__range", "joined_at__range", "joined_at__year__range"])
def test_a_range_is_refused(keeper: Client, ada: Account, lookup: str) -> None:
    assert keeper.get(f"/admin/accounts/account/?{lookup}=2147483647").status_code == 400


@pytest.mark.parametrize(
    "selected", ["x", "\x1b[31m", "-1", "9" * 19, "9" * 40, "\u0661", "1\0", ""]
)
@pytest.mark.parametrize(
    ("path", "action"), [("timeline/post", "hide"), ("accounts/account", "suspend")]
)
def test_selecting_what_is_no_row(
    keeper: Client, ada: Account, path: str, action: str, selected: str
) -> None:
    post = say(ada, "Hello")
    response = keeper.post(
        f"/admin/{path}/",
        {"action": action, "_selected_action": [selected, str(post.pk)]},
        follow=True,
    )
    assert response.status_code == 200
    assert b"Nothing was changed" in response.content
    post.refresh_from_db()
    assert post.hidden_at is None
