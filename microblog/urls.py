"""Every address of the site, app by app."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, register_converter
from django.views.generic import RedirectView

from microblog.web import converters, machines, views

register_converter(converters.HandleConverter, "handle")
register_converter(converters.IdConverter, "id")

admin.site.site_header = admin.site.site_title = f"{settings.SITE_NAME} moderation"
admin.site.index_title = "What people say, and who they are"
# The admin asks nobody for a password: who is not signed in is led to the site's own form.
admin.site.login = secure_admin_login(  # type: ignore[method-assign]
    RedirectView.as_view(pattern_name="admin:index")
)

urlpatterns = [
    path("", include("timeline.urls")),
    path("", include("archives.urls")),
    path("", include("moderation.urls")),
    path("", include("accounts.urls")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("favicon.ico", views.favicon),
    path(
        "display",
        RedirectView.as_view(
            pattern_name="settings_appearance", permanent=True, http_method_names=["get", "head"]
        ),
    ),
    path("health", views.health, name="health"),
    path("robots.txt", machines.robots, name="robots"),
    path("manifest.webmanifest", machines.manifest, name="manifest"),
]
if settings.DEBUG:
    urlpatterns.append(path("__debug__/", include("debug_toolbar.urls")))

handler400 = "microblog.web.errors.bad_request"
handler403 = "microblog.web.errors.forbidden"
handler404 = "microblog.web.errors.not_found"
handler500 = "microblog.web.views.server_error"
