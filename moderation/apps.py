from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig

from microblog import slots
from microblog.db import triggers
from moderation.enforcement import audit_log

SLOTS = {  # in the pages below, what of this app stands there
    "accounts.settings_moderation": "settings",
    "accounts.signup_terms": "signup_terms",
    "timeline.decision": "notification",
    "timeline.intro": "about_link",
    "timeline.post_menu": "report_post",
    "timeline.profile_facts": "profile_facts",
    "timeline.profile_menu": "profile_menu",
}


class ModerationConfig(AppConfig):
    default = True
    name = "moderation"
    # see microblog.db.change_number; /transparency counts tickets and decisions
    shown = ("About", "DailyFigures", "Decision", "Rule", "Ticket")
    not_shown = ("Case", "Message", "Note", "Notice", "Preset", "Reminder", "Sanction")

    def ready(self) -> None:
        from accounts import signals as accounts  # noqa: PLC0415 -- Django asks for it: models first
        from microblog import signals as microblog  # noqa: PLC0415 -- likewise
        from moderation import receivers  # noqa: PLC0415 -- likewise
        from timeline import signals as timeline  # noqa: PLC0415 -- likewise

        triggers.GROUPS.append(audit_log.TRIGGERS)
        microblog.staff_acted.connect(receivers.record_staff_act)
        accounts.suspension_reasons_requested.connect(receivers.find_suspension_reasons)
        accounts.rescued.connect(receivers.record_rescue)
        timeline.keyword_rule_matched.connect(receivers.report_keyword_match)
        timeline.deleted_post_checked.connect(receivers.keep_deleted_post)
        timeline.deleted_account_checked.connect(receivers.keep_deleted_account)
        timeline.own_data_requested.connect(receivers.hand_over_records)
        timeline.demo_created.connect(receivers.create_demo_work)
        timeline.demo_removing.connect(receivers.remove_demo_work)
        for slot, component in SLOTS.items():
            slots.fill(slot, f"moderation/components/{component}.html")


class QueueConfig(SimpleAdminConfig):
    """The admin, whose first page is the queue."""

    default_site = "moderation.staff.site.ModerationSite"

    def ready(self) -> None:
        super().ready()
        autodiscover()
