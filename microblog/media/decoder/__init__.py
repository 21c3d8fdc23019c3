"""Decode one picture from a stranger and write it anew: run as a process that may crash, hang or
run out of memory. Knows nothing of the site.
"""

from microblog.media.decoder.bounds import MAX_PROFILE, MAX_RESULT, MEMORY, RefusedError
from microblog.media.decoder.job import Crop, Job, Made
from microblog.media.decoder.make import make

__all__ = ["MAX_PROFILE", "MAX_RESULT", "MEMORY", "Crop", "Job", "Made", "RefusedError", "make"]
