"""What moderation did, in figures, for everybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import Request
from moderation.transparency import transparency as tell


@require_safe
def transparency(request: Request) -> HttpResponse:
    return render(request, "moderation/transparency.html", {"tables": tell()})
