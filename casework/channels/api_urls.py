"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import CHANNEL
from casework.channels import api

_ONE = f"cases/<str:ref>/channels/{CHANNEL}"
urlpatterns = [
    path("cases/<str:ref>/channels/", api.Channels.as_view(), name="channels"),
    path(_ONE, api.OneChannel.as_view(), name="channel"),
    path(f"{_ONE}withdraw/", api.Withdraw.as_view(), name="channel-withdraw"),
    path(f"{_ONE}observations/", api.Observations.as_view(), name="channel-observations"),
    path(f"{_ONE}observations/<int:pk>/withdraw/", api.WithdrawObservation.as_view(),
         name="channel-observation-withdraw"),
]
