import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from archives.models import ImportedAccount, ImportedId
from testing.archives import at, many, tweet
from timeline.models import Post


@pytest.fixture
def keeper(db) -> Client:
    client = Client()
    client.force_login(
        get_user_model().objects.create_superuser("keeper@example.com", "a long pass phrase")
    )
    return client


@pytest.mark.parametrize("page", ["importedid", "importedaccount"])
def test_lists_can_be_searched_and_cost_the_same_however_long(
    keeper, bring, page, django_assert_max_num_queries
):
    path = f"/admin/archives/{page}/"
    bring([tweet("x", at(1))])
    for query in ("", "?q=4242", "?q=ada", "?source=x"):
        assert keeper.get(path + query).status_code == 200
    with django_assert_max_num_queries(10):
        keeper.get(path)
    bring([tweet("x", at(1)), *many(30)])
    with django_assert_max_num_queries(10):
        keeper.get(path)


def test_a_record_leads_to_what_it_is_about_and_cannot_be_changed(keeper, bring):
    bring([tweet("<b>Hello</b>", at(1))])
    row, account, post = ImportedId.objects.get(), ImportedAccount.objects.get(), Post.objects.get()
    shown = keeper.get(f"/admin/archives/importedid/{row.pk}/change/").content.decode()
    assert f"/admin/timeline/post/{post.pk}/change/" in shown
    assert "<b>Hello" not in shown
    assert (
        f"/admin/accounts/account/{post.author_id}/"
        in keeper.get(f"/admin/archives/importedaccount/{account.pk}/change/").content.decode()
    )
    assert (
        keeper.post(f"/admin/archives/importedid/{row.pk}/change/", {"source_id": "9"}).status_code
        == 403
    )
    assert keeper.get("/admin/archives/importedid/add/").status_code == 403
