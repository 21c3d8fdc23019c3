from django.apps import AppConfig

from accounts import signals as accounts
from microblog import slots
from timeline import signals as timeline

SLOTS = {  # in the pages below, what of this app stands there
    "accounts.settings_account": "settings",
    "accounts.before_leaving": "before_leaving",
    "timeline.export": "notification",
}


class ArchivesConfig(AppConfig):
    name = "archives"
    # see microblog.db.change_number
    not_shown = ("Export", "ImportedAccount", "ImportedId")

    def ready(self) -> None:
        from archives import receivers  # noqa: PLC0415 -- Django asks for it: models first

        accounts.account_removed.connect(receivers.forget_export)
        timeline.account_erasing.connect(receivers.forget_archives)
        for slot, component in SLOTS.items():
            slots.fill(slot, f"archives/components/{component}.html")
