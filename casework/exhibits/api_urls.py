"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.exhibits import api
from casework.exhibits.converters import LABEL

ONE = "cases/<str:ref>/exhibits/" + LABEL

urlpatterns = [
    path("cases/<str:ref>/custody/", api.CaseCustody.as_view(), name="custody"),
    path("cases/<str:ref>/exhibits/", api.Exhibits.as_view(), name="exhibits"),
    path("cases/<str:ref>/exhibits/batch/", api.ExhibitBatch.as_view(), name="exhibit-batch"),
    path(ONE, api.OneExhibit.as_view(), name="exhibit"),
    path(ONE + "withdraw/", api.Withdraw.as_view(), name="exhibit-withdraw"),
    path(ONE + "original/", api.Original.as_view(), name="exhibit-original"),
    path(ONE + "receipt/", api.Receipt.as_view(), name="exhibit-receipt"),
    path(ONE + "custody/", api.ExhibitCustody.as_view(), name="exhibit-custody"),
]
