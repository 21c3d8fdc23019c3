from django.apps import AppConfig
from django.db.models.signals import post_migrate

from microblog.db import change_number, triggers


class MicroblogConfig(AppConfig):
    name = "microblog"
    not_shown = ("Spending", "ChangeNumber")  # see microblog.db.change_number

    def ready(self) -> None:
        triggers.GROUPS.append(change_number.TRIGGERS)
        post_migrate.connect(triggers.set_up_all, sender=self)
        post_migrate.connect(change_number.jump, sender=self)
        # Django asks for it: models come first. The import registers them.
        from microblog.db import lookups  # noqa: F401, PLC0415
