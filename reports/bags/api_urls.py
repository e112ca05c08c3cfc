"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import DOSSIER
from reports.bags import api

urlpatterns = [path("cases/<str:ref>/dossiers/" + DOSSIER + "bags/", api.Bags.as_view(), name="bags")]
