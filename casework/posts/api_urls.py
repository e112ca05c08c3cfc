"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import IMPORT
from casework.posts import api

_ONE = f"cases/<str:ref>/imports/{IMPORT}"
urlpatterns = [
    path("cases/<str:ref>/imports/", api.Imports.as_view(), name="imports"),
    path("cases/<str:ref>/imports/look/", api.Look.as_view(), name="import-look"),
    path(_ONE, api.OneImport.as_view(), name="import"),
    path(f"{_ONE}withdraw/", api.WithdrawImport.as_view(), name="import-withdraw"),
    path(f"{_ONE}unread/", api.NotUnderstood.as_view(), name="import-unread"),
    path("cases/<str:ref>/posts/", api.Posts.as_view(), name="posts"),
    path(f"cases/<str:ref>/posts/{IMPORT}<int:position>/", api.OnePost.as_view(), name="post"),
]
