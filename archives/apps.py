from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    name = "archives"
    not_shown = ("ImportedAccount", "ImportedId")  # see microblog.db.change_number

    def ready(self) -> None:
        from archives import receivers  # noqa: PLC0415 -- Django asks for it: models first
        from timeline import signals as timeline  # noqa: PLC0415 -- likewise

        timeline.account_erasing.connect(receivers.forget_archives)
