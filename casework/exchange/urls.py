"""Pages of this room."""

from django.urls import path

from casework.exchange import views

app_name = "exchange"
urlpatterns = [path("", views.take, name="take")]
