"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import EXHIBIT
from casework.exhibits import api

ONE = "cases/<str:ref>/exhibits/" + EXHIBIT

urlpatterns = [
    path("cases/<str:ref>/custody/", api.CaseCustody.as_view(), name="custody"),
    path("cases/<str:ref>/exhibits/", api.Exhibits.as_view(), name="exhibits"),
    path(ONE, api.OneExhibit.as_view(), name="exhibit"),
    path(ONE + "withdraw/", api.Withdraw.as_view(), name="exhibit-withdraw"),
    path(ONE + "original/", api.Original.as_view(), name="exhibit-original"),
    path(ONE + "receipt/", api.Receipt.as_view(), name="exhibit-receipt"),
    path(ONE + "custody/", api.ExhibitCustody.as_view(), name="exhibit-custody"),
]
