"""Tasks for tests of the workers."""

import os
import time
from pathlib import Path
from tempfile import mkstemp

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
def endless(folder: str) -> None:
    """Note that a stranger's page began, which ends when the file `over` is there."""
    mkstemp(prefix="endless-", dir=folder)
    while not (Path(folder) / "over").exists():
        time.sleep(0.1)


@task()
def quick(folder: str) -> None:
    """Note that it was run."""
    (Path(folder) / "quick").touch()
