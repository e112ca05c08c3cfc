"""Pages of this room, inside a case."""

from django.urls import path

from casework.addresses import TASK
from casework.worklist import note_views, views

app_name = "worklist"
urlpatterns = [
    path("", views.tasks, name="list"),
    path("new/", views.make, name="make"),
    path("notes/", note_views.listed, name="notes"),
    path("notes/<int:pk>/withdraw/", note_views.withdraw, name="withdraw-note"),
    path("notes/<int:pk>/seen/", note_views.seen, name="note-seen"),
    path(TASK, views.task, name="task"),
    path(f"{TASK}edit/", views.edit, name="edit"),
    path(f"{TASK}finish/", views.finish, name="finish"),
    path(f"{TASK}drop/", views.drop, name="drop"),
    path(f"{TASK}reopen/", views.reopen, name="reopen"),
]
