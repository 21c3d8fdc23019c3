"""The way out: asking to be removed, and the page by which one follows what becomes of it, of a
report, or of an appeal.
"""

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.auth.requests import Request
from microblog.web.errors import error_page
from microblog.web.link_previews import preview_of_page
from microblog.web.ratelimit import TooManyError, client_network, spend
from microblog.web.request_limits import slow_down
from moderation import limits
from moderation.models import Message, Ticket
from moderation.models.ticket import reference_in
from moderation.public.forms import RemovalForm, WordsForm

OLD_LINK = "This link was valid for a week. Please send your request anew."
WAY_OUT = "Who is shown here and does not want to be can ask to be removed, without an account."
NO_LINK = "This link is not complete. Copy the whole of it from the mail."


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: Request) -> HttpResponse:
    """Ask to be removed: anybody may, signed in or not."""
    is_sent = request.method == "POST"
    form = RemovalForm(
        request.POST if is_sent else None, initial={"handle": request.GET.get("handle", "")[:132]}
    )
    if ticket := form.file(request):
        return render(request, "moderation/public/sent.html", {"ticket": ticket})
    preview = None if is_sent else preview_of_page(request, "Don't wanna be here?", WAY_OUT)
    context = {"form": form, "preview": preview}
    status = 422 if is_sent else 200
    response = render(request, "moderation/public/removal.html", context, status=status)
    return slow_down(response, form.refused)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_ticket(request: Request, token: str) -> HttpResponse:
    """Confirm what was sent, by the link of the mail: by POST, for programs open every link."""
    try:
        reference = reference_in(token)
    except signing.SignatureExpired:
        return error_page(request, 410, "This link is too old", OLD_LINK)
    except signing.BadSignature:
        return error_page(request, 404, "This link does not work", NO_LINK)
    ticket = _with_reference(reference)
    if ticket is None:
        return error_page(request, 410, "This link is too old", OLD_LINK)
    if ticket.confirmed_at is None:
        if request.method != "POST":
            context = {"ticket": ticket, "token": token}
            return render(request, "moderation/public/confirm.html", context)
        ticket.confirm()
        messages.success(
            request,
            f"Thank you: your {ticket.noun} is with the moderators now. Keep the address of "
            "this page.",
        )
    return redirect(ticket)


@require_http_methods(["GET", "HEAD", "POST"])
def tracker(request: Request, reference: str) -> HttpResponse:
    """Show what became of it to whoever has the reference. POST: a message, or to withdraw."""
    ticket = _with_reference(reference)
    if ticket is None or ticket.confirmed_at is None:
        spend(limits.GUESSING, client_network(request))
        raise Http404("There is no such request. Is the address complete?")
    if "withdraw" in request.POST:
        if ticket.withdraw():
            messages.success(request, f"Your {ticket.noun} is withdrawn.")
        return redirect(ticket)
    form = WordsForm(request.POST if request.method == "POST" else None)
    too_many: TooManyError | None = None
    if form.is_bound and not ticket.is_open:
        form.add_error(None, "This is decided, and nobody reads further messages here.")
    if form.is_valid():
        try:
            spend(limits.MESSAGES, ticket.reference)
        except TooManyError as error:
            form.add_error(None, str(error))
            too_many = error
        else:
            data = form.cleaned_data
            Message.objects.say(ticket, data["text"], data["idempotency_key"])
            messages.success(request, "Your message was sent.")
            return redirect(ticket)
    context = {"ticket": ticket, "conversation": Message.objects.about([ticket]), "form": form}
    response = render(
        request, "moderation/public/tracker.html", context, status=422 if form.is_bound else 200
    )
    return slow_down(response, too_many)


def _with_reference(reference: str) -> Ticket | None:
    return Ticket.objects.with_reference(reference).select_related("account").first()
