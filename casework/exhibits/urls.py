"""Pages of this room."""

from django.urls import path

from casework.exhibits import bytes_views, custody_views, erasure_views, lodging_views, views
from casework.exhibits.converters import LABEL

app_name = "exhibits"
urlpatterns = [
    path("", views.evidence, name="evidence"),
    path("lodge", lodging_views.lodge, name="lodge"),
    path("incoming", lodging_views.incoming, name="incoming"),
    path("finish", lodging_views.finish, name="finish"),
    path("address", lodging_views.address, name="address"),
    path("custody/", custody_views.custody, name="custody"),
    path("custody/verify", custody_views.verify_case, name="verify_case"),
    path("custody/<uuid:event>/proof.json", custody_views.proof, name="proof"),
    path("custody/erase", erasure_views.erase, name="erase"),
    path("custody/erasures/<uuid:proposal>/", erasure_views.erasure, name="erasure"),
    path("custody/erasures/<uuid:proposal>/approve", erasure_views.approve, name="approve-erasure"),
    path("custody/erasures/<uuid:proposal>/return", erasure_views.send_back, name="return-erasure"),
    path(LABEL, views.exhibit, name="exhibit"),
    path(LABEL + "edit", views.edit, name="edit"),
    path(LABEL + "withdraw", views.withdraw, name="withdraw"),
    path(LABEL + "receipt", views.receipt, name="receipt"),
    path(LABEL + "receipt/send", custody_views.send_receipt, name="send_receipt"),
    path(LABEL + "custody/", custody_views.exhibit_custody, name="exhibit_custody"),
    path(LABEL + "verify", custody_views.verify_exhibit, name="verify"),
    path(LABEL + "receipt.json", bytes_views.receipt_json, name="receipt_json"),
    path(LABEL + "original", bytes_views.original, name="original"),
    path(LABEL + "preview", bytes_views.preview, name="preview"),
    path(LABEL + "thumbnail", bytes_views.thumbnail, name="thumbnail"),
]
