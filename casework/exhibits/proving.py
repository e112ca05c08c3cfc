"""The proof of one event of a case, for whoever wants to check it without us. docs/custody-log.md has its form."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404

from casework.cases.models import Case
from casework.exhibits import keeping, receipts
from casework.record import Act, record
from evidence.custody import checkpoints, history, proofs, published
from evidence.custody.outside import Holding

FORMAT = "casework-proof/1"


@transaction.atomic
def proof(case: Case, event: UUID, *, by: Any) -> dict[str, Any]:
    """Plain data; recorded. `log` and `checkpoint` are None until the event has its place under a signed checkpoint.
    Http404 for an event that is not of this case, or was erased."""
    told = history.word_for_word(event, context=f"case/{case.ref}")
    if told is None:
        raise Http404
    head = checkpoints.latest()
    found = proofs.inclusion(event, head.size) if head else None
    record(Act.PROOF_TAKEN, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}", event=str(event),
           **({"index": found.index} if found else {}))
    if found:
        keeping.note(found.size, Holding.What.CHECKPOINT, by=by)
    return {
        "format": FORMAT, "origin": receipts.origin(), "case": case.ref, "leaf_hash": told.leaf_hash.hex(),
        "event": {"id": str(event), "salt": told.salt.hex(), "content": told.content.decode()},
        "log": found and {"index": found.index, "size": found.size, "path": [node.hex() for node in found.path]},
        "checkpoint": published.with_cosignatures(head) if head and found else None,
    }
