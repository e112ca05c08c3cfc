"""Pages of this room."""

from django.urls import path

from casework.addresses import DOSSIER
from reports.dossiers import views

app_name = "dossiers"
urlpatterns = [
    path("", views.dossiers, name="list"),
    path("new/", views.new, name="new"),
    path(DOSSIER, views.dossier, name="dossier"),
    path(DOSSIER + "progress/", views.progress, name="progress"),
    path(DOSSIER + "again/", views.recompose, name="recompose"),
    path(DOSSIER + "submit/", views.submit, name="submit"),
    path(DOSSIER + "review/", views.review, name="review"),
    path(DOSSIER + "send-back/", views.send_back, name="send-back"),
    path(DOSSIER + "seal/", views.seal, name="seal"),
    path(DOSSIER + "retry/", views.retry, name="retry"),
]
