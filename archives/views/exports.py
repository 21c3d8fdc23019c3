"""Taking one's account along: asking for the archive, and downloading it."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts import leaving
from accounts.auth.requests import Request, SignedInRequest
from accounts.forms import OwnPasswordForm
from accounts.models import Account, User
from accounts.views.auth import ask_for_password
from archives.export.asking import ask
from archives.models import Export
from microblog.media.sending import send_file
from microblog.web.ratelimit import TooManyError
from microblog.web.request_limits import slow_down
from microblog.web.responses import account_required, redirect_to, render_page

MISSING = "There is no archive of yours to download, or no longer."


@require_http_methods(["GET", "HEAD", "POST"])
def settings_export(request: Request) -> HttpResponse:
    """Say what there is to download, and let a new archive be made: also of who is suspended, and
    has just shown that the account is theirs.
    """
    if not request.user.is_authenticated and (user := leaving.admitted(request)):
        return _answer(request, OwnPasswordForm(_sent(request), user=user, request=request))
    return _of_own(request)


@account_required
def _of_own(request: SignedInRequest) -> HttpResponse:
    """Ask who it is on the page for that, where a password is not all there is."""
    if request.method == "POST":
        ask_for_password(request)
    user = cast("User", request.user)
    form = OwnPasswordForm(_sent(request), user=user, request=request, asks=False)
    return _answer(request, form)


def _answer(request: HttpRequest, form: OwnPasswordForm) -> HttpResponse:
    account = form.user.account
    if form.is_valid():
        try:
            ask(account)
        except TooManyError as error:
            form.add_error(None, str(error))
            form.refused = error
        else:
            messages.success(
                request, "Your archive is being made. A mail tells you when it is ready."
            )
            return redirect_to(request, reverse("settings_export"))
    context = {"form": form, "account": account, "export": Export.objects.of(account)}
    page = render_page(
        request,
        "archives/pages/settings_export.html",
        "",
        context,
        status=422 if form.is_bound else 200,
    )
    return slow_down(page, form.refused)


def _sent(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


@require_safe
def download(request: Request) -> HttpResponseBase:
    """Answer the archive of who asks, and nobody else's: no address names one."""
    if not request.user.is_authenticated and (user := leaving.admitted(request)):
        return _file(request, user.account)
    return _own_file(request)


@account_required
def _own_file(request: SignedInRequest) -> HttpResponseBase:
    return _file(request, request.account)


def _file(request: HttpRequest, account: Account) -> HttpResponseBase:
    export = Export.objects.of(account)
    if export is None or not export.is_ready:
        raise Http404(MISSING)
    response = send_file(request, export.path, MISSING)
    response["Content-Disposition"] = f'attachment; filename="{export.file_name}"'
    patch_cache_control(response, private=True, no_store=True)
    return response
