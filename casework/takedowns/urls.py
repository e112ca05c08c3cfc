"""Pages of this room."""

from django.urls import path

from casework.addresses import NOTICE
from casework.takedowns import views

app_name = "takedowns"
urlpatterns = [
    path("", views.notices, name="list"),
    path("new/", views.new, name="new"),
    path(NOTICE, views.notice, name="notice"),
    path(f"{NOTICE}edit/", views.edit, name="edit"),
    path(f"{NOTICE}targets/", views.add_target, name="add-target"),
    path(f"{NOTICE}targets/<int:pk>/remove/", views.remove_target, name="remove-target"),
    path(f"{NOTICE}targets/<int:pk>/decide/", views.decide, name="decide"),
    path(f"{NOTICE}submit/", views.step, {"verb": "submit"}, name="submit"),
    path(f"{NOTICE}approve/", views.step, {"verb": "approve"}, name="approve"),
    path(f"{NOTICE}send-back/", views.step, {"verb": "send_back"}, name="send-back"),
    path(f"{NOTICE}send/", views.step, {"verb": "send"}, name="send"),
    path(f"{NOTICE}acknowledge/", views.step, {"verb": "acknowledge"}, name="acknowledge"),
    path(f"{NOTICE}close/", views.step, {"verb": "close"}, name="close"),
    path(f"{NOTICE}withdraw/", views.step, {"verb": "withdraw"}, name="withdraw"),
]
