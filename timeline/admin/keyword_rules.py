"""The admin of the rules about words: saved, tried, then switched on."""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from microblog.admin import SettingAdmin, Verb, action_for, cell, link, record
from timeline.models import KeywordRule
from timeline.posting import keyword_trial

SWITCH_ON = Verb(
    name="switch_on",
    label="Switch on",
    done="Switched {} on.",
    not_needed="{} had been on before.",
    needed=lambda rule: not rule.active,
    do=lambda _request, rule: rule.switch_on(),
    refusal=lambda _request, rule: (
        "" if rule.is_tried else f"“{rule}” was not tried as it stands. Try it, then switch it on."
    ),
)
SWITCH_OFF = Verb(
    name="switch_off",
    label="Switch off",
    done="Switched {} off.",
    not_needed="{} had been off before.",
    needed=lambda rule: rule.active,
    do=lambda _request, rule: rule.switch_off(),
)


@admin.register(KeywordRule)
class KeywordRuleAdmin(SettingAdmin):
    """A rule is saved, tried against last week's posts on its own page, and then switched on."""

    actions = (action_for(SWITCH_ON), action_for(SWITCH_OFF))
    list_display = ("shown", "action", "scope", "anywhere", "state", "trial")
    list_filter = ("active", "action", "scope")
    search_fields = ("words",)
    search_help_text = "A part of the words."
    fields = ("words", "anywhere", "action", "scope", "message", "state", "trial")
    readonly_fields = ("state", "trial")

    shown = cell("words", str)
    state = cell(
        "state", lambda rule: "on" if rule.active else "off" if rule.is_tried else "off, not tried"
    )
    trial = cell(
        "trial",
        lambda rule: (
            link("Try it", "timeline_keywordrule_try", rule.pk)
            if rule.pk
            else "comes when this is saved"
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<id:pk>/try/",
            self.admin_site.admin_view(self.try_view),
            name="timeline_keywordrule_try",
        )
        return [own, *super().get_urls()]

    def try_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Try the rule, and show what it would have caught; GET says what trying is."""
        rule = get_object_or_404(KeywordRule, pk=pk)
        if not self.has_change_permission(request, rule):
            raise PermissionDenied
        tried = keyword_trial.try_out(rule) if request.method == "POST" else None
        if tried:
            record(request, "tried", rule)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Try “{rule}”",
            "opts": self.opts,
            "rule": rule,
            "trial": tried,
            "period": keyword_trial.PERIOD.days,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/timeline/keywordrule/try.html", context)

    def response_post_save_change(
        self, request: HttpRequest, obj: KeywordRule
    ) -> HttpResponseRedirect:
        """Lead to where the rule is tried, if it was not."""
        if obj.is_tried:
            return super().response_post_save_change(request, obj)
        return HttpResponseRedirect(reverse("admin:timeline_keywordrule_try", args=[obj.pk]))

    response_post_save_add = response_post_save_change
