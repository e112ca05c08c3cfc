"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.people import api, session_api

urlpatterns = [
    path("me/", api.Me.as_view(), name="me"),
    path("me/sessions/", session_api.Sessions.as_view(), name="sessions"),
    path("me/sessions/end-others/", session_api.EndOthers.as_view(), name="sessions-end-others"),
    path("me/sessions/<int:pk>/end/", session_api.End.as_view(), name="session-end"),
    path("people/<int:pk>/end-sessions/", session_api.EndAll.as_view(), name="people-end-sessions"),
    path("people/", api.People.as_view(), name="people"),
    path("people/<int:pk>/enable/", api.Enable.as_view(), name="people-enable"),
    path("people/<int:pk>/reset/", api.Reset.as_view(), name="people-reset"),
]
