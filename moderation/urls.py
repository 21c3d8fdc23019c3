"""The addresses of reports, of removal requests, and of what became of them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
