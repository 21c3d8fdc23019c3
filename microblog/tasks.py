"""What the site does for itself, by the clock."""

from django.core.management import call_command
from django.tasks import task


@task()
def tidy() -> None:
    """Take away what nobody needs any more: sessions that are over, tasks that were done a week ago."""
    call_command("clearsessions")
    call_command("ox_prune", verbosity=0)
