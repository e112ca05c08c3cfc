"""Addresses about people that concern their cases."""

from django.urls import path

from casework.cases import leaving_views

app_name = "leaving"
urlpatterns = [path("<int:pk>/disable/", leaving_views.disable, name="disable")]
