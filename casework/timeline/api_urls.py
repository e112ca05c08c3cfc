"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.timeline import api

urlpatterns = [path("cases/<str:ref>/timeline/", api.CaseTimeline.as_view(), name="timeline")]
