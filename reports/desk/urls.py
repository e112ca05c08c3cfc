"""Pages of this room."""

from django.urls import path

from reports.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("cases/<str:ref>/waiting/", views.case, name="case"),
]
