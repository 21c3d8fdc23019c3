from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.db.models.signals import post_migrate

from microblog.web import slots

SLOTS = {  # in the pages below, what of this app stands there
    "accounts.settings_after_display": "settings",
    "accounts.settings_end": "staff_settings",
    "timeline.intro": "about_link",
    "timeline.post_menu": "report_post",
    "timeline.profile_facts": "profile_facts",
    "timeline.profile_menu": "profile_menu",
}


class ModerationConfig(AppConfig):
    default = True
    name = "moderation"

    def ready(self) -> None:
        from accounts.models import Account
        from moderation import demo
        from moderation.enforcement import audit_log
        from moderation.enforcement.automatic import report_caught
        from moderation.enforcement.retained import is_kept
        from moderation.models import Notice
        from timeline.demo import moved_in, moving_out
        from timeline.models import KeywordRule, Post

        post_migrate.connect(lambda **_: audit_log.set_up(), sender=self, weak=False)
        KeywordRule.caught.append(report_caught)
        Post.kept_by.append(is_kept)
        Account.reasons_at.append(Notice.objects.address_of_last)
        moved_in.append(demo.move_in)
        moving_out.append(demo.move_out)
        for slot, component in SLOTS.items():
            slots.fill(slot, f"moderation/components/{component}.html")


class QueueConfig(SimpleAdminConfig):
    """The admin, whose first page is the queue."""

    default_site = "moderation.staff.site.ModerationSite"

    def ready(self) -> None:
        super().ready()
        autodiscover()
