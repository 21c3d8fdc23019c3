"""The program: `python -I …/decoder/__main__.py JOB` (a Job as JSON, with `seconds`).

It reads the picture from standard input, a file, and writes to standard output, a file too: a line
of JSON that tells what follows, or why nothing does, and the WebP files one behind the other.
"""

import errno
import json
import os
import resource
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

sys.path.append(str(Path(__file__).parents[3]))  # -I leaves no folder of ours

from microblog.media.decoder.bounds import MAX_RESULT, MEMORY, TOO_MUCH_MADE, RefusedError
from microblog.media.decoder.job import Job
from microblog.media.decoder.make import make


def limit(seconds: int) -> None:
    """Bound what this process may take from now on: `seconds` of a processor, and so on."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: MAX_RESULT + 4096,
        resource.RLIMIT_CORE: 0,
    }
    for kind, bound in limits.items():
        # there is a stricter one, or none, as on macOS for memory
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (bound, bound))
    os.nice(5)  # who reads goes first


def answer(job: Job, source: IO[bytes], to: IO[bytes]) -> None:
    """Do `job` and tell what came of it."""
    try:
        made = make(source, job)
        if sum(map(len, made.files.values())) > MAX_RESULT:
            raise RefusedError(TOO_MUCH_MADE)
    except RefusedError as error:
        to.write(json.dumps({"refused": str(error)}).encode() + b"\n")
        return
    head = {**asdict(made), "files": {name: len(content) for name, content in made.files.items()}}
    to.write(json.dumps(head).encode() + b"\n")
    to.writelines(made.files.values())


if __name__ == "__main__":
    job = json.loads(sys.argv[1])
    limit(job.pop("seconds"))
    try:
        answer(Job(**job), sys.stdin.buffer, sys.stdout.buffer)
        sys.stdout.flush()
    # isolation.NO_ROOM; at once, for an end in good order would try to write again
    except OSError as error:
        os._exit(28 if error.errno == errno.ENOSPC else 1)
