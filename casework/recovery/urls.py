"""Pages of this room."""

from django.urls import path

from casework.recovery import views

app_name = "recovery"
urlpatterns = [
    path("", views.state, name="state"),
    path("declare", views.propose, name="propose"),
    path("approve", views.approve, name="approve"),
    path("return", views.send_back, name="return"),
]
