"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.exchange import api

urlpatterns = [path("cases/<str:ref>/exchange/", api.Take.as_view(), name="exchange")]
