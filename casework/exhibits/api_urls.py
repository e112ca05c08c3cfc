"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.exhibits import api, erasure_api
from casework.exhibits.converters import LABEL

ERASURE = "cases/<str:ref>/custody/erasures/<uuid:proposal>/"
ONE = "cases/<str:ref>/exhibits/" + LABEL

urlpatterns = [
    path("cases/<str:ref>/custody/", api.CaseCustody.as_view(), name="custody"),
    path("cases/<str:ref>/custody/erasures/", erasure_api.Erasures.as_view(), name="erasures"),
    path(ERASURE, erasure_api.OneErasure.as_view(), name="erasure"),
    path(ERASURE + "approve/", erasure_api.Approve.as_view(), name="erasure-approve"),
    path(ERASURE + "send-back/", erasure_api.SendBack.as_view(), name="erasure-send-back"),
    path("cases/<str:ref>/exhibits/", api.Exhibits.as_view(), name="exhibits"),
    path("cases/<str:ref>/exhibits/batch/", api.ExhibitBatch.as_view(), name="exhibit-batch"),
    path(ONE, api.OneExhibit.as_view(), name="exhibit"),
    path(ONE + "withdraw/", api.Withdraw.as_view(), name="exhibit-withdraw"),
    path(ONE + "original/", api.Original.as_view(), name="exhibit-original"),
    path(ONE + "receipt/", api.Receipt.as_view(), name="exhibit-receipt"),
    path(ONE + "custody/", api.ExhibitCustody.as_view(), name="exhibit-custody"),
]
