"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.recovery import api

urlpatterns = [
    path("recovery/", api.Recovery.as_view(), name="recovery"),
    path("recovery/approve/", api.Approve.as_view(), name="recovery-approve"),
    path("recovery/send-back/", api.SendBack.as_view(), name="recovery-send-back"),
]
