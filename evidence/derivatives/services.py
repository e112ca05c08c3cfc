"""Make what people look at from what was received; the original stays as it is."""

import json
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any

from evidence.custody import locks
from evidence.derivatives import findings
from evidence.derivatives.findings import Finding
from evidence.derivatives.models import Derivative
from evidence.intake import labels, sniff, steps
from evidence.intake.models import Item, Step
from evidence.jail import services as jail
from evidence.store import services as store
from evidence.store.models import Blob

# Raised when the output changes for the same input.
REVISION = 3
PICTURES = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff"}
OFFICE = ("application/zip", "application/vnd.openxmlformats", "application/vnd.oasis.opendocument",
          "application/x-ole-storage", "application/rtf")
# As evidence.intake.sniff calls what has no control characters, whose kinds of text have other names, too.
TEXTS = ("text/", "image/svg+xml", "multipart/related")
# A film of many gigabytes is read to its end; what takes longer is left unexamined and says so.
EXAMINING = jail.Limits(memory=512 * 1024**2, cpu=60, wall=600.0, output=1024**2)
PARTS = (Derivative.Kind.PREVIEW, Derivative.Kind.THUMBNAIL)


def process() -> str:
    """Name and version of what makes the derivatives."""
    return f"image/{REVISION} pillow/{version('pillow')}"


def derive(item: Item) -> bool:
    """Make preview, thumbnail and metadata of `item` in the jail; whether this call did it."""
    return steps.run(item, Step.Name.DERIVE, _read)


def derive_waiting() -> int:
    """The same for every item that waits for it; how many were done well."""
    return steps.run_waiting(Step.Name.DERIVE, _read)


def are_waiting() -> bool:
    """Whether something is due to be derived."""
    return steps.are_waiting(Step.Name.DERIVE)


def find(item: Item, kind: str) -> Derivative | None:
    """The newest derivative of this kind, or None where none was or could be made, or the item was disposed of."""
    return item.derivatives.filter(kind=kind, item__tombstone=None).order_by("-made_at").first()


def found(item: Item) -> list[str]:
    """What was found in it after intake (evidence.derivatives.findings); costs no query where derivatives are
    prefetched."""
    rows = sorted(item.derivatives.all(), key=lambda row: row.pk)
    return next((list(row.found) for row in reversed(rows) if row.kind == Derivative.Kind.METADATA), [])


def is_unseen(item: Item) -> bool:
    """Whether all of its bytes have still to be looked through before anybody can say that it is no program. Costs no
    query where steps are prefetched."""
    return bool(_task(item)) and not any(
        step.name == Step.Name.DERIVE and step.state == Step.State.DONE for step in item.steps.all())


def _read(item: Item) -> Callable[[], steps.Outcome]:
    """Have its bytes looked at, which may take minutes; the answer keeps what came of that."""
    looked, drawn = _examined(item), None
    if item.media_type in PICTURES:
        with store.open_blob(item.blob_id) as source:
            drawn = jail.run("image", source)
    return partial(_derive, item, looked, drawn)


def _derive(item: Item, looked: jail.Result, drawn: jail.Result | None) -> steps.Outcome:
    told = {"process": process(), "source_sha256": item.blob_id}
    there = findings.read(looked.facts) if looked.ok else {str(Finding.UNEXAMINED): looked.reason}
    if drawn is not None:
        return _pictured(item, drawn, told, there)
    if not looked.ok:
        return _unparsed(told | {"made": [_described(item, {}, there)]}, looked.reason)
    if not there:
        return steps.Outcome(True, f"nothing is made from {item.media_type}", None)
    return steps.Outcome(True, "", told | {"outcome": "made", "made": [_described(item, {}, there)]})


def _examined(item: Item) -> jail.Result:
    """What all of its bytes tell. What this system made itself holds nothing foreign."""
    task = _task(item)
    if not task:
        return jail.Result(True)
    with store.open_blob(item.blob_id) as source:
        return jail.run(task, source, limits=EXAMINING)


def _task(item: Item) -> str:
    """Which task of the jail looks through all of its bytes; empty where none has to."""
    if item.acquisition == Item.Acquisition.MADE:
        return ""
    if item.media_type.startswith(OFFICE) or labels.is_one_thing(item.media_type):
        return "examine"
    # Of a text that fits into its first bytes these told at intake whether it is a program.
    is_told = item.media_type.startswith(TEXTS) and item.blob.size <= store.HEAD
    return "" if is_told or not item.blob.size else "programs"


def _pictured(item: Item, result: jail.Result, told: dict[str, Any], there: dict[str, str]) -> steps.Outcome:
    reason = result.reason if not result.ok else _unfit(result)
    if reason:
        # What was found in it is no less true.
        made = [_described(item, {}, there)] if there else []
        return _unparsed(told | ({"made": made} if made else {}), reason)
    made = [_keep(item, kind, result.parts[kind]) for kind in PARTS]
    made.append(_described(item, result.facts, there | findings.read(result.facts)))
    return steps.Outcome(True, "damaged" if result.facts.get("damaged") else "",
                         told | {"outcome": "made", "made": made})


def _unparsed(told: dict[str, Any], reason: str) -> steps.Outcome:
    return steps.Outcome(True, f"unparsed: {reason}", told | {"outcome": "unparsed", "reason": reason})


def _described(item: Item, facts: dict[str, Any], there: dict[str, str]) -> dict[str, Any]:
    """The facts as a derivative of their own, with what was found."""
    data = json.dumps(facts | {"found": there}, ensure_ascii=False, sort_keys=True).encode()
    return _keep(item, Derivative.Kind.METADATA, data, "application/json", sorted(there))


def _unfit(result: jail.Result) -> str:
    """Why an answer from the jail may not be shown: a child that was taken over answers what it likes."""
    if set(result.parts) != set(PARTS):
        return "the reader gave other parts than asked for"
    if any(sniff.media_type(part) not in {"image/jpeg", "image/png"} for part in result.parts.values()):
        return "the reader gave something else than pictures"
    return ""


def _keep(item: Item, kind: str, data: bytes, media_type: str = "", codes: list[str] | None = None) -> dict[str, Any]:
    locks.share(locks.LODGING)
    with store.begin() as incoming:
        incoming.write(data)
        stored = incoming.finish()
    Blob.objects.bulk_create([Blob(sha256=stored.sha256, size=stored.size)], ignore_conflicts=True)
    made = Derivative(item=item, kind=kind, blob_id=stored.sha256, process=process(),
                      media_type=media_type or sniff.media_type(data), found=codes or [])
    made.save(force_insert=True)
    return {"kind": str(kind), "sha256": stored.sha256, "size": stored.size, "media_type": made.media_type,
            **({"found": codes} if codes else {})}
