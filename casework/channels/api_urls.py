"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import CHANNEL, PAYMENT, TASKING
from casework.channels import api, payment_api, tasking_api

_ONE = f"cases/<str:ref>/channels/{CHANNEL}"
urlpatterns = [
    path("cases/<str:ref>/channels/", api.Channels.as_view(), name="channels"),
    path(_ONE, api.OneChannel.as_view(), name="channel"),
    path(f"{_ONE}withdraw/", api.Withdraw.as_view(), name="channel-withdraw"),
    path(f"{_ONE}observations/", api.Observations.as_view(), name="channel-observations"),
    path(f"{_ONE}observations/<int:pk>/withdraw/", api.WithdrawObservation.as_view(),
         name="channel-observation-withdraw"),
    path("cases/<str:ref>/taskings/", tasking_api.Taskings.as_view(), name="taskings"),
    path(f"cases/<str:ref>/taskings/{TASKING}", tasking_api.OneTasking.as_view(), name="tasking"),
    path(f"cases/<str:ref>/taskings/{TASKING}withdraw/", tasking_api.WithdrawTasking.as_view(),
         name="tasking-withdraw"),
    path("cases/<str:ref>/payments/", payment_api.Payments.as_view(), name="payments"),
    path("cases/<str:ref>/payments/totals/", payment_api.Totals.as_view(), name="payment-totals"),
    path(f"cases/<str:ref>/payments/{PAYMENT}", payment_api.OnePayment.as_view(), name="payment"),
    path(f"cases/<str:ref>/payments/{PAYMENT}withdraw/", payment_api.WithdrawPayment.as_view(),
         name="payment-withdraw"),
]
