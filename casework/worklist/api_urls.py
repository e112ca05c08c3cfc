"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import TASK
from casework.worklist import api

_ONE = f"cases/<str:ref>/tasks/{TASK}"
urlpatterns = [
    path("cases/<str:ref>/tasks/", api.Tasks.as_view(), name="tasks"),
    path(_ONE, api.OneTask.as_view(), name="task"),
    path(f"{_ONE}finish/", api.Finish.as_view(), name="task-finish"),
    path(f"{_ONE}drop/", api.Drop.as_view(), name="task-drop"),
    path(f"{_ONE}reopen/", api.Reopen.as_view(), name="task-reopen"),
    path("cases/<str:ref>/notes/", api.Notes.as_view(), name="notes"),
    path("cases/<str:ref>/notes/<int:pk>/withdraw/", api.WithdrawNote.as_view(), name="note-withdraw"),
    path("cases/<str:ref>/notes/<int:pk>/seen/", api.NoteSeen.as_view(), name="note-seen"),
]
