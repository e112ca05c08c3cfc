"""Pages of this room."""

from django.urls import path

from casework.addresses import CHANNEL
from casework.channels import views

app_name = "channels"
urlpatterns = [
    path("", views.channels, name="list"),
    path("new/", views.name, name="name"),
    path(CHANNEL, views.channel, name="channel"),
    path(f"{CHANNEL}edit/", views.edit, name="edit"),
    path(f"{CHANNEL}observe/", views.observe, name="observe"),
    path(f"{CHANNEL}withdraw/", views.withdraw, name="withdraw"),
    path(f"{CHANNEL}observations/<int:pk>/withdraw/", views.withdraw_observation, name="withdraw-observation"),
]
