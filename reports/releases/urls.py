"""Pages of this room."""

from django.urls import path

from reports.dossiers.converters import LABEL
from reports.releases import views

app_name = "releases"
urlpatterns = [
    path(LABEL + "download/", views.download, name="download"),
    path(LABEL + "bags/<uuid:bag>/", views.bag, name="bag"),
]
