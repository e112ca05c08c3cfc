"""Pages of this room."""

from django.urls import URLPattern

app_name = "takedowns"
urlpatterns: list[URLPattern] = []
