"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.people import api

urlpatterns = [
    path("me/", api.Me.as_view(), name="me"),
    path("people/", api.People.as_view(), name="people"),
    path("people/<int:pk>/enable/", api.Enable.as_view(), name="people-enable"),
    path("people/<int:pk>/reset/", api.Reset.as_view(), name="people-reset"),
]
