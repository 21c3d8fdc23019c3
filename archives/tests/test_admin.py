import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from archives.models import ImportedAccount
from testing.archives import at, many, tweet
from timeline.models import Post


@pytest.fixture
def keeper(db) -> Client:
    client = Client()
    client.force_login(
        get_user_model().objects.create_superuser("keeper@example.com", "a long pass phrase")
    )
    return client


def test_the_list_can_be_searched_and_costs_the_same_however_long(
    keeper, bring, django_assert_max_num_queries
):
    path = "/admin/archives/importedaccount/"
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
    row, post = ImportedAccount.objects.get(), Post.objects.get()
    page = f"/admin/archives/importedaccount/{row.pk}/change/"
    shown = keeper.get(page).content.decode()
    assert f"/admin/accounts/account/{post.author_id}/" in shown
    assert keeper.post(page, {"source_id": "9"}).status_code == 403
    assert keeper.get("/admin/archives/importedaccount/add/").status_code == 403
