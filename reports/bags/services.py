"""Ask for the bag of a sealed dossier, and pack it in a worker. Each recorded; the bag is an item like any."""

import logging
import tempfile
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casework.access import require
from casework.cases.models import Case
from casework.cases.services import CaseClosed, require_open
from casework.lifecycle import NotAllowed
from casework.record import SYSTEM, Act, record
from evidence import wake
from evidence.custody import signer
from evidence.custody.checkpoints import LogDamaged
from evidence.custody.models import Checkpoint
from evidence.custody.published import Published
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.store import services as store
from evidence.store.errors import Damaged, StoreFull
from evidence.tlog import note
from evidence.tlog.offline import assemble
from reports.bags import contents, describing, packing, proving
from reports.bags.models import Bag
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_DOWNLOAD

log = logging.getLogger(__name__)

AGENT = "Casework"
# A worker that dies while it packs is followed by another after this time.
LEASE = timedelta(minutes=30)
# So long a bag waits for the witnesses that the policy's quorum asks for. One that is down holds up nothing for longer.
PATIENCE = timedelta(minutes=2)


@transaction.atomic
def ask(dossier: Dossier, *, by: Any) -> Bag:
    """Queue the bag of a sealed dossier, or answer with the one that already waits. Raises NotAllowed, CaseClosed."""
    require(by, KIND_DOWNLOAD[dossier.kind], dossier.case)
    require_open(dossier.case)
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("case").get(pk=dossier.pk)
    if dossier.state != Dossier.State.SEALED:
        raise NotAllowed(dossier.state, "pack")
    waits: Bag | None = dossier.bags.filter(state=Bag.State.WAITING).first()
    if waits is not None:
        return waits
    bag = Bag.objects.create(dossier=dossier, asked_by=by, asked_at=timezone.now())
    _record(Act.BAG_ASKED, bag, by)
    wake.after_commit("reports.bags.pack", str(bag.pk))
    return bag


def waiting() -> list[str]:
    """Bags to be packed that no living worker holds. In a closed case nothing changes: there they wait until it is
    reopened."""
    return [str(pk) for pk in _unclaimed().values_list("pk", flat=True)]


def make(bag_id: str) -> bool:
    """Pack one bag; False when it is not waiting, another worker has it, or no checkpoint covers its events yet."""
    claim = timezone.now() + LEASE
    if not _unclaimed().filter(pk=bag_id).update(claimed_until=claim):
        return False
    bag = Bag.objects.select_related("dossier__case", "dossier__item__blob", "asked_by").get(pk=bag_id)
    try:
        found = contents.of(bag.dossier)
    except packing.Unpackable as error:
        _fail(bag, str(error), claim)
        return False
    at = proving.covered(found.entries)
    if at is None or at.quorum is False and timezone.now() < bag.asked_at + PATIENCE:
        Bag.objects.filter(pk=bag_id, claimed_until=claim).update(claimed_until=None)
        return False
    try:
        return _made(bag, found, at, claim)
    except CaseClosed:
        Bag.objects.filter(pk=bag_id, claimed_until=claim).update(claimed_until=None)
        return False


def _made(bag: Bag, found: contents.Contents, at: Published, claim: Any) -> bool:
    """Whether it could be packed. Raises CaseClosed."""
    try:
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
            _write(bag, found, at, file)
            file.seek(0)
            _keep(bag, found, at.checkpoint, file, claim)
    except (packing.Unpackable, Damaged, StoreFull, LogDamaged, signer.SignerMissing) as error:
        _fail(bag, str(error), claim)
        return False
    return True


def filename(bag: Bag) -> str:
    return f"{bag.dossier.case.ref}-{bag.dossier.label}-bag.zip"


def _write(bag: Bag, found: contents.Contents, at: Published, file: Any) -> None:
    dossier, size = bag.dossier, at.checkpoint.size
    # In this order: a key that is made meanwhile is in the list, and does not sign yet.
    key, sign = signer.signer()
    ring = signer.public_keys()
    tokens = proving.stamped(found.entries, dossier.log_size, size)
    said = [proving.Head(dossier.log_size, dossier.log_root, "dossier"), *proving.heads_of(tokens)]
    tags = [*proving.keys(ring), proving.checkpoint(at), proving.events(found.entries, found.told, size),
            proving.heads(said, size), *proving.timestamps(tokens),
            packing.of_bytes("verify.py", assemble.verify_py()),
            packing.of_bytes("verify.html", assemble.verify_html()),
             describing.readme({"case": dossier.case.ref, "dossier": dossier.label, "kind": dossier.kind,
                                "word": bag.word, "key": str(key), "size": size, "withheld": " ".join(found.withheld),
                                "root": bytes(at.checkpoint.root).hex()})]
    cover = packing.Cover(word=bag.word, origin=key.name, case=dossier.case.ref,
                          agent=AGENT, made_on=timezone.now().date(),
                          seal=lambda text: note.sign(text, [(key, sign)]))
    packing.pack(file, f"{dossier.case.ref}-{dossier.label}", found.payload, [tag for tag in tags if tag], cover)


@transaction.atomic
def _keep(bag: Bag, found: contents.Contents, at: Checkpoint, file: Any, claim: Any) -> None:
    """The packed bytes become an item and the bag's. Raises CaseClosed; nothing when another worker has taken over."""
    require_open(bag.dossier.case)
    with store.begin() as incoming:
        while chunk := file.read(1024 * 1024):
            incoming.write(chunk)
        held = Bag.objects.select_for_update(of=("self",)).filter(
            pk=bag.pk, state=Bag.State.WAITING, claimed_until=claim).first()
        if held is None:
            log.warning("bag %s was taken over by another worker", bag.pk)
            return
        taken = intake.receive(
            intake.Arrival(incoming, filename(bag), {}, claimed_type="application/zip",
                           acquisition=Item.Acquisition.MADE, detail={"bag": bag.word}),
            context=f"case/{bag.dossier.case.ref}", agent=SYSTEM)
    held.item, held.log_size, held.made_at = taken.item, at.size, timezone.now()
    held.state, held.claimed_until, held.withheld = Bag.State.MADE, None, found.withheld
    held.save()
    _record(Act.BAG_MADE, bag, None, sha256=taken.item.blob_id, size=taken.item.blob.size, log_size=at.size,
            item=str(taken.item.pk), **({"withheld": found.withheld} if found.withheld else {}))


@transaction.atomic
def _fail(bag: Bag, problem: str, claim: Any) -> None:
    require_open(bag.dossier.case)
    if Bag.objects.filter(pk=bag.pk, state=Bag.State.WAITING, claimed_until=claim).update(
            state=Bag.State.FAILED, problem=problem[:2000], claimed_until=None):
        _record(Act.BAG_FAILED, bag, None, reason=problem[:2000])


def _unclaimed() -> QuerySet[Bag]:
    free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
    return Bag.objects.filter(free, state=Bag.State.WAITING, dossier__case__state=Case.State.OPEN)


def _record(act: Act, bag: Bag, by: Any, **detail: Any) -> None:
    dossier = bag.dossier
    record(act, by=by, subject=f"dossier/{dossier.case.ref}/{dossier.label}", context=f"case/{dossier.case.ref}",
           dossier=dossier.label, bag=bag.word, **detail)
