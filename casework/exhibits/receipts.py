"""What the person who lodged an exhibit takes away: enough to prove, without us, that the log holds it.

docs/bag.md has the form of one and says how to check it. Who takes one that holds a checkpoint is an outside holder."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from casework.cases.models import Case
from casework.exhibits import keeping, reading, verifying
from casework.exhibits.models import WITH_ITEMS, Exhibit
from casework.record import Act, record
from evidence.custody import checkpoints, history, proofs, published, signer
from evidence.custody.history import Entry
from evidence.custody.models import Payload
from evidence.custody.outside import Holding
from evidence.fixity.receipt_form import FORMAT
from evidence.intake import captures
from evidence.intake.models import Item, Part

RECENT = 200
CASE_PAGE = 100


def receipt(exhibit: Exhibit, part: Part | None = None) -> dict[str, Any]:
    """Plain data, of the exhibit's own item or of one part of its capture. `log` is None until the event has its place
    below a signed checkpoint; `event` once erased."""
    item, event_id, leaf = exhibit.item, exhibit.event_id, exhibit.leaf_hash
    if part is not None:
        item, event_id, leaf = part.item, part.event_id, captures.leaf_hash(part)
    payload, checkpoint = Payload.objects.filter(event_id=event_id).first(), checkpoints.latest()
    proof = proofs.inclusion(event_id, checkpoint.size) if checkpoint else None
    return {
        "format": FORMAT, "origin": origin(), "case": exhibit.case.ref, "exhibit": exhibit.label, "item": str(item.id),
        "name": item.name, "size": item.blob.size, "sha256": item.blob_id, "declared_sha256": item.declared_sha256,
        "received_at": item.received_at.isoformat(), "leaf_hash": leaf,
        "event": payload and {"id": str(event_id), "salt": bytes(payload.salt).hex(),
                              "content": bytes(payload.content).decode()},
        "log": proof and {"index": proof.index, "size": proof.size, "path": [node.hex() for node in proof.path]},
        "checkpoint": published.with_cosignatures(checkpoint) if checkpoint and proof else None,
    }


def origin() -> str:
    """The log's name; empty where its public key is missing."""
    return key().partition("+")[0]


def key() -> str:
    """The key with which everybody checks the log, as text; empty where it is missing."""
    try:
        return str(signer.public_key())
    except signer.SignerMissing:
        return ""


@transaction.atomic
def show(exhibit: Exhibit, *, by: Any) -> dict[str, Any]:
    """The receipt on a page: recorded as a look. Whoever only looks holds nothing outside."""
    reading.view(exhibit, by=by, what="receipt")
    return receipt(exhibit)


@transaction.atomic
def hand_out(exhibit: Exhibit, *, by: Any, part: Part | None = None) -> dict[str, Any]:
    """The receipt for somebody who takes it away: recorded as a look; its checkpoint is held outside from now on."""
    reading.view(exhibit, by=by, what="receipt")
    found = receipt(exhibit, part)
    _held(found, by)
    return found


@transaction.atomic
def send(exhibit: Exhibit, *, by: Any) -> None:
    """Mail the receipt to whoever asks, at their own address; of a capture that of every part. Raises MailFailed, and
    then nothing is recorded."""
    if not can_be_mailed():
        raise MailFailed
    parts: list[Part | None] = [*exhibit.item.parts.select_related("item__blob", "event")]
    found = {file_name(exhibit, part): receipt(exhibit, part) for part in parts or [None]}
    record(Act.RECEIPT_SENT, by=by, subject=f"exhibit/{exhibit}", context=f"case/{exhibit.case.ref}")
    for one in found.values():
        _held(one, by)
    message = EmailMessage(
        _("Receipt %(exhibit)s") % {"exhibit": str(exhibit)},
        _("Keep this mail outside the system. Whoever holds the receipt in it can later prove that the custody log "
          "held this entry, without trusting us."), to=[by.email])
    for name, one in found.items():
        message.attach(name, text(one), "application/json")
    try:
        message.send()
    # Every failure of mail is an OSError: refused, unreachable, not in time.
    except OSError as error:
        raise MailFailed from error


class MailFailed(Exception):
    """The mail server did not take it."""


def can_be_mailed() -> bool:
    return bool(settings.EMAIL_URL)


def text(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False)


def file_name(exhibit: Exhibit, part: Part | None = None) -> str:
    label = f"{exhibit.label}_{part.position}" if part else exhibit.label
    return f"{exhibit.case.ref}_{label}_receipt.json"


def _held(found: dict[str, Any], by: Any) -> None:
    if found["log"]:
        keeping.note(found["log"]["size"], Holding.What.RECEIPT, by=by)


def custody(exhibit: Exhibit, limit: int = RECENT) -> list[Entry]:
    """What happened to the exhibit, its item, the parts of its capture and its sightings, newest first."""
    subjects = verifying.subjects_of(exhibit, exhibit.items())
    found = [entry for subject in subjects for entry in history.entries(subject=subject, limit=limit)]
    return sorted(found, key=lambda entry: (entry.at, entry.event_id), reverse=True)[:limit]


def case_custody(case: Case, before: str) -> list[Entry]:
    """At most CASE_PAGE events of the case, newest first, below the event with the id `before` (else from the top)."""
    try:
        start = UUID(before)
    except ValueError:
        start = None
    return history.entries(context=f"case/{case.ref}", limit=CASE_PAGE, before=start)


def labels(case: Case, entries: list[Entry]) -> dict[str, str]:
    """subject of an entry → label of the exhibit that it is about, for exhibits and for all items that came in for
    them."""
    items = [UUID(entry.subject.removeprefix("item/")) for entry in entries if entry.subject.startswith("item/")]
    about = {entry.subject: entry.subject.rpartition("/")[2] for entry in entries
             if entry.subject.startswith("exhibit/")}
    found = case.exhibits.holding(Item.objects.filter(pk__in=items)).select_related("item")
    for exhibit in found.prefetch_related(*WITH_ITEMS):
        about |= {f"item/{item.pk}": exhibit.label for item in exhibit.items()}
    return about
