"""The addresses of reports, of removal requests, of decisions, and of what became of them."""

from django.urls import path

from moderation.public.views import about, notices, removal, reports, transparency

urlpatterns = [
    path("about", about.about, name="about"),
    path("rules", reports.rules, name="rules"),
    path("transparency", transparency.transparency, name="transparency"),
    path("posts/<id:pk>/report", reports.report_post, name="report_post"),
    path("@<handle:handle>/report", reports.report_account, name="report_account"),
    path("settings/reports", reports.my_reports, name="my_reports"),
    path("removal", removal.removal, name="removal"),
    path("removal/confirm/<str:token>", removal.confirm_ticket, name="confirm_ticket"),
    path("removal/<str:reference>", removal.tracker, name="tracker"),
    path("settings/decisions", notices.my_notices, name="my_notices"),
    path("decisions/<str:reference>", notices.notice, name="notice"),
]
