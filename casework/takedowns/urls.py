"""Pages of this room."""

from django.urls import path

from casework.takedowns import views

app_name = "takedowns"
urlpatterns = [
    path("", views.notices, name="list"),
    path("new/", views.new, name="new"),
    path("<str:label>/", views.notice, name="notice"),
    path("<str:label>/edit/", views.edit, name="edit"),
    path("<str:label>/targets/", views.add_target, name="add-target"),
    path("<str:label>/targets/<int:pk>/remove/", views.remove_target, name="remove-target"),
    path("<str:label>/targets/<int:pk>/decide/", views.decide, name="decide"),
    path("<str:label>/submit/", views.step, {"verb": "submit"}, name="submit"),
    path("<str:label>/approve/", views.step, {"verb": "approve"}, name="approve"),
    path("<str:label>/send-back/", views.step, {"verb": "send_back"}, name="send-back"),
    path("<str:label>/send/", views.step, {"verb": "send"}, name="send"),
    path("<str:label>/acknowledge/", views.step, {"verb": "acknowledge"}, name="acknowledge"),
    path("<str:label>/close/", views.step, {"verb": "close"}, name="close"),
    path("<str:label>/withdraw/", views.step, {"verb": "withdraw"}, name="withdraw"),
]
