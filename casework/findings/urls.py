"""Pages of this room."""

from django.urls import path

from casework.addresses import FINDING
from casework.findings import revision_views, tag_views, views

app_name = "findings"
urlpatterns = [
    path("", views.findings, name="list"),
    path("new/", views.new, name="new"),
    path(FINDING, views.finding, name="finding"),
    path(f"{FINDING}edit/", views.edit, name="edit"),
    path(f"{FINDING}sources/", views.judge, name="sources"),
    path(f"{FINDING}techniques/", tag_views.tag, name="techniques"),
    path(f"{FINDING}revisions/", revision_views.listed, name="revisions"),
    path(f"{FINDING}revisions/<int:revision>/", revision_views.revision, name="revision"),
    path(f"{FINDING}submit/", views.submit, name="submit"),
    path(f"{FINDING}review/", views.review, name="review"),
    path(f"{FINDING}send-back/", views.send_back, name="send-back"),
]
