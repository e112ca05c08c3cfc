"""Pages of this room."""

from django.urls import path

from casework.addresses import IMPORT
from casework.posts import post_views, views

app_name = "posts"
urlpatterns = [
    path("", post_views.posts, name="list"),
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.begin, name="begin"),
    path(f"imports/{IMPORT}", views.one, name="import"),
    path(f"imports/{IMPORT}progress", views.progress, name="progress"),
    path(f"imports/{IMPORT}withdraw/", views.withdraw, name="withdraw"),
    path(f"{IMPORT}<int:position>/", post_views.post, name="post"),
]
