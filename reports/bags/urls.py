"""Pages of this room."""

from django.urls import path

from reports.bags import views
from reports.dossiers.converters import LABEL

app_name = "bags"
urlpatterns = [path(LABEL + "bags/", views.ask, name="ask")]
