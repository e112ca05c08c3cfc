"""Pages of this room."""

from django.urls import path

from casework.addresses import EXHIBIT
from casework.exhibits import bytes_views, lodging_views, views

app_name = "exhibits"
urlpatterns = [
    path("", views.evidence, name="evidence"),
    path("lodge", lodging_views.lodge, name="lodge"),
    path("incoming", lodging_views.incoming, name="incoming"),
    path("finish", lodging_views.finish, name="finish"),
    path("address", lodging_views.address, name="address"),
    path("custody/", views.custody, name="custody"),
    path(EXHIBIT, views.exhibit, name="exhibit"),
    path(EXHIBIT + "edit", views.edit, name="edit"),
    path(EXHIBIT + "withdraw", views.withdraw, name="withdraw"),
    path(EXHIBIT + "receipt", views.receipt, name="receipt"),
    path(EXHIBIT + "receipt.json", bytes_views.receipt_json, name="receipt_json"),
    path(EXHIBIT + "original", bytes_views.original, name="original"),
    path(EXHIBIT + "preview", bytes_views.preview, name="preview"),
    path(EXHIBIT + "thumbnail", bytes_views.thumbnail, name="thumbnail"),
]
