"""Calls of this room, under /api/v1/."""

from django.urls import path

from reports.desk import api

urlpatterns = [
    path("waiting/", api.Mine.as_view(), name="waiting"),
    path("cases/<str:ref>/waiting/", api.OfCase.as_view(), name="case-waiting"),
]
