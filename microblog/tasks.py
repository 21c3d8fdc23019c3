"""What the site does for itself, by the clock."""

from django.core.management import call_command
from django.tasks import task

from microblog.db import change_number
from microblog.media import cleanup
from microblog.web import ratelimit


@task()
def tidy() -> None:
    """Take away what nobody needs any more: sessions that are over, tasks that were done a week
    ago, files that belong to nothing.

    Counts of limits whose time is over go as well, and changes that the base can hold.
    """
    call_command("clearsessions")
    call_command("ox_prune", verbosity=0)
    cleanup.sweep()
    ratelimit.sweep()
    change_number.fold_all()
