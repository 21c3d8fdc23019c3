from django.apps import AppConfig


class MicroblogConfig(AppConfig):
    name = "microblog"

    def ready(self) -> None:
        from microblog.db import lookups  # noqa: F401  (registers them)
