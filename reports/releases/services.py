"""Hand sealed bytes out: who took which, when and for what, recorded before the first byte leaves."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import require
from casework.accounts.words import cleaned
from casework.lifecycle import NotAllowed
from casework.record import Act, record
from evidence.store import services as store
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_DOWNLOAD
from reports.releases.models import Download

PURPOSE_LENGTH = 300


def download(dossier: Dossier, *, purpose: str, by: Any) -> Iterator[bytes]:
    """The sealed PDF in chunks, verified on the way. Raises ValidationError without a purpose, NotAllowed before it
    is sealed, Damaged when the store no longer has what was sealed."""
    digest = _note(dossier, purpose, by)
    return store.chunks_verified(digest)


def filename(dossier: Dossier) -> str:
    return f"{dossier.case.ref}-{dossier.label}-{dossier.kind}.pdf"


@transaction.atomic
def _note(dossier: Dossier, purpose: str, by: Any) -> str:
    require(by, KIND_DOWNLOAD[dossier.kind], dossier.case)
    if dossier.item is None or dossier.state != Dossier.State.SEALED:
        raise NotAllowed(dossier.state, "download")
    purpose = cleaned({"purpose": purpose}, most={"purpose": PURPOSE_LENGTH})["purpose"]
    digest = dossier.item.blob_id
    if not store.size(digest):
        raise ValidationError(_("The stored document is gone or damaged. Tell the administrator."))
    Download.objects.create(dossier=dossier, person=by, at=timezone.now(), purpose=purpose, sha256=digest)
    record(Act.DOSSIER_DOWNLOADED, by=by, subject=f"dossier/{dossier.case.ref}/{dossier.label}",
           context=f"case/{dossier.case.ref}", purpose=purpose, sha256=digest)
    return digest
