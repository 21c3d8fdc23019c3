"""An empty Django view, in a project without middleware, apps or a database: what every figure
stands beside. Its settings, its addresses and its view are this module.
"""

from django.http import HttpResponse
from django.urls import path

APPLICATION = "django.core.wsgi:get_wsgi_application()"
SECRET_KEY = "nothing is signed here"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = __name__
MIDDLEWARE: list[str] = []
# what microblog.serving.worker asks settings for
WEB_CONCURRENCY, WEB_THREADS = 2, 4
MAX_BODY = 1024
SITE_NAME = "Blank"
LOGGING = {"version": 1, "loggers": {"waitress.queue": {"level": "ERROR"}}}

urlpatterns = [path("", lambda _request: HttpResponse("Hello"))]
