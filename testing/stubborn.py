"""Tasks for tests of the workers."""

import os
import time
from pathlib import Path

from django.tasks import task


@task()
def stubborn(folder: str) -> None:
    """Note that it began; its first run then waits for ever, any other notes that it is done."""
    begun = Path(folder) / "begun"
    with begun.open("a") as file:
        file.write(f"{os.getpid()}\n")
    if len(begun.read_text().splitlines()) == 1:
        time.sleep(600)
    with (Path(folder) / "done").open("a") as file:
        file.write("done\n")


@task(queue_name="pages")
def endless() -> None:
    """Wait for a stranger's page that never ends."""
    time.sleep(600)


@task()
def quick(folder: str) -> None:
    """Note that it was run."""
    (Path(folder) / "quick").touch()
