"""Pages of this room."""

from django.urls import URLPattern

app_name = "exhibits"
urlpatterns: list[URLPattern] = []
