"""Hand sealed bytes out: who took which, when and for what, recorded before the first byte leaves."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import require
from casework.accounts.words import cleaned
from casework.exhibits import keeping
from casework.exports import services as exports
from casework.lifecycle import NotAllowed
from casework.pace import Locked
from casework.record import Act, record
from evidence.custody.outside import Holding
from evidence.intake.models import Item
from evidence.store import services as store
from reports.bags import contents
from reports.bags.models import Bag
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_DOWNLOAD
from reports.releases.models import Download

PURPOSE_LENGTH = 300


def download(dossier: Dossier, *, purpose: str, by: Any) -> Iterator[bytes]:
    """The sealed PDF in chunks, verified on the way. Raises ValidationError without a purpose, NotAllowed before it
    is sealed, Stopped, TooSoon (casework.exports), Damaged when the store no longer has what was sealed."""
    if dossier.state != Dossier.State.SEALED:
        raise NotAllowed(dossier.state, "download")
    size = dossier.log_size if dossier.frozen["log"]["note"] else 0
    return _chunks(dossier, _note(dossier, dossier.item, None, size, purpose, by), by)


def download_bag(bag: Bag, *, purpose: str, by: Any) -> Iterator[bytes]:
    """As `download`, for the bag of a dossier; NotAllowed before it is packed, Locked where malware was found in it
    since."""
    if bag.state != Bag.State.MADE:
        raise NotAllowed(bag.state, "download")
    found = {label for label, one in contents.screened(bag.dossier).items() if one.is_found} - set(bag.withheld)
    if found:
        raise Locked(_("Malware was found in originals of this package after it was packed: %(labels)s. Pack it again: "
                       "they stay out.") % {"labels": " ".join(sorted(found))}, "malware")
    assert bag.log_size is not None
    return _chunks(bag.dossier, _note(bag.dossier, bag.item, bag, bag.log_size, purpose, by), by)


def filename(dossier: Dossier) -> str:
    return f"{dossier.case.ref}-{dossier.label}-{dossier.kind}.pdf"


def _chunks(dossier: Dossier, sha256: str, by: Any) -> Iterator[bytes]:
    return exports.watched(store.chunks_verified(sha256), dossier.case, KIND_DOWNLOAD[dossier.kind], by=by)


@transaction.atomic
def _note(dossier: Dossier, item: Item | None, bag: Bag | None, size: int, purpose: str, by: Any) -> str:
    """Who takes it, and that they hold the checkpoint of `size` entries in it from now on (0: there is none)."""
    require(by, KIND_DOWNLOAD[dossier.kind], dossier.case)
    assert item is not None
    purpose = cleaned({"purpose": purpose}, most={"purpose": PURPOSE_LENGTH})["purpose"]
    size_of = store.size(item.blob_id)
    if not size_of:
        raise ValidationError(_("The stored document is gone or damaged. Tell the administrator."))
    exports.take_out(dossier.case, size=size_of, subject=f"dossier/{dossier.case.ref}/{dossier.label}", by=by)
    Download.objects.create(dossier=dossier, bag=bag, person=by, at=timezone.now(), purpose=purpose,
                            sha256=item.blob_id)
    told: dict[str, Any] = {"bag": bag.word, "dossier": dossier.label} if bag else {}
    # A referral shows its exhibits, and its package has their originals; a briefing has neither.
    if bag or dossier.kind == Dossier.Kind.REFERRAL:
        told["exhibits"] = [row["label"] for row in dossier.frozen["exhibits"]]
    record(Act.BAG_DOWNLOADED if bag else Act.DOSSIER_DOWNLOADED, by=by,
           subject=f"dossier/{dossier.case.ref}/{dossier.label}", context=f"case/{dossier.case.ref}", purpose=purpose,
           sha256=item.blob_id, **told)
    if size:
        keeping.note(size, Holding.What.CHECKPOINT, by=by)
    return item.blob_id
