"""Calls of this room, under /api/v1/."""

from django.urls import path

from reports.dossiers.converters import LABEL
from reports.releases import api

urlpatterns = [path("cases/<str:ref>/dossiers/" + LABEL + "download/", api.Download.as_view(), name="dossier-download")]
