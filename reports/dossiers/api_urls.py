"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import DOSSIER
from reports.dossiers import api

ONE = "cases/<str:ref>/dossiers/" + DOSSIER
urlpatterns = [
    path("cases/<str:ref>/dossiers/", api.Dossiers.as_view(), name="dossiers"),
    path(ONE, api.OneDossier.as_view(), name="dossier"),
    path(ONE + "submit/", api.Submit.as_view(), name="dossier-submit"),
    path(ONE + "approve/", api.Approve.as_view(), name="dossier-approve"),
    path(ONE + "send-back/", api.SendBack.as_view(), name="dossier-send-back"),
    path(ONE + "seal/", api.Seal.as_view(), name="dossier-seal"),
    path(ONE + "retry/", api.Retry.as_view(), name="dossier-retry"),
]
