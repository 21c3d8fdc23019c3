"""What a moderator decides: done, recorded, told, undone, lifted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import Account, BannedEmail, RefusedError, RemovedHandle, User
from accounts.ranks import RankError
from conftest import PASSWORD, client_of
from microblog.media import uploads
from microblog.media.images import Picture
from moderation.enforcement import mails, scheduled
from moderation.enforcement.decide import DecidedError, Ruling, decide
from moderation.enforcement.lift import lift
from moderation.enforcement.undo import undo
from moderation.models import Action, Case, Decision, Notice, Rule, Sanction, Ticket
from moderation.tests.conftest import case_of
from timeline.feeds import counters
from timeline.models import KeywordRule, Post
from timeline.posting.attachments import Attachment
from timeline.tasks import recount_around

NOTHING_WRONG = {Account: 0, Post: 0}
PICTURE = Attachment(Picture({"small.webp": b"1", "large.webp": b"2"}, 10, 10), "A lighthouse")
LATER = timedelta(minutes=11)


def after(delta: timedelta, do: Callable[[], Any]) -> Any:
    with time_machine.travel(timezone.now() + delta):
        return do()


@pytest.fixture
def post(ben: Account, publish: Callable[..., Post]) -> Post:
    return publish(ben, "Buy my watches", attachments=[PICTURE])


def fresh(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


# --- Each action, and its undo ---


def on(mod: User, ben: Account, *actions: Action, post: Post | None = None, **more: Any) -> Any:
    return decide(mod, ben, Ruling(actions=actions, post_ids=(post.pk,) if post else (), **more))


def state_of(ben: Account, post: Post) -> tuple[bool, ...]:
    ben, post = fresh(ben), fresh(post)
    banned = BannedEmail.objects.exists()
    return (
        bool(ben.suspended_at),
        bool(ben.frozen_at),
        bool(ben.limited_at),
        bool(post.hidden_at),
        post.sensitive,
        banned,
    )


@pytest.mark.parametrize(
    ("action", "changed"),
    [
        (Action.NONE, []),
        (Action.WARN, []),
        (Action.SENSITIVE, [4]),
        (Action.HIDE, [3]),
        (Action.DELETE, [3]),
        (Action.LIMIT, [2]),
        (Action.FREEZE, [1]),
        (Action.SUSPEND, [0]),
        (Action.REMOVE, [0]),
        (Action.BAN, [5]),
    ],
)
def test_an_undo_takes_back_each_action(
    mod: User, ben: Account, post: Post, action: Action, changed: list[int]
) -> None:
    before = state_of(ben, post)
    assert not any(before)
    batch = on(mod, ben, action, post=post)
    assert state_of(ben, post) == tuple(n in changed for n in range(6))
    assert counters.recount_everything() == NOTHING_WRONG
    decision = Decision.objects.get()
    assert (decision.action, decision.moderator_number, decision.account_number) == (
        action,
        mod.pk,
        ben.pk,
    )
    undo(mod, batch)
    assert state_of(ben, post) == before
    assert Decision.objects.get(action=Action.UNDO).about == decision.pk
    assert counters.recount_everything() == NOTHING_WRONG
    after(LATER, scheduled.carry_out_overdue)
    assert state_of(ben, post) == before
    with pytest.raises(DecidedError, match="undone already"):
        undo(mod, batch)


def test_the_time_for_an_undo_ends(mod: User, ben: Account) -> None:
    batch = on(mod, ben, Action.FREEZE)
    with pytest.raises(DecidedError, match="ten minutes"):
        after(LATER, lambda: undo(mod, batch))
    assert fresh(ben).frozen_at


def test_only_who_decided_or_somebody_above_undoes(
    mod: User, max_: User, adi: User, ben: Account
) -> None:
    batch = on(mod, ben, Action.FREEZE)
    with pytest.raises(RankError):
        undo(max_, batch)
    undo(adi, batch)
    assert not fresh(ben).frozen_at


def test_what_is_deleted_goes_for_good_after_the_time_for_an_undo(
    mod: User, ben: Account, post: Post
) -> None:
    key = post.media.get().key
    on(mod, ben, Action.DELETE, post=post)
    scheduled.carry_out_overdue()
    assert Post.objects.filter(pk=post.pk).exists()
    after(LATER, scheduled.carry_out_overdue)
    after(LATER, scheduled.carry_out_overdue)  # twice is once
    assert not Post.objects.filter(pk=post.pk).exists()
    assert not default_storage.exists(uploads.path(key, "small.webp"))
    assert Sanction.objects.get().done_at
    assert counters.recount_everything() == NOTHING_WRONG


def test_a_suspension_for_ever_deletes_after_30_days(
    mod: User, ada: Account, ben: Account, post: Post
) -> None:
    post.like(ada)
    post.retweet(ada)
    ada.follow(ben)
    on(mod, ben, Action.SUSPEND)
    after(timedelta(days=29), scheduled.carry_out_overdue)
    assert Account.objects.filter(pk=ben.pk).exists()
    after(timedelta(days=31), scheduled.carry_out_overdue)
    assert not Account.objects.filter(pk=ben.pk).exists()
    assert not User.objects.filter(email="ben@example.com").exists()
    assert not Post.objects.filter(author=ben).exists()
    assert RemovedHandle.objects.among({"ben"}) == {"ben"}
    assert counters.recount_everything() == NOTHING_WRONG
    assert Decision.objects.get().account_number == ben.pk


def test_an_open_appeal_keeps_what_it_is_about(mod: User, max_: User, ben: Account) -> None:
    on(mod, ben, Action.SUSPEND)
    Notice.objects.get().appeal_with("They are clocks")
    after(timedelta(days=31), scheduled.carry_out_overdue)
    assert Account.objects.filter(pk=ben.pk).exists()
    decide(max_, ben, Ruling(appeal=Action.UPHOLD, answer="No"), case_of(ben))
    after(timedelta(days=31), scheduled.carry_out_overdue)
    assert not Account.objects.filter(pk=ben.pk).exists()


def test_what_has_an_end_ends_by_itself(mod: User, ben: Account, post: Post) -> None:
    on(mod, ben, Action.SUSPEND, until=timezone.now() + timedelta(days=3))
    scheduled.lift_expired()
    assert fresh(ben).suspended_at
    after(timedelta(days=4), scheduled.lift_expired)
    after(timedelta(days=40), scheduled.carry_out_overdue)
    assert not fresh(ben).suspended_at
    lifted = Decision.objects.get(action=Action.LIFT)
    assert lifted.moderator_number is None
    assert counters.recount_everything() == NOTHING_WRONG


def test_two_sanctions_end_one_by_one(mod: User, ben: Account, post: Post) -> None:
    on(mod, ben, Action.HIDE, Action.FREEZE, post=post)
    on(mod, ben, Action.FREEZE, Action.DELETE, post=post)
    first, second = Sanction.objects.filter(decision__action="freeze").order_by("pk")
    assert lift([first], mod) == 1
    assert fresh(ben).frozen_at
    assert lift([first], mod) == 0
    lift([second], mod)
    assert not fresh(ben).frozen_at
    lift(list(Sanction.objects.filter(decision__action="delete")), mod)
    assert fresh(post).hidden_at
    lift(list(Sanction.objects.filter(decision__action="hide")), mod)
    assert not fresh(post).hidden_at


def test_several_actions_are_one_decision(mod: User, ben: Account, post: Post) -> None:
    rule = Rule.objects.create(title="No watches")
    batch = on(
        mod,
        ben,
        Action.HIDE,
        Action.WARN,
        Action.BAN,
        post=post,
        rule=rule,
        statement="No watches here.",
    )
    assert {(d.rule, d.statement) for d in Decision.objects.of_batch(batch)} == {
        ("No watches", "No watches here.")
    }
    assert Notice.objects.count() == 1


# --- Whom it touches ---


def test_who_is_frozen_reads_and_does_not_post(
    mod: User, ben: Account, ada: Account, post: Post, publish: Callable[..., Post]
) -> None:
    client = client_of(ben)
    on(mod, ben, Action.FREEZE)
    ben = fresh(ben)
    with pytest.raises(RefusedError):
        publish(ben, "More watches")
    with pytest.raises(RefusedError):
        publish(ada, "x").retweet(ben)
    assert client.get("/").status_code == 200
    assert client.post("/compose", {"text": "More"}).status_code == 422
    assert client.post(f"/posts/{post.pk}/edit", {"text": "More"}).status_code == 422
    assert client.post(f"/posts/{post.pk}/retweet").status_code == 403


def test_who_is_suspended_is_led_to_the_reasons_by_the_right_password(
    mod: User, ben: Account, visitor: Client
) -> None:
    on(mod, ben, Action.SUSPEND, statement="No watches.")
    form = {"login": "ben", "password": PASSWORD}
    response = visitor.post("/account/login/", form)
    assert response["Location"] == Notice.objects.get().get_absolute_url()
    assert "No watches." in visitor.get(response["Location"]).content.decode()
    assert not visitor.session.get("_auth_user_id")
    assert visitor.post("/account/login/", {**form, "password": "wrong"}).status_code == 422


def test_who_is_limited_is_met_by_nobody_by_chance(
    mod: User, ada: Account, ben: Account, as_cal: Client, publish: Callable[..., Post]
) -> None:
    publish(ben, "Buy #watches")
    ada.follow(ben)
    on(mod, ben, Action.LIMIT)
    for address in ("/explore", "/tags/watches"):
        assert "Buy" not in as_cal.get(address).content.decode(), address
    assert "@ben" not in as_cal.get("/").content.decode()  # whom to follow
    assert "@ben" not in as_cal.get("/complete?q=@ben").content.decode()
    assert "@ben" in client_of(ada).get("/complete?q=@ben").content.decode()
    assert "Buy" in as_cal.get("/@ben").content.decode()
    assert "Buy" in client_of(ada).get("/").content.decode()


def test_the_person_is_told_in_the_site_and_by_mail(mod: User, ben: Account, post: Post) -> None:
    on(mod, ben, Action.HIDE, Action.FREEZE, post=post, statement="No <b>watches</b> here.")
    (sent,) = mail.outbox
    notice = Notice.objects.get()
    assert sent.to == ["ben@example.com"]
    assert "No <b>watches</b> here." in sent.body  # mails are text
    assert notice.full_url in sent.body
    client = client_of(ben)
    assert '<b class="number">1<' in client.get("/").content.decode()
    told = client.get("/notifications").content.decode()
    assert "A moderator decided something about your account" in told
    listed = client.get("/settings/decisions").content.decode()
    assert "One of your posts is hidden." in listed
    assert '<b class="number">' not in client.get("/").content.decode()
    page = client.get(notice.get_absolute_url()).content.decode()
    assert "No &lt;b&gt;watches" in page
    assert "@mod" not in page


def test_no_action_is_told_to_nobody_but_who_reported(
    mod: User, ada: Account, ben: Account, report: Callable[..., Ticket]
) -> None:
    report(ada, ben)
    decide(mod, ben, Ruling(actions=(Action.NONE,), answer="It is fine."), case_of(ben))
    assert [message.to for message in mail.outbox] == [["ada@example.com"]]
    assert not Notice.objects.exists()
    assert (
        "It is fine."
        in client_of(ada).get(Ticket.objects.reports().get().get_absolute_url()).content.decode()
    )


# --- What it decides ---


def test_a_decision_closes_the_case(
    mod: User, ada: Account, cal: Account, ben: Account, post: Post, report: Callable[..., Ticket]
) -> None:
    report(ada, ben, post)
    report(cal, ben, post, category="hate")
    case = case_of(ben)
    batch = decide(
        mod, ben, Ruling(actions=(Action.HIDE,), post_ids=(post.pk,), answer="Done."), case
    )
    assert set(Ticket.objects.reports().values_list("state", "statement")) == {("acted", "Done.")}
    assert fresh(case).closed_at
    assert Decision.objects.get().filings == [
        f"report {report.pk}" for report in Ticket.objects.reports().order_by("pk")
    ]
    told = sorted(to for message in mail.outbox for to in message.to)
    assert told == ["ada@example.com", "ben@example.com", "cal@example.com"]
    mails.tell_senders(batch)
    assert len(mail.outbox) == 3  # each once
    with pytest.raises(DecidedError):
        decide(mod, ben, Ruling(actions=(Action.SUSPEND,)), case)
    assert not fresh(ben).suspended_at
    undo(mod, batch)
    assert fresh(case).closed_at is None
    assert fresh(case).reports_count == 2
    assert set(Ticket.objects.reports().values_list("state", flat=True)) == {"open"}
    assert "taken back" in mail.outbox[-1].body


def test_what_came_in_later_stays_open(
    mod: User, ada: Account, cal: Account, ben: Account, report: Callable[..., Ticket]
) -> None:
    first = report(ada, ben)
    read_at = timezone.now()
    second = report(cal, ben)
    decide(mod, ben, Ruling(actions=(Action.NONE,), read_at=read_at), case_of(ben))
    assert fresh(first).state == "dismissed"
    assert fresh(second).state == "open"
    assert case_of(ben).reports_count == 1


def test_an_undo_joins_a_case_that_was_opened_meanwhile(
    mod: User, ada: Account, cal: Account, ben: Account, report: Callable[..., Ticket]
) -> None:
    report(ada, ben)
    batch = decide(mod, ben, Ruling(actions=(Action.NONE,)), case_of(ben))
    report(cal, ben)
    undo(mod, batch)
    assert case_of(ben).reports_count == 2
    assert case_of(ben).people_count == 2


def test_a_granted_removal_leaves_nothing(
    mod: User, ada: Account, publish: Callable[..., Post]
) -> None:
    eve = Account.objects.create(handle="Eve", host="x.com", name="Eve")
    theirs = Post(author=eve, text="Mine", html="Mine", is_external=True)
    theirs.insert()
    theirs.update_counters(1)
    theirs.retweet(ada)
    quote = publish(ada, "Look", quote_of=theirs)
    removal = Ticket(kind="removal", reason="me", email="eve@example.com")
    removal.concern(eve)
    removal.save()
    removal.confirm()
    batch = decide(mod, eve, Ruling(actions=(Action.REMOVE,), answer="You are gone."), case_of(eve))
    assert fresh(removal).state == "granted"
    assert Client().get("/@eve@x.com").status_code == 410
    assert mail.outbox[-1].to == ["eve@example.com"]
    undo(mod, batch)
    assert Client().get("/@eve@x.com").status_code == 200
    decide(mod, eve, Ruling(actions=(Action.REMOVE,)), case_of(eve))
    after(LATER, scheduled.carry_out_overdue)
    assert not Account.objects.filter(host="x.com").exists()
    assert not Post.objects.filter(text="Mine").exists()
    assert not Post.objects.filter(kind="retweet").exists()
    assert fresh(quote).quote_of is None
    assert Client().get("/@eve@x.com").status_code == 404
    assert RemovedHandle.objects.among({"eve@x.com"})
    assert counters.recount_everything() == NOTHING_WRONG
    page = Client().get(removal.get_absolute_url()).content.decode()
    assert "Your wish was granted" in page
    assert "Eve" not in page


# --- Ranks ---


def test_nobody_acts_on_themselves_or_on_their_own_rank(
    mod: User, max_: User, adi: User, root: User
) -> None:
    for moderator, whom in (
        (mod, mod),
        (mod, max_),
        (mod, adi),
        (mod, root),
        (adi, adi),
        (adi, root),
        (root, root),
    ):
        with pytest.raises(RankError):
            decide(moderator, whom.account, Ruling(actions=(Action.WARN,)))
    for moderator, whom in ((adi, mod), (root, adi), (root, mod)):
        decide(moderator, whom.account, Ruling(actions=(Action.WARN,)))
    assert Decision.objects.count() == 3


def test_what_fails_is_not_in_the_record(
    mod: User, ben: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Notice, "send", fail)
    with pytest.raises(RuntimeError):
        on(mod, ben, Action.SUSPEND)
    assert not fresh(ben).suspended_at
    assert not Decision.objects.exists()


@pytest.mark.parametrize("number", [2, 25])
def test_a_suspension_costs_the_same_whatever_was_posted(
    mod: User,
    ben: Account,
    number: int,
    publish: Callable[..., Post],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Any,
) -> None:
    monkeypatch.setattr(type(recount_around), "enqueue", lambda *args, **kwargs: None)
    for n in range(number):
        publish(ben, str(n))
    with django_assert_max_num_queries(10):
        ben.suspend()


def test_a_case_that_is_put_off_comes_back(
    mod: User, ada: Account, ben: Account, report: Callable[..., Ticket]
) -> None:
    report(ada, ben)
    case = case_of(ben)
    case.snooze(1)
    assert not Case.objects.due().exists()
    assert list(Case.objects.snoozed()) == [case]
    assert after(timedelta(days=2), lambda: Case.objects.due().exists())


# --- What a rule about words held back ---


@pytest.fixture
def held(ben: Account, publish: Callable[..., Post]) -> Post:
    rule = KeywordRule(words="watches", action="hold")
    rule.save()
    rule.mark_tried()
    rule.switch_on()
    return publish(ben, "Buy my watches")


def test_what_was_held_back_is_a_case(held: Post, ben: Account, as_mod: Client) -> None:
    assert fresh(held).hidden_at
    case = case_of(ben)
    page = as_mod.get(f"/admin/case/{case.pk}/").content.decode()
    assert "the site itself, by the keyword rule “watches”" in page
    assert "Buy my watches" in page
    assert Decision.objects.get().moderator_number is None


def test_no_action_publishes_it_and_an_undo_holds_it_again(
    mod: User, held: Post, ben: Account, visitor: Client
) -> None:
    batch = decide(mod, ben, Ruling(actions=(Action.NONE,)), case_of(ben))
    assert visitor.get(held.get_absolute_url()).status_code == 200
    assert not Notice.objects.exists()
    undo(mod, batch)
    assert visitor.get(held.get_absolute_url()).status_code == 404
    decide(mod, ben, Ruling(actions=(Action.NONE,)), case_of(ben))
    assert visitor.get(held.get_absolute_url()).status_code == 200
    assert counters.recount_everything() == NOTHING_WRONG


def test_deleting_it_leaves_it_hidden_when_undone(mod: User, held: Post, ben: Account) -> None:
    batch = on(mod, ben, Action.DELETE, post=held)
    undo(mod, batch)
    assert fresh(held).hidden_at


def test_what_is_reported_only_is_seen(ben: Account, publish: Callable[..., Post]) -> None:
    rule = KeywordRule(words="watches", action="report")
    rule.save()
    rule.mark_tried()
    rule.switch_on()
    post = publish(ben, "Buy my watches")
    assert post.hidden_at is None
    assert Ticket.objects.reports().get().keyword == "watches"
    assert not Decision.objects.exists()


def test_an_overturned_appeal_can_be_undone(mod: User, max_: User, ben: Account) -> None:
    on(mod, ben, Action.FREEZE)
    Notice.objects.get().appeal_with("No")
    batch = decide(max_, ben, Ruling(appeal=Action.OVERTURN, answer="Yes"), case_of(ben))
    assert not fresh(ben).frozen_at
    undo(max_, batch)
    assert fresh(ben).frozen_at
    assert case_of(ben).appeals_count == 1
