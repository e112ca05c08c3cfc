"""Pages of this room."""

from django.urls import path

from reports.dossiers import views
from reports.dossiers.converters import LABEL

app_name = "dossiers"
urlpatterns = [
    path("", views.dossiers, name="list"),
    path("new/", views.new, name="new"),
    path(LABEL, views.dossier, name="dossier"),
    path(LABEL + "progress/", views.progress, name="progress"),
    path(LABEL + "again/", views.recompose, name="recompose"),
    path(LABEL + "submit/", views.submit, name="submit"),
    path(LABEL + "review/", views.review, name="review"),
    path(LABEL + "send-back/", views.send_back, name="send-back"),
    path(LABEL + "seal/", views.seal, name="seal"),
    path(LABEL + "retry/", views.retry, name="retry"),
]
