from django.apps import AppConfig


class MicroblogConfig(AppConfig):
    name = "microblog"

    def ready(self) -> None:
        # Django asks for it: models come first. The import registers them.
        from microblog.db import lookups  # noqa: F401, PLC0415
