"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.audit import api

urlpatterns = [
    path("cases/<str:ref>/access/", api.Access.as_view(), name="access"),
    path("cases/<str:ref>/export-alarms/", api.Alarms.as_view(), name="export-alarms"),
    path("cases/<str:ref>/export-alarms/<int:pk>/seen/", api.AlarmSeen.as_view(), name="export-alarm-seen"),
    path("cases/<str:ref>/export-stops/", api.Stops.as_view(), name="export-stops"),
    path("cases/<str:ref>/export-stops/<int:pk>/lift/", api.LiftStop.as_view(), name="export-stop-lift"),
    path("audit/", api.Audit.as_view(), name="audit"),
]
