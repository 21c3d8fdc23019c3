"""Who may answer a post, and who may quote it: chosen in the composer, changed at
/posts/ID/audience, shown under the post, and asked of whoever answers or quotes.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Account, RefusedError
from conftest import client_of, make_account
from testing.html import find
from testing.scene import HTMX, external, from_outside, retweet, say
from timeline.models import Draft, Mention, Post
from timeline.models.permission import Audience, Verb
from timeline.posting.edit import edit

EVERYONE, FOLLOWED, MENTIONED = Audience
FOLLOW = "Only people whom @ada follows or mentions can reply to this."
PLAIN_AND_HTMX = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


@pytest.fixture
def people(ada: Account, ben: Account, cal: Account) -> dict[str, Account]:
    """Everybody whom a rule tells apart: Ben follows Ada, Cal is a stranger."""
    followed, mentioned = make_account("dora"), make_account("eve")
    ada.follow(followed)
    return {
        "author": ada,
        "followed": followed,
        "mentioned": mentioned,
        "follower": ben,
        "stranger": cal,
    }


def ruled(ada: Account, **rules: str) -> Post:
    return say(ada, "To @eve and all", **rules)


def send(client: Client, text: str = "My answer", **fields: Any) -> Any:
    return client.post("/compose", {"text": text, **fields})


def choices(response: Any) -> dict[str, str]:
    """Return what each choice of a form says, by its name."""
    chosen = {}
    for select in find(response, "select"):
        chosen[select.attrs["name"]] = next(
            (
                option.attrs["value"]
                for option in find(response, "option")
                if select.attrs["name"] == option.inside[-1].attrs["name"]
                and "selected" in option.attrs
            ),
            "",
        )
    return chosen


def main(client: Client, url: str) -> str:
    return find(client.get(url), "main")[0].text


def rules(client: Client, post: Post) -> list[str]:
    return [one.text for one in find(client.get(post.get_absolute_url()), "p", class_="rule")]


# --- Each rule, for each person ---

ALLOWED = {
    EVERYONE: {"author", "followed", "mentioned", "follower", "stranger"},
    FOLLOWED: {"author", "followed", "mentioned"},
    MENTIONED: {"author", "mentioned"},
}


@pytest.mark.parametrize("who", sorted(ALLOWED[EVERYONE]))
@pytest.mark.parametrize("audience", Audience)
def test_who_may_reply(people: dict[str, Account], audience: Audience, who: str) -> None:
    post = ruled(people["author"], may_reply=audience)
    client = client_of(people[who])
    may = who in ALLOWED[audience]
    page = client.get(post.get_absolute_url())
    assert bool(find(page, "a", class_="prompt")) == may
    assert client.get(f"/compose?reply_to={post.pk}").status_code == (200 if may else 403)
    assert send(client, reply_to=post.pk).status_code == (302 if may else 422)
    assert post.replies.count() == may
    assert send(client, "I quote", quote=post.pk).status_code == 302, "the rule is about replies"


@pytest.mark.parametrize("who", sorted(ALLOWED[EVERYONE]))
@pytest.mark.parametrize("audience", Audience)
def test_who_may_quote(people: dict[str, Account], audience: Audience, who: str) -> None:
    post = ruled(people["author"], may_quote=audience)
    client = client_of(people[who])
    may = who in ALLOWED[audience]
    assert client.get(f"/compose?quote={post.pk}").status_code == (200 if may else 403)
    assert send(client, quote=post.pk).status_code == (302 if may else 422)
    assert post.quotes.count() == may
    assert send(client, "I reply", reply_to=post.pk).status_code == 302, "the rule is about quotes"


@pytest.mark.parametrize("who", sorted(ALLOWED[EVERYONE]))
@pytest.mark.parametrize("audience", Audience)
def test_a_link_to_what_one_may_not_quote_stays_a_link(
    people: dict[str, Account], publish: Callable[..., Post], audience: Audience, who: str
) -> None:
    post = ruled(people["author"], may_quote=audience)
    link = f"{settings.SITE_URL}{post.get_absolute_url()}"
    made = publish(people[who], f"Look {link}")
    if who in ALLOWED[audience]:
        assert (made.quote_of, made.text) == (post, "Look")
    else:
        assert (made.kind, made.quote_of, made.text) == ("post", None, f"Look {link}")


@pytest.mark.parametrize("who", sorted(ALLOWED[EVERYONE]))
@pytest.mark.parametrize("audience", Audience)
def test_the_first_post_rules_however_deep_one_replies(
    people: dict[str, Account], audience: Audience, who: str
) -> None:
    post = ruled(people["author"], may_reply=audience)
    deep = post
    for _ in range(3):
        deep = say(people["followed"], "And on", reply_to=deep, may_reply=MENTIONED)
    client = client_of(people[who])
    may = who in ALLOWED[audience]
    assert client.get(f"/compose?reply_to={deep.pk}").status_code == (200 if may else 403)
    assert send(client, reply_to=deep.pk).status_code == (302 if may else 422)
    assert bool(find(client.get(deep.get_absolute_url()), "a", class_="prompt")) == may


def test_a_reply_to_a_retweet_asks_for_the_original(
    people: dict[str, Account], ben: Account, as_cal: Client
) -> None:
    post = ruled(people["author"], may_reply=MENTIONED, may_quote=MENTIONED)
    copy = retweet(ben, post)
    for name in ("reply_to", "quote"):
        assert as_cal.get(f"/compose?{name}={copy.pk}").status_code == 403
        assert send(as_cal, **{name: copy.pk}).status_code == 422


def test_below_more_replies_than_a_page_shows_the_first_post_rules_too(
    ada: Account, as_cal: Client
) -> None:
    deep = say(ada, "First", may_reply=FOLLOWED)
    for number in range(60):
        deep = say(ada, f"{number}", reply_to=deep)
    assert FOLLOW in main(as_cal, deep.get_absolute_url())
    assert send(as_cal, reply_to=deep.pk).status_code == 422


# --- The first post goes, or is not seen ---


def test_where_the_first_post_is_deleted_what_answered_it_rules(
    people: dict[str, Account], as_cal: Client
) -> None:
    post = ruled(people["author"], may_reply=FOLLOWED)
    answer = say(people["followed"], "An answer", reply_to=post)
    below = say(people["followed"], "And on", reply_to=answer)
    Post.objects.answering(post).bridge(post)
    post.delete()
    assert rules(as_cal, below) == []
    assert send(as_cal, reply_to=below.pk).status_code == 302


def test_a_thread_stays_ruled_when_its_first_post_goes(
    ada: Account, as_ada: Client, as_cal: Client
) -> None:
    send(as_ada, "One", text_2="Two", may_reply=FOLLOWED)
    first, second = Post.objects.by(ada).order_by("pk")
    Post.objects.answering(first).bridge(first)
    first.delete()
    assert send(as_cal, reply_to=second.pk).status_code == 422


@pytest.mark.parametrize("away", ["hide", "block"])
def test_nothing_is_told_of_who_wrote_a_first_post_that_one_does_not_see(
    people: dict[str, Account], cal: Account, as_cal: Client, away: str
) -> None:
    post = ruled(people["author"], may_reply=FOLLOWED)
    answer = say(people["followed"], "An answer", reply_to=post)
    if away == "hide":
        post.hide()
    else:
        people["author"].block(cal)
    closed = "You cannot reply to this: its conversation is not open to everyone."
    page = main(as_cal, answer.get_absolute_url())
    assert closed in page
    assert "whom" not in page
    refused = as_cal.get(f"/compose?reply_to={answer.pk}")
    assert (refused.status_code, "@ada" in find(refused, "main")[0].text) == (403, False)
    sent = send(as_cal, reply_to=answer.pk)
    assert closed in find(sent, "div", class_="errors")[0].text


# --- What the page says ---


def test_the_rules_stand_under_the_post(
    people: dict[str, Account], visitor: Client, as_ada: Client
) -> None:
    ada = people["author"]
    post = ruled(ada, may_reply=FOLLOWED, may_quote=MENTIONED)
    said = [
        "People whom @ada follows or mentions can reply",
        "People whom @ada mentions can quote",
    ]
    assert rules(visitor, post) == rules(as_ada, post) == said
    assert rules(visitor, ruled(ada, may_reply=MENTIONED)) == [
        "People whom @ada mentions can reply"
    ]
    assert rules(visitor, ruled(ada)) == []


def test_of_a_reply_the_rule_of_the_first_post_is_said(
    people: dict[str, Account], visitor: Client
) -> None:
    post = ruled(people["author"], may_reply=FOLLOWED, may_quote=MENTIONED)
    answer = say(people["followed"], "An answer", reply_to=post, may_quote=FOLLOWED)
    assert rules(visitor, answer) == [
        "People whom @ada follows or mentions can reply",
        "People whom @dora follows or mentions can quote",
    ]


def test_who_may_not_reply_reads_why_in_the_place_of_the_prompt(
    people: dict[str, Account], as_cal: Client
) -> None:
    post = ruled(people["author"], may_reply=FOLLOWED, may_quote=MENTIONED)
    page = as_cal.get(post.get_absolute_url())
    assert [one.text for one in find(page, "p", class_="closed")] == [FOLLOW]
    assert rules(as_cal, post) == ["People whom @ada mentions can quote"], "nothing twice"
    assert find(page, "a", href=f"/compose?reply_to={post.pk}"), "its button leads to why not"


def test_other_rows_say_nothing_of_it(ada: Account, as_cal: Client) -> None:
    post = say(ada, "Hello", may_reply=MENTIONED)
    above = say(ada, "And on", reply_to=post)
    for url in ("/@ada", "/explore", above.get_absolute_url()):
        rows = [row for row in find(as_cal.get(url), "article") if row.attrs["id"] == f"p{post.pk}"]
        assert not [row for row in rows if "whom" in row.text]


def test_what_is_from_elsewhere_has_no_prompt_and_no_rule(visitor: Client, as_cal: Client) -> None:
    post = from_outside(external(), "From elsewhere")
    for client in (visitor, as_cal):
        assert rules(client, post) == []
        assert not find(client.get(post.get_absolute_url()), "p", class_="closed")


# --- The way to the composer ---


def test_the_composer_says_why_not(ada: Account, as_cal: Client) -> None:
    post = say(ada, "Hello", may_reply=FOLLOWED, may_quote=MENTIONED)
    assert FOLLOW in find(as_cal.get(f"/compose?reply_to={post.pk}"), "main")[0].text
    quoting = as_cal.get(f"/compose?quote={post.pk}")
    assert "Only people whom @ada mentions can quote this." in find(quoting, "main")[0].text
    assert not find(quoting, "form", class_="composer")


def test_the_dialog_leads_to_the_page_that_says_why_not(ada: Account, as_cal: Client) -> None:
    post = say(ada, "Hello", may_reply=FOLLOWED)
    response = as_cal.get(f"/compose?reply_to={post.pk}&dialog", headers=HTMX)
    assert response.status_code == 403
    assert response["HX-Redirect"] == f"/compose?reply_to={post.pk}"


@PLAIN_AND_HTMX
@pytest.mark.parametrize(("name", "verb"), [("reply_to", "reply"), ("quote", "quote")])
def test_a_form_that_was_opened_before_the_rule_changed_is_refused_and_kept(
    ada: Account, as_cal: Client, headers: dict[str, str], name: str, verb: str
) -> None:
    post = say(ada, "Hello")
    form = as_cal.get(f"/compose?{name}={post.pk}")
    key = find(form, "input", name="idempotency_key")[0].attrs["value"]
    post.set_audience(FOLLOWED, FOLLOWED)
    fields = {"text": "A long answer", name: post.pk, "idempotency_key": key, "text_2": "And on"}
    response = as_cal.post("/compose", fields, headers=headers)
    assert response.status_code == 422
    said = find(response, "div", class_="errors")[0].text
    assert said.startswith(f"Only people whom @ada follows or mentions can {verb}")
    assert not Post.objects.by(Account.objects.get(handle="cal")).exists()
    if not headers:
        texts = [
            one.text
            for one in find(response, "textarea")
            if one.attrs.get("name", "").startswith("text")
        ]
        assert texts == ["A long answer", "And on"]
        assert find(response, "input", name=name)[0].attrs["value"] == str(post.pk)
    post.set_audience(EVERYONE, EVERYONE)
    assert as_cal.post("/compose", fields, headers=headers).status_code in (200, 302)


def test_a_rule_that_changes_while_the_form_is_read_holds(
    ada: Account, cal: Account, publish: Callable[..., Post]
) -> None:
    """Publishing asks, whoever calls it."""
    post = say(ada, "Hello", may_reply=FOLLOWED, may_quote=MENTIONED)
    for targets in ({"reply_to": post}, {"quote_of": post}):
        with pytest.raises(RefusedError):
            publish(cal, "Hello", **targets)
    assert not Post.objects.by(cal).exists()


# --- The composer's fields ---


def test_the_composer_offers_both(as_ada: Client) -> None:
    page = as_ada.get("/compose")
    assert choices(page) == {"may_reply": "everyone", "may_quote": "everyone"}
    assert [label.text.split(" Everyone")[0] for label in find(page, "label")][:2] == [
        "Who can reply",
        "Who can quote",
    ]
    assert [option.text for option in find(page, "option")][:3] == [
        "Everyone",
        "People I follow or mention",
        "People I mention",
    ]
    assert "open" not in find(page, "details", class_="audience")[0].attrs


def test_of_a_reply_one_chooses_only_who_may_quote(ben: Account, as_ada: Client) -> None:
    post = say(ben, "Hello")
    assert choices(as_ada.get(f"/compose?reply_to={post.pk}")) == {"may_quote": "everyone"}
    assert list(choices(as_ada.get(f"/compose?quote={post.pk}"))) == ["may_reply", "may_quote"]


@PLAIN_AND_HTMX
def test_what_was_chosen_holds(ada: Account, as_ada: Client, headers: dict[str, str]) -> None:
    fields = {"text": "Hello", "may_reply": "followed", "may_quote": "mentioned"}
    as_ada.post("/compose", fields, headers=headers)
    post = Post.objects.get()
    assert (post.may_reply, post.may_quote) == (FOLLOWED, MENTIONED)


def test_nothing_chosen_is_everyone(as_ada: Client) -> None:
    send(as_ada, "One")
    send(as_ada, "Two", may_reply="", may_quote="")
    assert set(Post.objects.values_list("may_reply", "may_quote")) == {(EVERYONE, EVERYONE)}


def test_in_a_thread_the_first_post_rules_and_the_choice_of_quotes_holds_for_all(
    ada: Account, as_ada: Client, as_cal: Client
) -> None:
    send(as_ada, "One", text_2="Two", text_3="Three", may_reply="followed", may_quote="mentioned")
    posts = list(Post.objects.by(ada).order_by("pk"))
    assert {post.may_quote for post in posts} == {MENTIONED}
    for post in posts:
        assert rules(as_cal, post) == ["People whom @ada mentions can quote"]
        assert FOLLOW in main(as_cal, post.get_absolute_url())
    posts[0].set_audience(EVERYONE, EVERYONE)
    assert send(as_cal, reply_to=posts[2].pk).status_code == 302


def test_of_a_reply_the_choice_of_replies_says_nothing(
    ada: Account, ben: Account, as_ben: Client
) -> None:
    post = say(ada, "Hello")
    send(as_ben, "Mine", reply_to=post.pk, may_reply="mentioned", may_quote="mentioned")
    reply = Post.objects.by(ben).get()
    assert (reply.may_reply, reply.may_quote) == (EVERYONE, MENTIONED)


@PLAIN_AND_HTMX
@pytest.mark.parametrize("name", ["may_reply", "may_quote"])
@pytest.mark.parametrize("value", ["nobody", "EVERYONE", "everyone ", "x" * 500])
def test_what_is_no_choice_is_said_and_nothing_lost(
    as_ada: Client, headers: dict[str, str], name: str, value: str
) -> None:
    response = as_ada.post("/compose", {"text": "Hello", name: value}, headers=headers)
    assert response.status_code == 422
    verb = name.removeprefix("may_")
    (said,) = find(response, "p", data_about=name)
    assert said.text == (
        f"Choose who can {verb}: everyone, people you follow or mention, or people you mention."
    )
    assert not Post.objects.exists()
    if not headers:
        assert find(response, "textarea", name="text")[0].text == "Hello"


def test_after_a_refusal_the_choice_is_kept(as_ada: Client) -> None:
    response = send(as_ada, "x" * 281, may_reply="followed", may_quote="mentioned")
    assert response.status_code == 422
    assert choices(response) == {"may_reply": "followed", "may_quote": "mentioned"}
    assert "open" in find(response, "details", class_="audience")[0].attrs


def test_one_more_post_keeps_the_choice(as_ada: Client) -> None:
    fields = {"text": "One", "may_reply": "followed", "may_quote": "mentioned"}
    response = as_ada.post("/compose/more", fields)
    assert choices(response) == {"may_reply": "followed", "may_quote": "mentioned"}


def test_a_draft_keeps_the_choice(ada: Account, as_ada: Client) -> None:
    fields = {"text": "Half", "idempotency_key": uuid4(), "may_reply": "followed"}
    as_ada.post("/drafts", {**fields, "may_quote": "mentioned"}, headers=HTMX)
    draft = Draft.objects.get()
    assert (draft.may_reply, draft.may_quote) == (FOLLOWED, MENTIONED)
    page = as_ada.get(f"/compose?draft={draft.pk}")
    assert choices(page) == {"may_reply": "followed", "may_quote": "mentioned"}
    as_ada.post("/drafts", {**fields, "may_reply": "everyone"}, headers=HTMX)
    draft.refresh_from_db()
    assert (draft.may_reply, draft.may_quote) == (EVERYONE, EVERYONE)
    as_ada.post("/drafts", {**fields, "may_reply": "nobody"}, headers=HTMX)
    assert Draft.objects.count() == 1, "what is no choice costs no words"


# --- Changed later ---


def test_changing_it(ada: Account, as_ada: Client, as_cal: Client) -> None:
    post = say(ada, "Hello")
    (link,) = find(as_ada.get("/@ada"), "a", href=f"/posts/{post.pk}/audience")
    assert link.text == "Who can reply"
    page = as_ada.get(link.attrs["href"])
    assert choices(page) == {"may_reply": "everyone", "may_quote": "everyone"}
    sent = as_ada.post(link.attrs["href"], {"may_reply": "followed", "may_quote": "mentioned"})
    assert (sent.status_code, sent["Location"]) == (302, post.get_absolute_url())
    assert send(as_cal, reply_to=post.pk).status_code == 422
    page = as_ada.get(link.attrs["href"])
    assert choices(page) == {"may_reply": "followed", "may_quote": "mentioned"}


def test_changing_it_with_htmx(ada: Account, as_ada: Client) -> None:
    post = say(ada, "Hello")
    fields = {"may_reply": "followed", "may_quote": "everyone"}
    response = as_ada.post(f"/posts/{post.pk}/audience", fields, headers=HTMX)
    assert response["HX-Redirect"] == post.get_absolute_url()
    post.refresh_from_db()
    assert (post.may_reply, post.may_quote) == (FOLLOWED, EVERYONE)


def test_of_a_reply_only_quotes_are_to_be_chosen(ada: Account, ben: Account) -> None:
    reply = say(ben, "Mine", reply_to=say(ada, "Hello"))
    client = client_of(ben)
    (link,) = find(client.get("/@ben/replies"), "a", href=f"/posts/{reply.pk}/audience")
    assert link.text == "Who can quote"
    assert choices(client.get(link.attrs["href"])) == {"may_quote": "everyone"}
    client.post(link.attrs["href"], {"may_reply": "mentioned", "may_quote": "mentioned"})
    reply.refresh_from_db()
    assert (reply.may_reply, reply.may_quote) == (EVERYONE, MENTIONED)


@PLAIN_AND_HTMX
@pytest.mark.parametrize(
    "fields", [{}, {"may_reply": "followed"}, {"may_reply": "x", "may_quote": "everyone"}]
)
def test_what_is_no_choice_changes_nothing(
    ada: Account, as_ada: Client, headers: dict[str, str], fields: dict[str, str]
) -> None:
    post = say(ada, "Hello", may_reply=MENTIONED, may_quote=MENTIONED)
    response = as_ada.post(f"/posts/{post.pk}/audience", fields, headers=headers)
    assert response.status_code == 422
    assert "Choose who can" in find(response, "div", class_="errors")[0].text
    post.refresh_from_db()
    assert (post.may_reply, post.may_quote) == (MENTIONED, MENTIONED)


def test_it_is_the_authors_alone(ada: Account, ben: Account, visitor: Client) -> None:
    post = say(ada, "Hello")
    url, fields = f"/posts/{post.pk}/audience", {"may_reply": "mentioned", "may_quote": "mentioned"}
    for client in (client_of(ben), client_of(make_account("mod"))):
        assert client.get(url).status_code == client.post(url, fields).status_code == 404
        assert not find(client.get("/@ada"), "a", href=url)
    assert visitor.post(url, fields)["Location"].startswith("/account/login/")
    copy = retweet(ada, say(ben, "Hi"))
    assert client_of(ada).get(f"/posts/{copy.pk}/audience").status_code == 404
    post.refresh_from_db()
    assert post.may_reply == EVERYONE


def test_who_is_frozen_changes_nothing(ada: Account, as_ada: Client) -> None:
    post = say(ada, "Hello")
    ada.freeze()
    fields = {"may_reply": "mentioned", "may_quote": "mentioned"}
    assert as_ada.post(f"/posts/{post.pk}/audience", fields).status_code == 403
    post.refresh_from_db()
    assert post.may_reply == EVERYONE


# --- What was before, and what changes besides ---


def test_what_was_answered_and_quoted_before_stays(
    ada: Account, cal: Account, visitor: Client
) -> None:
    post = say(ada, "Hello")
    reply, quote = say(cal, "Yes", reply_to=post), say(cal, "See", quote_of=post)
    post.set_audience(MENTIONED, MENTIONED)
    assert find(visitor.get(post.get_absolute_url()), "article", id=f"p{reply.pk}")
    (inside,) = find(visitor.get(quote.get_absolute_url()), "blockquote")
    assert "Hello" in inside.text
    post.refresh_from_db()
    assert (post.replies_count, post.quotes_count) == (1, 1)


def test_who_answered_before_the_rule_goes_on_no_longer(
    ada: Account, cal: Account, as_cal: Client
) -> None:
    post = say(ada, "Hello")
    own = say(cal, "Yes", reply_to=post)
    post.set_audience(MENTIONED, EVERYONE)
    assert send(as_cal, reply_to=own.pk).status_code == 422


def test_an_edit_keeps_the_rule_and_mentions_anew(
    ada: Account, cal: Account, publish: Callable[..., Post]
) -> None:
    post = publish(ada, "Hello", may_reply=MENTIONED, may_quote=FOLLOWED)
    assert post.why_not(cal, Verb.REPLY)
    edit(post, "Hello @cal")
    post.refresh_from_db()
    assert (post.may_reply, post.may_quote) == (MENTIONED, FOLLOWED)
    assert Mention.objects.filter(post=post, account=cal).exists()
    assert not post.why_not(cal, Verb.REPLY)


def test_a_follow_that_ends_ends_it(people: dict[str, Account]) -> None:
    post = ruled(people["author"], may_reply=FOLLOWED)
    assert not post.why_not(people["followed"], Verb.REPLY)
    people["author"].unfollow(people["followed"])
    assert post.why_not(people["followed"], Verb.REPLY) == FOLLOW
