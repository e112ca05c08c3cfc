"""Pages of this room."""

from django.urls import path

from casework.cases import keeping_views, views

app_name = "cases"
urlpatterns = [
    path("", views.cases, name="list"),
    path("new/", views.new, name="new"),
    path("<str:ref>/", views.overview, name="overview"),
    path("<str:ref>/members/", views.members, name="members"),
    path("<str:ref>/members/<int:pk>/end/", views.end_membership, name="end-membership"),
    path("<str:ref>/close/", views.move, {"verb": "close"}, name="close"),
    path("<str:ref>/keep/", keeping_views.keep, name="keep"),
    path("<str:ref>/keep/retention/", keeping_views.retention, name="retention"),
    path("<str:ref>/keep/hold/", keeping_views.place_hold, name="place-hold"),
    path("<str:ref>/keep/holds/<int:pk>/lift/", keeping_views.lift_hold, name="lift-hold"),
    path("<str:ref>/reopen/", views.move, {"verb": "reopen"}, name="reopen"),
]
