"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import TASKING
from casework.coordination import api

_ONE = f"cases/<str:ref>/taskings/{TASKING}"
urlpatterns = [
    path(f"{_ONE}matches/", api.TaskingMatches.as_view(), name="tasking-matches"),
    path(f"{_ONE}matches/csv/", api.MatchesFile.as_view(), name="tasking-matches-csv"),
    path(f"{_ONE}near/", api.TaskingNear.as_view(), name="tasking-near"),
    path(f"{_ONE}proposal/", api.TaskingProposal.as_view(), name="tasking-proposal"),
]
