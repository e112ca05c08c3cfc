"""Pages of this room that lie outside of every case."""

from django.urls import path

from casework.takedowns import reference_views as views

app_name = "platforms"
urlpatterns = [
    path("", views.platforms, name="list"),
    path("routes/new/", views.add, {"sort": "route"}, name="add-route"),
    path("routes/<slug:slug>/", views.one, {"sort": "route"}, name="route"),
    path("routes/<slug:slug>/edit/", views.change, {"sort": "route"}, name="edit-route"),
    path("routes/<slug:slug>/end/", views.end, {"sort": "route"}, name="end-route"),
    path("policies/new/", views.add, {"sort": "policy"}, name="add-policy"),
    path("policies/<slug:slug>/", views.one, {"sort": "policy"}, name="policy"),
    path("policies/<slug:slug>/edit/", views.change, {"sort": "policy"}, name="edit-policy"),
    path("policies/<slug:slug>/end/", views.end, {"sort": "policy"}, name="end-policy"),
]
