"""What archives do while nobody waits. Each may run twice."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from archives.export import making

AGAIN_IN = timedelta(seconds=20)


@task()
def make_export(export_id: int) -> None:
    if not making.make(export_id):
        make_export.using(run_after=timezone.now() + AGAIN_IN).enqueue(export_id)


@task()
def tidy_exports() -> None:
    """Run every hour."""
    making.tidy()
