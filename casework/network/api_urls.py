"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.network import api, files

urlpatterns = [
    path("cases/<str:ref>/network/", api.CaseNetwork.as_view(), name="network"),
    *(path(f"cases/<str:ref>/network/{kind}/", api.NetworkFile.as_view(), {"kind": kind}, name=f"network-{kind}")
      for kind in files.FORMATS),
]
