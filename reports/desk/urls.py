"""Pages of this room."""

from django.urls import path

from reports.desk import views

app_name = "desk"
urlpatterns = [path("", views.home, name="home")]
