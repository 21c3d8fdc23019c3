"""The application that `microblog.serving` serves, as any other server can."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "microblog.settings")
application = get_wsgi_application()

# What was loaded until now stays: the collector need not look at it again, nor at every few hundred new objects.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 50, 100)
