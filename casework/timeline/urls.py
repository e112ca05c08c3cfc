"""Pages of this room."""

from django.urls import path

from casework.timeline import views

app_name = "timeline"
urlpatterns = [
    path("", views.timeline, name="timeline"),
    path("take-out/", views.take, name="take"),
]
