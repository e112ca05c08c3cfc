"""Pages of this room."""

from django.urls import path

from casework.addresses import DOSSIER
from reports.bags import views

app_name = "bags"
urlpatterns = [path(DOSSIER + "bags/", views.ask, name="ask")]
