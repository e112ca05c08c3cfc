"""Pages of this room."""

from django.urls import path

from casework.findings import views

app_name = "findings"
urlpatterns = [
    path("", views.findings, name="list"),
    path("new/", views.new, name="new"),
    path("<str:label>/", views.finding, name="finding"),
    path("<str:label>/edit/", views.edit, name="edit"),
    path("<str:label>/submit/", views.submit, name="submit"),
    path("<str:label>/review/", views.review, name="review"),
    path("<str:label>/send-back/", views.send_back, name="send-back"),
]
