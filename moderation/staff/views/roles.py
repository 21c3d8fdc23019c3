"""Who moderates, and who administers."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.forms import MAX_EMAIL_LENGTH
from accounts.models import User
from accounts.ranks import ADMINISTER, RankError, rank_of
from moderation.roles import ROLES, give_role, role_of, staff
from moderation.staff.pages import ModeratorRequest, answer, moderator_required


class RoleForm(forms.Form):
    """Whom, and which role."""

    name = forms.CharField(label="Handle or e-mail address", max_length=MAX_EMAIL_LENGTH)
    role = forms.ChoiceField(
        label="Role", required=False, choices=[("", "none"), *((name, name) for name in ROLES)]
    )

    def clean_name(self) -> User:
        found = User.objects.called(self.cleaned_data["name"].strip().removeprefix("@"))
        if found is None:
            raise forms.ValidationError("Nobody signs in here by this name.")
        return found


@require_http_methods(["GET", "HEAD", "POST"])
@moderator_required
def roles(request: ModeratorRequest) -> HttpResponse:
    """GET lists the staff. POST gives a role, or takes it."""
    if not request.user.has_perm(ADMINISTER):
        raise PermissionDenied("Only administrators give roles.")
    form = RoleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            give_role(request.user, form.cleaned_data["name"], form.cleaned_data["role"])
        except RankError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The role is given.")
            return redirect("admin:roles")
    people = [
        {"user": user, "role": role_of(user), "is_below": rank_of(user) < rank_of(request.user)}
        for user in staff()[:200]
    ]
    return answer(
        request,
        "moderation/staff/roles.html",
        "Roles",
        {"form": form, "people": people},
        status=422 if form.is_bound else 200,
    )
