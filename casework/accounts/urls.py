"""Pages of this room."""

from django.urls import path

from casework.accounts import bulk_views, claim_views, draft_views, link_views, statement_views, views
from casework.addresses import SUBJECT

app_name = "accounts"
urlpatterns = [
    path("", views.subjects, name="list"),
    path("new/", views.name, name="name"),
    path("paste/", draft_views.paste, name="paste"),
    path("table/", draft_views.table, name="table"),
    path("bulk/tags/", bulk_views.tag, name="tag-many"),
    path("bulk/links/", bulk_views.link, name="link-many"),
    path("bulk/assessments/", bulk_views.assess, name="assess-many"),
    path(SUBJECT, views.subject, name="subject"),
    path(f"{SUBJECT}observe/", views.observe, name="observe"),
    path(f"{SUBJECT}observations/<int:pk>/withdraw/", views.withdraw_seen, name="withdraw-seen"),
    path(f"{SUBJECT}identify/", views.identify, name="identify"),
    path(f"{SUBJECT}claims/new/", claim_views.note, name="claim"),
    path(f"{SUBJECT}claims/<int:pk>/withdraw/", claim_views.withdraw, name="withdraw-claim"),
    path(f"{SUBJECT}persona/", statement_views.persona, name="persona"),
    path(f"{SUBJECT}location/", statement_views.location, name="location"),
    path(f"{SUBJECT}links/new/", link_views.link, name="link"),
    path(f"{SUBJECT}links/<int:pk>/withdraw/", link_views.withdraw, name="withdraw-link"),
    path(f"{SUBJECT}tags/", link_views.tags, name="tags"),
    path(f"{SUBJECT}notes/new/", statement_views.note, name="note"),
    path(f"{SUBJECT}notes/<int:pk>/withdraw/", statement_views.withdraw_note, name="withdraw-note"),
    path(f"{SUBJECT}assess/", views.assess, name="assess"),
    path(f"{SUBJECT}assessments/<int:pk>/confirm/", views.confirm, name="confirm"),
    path(f"{SUBJECT}assessments/<int:pk>/send-back/", views.send_back, name="send-back"),
]
