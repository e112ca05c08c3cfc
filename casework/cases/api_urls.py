"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.cases import api, keeping_api, leaving_api

urlpatterns = [
    path("people/<int:pk>/disable/", leaving_api.Disable.as_view(), name="people-disable"),
    path("cases/", api.Cases.as_view(), name="cases"),
    path("cases/<str:ref>/", api.OneCase.as_view(), name="case"),
    path("cases/<str:ref>/close/", api.Move.as_view(verb="close"), name="case-close"),
    path("cases/<str:ref>/reopen/", api.Move.as_view(verb="reopen"), name="case-reopen"),
    path("cases/<str:ref>/retention/", keeping_api.Retention.as_view(), name="retention"),
    path("cases/<str:ref>/holds/", keeping_api.Holds.as_view(), name="holds"),
    path("cases/<str:ref>/holds/<int:pk>/lift/", keeping_api.LiftHold.as_view(), name="hold-lift"),
    path("cases/<str:ref>/members/", api.Members.as_view(), name="members"),
    path("cases/<str:ref>/members/<int:pk>/end/", api.EndMembership.as_view(), name="end-membership"),
]
