"""A task for tests of the worker: its first run does not come to its end."""

import os
import time
from pathlib import Path

from django.tasks import task


@task()
def stubborn(folder: str) -> None:
    """Notes that it began; the first to begin then waits for ever, any other notes that it is done."""
    begun = Path(folder) / "begun"
    with begun.open("a") as file:
        file.write(f"{os.getpid()}\n")
    if len(begun.read_text().splitlines()) == 1:
        time.sleep(600)
    with (Path(folder) / "done").open("a") as file:
        file.write("done\n")
