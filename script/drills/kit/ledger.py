"""What was acknowledged, as the client wrote it down, beside what is there. Nobody asks the server what it promised."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

from casework.exhibits.models import Exhibit, Sighting
from evidence.custody.models import Leaf, Payload, Pending
from evidence.custody.services import Receipt
from evidence.intake.models import Item
from evidence.store.keys import key as place


def entry(exhibit: Exhibit, item: Item, receipt: Receipt, *, key: str) -> dict[str, Any]:
    """What the client of an acknowledged upload holds."""
    return {"key": key, "exhibit": str(exhibit), "item": str(item.pk), "sha256": item.blob_id,
            "event": str(receipt.event_id), "leaf_hash": receipt.leaf_hash}


def faults(entries: Iterable[dict[str, Any]], root: Path | None = None) -> list[str]:
    """What of the acknowledged is missing, altered or there twice. `root` is the folder of the blobs."""
    folder = root or Path(settings.STORAGES["evidence"]["OPTIONS"]["location"])
    found = []
    for one in entries:
        found += [f"{one['exhibit']}: {problem}" for problem in _of(one, folder)]
    return found


def _of(one: dict[str, Any], folder: Path) -> list[str]:
    found = []
    try:
        if hashlib.sha256((folder / place(one["sha256"])).read_bytes()).hexdigest() != one["sha256"]:
            found.append("its bytes are something else")
    except FileNotFoundError:
        found.append("its bytes are missing")
    ref, label = one["exhibit"].split("/")
    if not Exhibit.objects.filter(case__ref=ref, number=int(label[2:]), item=one["item"],
                                  item__blob=one["sha256"]).exists():
        found.append("its row is missing")
    if Sighting.objects.filter(exhibit__case__ref=ref, item__blob=one["sha256"]).exists():
        found.append("it was lodged twice")
    told = Payload.objects.filter(kind="accession", context=f"case/{ref}", subject=f"item/{one['item']}")
    if [str(pk) for pk in told.values_list("pk", flat=True)] != [one["event"]]:
        found.append(f"it has {told.count()} accession events")
    leaf = Leaf.objects.filter(event_id=one["event"]).first()
    if leaf is not None and bytes(leaf.leaf_hash).hex() != one["leaf_hash"]:
        found.append("its leaf is another one than the receipt says")
    if leaf is None and not Pending.objects.filter(event_id=one["event"]).exists():
        found.append("its event has no leaf and waits for none")
    return found
