"""Pages of this room."""

from django.urls import path

from casework.addresses import CHANNEL, PAYMENT, TASKING
from casework.channels import payment_views, tasking_views, views

app_name = "channels"
urlpatterns = [
    path("", views.channels, name="list"),
    path("new/", views.name, name="name"),
    path("taskings/", tasking_views.taskings, name="taskings"),
    path(f"taskings/{TASKING}", tasking_views.tasking, name="tasking"),
    path(f"taskings/{TASKING}edit/", tasking_views.edit, name="edit-tasking"),
    path(f"taskings/{TASKING}withdraw/", tasking_views.withdraw, name="withdraw-tasking"),
    path("payments/", payment_views.payments, name="payments"),
    path("payments/new/", payment_views.note, name="note-payment"),
    path(f"payments/{PAYMENT}", payment_views.payment, name="payment"),
    path(f"payments/{PAYMENT}edit/", payment_views.edit, name="edit-payment"),
    path(f"payments/{PAYMENT}withdraw/", payment_views.withdraw, name="withdraw-payment"),
    path(CHANNEL, views.channel, name="channel"),
    path(f"{CHANNEL}taskings/new/", tasking_views.note, name="note-tasking"),
    path(f"{CHANNEL}edit/", views.edit, name="edit"),
    path(f"{CHANNEL}observe/", views.observe, name="observe"),
    path(f"{CHANNEL}withdraw/", views.withdraw, name="withdraw"),
    path(f"{CHANNEL}observations/<int:pk>/withdraw/", views.withdraw_observation, name="withdraw-observation"),
]
