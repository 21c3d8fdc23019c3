"""The work on a case beside deciding it: who has it in hand, putting it off, notes and messages."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.ranks import check_rank
from microblog.admin import record
from microblog.web.converters import parse_id
from moderation.enforcement import mails
from moderation.models import Case, Message, Note, TakenError, Ticket
from moderation.public.forms import WordsForm
from moderation.staff.pages import ModeratorRequest, moderator_required, post_only
from moderation.staff.views.cases import OPENED_POSTS, SNOOZE_DAYS

Verb = Callable[[ModeratorRequest, Case], str]


def case_verb(verb: Verb) -> Callable[..., HttpResponse]:
    """Make a view of `verb`, which does one thing to a case that the moderator may decide about,
    and returns why it did not, or "".

    A case about oneself is not there. Raises RankError.
    """

    @post_only("admin:case")
    @moderator_required
    @wraps(verb)
    def view(request: ModeratorRequest, pk: int) -> HttpResponse:
        case = get_object_or_404(Case.objects.not_about(request.user).with_people(), pk=pk)
        case.check_read_by(request.user)
        if case.account:
            check_rank(request.user, case.account)
        if refusal := verb(request, case):
            messages.error(request, refusal)
        return redirect("admin:case", pk)

    return view


@case_verb
def take(request: ModeratorRequest, case: Case) -> str:
    return _assign(request, case)


@case_verb
def take_over(request: ModeratorRequest, case: Case) -> str:
    return _assign(request, case, take_over=True)


def _assign(request: ModeratorRequest, case: Case, *, take_over: bool = False) -> str:
    try:
        if case.assign(request.user, take_over=take_over):
            record(request, "taken in hand", case)
    except TakenError as error:
        return str(error)
    return ""


@case_verb
def release(request: ModeratorRequest, case: Case) -> str:
    case.release()
    record(request, "given back", case)
    return ""


@case_verb
def snooze(request: ModeratorRequest, case: Case) -> str:
    days = request.POST.get("days", "0")
    return _snooze(request, case, int(days) if days in map(str, SNOOZE_DAYS) else 0)


@case_verb
def wake(request: ModeratorRequest, case: Case) -> str:
    return _snooze(request, case, 0)


def _snooze(request: ModeratorRequest, case: Case, days: int) -> str:
    case.snooze(days)
    record(request, f"put off, for days: {days}" if days else "back in the queue", case)
    return ""


@case_verb
def open_post(request: ModeratorRequest, case: Case) -> str:
    """Show a post of a protected account, which is among what the case is about, for as long as the
    moderator is signed in: on record.
    """
    named = Ticket.objects.of_cases([case])
    pk = parse_id(request.POST.get("post", ""))
    if pk is None or not any(pk in ticket.post_ids for ticket in named):
        return "That post is not among what this case is about."
    opened = request.session.get(OPENED_POSTS, [])
    if pk not in opened:
        record(request, f"opened the protected post {pk}", case)
        request.session[OPENED_POSTS] = [*opened, pk]
    return ""


@case_verb
def note(request: ModeratorRequest, case: Case) -> str:
    """Keep a note for colleagues: the same one once."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _errors(form)
    text = form.cleaned_data["text"]
    if Note.objects.get_or_create(case=case, moderator=request.user, text=text)[1]:
        record(request, "a note", case)
    return ""


@case_verb
def message(request: ModeratorRequest, case: Case) -> str:
    """Write to the sender of one of its tickets."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _errors(form)
    name = request.POST.get("to")
    tickets = Ticket.objects.of_cases([case]).with_people()
    to = next((ticket for ticket in tickets if ticket.name == name), None)
    if to is None:
        return "Choose to whom."
    data = form.cleaned_data
    if Message.objects.say(to, data["text"], data["idempotency_key"], request.user):
        mails.tell_of_message(to)
        record(request, f"a message to the sender of {to.name}", case)
    messages.success(request, "Your message was sent.")
    return ""


def _errors(form: WordsForm) -> str:
    return " ".join(str(message) for errors in form.errors.values() for message in errors)
