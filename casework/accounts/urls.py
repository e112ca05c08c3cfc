"""Pages of this room."""

from django.urls import path

from casework.accounts import claim_views, views
from casework.addresses import SUBJECT

app_name = "accounts"
urlpatterns = [
    path("", views.subjects, name="list"),
    path("new/", views.name, name="name"),
    path(SUBJECT, views.subject, name="subject"),
    path(f"{SUBJECT}observe/", views.observe, name="observe"),
    path(f"{SUBJECT}claims/new/", claim_views.note, name="claim"),
    path(f"{SUBJECT}claims/<int:pk>/withdraw/", claim_views.withdraw, name="withdraw-claim"),
    path(f"{SUBJECT}exculpatory/", views.exculpatory, name="exculpatory"),
    path(f"{SUBJECT}assess/", views.assess, name="assess"),
    path(f"{SUBJECT}assessments/<int:pk>/confirm/", views.confirm, name="confirm"),
    path(f"{SUBJECT}assessments/<int:pk>/send-back/", views.send_back, name="send-back"),
]
