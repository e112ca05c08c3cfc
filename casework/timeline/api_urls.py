"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.timeline import api, files

urlpatterns = [
    path("cases/<str:ref>/timeline/", api.CaseTimeline.as_view(), name="timeline"),
    *(path(f"cases/<str:ref>/timeline/{kind}/", api.TimelineFile.as_view(), {"kind": kind}, name=f"timeline-{kind}")
      for kind in files.FORMATS),
]
