"""Pages of this room, inside a case."""

from django.urls import path

from casework.addresses import CAMPAIGN, CAUSE
from casework.campaigns import cause_views, views

app_name = "campaigns"
urlpatterns = [
    path("", views.campaigns, name="list"),
    path("new/", views.name, name="name"),
    path("picture/", views.picture, name="picture"),
    path("causes/", cause_views.causes, name="causes"),
    path("causes/new/", cause_views.name, name="name-cause"),
    path(f"causes/{CAUSE}", cause_views.cause, name="cause"),
    path(f"causes/{CAUSE}edit/", cause_views.edit, name="edit-cause"),
    path(f"causes/{CAUSE}withdraw/", cause_views.withdraw, name="withdraw-cause"),
    path(CAMPAIGN, views.campaign, name="campaign"),
    path(f"{CAMPAIGN}edit/", views.edit, name="edit"),
    path(f"{CAMPAIGN}withdraw/", views.withdraw, name="withdraw"),
    path(f"{CAMPAIGN}marks/new/", views.mark, name="mark"),
    path(f"{CAMPAIGN}marks/<int:pk>/withdraw/", views.withdraw_mark, name="withdraw-mark"),
    path(f"{CAMPAIGN}causes/new/", views.attach, name="attach"),
    path(f"{CAMPAIGN}causes/<int:pk>/withdraw/", views.detach, name="detach"),
]
