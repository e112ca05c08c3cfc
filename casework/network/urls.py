"""Pages of this room."""

from django.urls import path

from casework.network import views

app_name = "network"
urlpatterns = [
    path("", views.network, name="network"),
    path("take-out/", views.take, name="take"),
]
