"""Pages of this room."""

from django.urls import path

from casework.addresses import DOSSIER
from reports.releases import views

app_name = "releases"
urlpatterns = [
    path(DOSSIER + "download/", views.download, name="download"),
    path(DOSSIER + "bags/<uuid:bag>/", views.bag, name="bag"),
]
