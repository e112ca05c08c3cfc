"""Pages of this room."""

from django.urls import path

from casework.addresses import TASKING
from casework.coordination import views

app_name = "coordination"
urlpatterns = [
    path(TASKING, views.matches, name="matches"),
    path(f"{TASKING}near/", views.near, name="near"),
    path(f"{TASKING}take-out/", views.take, name="take"),
    path(f"{TASKING}propose/", views.propose, name="propose"),
]
