"""The application that `microblog.serving` serves, as any other server can."""

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "microblog.settings")
_django = get_wsgi_application()

# they need the apps, which are loaded by now
from microblog.kept.digests import release  # noqa: E402
from microblog.web.middleware import set_charset_aside  # noqa: E402

release()  # of the files as they are now: what changes from here on is another's


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request, of whatever charset it says that it is."""
    set_charset_aside(environ)
    return _django(environ, start_response)


# What was loaded until now stays: the collector need not look at it again, nor at every few hundred
# new objects.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 50, 100)
