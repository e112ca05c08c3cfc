"""Pages of this room."""

from django.urls import path

from casework.audit import views

app_name = "audit"
urlpatterns = [
    path("cases/<str:ref>/access/", views.access, name="access"),
    path("cases/<str:ref>/access/stop/", views.stop, name="stop"),
    path("cases/<str:ref>/access/stops/<int:pk>/lift/", views.lift, name="lift-stop"),
    path("cases/<str:ref>/access/alarms/<int:pk>/seen/", views.saw, name="alarm-seen"),
    path("audit/", views.system, name="system"),
]
