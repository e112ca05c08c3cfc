"""Pages of this room."""

from django.urls import path

from casework.people import views

app_name = "people"
urlpatterns = [
    path("people/", views.people, name="list"),
    path("people/invite/", views.invite, name="invite"),
    path("people/<int:pk>/enable/", views.act, {"verb": "enable"}, name="enable"),
    path("people/<int:pk>/reset/", views.act, {"verb": "reset"}, name="reset"),
    path("people/<int:pk>/invite/", views.act, {"verb": "invite"}, name="invite-again"),
    path("people/<int:pk>/end-sessions/", views.act, {"verb": "end-sessions"}, name="end-sessions"),
    path("join/<str:token>/", views.join, name="join"),
    path("settings/", views.own_settings, name="settings"),
    path("settings/tokens/", views.make_token, name="make-token"),
    path("settings/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke-token"),
    path("settings/sessions/<int:pk>/end/", views.end_session, name="end-session"),
    path("settings/sessions/end-others/", views.end_other_sessions, name="end-other-sessions"),
    path("language/", views.language, name="language"),
]
