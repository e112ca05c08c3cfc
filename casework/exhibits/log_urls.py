"""The custody log for outside auditors: commitments only, no personal data."""

from django.urls import URLPattern

app_name = "log"
urlpatterns: list[URLPattern] = []
