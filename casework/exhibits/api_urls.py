"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import EXHIBIT
from casework.exhibits import (
    api,
    capture_api,
    custody_api,
    disposal_api,
    erasure_api,
    healing_api,
    package_api,
    unlocking_api,
    upload_api,
)

ERASURE = "cases/<str:ref>/custody/erasures/<uuid:proposal>/"
DISPOSAL = "cases/<str:ref>/disposals/<uuid:proposal>/"
DAMAGE = "cases/<str:ref>/damages/<int:damage>/"
ONE = "cases/<str:ref>/exhibits/" + EXHIBIT

urlpatterns = [
    path("log/", custody_api.Log.as_view(), name="log"),
    path("log/keep/", custody_api.KeepCheckpoint.as_view(), name="keep-checkpoint"),
    path("cases/<str:ref>/custody/", custody_api.CaseCustody.as_view(), name="custody"),
    path("cases/<str:ref>/custody/verify/", custody_api.VerifyCase.as_view(), name="verify-case"),
    path("cases/<str:ref>/custody/<uuid:event>/proof/", custody_api.Proof.as_view(), name="proof"),
    path("cases/<str:ref>/custody/erasures/", erasure_api.Erasures.as_view(), name="erasures"),
    path(ERASURE, erasure_api.OneErasure.as_view(), name="erasure"),
    path(ERASURE + "approve/", erasure_api.Approve.as_view(), name="erasure-approve"),
    path(ERASURE + "send-back/", erasure_api.SendBack.as_view(), name="erasure-send-back"),
    path("cases/<str:ref>/disposals/", disposal_api.Disposals.as_view(), name="disposals"),
    path(DISPOSAL, disposal_api.OneDisposal.as_view(), name="disposal"),
    path(DISPOSAL + "approve/", disposal_api.Approve.as_view(), name="disposal-approve"),
    path(DISPOSAL + "send-back/", disposal_api.SendBack.as_view(), name="disposal-send-back"),
    path("cases/<str:ref>/damages/", healing_api.Damages.as_view(), name="damages"),
    path(DAMAGE, healing_api.OneDamage.as_view(), name="damage"),
    path(DAMAGE + "heal/", healing_api.Heal.as_view(), name="healing"),
    path(DAMAGE + "heal/approve/", healing_api.ApproveHealing.as_view(), name="healing-approve"),
    path(DAMAGE + "heal/send-back/", healing_api.ReturnHealing.as_view(), name="healing-send-back"),
    path("cases/<str:ref>/exhibits/", api.Exhibits.as_view(), name="exhibits"),
    path("cases/<str:ref>/exhibits/batch/", api.ExhibitBatch.as_view(), name="exhibit-batch"),
    path("cases/<str:ref>/uploads/", upload_api.Uploads.as_view(), name="uploads"),
    path("cases/<str:ref>/uploads/<uuid:upload>/", upload_api.OneUpload.as_view(), name="upload"),
    path("cases/<str:ref>/uploads/<uuid:upload>/finish/", upload_api.Finish.as_view(), name="upload-finish"),
    path("cases/<str:ref>/exhibits/capture/", capture_api.Captures.as_view(), name="exhibit-capture"),
    path(ONE, api.OneExhibit.as_view(), name="exhibit"),
    path(ONE + "withdraw/", api.Withdraw.as_view(), name="exhibit-withdraw"),
    path(ONE + "original/", api.Original.as_view(), name="exhibit-original"),
    path(ONE + "parts/<int:position>/original/", capture_api.PartOriginal.as_view(), name="part-original"),
    path(ONE + "parts/<int:position>/receipt/", capture_api.PartReceipt.as_view(), name="part-receipt"),
    path(ONE + "unlock/", unlocking_api.Unlock.as_view(), name="exhibit-unlock"),
    path(ONE + "parts/<int:position>/unlock/", unlocking_api.UnlockPart.as_view(), name="part-unlock"),
    path("cases/<str:ref>/unlockings/", unlocking_api.Unlockings.as_view(), name="unlockings"),
    path("cases/<str:ref>/unlockings/<int:pk>/seen/", unlocking_api.UnlockingSeen.as_view(), name="unlocking-seen"),
    path(ONE + "package/", package_api.OnePackage.as_view(), name="exhibit-package"),
    path(ONE + "package/files/", package_api.Files.as_view(), name="package-files"),
    path(ONE + "package/lodge/", package_api.LodgeFiles.as_view(), name="package-lodge"),
    path(ONE + "receipt/", api.Receipt.as_view(), name="exhibit-receipt"),
    path(ONE + "receipt/send/", custody_api.SendReceipt.as_view(), name="send-receipt"),
    path(ONE + "custody/", custody_api.ExhibitCustody.as_view(), name="exhibit-custody"),
    path(ONE + "verify/", custody_api.VerifyExhibit.as_view(), name="verify-exhibit"),
]
