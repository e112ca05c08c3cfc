"""Make what people look at from what was received; the original stays as it is."""

import json
from importlib.metadata import version
from typing import Any

from evidence.custody import locks
from evidence.derivatives.models import Derivative
from evidence.intake import sniff, steps
from evidence.intake.models import Item, Step
from evidence.jail import services as jail
from evidence.store import services as store
from evidence.store.models import Blob

# Raised when the output changes for the same input.
REVISION = 1
PICTURES = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff"}
PARTS = (Derivative.Kind.PREVIEW, Derivative.Kind.THUMBNAIL)


def process() -> str:
    """Name and version of what makes the derivatives."""
    return f"image/{REVISION} pillow/{version('pillow')}"


def derive(item: Item) -> bool:
    """Make preview, thumbnail and metadata of `item` in the jail; whether this call did it."""
    return steps.run(item, Step.Name.DERIVE, _derive)


def derive_waiting() -> int:
    """The same for every item that waits for it; how many were done well."""
    return steps.run_waiting(Step.Name.DERIVE, _derive)


def find(item: Item, kind: str) -> Derivative | None:
    """The newest derivative of this kind, or None where none was or could be made, or the item was disposed of."""
    return item.derivatives.filter(kind=kind, item__tombstone=None).order_by("-made_at").first()


def _derive(item: Item) -> steps.Outcome:
    if item.media_type not in PICTURES:
        return steps.Outcome(True, f"nothing is made from {item.media_type}", None)
    with store.open_blob(item.blob_id) as source:
        result = jail.run("image", source)
    told = {"process": process(), "source_sha256": item.blob_id}
    reason = result.reason if not result.ok else _unfit(result)
    if reason:
        return steps.Outcome(True, f"unparsed: {reason}", told | {"outcome": "unparsed", "reason": reason})
    made = [_keep(item, kind, result.parts[kind]) for kind in PARTS]
    facts = json.dumps(result.facts, ensure_ascii=False, sort_keys=True).encode()
    made.append(_keep(item, Derivative.Kind.METADATA, facts, "application/json"))
    return steps.Outcome(True, "damaged" if result.facts.get("damaged") else "",
                         told | {"outcome": "made", "made": made})


def _unfit(result: jail.Result) -> str:
    """Why an answer from the jail may not be shown: a child that was taken over answers what it likes."""
    if set(result.parts) != set(PARTS):
        return "the reader gave other parts than asked for"
    if any(sniff.media_type(part) not in {"image/jpeg", "image/png"} for part in result.parts.values()):
        return "the reader gave something else than pictures"
    return ""


def _keep(item: Item, kind: str, data: bytes, media_type: str = "") -> dict[str, Any]:
    locks.share(locks.LODGING)
    with store.begin() as incoming:
        incoming.write(data)
        stored = incoming.finish()
    Blob.objects.bulk_create([Blob(sha256=stored.sha256, size=stored.size)], ignore_conflicts=True)
    made = Derivative(item=item, kind=kind, blob_id=stored.sha256, process=process(),
                      media_type=media_type or sniff.media_type(data))
    made.save(force_insert=True)
    return {"kind": str(kind), "sha256": stored.sha256, "size": stored.size, "media_type": made.media_type}
