from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.db.models.signals import post_migrate


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


class QueueConfig(SimpleAdminConfig):
    """The admin, whose first page is the queue."""

    default_site = "moderation.staff.site.ModerationSite"

    def ready(self) -> None:
        super().ready()
        autodiscover()
