"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import DOSSIER
from reports.releases import api

ONE = "cases/<str:ref>/dossiers/" + DOSSIER

urlpatterns = [
    path(ONE + "download/", api.Download.as_view(), name="dossier-download"),
    path(ONE + "bags/<uuid:bag>/download/", api.DownloadBag.as_view(), name="bag-download"),
]
