"""Calls of this room, under /api/v1/."""

from django.urls import path

from reports.bags import api
from reports.dossiers.converters import LABEL

urlpatterns = [path("cases/<str:ref>/dossiers/" + LABEL + "bags/", api.Bags.as_view(), name="bags")]
