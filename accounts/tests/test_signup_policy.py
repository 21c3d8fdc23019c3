"""How people come in: open, by approval, by invitation, not at all; and what the admin's pages of
it do.
"""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.auth import applications
from accounts.auth.one_time_links import claim_url, first_administrator_url
from accounts.models import Account, Application, HandleTakenError, Invitation, SignupPolicy, User
from accounts.tests.conftest import SIGN_UP, WELCOME, link_in, sign_up_form
from conftest import PASSWORD, client_of
from testing.database import at_once, of_two_writers

WAITING = "/account/waiting"
SIGNUP_POLICY = "/admin/accounts/signuppolicy/"
APPLICATIONS = "/admin/accounts/application/"
REASON = "I like looms"
MODES = ["open", "approval", "invitation", "closed"]


def mode(mode: str, **fields: Any) -> None:
    SignupPolicy(mode=mode, **fields).save()


def sign_in(client: Client, login: str = "dora@example.com") -> Any:
    return client.post("/account/login/", {"login": login, "password": PASSWORD})


@pytest.fixture
def administrator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", PASSWORD))
    return client


def act(client: Client, action: str, *applications: Application, **more: str) -> list[str]:
    data = {
        "action": action,
        "_selected_action": [application.pk for application in applications],
        **more,
    }
    return [
        str(message) for message in client.post(APPLICATIONS, data, follow=True).context["messages"]
    ]


# --- The setting ---


def test_by_default_it_is_open_and_no_row_is_needed(db: None) -> None:
    assert (SignupPolicy.objects.current().mode, SignupPolicy.objects.count()) == ("open", 0)


def test_policy_is_one_row(db: None) -> None:
    mode("closed")
    SignupPolicy(mode="open").save()
    assert SignupPolicy.objects.get().mode == "open"
    with pytest.raises(IntegrityError), transaction.atomic():
        SignupPolicy.objects.bulk_create([SignupPolicy(pk=2)])


def test_list_of_the_policy_leads_to_its_page(administrator: Client) -> None:
    assert administrator.get(SIGNUP_POLICY)["Location"] == f"{SIGNUP_POLICY}add/"
    page = administrator.get(f"{SIGNUP_POLICY}add/")
    fields = {
        name: page.context["adminform"].form[name].value()
        for name in page.context["adminform"].form.fields
    }
    response = administrator.post(
        f"{SIGNUP_POLICY}add/", {**fields, "mode": "invitation"}, follow=True
    )
    assert response.redirect_chain[-1][0] == f"{SIGNUP_POLICY}1/change/"
    assert SignupPolicy.objects.get().mode == "invitation"
    assert administrator.get(f"{SIGNUP_POLICY}add/").status_code == 403
    assert administrator.post(f"{SIGNUP_POLICY}1/delete/", {"post": "yes"}).status_code == 403
    bad = administrator.post(
        f"{SIGNUP_POLICY}1/change/",
        {**fields, "fill_seconds": "3", "question": "Who?", "newcomer_posts": "1"},
    )
    errors = bad.context["adminform"].form.errors
    assert set(errors) == {"fill_seconds", "newcomer_posts", "__all__"}
    assert "A question needs an answer" in errors["__all__"][0]


def test_only_administrators_see_the_policy(ada: Account, as_ada: Client, visitor: Client) -> None:
    for client in (as_ada, visitor):
        assert client.get(SIGNUP_POLICY).status_code == 302
    User.objects.filter(pk=ada.user_id).update(is_staff=True)
    assert client_of(Account.objects.get(pk=ada.pk)).get(SIGNUP_POLICY).status_code == 403


# --- Closed, and by invitation ---


@pytest.mark.parametrize(
    ("how", "said"), [("closed", "takes nobody in"), ("invitation", "by invitation")]
)
def test_closed_page_says_so_and_refuses_a_form(how: str, said: str, visitor: Client) -> None:
    mode(how)
    page = visitor.get(SIGN_UP)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert 'name="password1"' not in page.content.decode()
    response = visitor.post(SIGN_UP, sign_up_form())
    assert response.status_code == 403
    assert said in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("how", MODES)
def test_a_claim_and_the_first_administrator_come_in_always(how: str, db: None) -> None:
    mode(how, question="What weaves?", answers="A loom")
    bea = Account.objects.create_local("bea")
    form = {"email": "bea@example.com", "password1": PASSWORD}
    claim = claim_url(bea).removeprefix("http://127.0.0.1:8000")
    assert Client().get(claim).status_code == 200
    assert Client().post(claim, form)["Location"] == WELCOME
    bea.refresh_from_db()
    assert bea.user
    first = first_administrator_url().removeprefix("http://127.0.0.1:8000")
    keeper = {**form, "name": "Keeper", "handle": "keeper", "email": "keeper@example.com"}
    assert Client().post(first, keeper)["Location"] == WELCOME
    assert User.objects.has_administrator()


@pytest.mark.parametrize("how", MODES)
def test_no_other_page_queries_the_policy(how: str, as_ada: Client, visitor: Client) -> None:
    mode(how)
    for client in (as_ada, visitor):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/explore").status_code == 200
        assert not [query for query in queries if "signuppolicy" in query["sql"]]


# --- Invitations ---


def path(invitation: Invitation) -> str:
    assert invitation.url.startswith("http://127.0.0.1:8000/account/invitation/")
    return invitation.get_absolute_url()


@pytest.mark.parametrize("how", ["open", "approval", "invitation"])
def test_an_invitation_lets_in_as_many_as_it_says(how: str, db: None) -> None:
    mode(how)
    link = path(Invitation.objects.create(uses=2))
    page = Client().get(link).content.decode()
    assert "You are invited" in page
    assert "Why would you like to join" not in page
    for handle in ("dora", "eve"):
        client = Client()
        assert (
            client.post(link, sign_up_form(handle=handle, email=f"{handle}@example.com"))[
                "Location"
            ]
            == WELCOME
        )
        assert get_user(client).account.handle == handle
    for response in (
        Client().get(link),
        Client().post(link, sign_up_form(handle="fay", email="fay@example.com")),
    ):
        assert response.status_code == 410
        assert "used already" in response.content.decode()
    assert User.objects.count() == Account.objects.count() == 2


def test_an_invitation_that_is_refused_is_not_used(visitor: Client) -> None:
    mode("invitation")
    invitation = Invitation.objects.create()
    response = visitor.post(path(invitation), sign_up_form(handle="admin"))
    assert response.status_code == 422
    assert f'action="{path(invitation)}"' in response.content.decode()
    assert visitor.post(path(invitation), sign_up_form()).status_code == 302
    invitation.refresh_from_db()
    assert invitation.used == 1


def test_an_invitation_ends_and_closed_is_closed(visitor: Client) -> None:
    invitation = Invitation.objects.create()
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        response = visitor.get(path(invitation))
        assert response.status_code == 410
        assert "expired" in response.content.decode()
        assert not invitation.use()
    mode("closed")
    assert "takes nobody in" in visitor.get(path(invitation)).content.decode()
    assert visitor.post(path(invitation), sign_up_form()).status_code == 403
    for token in ("nonsense", "%00", "x" * 500):
        assert visitor.get(f"/account/invitation/{token}").status_code == 404


def test_whoever_is_signed_in_keeps_an_invitation_for_somebody_else(as_ada: Client) -> None:
    assert as_ada.get(path(Invitation.objects.create())).status_code == 403


def test_the_last_place_is_given_once(db: None) -> None:
    invitation = Invitation.objects.create()
    assert [Invitation.objects.get().use(), invitation.use()] == [True, False]
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(used=2)


@pytest.mark.usefixtures("confirms")
def test_an_invitation_does_not_tell_whether_an_address_is_taken(ada: Account, mailed: Any) -> None:
    invitations = [Invitation.objects.create(), Invitation.objects.create()]
    for invitation, email in zip(invitations, ("free@example.com", "ada@example.com"), strict=True):
        response, [_] = mailed(Client().post, path(invitation), sign_up_form(email=email))
        assert response["Location"] == "/account/confirm-email/"
        invitation.refresh_from_db()
        assert invitation.used == 1


@of_two_writers
def test_two_come_by_the_last_place_at_once() -> None:
    link = path(Invitation.objects.create())
    forms = [
        sign_up_form(handle=handle, email=f"{handle}@example.com") for handle in ("dora", "eve")
    ]
    answers = at_once(*(lambda form=form: Client().post(link, form).status_code for form in forms))
    assert sorted(answers) == [302, 410]
    assert User.objects.count() == Account.objects.count() == Invitation.objects.get().used == 1


@of_two_writers
def test_two_moderators_decide_at_once() -> None:
    user = User.objects.create_user("dora@example.com", PASSWORD, wanted_handle="dora")
    pk = Application.objects.create(user=user, reason=REASON, confirmed_at=timezone.now()).pk
    one, other = Application.objects.get(pk=pk), Application.objects.get(pk=pk)
    assert sorted(
        at_once(partial(applications.approve, one), partial(applications.refuse, other))
    ) == [False, True]
    assert Account.objects.count() == User.objects.count()


def test_staff_make_invitations(administrator: Client) -> None:
    address = "/admin/accounts/invitation/"
    data = {"note": "For Dora <b>", "uses": "3", "until_0": "2099-01-01", "until_1": "12:00:00"}
    assert administrator.get(f"{address}add/").status_code == 200
    assert administrator.post(f"{address}add/", data).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.uses, invitation.made_by.email) == (3, "root@example.com")
    page = administrator.get(address).content.decode()
    assert invitation.url in page
    assert "For Dora &lt;b&gt;" in page
    Invitation.objects.update(used=2)
    change = f"{address}{invitation.pk}/change/"
    assert (
        "2 came by it already" in administrator.post(change, {**data, "uses": "1"}).content.decode()
    )
    assert administrator.post(change, {**data, "uses": "0"}).status_code == 200
    administrator.post(f"{address}{invitation.pk}/delete/", {"post": "yes"})
    assert Client().get(path(invitation)).status_code == 404


# --- By approval ---


@pytest.fixture
def by_approval(db: None) -> None:
    mode("approval")


@pytest.mark.usefixtures("by_approval")
class TestApproval:
    @pytest.fixture
    def dora(self) -> Application:
        """Signed up, and waits."""
        assert Client().post(SIGN_UP, sign_up_form(reason=REASON))["Location"] == WAITING
        return Application.objects.get()

    def test_the_form_asks_why(self, visitor: Client) -> None:
        page = visitor.get(SIGN_UP).content.decode()
        assert "Why would you like to join?" in page
        assert "Ask to join" in page
        for reason in ("", " \n ", "x" * 501):
            response = visitor.post(SIGN_UP, sign_up_form(reason=reason))
            assert response.status_code == 422
            assert 'value="dora"' in response.content.decode()
        assert not User.objects.exists()

    def test_who_waits_has_no_account_and_does_not_get_in(self, dora: Application) -> None:
        client = Client()
        assert client.get(WAITING).status_code == 200
        assert sign_in(client)["Location"] == WAITING
        assert not get_user(client).is_authenticated
        assert not Account.objects.exists()
        assert Client().get("/@dora").status_code == 404
        with pytest.raises(HandleTakenError):
            dora.user.take_account("dora")
        # a session from elsewhere
        client.force_login(dora.user, backend="accounts.auth.backends.AccountBackend")
        assert client.post("/settings/start", {"handle": "dora"}).status_code == 422
        assert not Account.objects.exists()

    def test_approved_applicant_gets_their_account(
        self, dora: Application, administrator: Client, mailed: Any
    ) -> None:
        page = administrator.get(APPLICATIONS).content.decode()
        assert REASON in page
        assert "Dora @dora" in page
        messages, [mail] = mailed(act, administrator, "approve", dora)
        assert messages == ["Approved 1 application to join."]
        assert mail.to == ["dora@example.com"]
        assert "You are @dora." in mail.body
        assert "http://127.0.0.1:8000/account/login/" in mail.body
        client = Client()
        assert sign_in(client, "dora")["Location"] == WELCOME
        account = get_user(client).account
        assert (account.handle, account.name) == ("dora", "Dora")
        assert sign_in(Client(), "dora")["Location"] == "/"  # the first time alone
        assert not Application.objects.exists()
        assert LogEntry.objects.get().object_id == str(dora.pk)

    def test_refused_is_asked_first_and_then_forgotten(
        self, dora: Application, administrator: Client, mailed: Any
    ) -> None:
        administrator.post(APPLICATIONS, {"action": "refuse", "_selected_action": [dora.pk]})
        assert Application.objects.exists()
        messages, [mail] = mailed(act, administrator, "refuse", dora, confirmed="yes")
        assert messages == ["Refused 1 application to join."]
        assert "decided not to let you in" in mail.body
        assert not User.objects.filter(email="dora@example.com").exists()
        assert not EmailAddress.objects.filter(email="dora@example.com").exists()
        assert Client().post(SIGN_UP, sign_up_form(reason="Please"))["Location"] == WAITING

    def test_decided_twice_the_first_counts(self, dora: Application, mailed: Any) -> None:
        same = Application.objects.get()
        assert mailed(applications.approve, dora)[0]
        for decide in (partial(applications.refuse, same), partial(applications.approve, same)):
            done, mails = mailed(decide)
            assert (done, mails) == (False, [])
        assert Account.objects.get().handle == "dora"

    def test_wanted_handle_is_not_kept(self, dora: Application, mailed: Any) -> None:
        assert Account.objects.handle_is_free("dora")
        Account.objects.create_local("dora")
        _, [mail] = mailed(applications.approve, dora)
        assert "Somebody else took @dora" in mail.body
        client = Client()
        assert sign_in(client)["Location"] == "/settings/start"
        assert client.post("/settings/start", {"handle": "dora2"})["Location"] == WELCOME

    def test_a_moderator_needs_the_right_to(self, dora: Application, ada: Account) -> None:
        User.objects.filter(pk=ada.user_id).update(is_staff=True)
        client = client_of(Account.objects.get(pk=ada.pk))
        assert (
            client.post(
                APPLICATIONS, {"action": "approve", "_selected_action": [dora.pk]}
            ).status_code
            == 403
        )
        assert Application.objects.exists()

    def test_what_somebody_wrote_is_text(self, administrator: Client) -> None:
        Client().post(SIGN_UP, sign_up_form(reason="<script>alert(1)</script>"))
        for page in (APPLICATIONS, f"{APPLICATIONS}{Application.objects.get().pk}/change/"):
            content = administrator.get(page).content.decode()
            assert "<script>alert" not in content
            assert "&lt;script&gt;alert" in content

    def test_whoever_signed_up_before_gets_in(self, ada: Account) -> None:
        assert sign_in(Client(), "ada")["Location"] == "/"

    @pytest.mark.usefixtures("confirms")
    def test_application_is_unseen_before_the_address_is_confirmed(
        self, visitor: Client, administrator: Client, mailed: Any
    ) -> None:
        response, [mail] = mailed(visitor.post, SIGN_UP, sign_up_form(reason=REASON))
        assert response["Location"] == "/account/confirm-email/"
        assert not Application.objects.exists()
        assert REASON not in administrator.get(APPLICATIONS).content.decode()
        assert visitor.post(link_in(mail))["Location"] == WAITING
        assert not get_user(visitor).is_authenticated
        assert not Account.objects.exists()
        assert REASON in administrator.get(APPLICATIONS).content.decode()
        assert sign_in(Client())["Location"] == WAITING
        assert applications.approve(Application.objects.get())
        assert sign_in(Client(), "dora")["Location"] == WELCOME

    @pytest.mark.usefixtures("confirms")
    def test_no_answer_tells_whether_an_address_is_taken(self, ada: Account, mailed: Any) -> None:
        answers = []
        for email in ("free@example.com", "ada@example.com"):
            client = Client()
            response, [_] = mailed(client.post, SIGN_UP, sign_up_form(email=email, reason=REASON))
            answers.append(
                (
                    response.status_code,
                    response["Location"],
                    client.get(response["Location"]).content,
                )
            )
        assert answers[0] == answers[1]
