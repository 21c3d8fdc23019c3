from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    name = "archives"
    not_shown = ("ImportedAccount", "ImportedId")  # see microblog.db.change_number
