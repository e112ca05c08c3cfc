"""Pages of this room."""

from django.urls import path

from casework.addresses import EXHIBIT
from casework.exhibits import (
    bytes_views,
    capture_views,
    custody_views,
    disposal_views,
    erasure_views,
    healing_views,
    lodging_views,
    package_views,
    views,
)

app_name = "exhibits"
urlpatterns = [
    path("", views.evidence, name="evidence"),
    path("lodge", lodging_views.lodge, name="lodge"),
    path("capture", capture_views.capture, name="capture"),
    path("begin", lodging_views.begin, name="begin"),
    path("address", lodging_views.address, name="address"),
    path("custody/", custody_views.custody, name="custody"),
    path("custody/verify", custody_views.verify_case, name="verify_case"),
    path("custody/<uuid:event>/proof.json", custody_views.proof, name="proof"),
    path("custody/erase", erasure_views.erase, name="erase"),
    path("custody/erasures/<uuid:proposal>/", erasure_views.erasure, name="erasure"),
    path("custody/erasures/<uuid:proposal>/approve", erasure_views.approve, name="approve-erasure"),
    path("custody/erasures/<uuid:proposal>/return", erasure_views.send_back, name="return-erasure"),
    path("disposals/", disposal_views.listed, name="disposals"),
    path("disposals/new", disposal_views.dispose, name="dispose"),
    path("disposals/<uuid:proposal>/", disposal_views.disposal, name="disposal"),
    path("disposals/<uuid:proposal>/approve", disposal_views.approve, name="approve-disposal"),
    path("disposals/<uuid:proposal>/return", disposal_views.send_back, name="return-disposal"),
    path("custody/damages/", healing_views.damages, name="damages"),
    path("custody/damages/<int:damage>/", healing_views.damage, name="damage"),
    path("custody/damages/<int:damage>/heal", healing_views.propose, name="propose-healing"),
    path("custody/damages/<int:damage>/approve", healing_views.approve, name="approve-healing"),
    path("custody/damages/<int:damage>/return", healing_views.send_back, name="return-healing"),
    path(EXHIBIT, views.exhibit, name="exhibit"),
    path(EXHIBIT + "edit", views.edit, name="edit"),
    path(EXHIBIT + "withdraw", views.withdraw, name="withdraw"),
    path(EXHIBIT + "receipt", views.receipt, name="receipt"),
    path(EXHIBIT + "receipt/send", custody_views.send_receipt, name="send_receipt"),
    path(EXHIBIT + "custody/", custody_views.exhibit_custody, name="exhibit_custody"),
    path(EXHIBIT + "verify", custody_views.verify_exhibit, name="verify"),
    path(EXHIBIT + "receipt.json", bytes_views.receipt_json, name="receipt_json"),
    path(EXHIBIT + "original", bytes_views.original, name="original"),
    path(EXHIBIT + "parts/<int:position>/original", bytes_views.part_original, name="part_original"),
    path(EXHIBIT + "parts/<int:position>/thumbnail", bytes_views.part_thumbnail, name="part_thumbnail"),
    path(EXHIBIT + "parts/<int:position>/receipt.json", bytes_views.receipt_json, name="part_receipt"),
    path(EXHIBIT + "package", package_views.check, name="package"),
    path(EXHIBIT + "package/lodge", package_views.lodge, name="package_lodge"),
    path(EXHIBIT + "preview", bytes_views.preview, name="preview"),
    path(EXHIBIT + "thumbnail", bytes_views.thumbnail, name="thumbnail"),
]
