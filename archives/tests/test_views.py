"""`/HANDLE/status/ID`: X's form of an address."""

import pytest

from conftest import client_of
from testing.archives import at, photo, snowflake, tweet
from timeline.models import Post

ID = snowflake(at(1))


def leads_to(client, path: str) -> str | None:
    response = client.get(path)
    assert response.status_code in (302, 404)
    return response.headers.get("Location")


@pytest.fixture
def post(bring) -> Post:
    bring([tweet("Hello", at(1), ID)], handle="lovelace")
    return Post.objects.get()


@pytest.mark.parametrize("handle", ["ada", "ADA", "lovelace"])
def test_address_with_xs_id_and_any_of_its_handles_leads_to_the_post(visitor, post, handle):
    assert leads_to(visitor, f"/{handle}/status/{ID}") == post.get_absolute_url()


def test_address_with_a_former_handle_leads_to_the_post(visitor, post):
    post.author.change_handle("countess")
    assert leads_to(visitor, f"/lovelace/status/{ID}") == f"/@countess/{post.pk}"


def test_address_with_a_handle_that_it_had_elsewhere_leads_to_the_post(visitor, bring):
    changes = [
        {"screenNameChange": {"accountId": "4242", "screenNameChange": {"changedFrom": name}}}
        for name in ("Old_Ada", "oldest")
    ]
    bring([tweet("Hello", at(1), ID)], data={"screen-name-change": changes})
    post = Post.objects.get()
    for handle in ("old_ada", "OLDEST", "ada"):
        assert leads_to(visitor, f"/{handle}/status/{ID}") == post.get_absolute_url()
    for handle in ("oldXada", "old", "a"):
        assert leads_to(visitor, f"/{handle}/status/{ID}") is None


def test_address_with_our_id_leads_to_the_post(visitor, post):
    assert leads_to(visitor, f"/lovelace/status/{post.pk}") == post.get_absolute_url()


@pytest.mark.parametrize(
    "path",
    [f"/ben/status/{ID}", "/ada/status/1", "/ada/status/99999999999999999999", "/ada/status/x"],
)
def test_other_addresses_are_not_found(visitor, post, path):
    assert visitor.get(path).status_code == 404


def test_address_of_x_takes_no_post(visitor, post):
    assert visitor.post(f"/ada/status/{ID}").status_code == 405


@pytest.mark.parametrize("gone", ["hide", "remove"])
def test_what_is_hidden_or_deleted_is_not_found(visitor, post, gone):
    getattr(post, gone)()
    assert visitor.get(f"/ada/status/{ID}").status_code == 404


def test_what_a_suspended_account_wrote_is_not_found(visitor, post, ben):
    post.author.suspend()
    assert visitor.get(f"/ada/status/{ID}").status_code == 404
    assert client_of(ben).get(f"/ada/status/{ID}").status_code == 404


def test_addresses_of_a_retweet_and_of_its_original_lead_to_the_original(visitor, bring):
    original = snowflake(at(0))
    item = photo("https://t.co/p", "x.jpg", source_status_id_str=str(original))
    bring([tweet("RT @ben: x https://t.co/p", at(1), ID, extended_entities={"media": [item]})])
    address = Post.objects.get(is_external=True).get_absolute_url()
    assert address.startswith("/@ben@x.com/")
    assert leads_to(visitor, f"/ada/status/{ID}") == address
    assert leads_to(visitor, f"/Ben/status/{original}") == address
    assert leads_to(visitor, f"/cal/status/{original}") is None
