"""Where static files lie once they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Under names that change with the files, also where one JavaScript module imports another."""

    support_js_module_import_aggregation = True
