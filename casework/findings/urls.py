"""Pages of this room."""

from django.urls import URLPattern

app_name = "findings"
urlpatterns: list[URLPattern] = []
