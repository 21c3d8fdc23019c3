"""The tables of who may come in: the policy, applications and invitations."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm, ValidationError
from django.http import HttpRequest

from accounts.auth import applications
from accounts.models import Application, Invitation, SignupPolicy
from accounts.ranks import RankError, check_above
from microblog.admin import (
    ModeratorAdmin,
    OneRowAdmin,
    SettingAdmin,
    Verb,
    action_for,
    cell,
    row_link,
    section,
)


@admin.register(SignupPolicy)
class SignupPolicyAdmin(OneRowAdmin):
    fieldsets = (
        section("Sign-up", "mode fill_seconds question answers"),
        section(
            "Newcomers",
            "newcomer_days newcomer_followers newcomer_links newcomer_mentions newcomer_posts",
        ),
    )


def _why_not(request: HttpRequest, application: Application) -> str:
    try:
        check_above(request.user, application.user, application)  # type: ignore[arg-type]
    except RankError as error:
        return str(error)
    return ""


def _is_undecided(application: Application) -> bool:
    return Application.objects.filter(pk=application.pk).exists()


APPROVE = Verb(
    name="approve",
    label="Approve: they get their account, and a mail",
    done="Approved {}.",
    not_needed="{} had been decided before.",
    needed=_is_undecided,
    do=lambda _request, application: applications.approve(application),
    refusal=_why_not,
)


REFUSE = Verb(
    name="refuse",
    label="Refuse: what they sent is deleted, and they get a mail",
    done="Refused {}.",
    not_needed="{} had been decided before.",
    needed=_is_undecided,
    do=lambda _request, application: applications.refuse(application),
    refusal=_why_not,
    warning="They are told, and what they sent is deleted. They can ask once more.",
)


def _wanted(application: Application) -> str:
    return f"{application.user.wanted_name} @{application.user.wanted_handle}".strip()


@admin.register(Application)
class ApplicationAdmin(ModeratorAdmin):
    """Who waits to be let in, who waits longest first."""

    actions = (action_for(APPROVE), action_for(REFUSE))
    list_display = ("email", "wanted", "reason", "created_at")
    list_select_related = ("user",)
    ordering = ("pk",)
    search_fields = ("user__email", "^user__wanted_handle", "reason")
    search_help_text = (
        "A part of the e-mail address or of the reason, or the beginning of the handle."
    )
    fields = ("email", "wanted", "reason", "created_at")

    email = cell("e-mail address", lambda application: application.user.email)
    wanted = cell("wants to be", _wanted)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return super().get_queryset(request).exclude(confirmed_at=None)


class InvitationForm(ModelForm):  # type: ignore[type-arg]
    def clean_uses(self) -> int:
        uses: int = self.cleaned_data["uses"]
        if uses < self.instance.used:
            raise ValidationError(f"{self.instance.used} came by it already.")
        return uses


@admin.register(Invitation)
class InvitationAdmin(SettingAdmin):
    form = InvitationForm
    list_display = ("shown", "came", "until", "maker", "link_shown")
    list_select_related = ("made_by",)
    search_fields = ("note",)
    search_help_text = "A part of the note."
    fields = ("note", "uses", "until", "link_shown", "came", "maker")
    readonly_fields = ("link_shown", "came", "maker")

    shown = cell("invitation", str)
    came = cell("came by it", lambda invitation: f"{invitation.used} of {invitation.uses}")
    link_shown = cell(
        "link",
        lambda invitation: invitation.url if invitation.pk else "is there when this is saved",
    )
    maker = cell("made by", lambda invitation: row_link(invitation.made_by))

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:  # noqa: FBT001  (Django's signature)
        if not change:
            obj.made_by_id = request.user.pk
        super().save_model(request, obj, form, change)
