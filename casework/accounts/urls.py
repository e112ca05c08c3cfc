"""Pages of this room."""

from django.urls import path

from casework.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.subjects, name="list"),
    path("new/", views.name, name="name"),
    path("<str:label>/", views.subject, name="subject"),
    path("<str:label>/observe/", views.observe, name="observe"),
    path("<str:label>/exculpatory/", views.exculpatory, name="exculpatory"),
    path("<str:label>/assess/", views.assess, name="assess"),
    path("<str:label>/assessments/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<str:label>/assessments/<int:pk>/send-back/", views.send_back, name="send-back"),
]
