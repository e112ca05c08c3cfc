"""Lodge once, however often it is asked: a client that got no answer sends the same upload again under the same key.

The key is the client's own, and counts for one person in one case. Its row is written in the transaction of the
lodging, so there is never one without the other, and it is never changed."""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from casework.access import Action, require
from casework.cases.models import Case
from casework.exhibits import services
from casework.exhibits.models import LodgingKey
from casework.exhibits.services import Lodged
from evidence.custody.services import Receipt
from evidence.intake import captures
from evidence.intake.services import Accession, Arrival
from evidence.store import services as store

LONGEST_KEY = 200
_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")


class KeyReused(Exception):
    """The key was used before, with other bytes: one of the two uploads would get the receipt of the other."""


def is_key(text: str) -> bool:
    """Whether `text` is 1 to 200 printable ASCII characters without a space."""
    return _KEY.fullmatch(text) is not None


def lodge(case: Case, arrival: Arrival, *, key: str, title: str = "", by: Any) -> tuple[Lodged, bool]:
    """What becomes of the bytes that arrive, or what became of them under this key before; and whether it was before.
    An empty key is none. Raises KeyReused, and what services.lodge raises; the key stays unused then."""
    [(found, before)] = lodge_all(case, [arrival], keys=[key], title=title, by=by)
    if isinstance(found, Lodged):
        return found, before
    raise found


@transaction.atomic
def lodge_all(case: Case, arrivals: Sequence[Arrival], *, keys: Sequence[str], title: str = "",
              by: Any) -> list[tuple[Lodged | store.Refusal | KeyReused, bool]]:
    """As `lodge`, for many, each with its own key: for each what became of it, or why it was refused."""
    require(by, Action.EXHIBIT_LODGE, case)
    kept = _kept(case, sorted({key for key in keys if key}), by)
    fresh = [number for number, key in enumerate(keys) if key not in kept]
    found: dict[int, tuple[Lodged | store.Refusal | KeyReused, bool]] = {
        number: (_before(kept[key], arrivals[number].incoming.sha256, case), True)
        for number, key in enumerate(keys) if key in kept}
    lodged = services.lodge_all(case, [arrivals[number] for number in fresh], title=title, by=by) if fresh else []
    found |= {number: (one, False) for number, one in zip(fresh, lodged, strict=True)}
    LodgingKey.objects.bulk_create([
        _used(case, keys[number], one, by)
        for number, one in zip(fresh, lodged, strict=True) if keys[number] and isinstance(one, Lodged)])
    return [found[number] for number in range(len(arrivals))]


@transaction.atomic
def lodge_capture(case: Case, arrivals: Sequence[Arrival], roles: Sequence[str], *, key: str, title: str = "",
                  by: Any) -> tuple[Lodged, bool]:
    """As `lodge`, for the files of one capture under one key. Raises KeyReused when any of their bytes differ."""
    require(by, Action.EXHIBIT_LODGE, case)
    if kept := _kept(case, [key] if key else [], by).get(key):
        return _capture_before(kept, [arrival.incoming.sha256 for arrival in arrivals], case), True
    lodged = services.lodge_capture(case, arrivals, roles, title=title, by=by)
    if key:
        LodgingKey.objects.bulk_create([_used(case, key, lodged, by)])
    return lodged, False


def _used(case: Case, key: str, lodged: Lodged, by: Any) -> LodgingKey:
    return LodgingKey(case=case, person=by, key=key, exhibit=lodged.exhibit, item=lodged.item,
                      event_id=lodged.receipt.event_id, leaf_hash=lodged.receipt.leaf_hash,
                      already_held=lodged.already_held, used_at=timezone.now())


def _capture_before(kept: LodgingKey, hashes: Sequence[str], case: Case) -> Lodged:
    parts = list(kept.item.parts.select_related("item__blob", "event"))
    if sorted(part.item.blob_id for part in parts) != sorted(hashes):
        raise KeyReused
    kept.exhibit.case = case
    accessions = [Accession(part.item, Receipt(part.event_id, captures.leaf_hash(part)))
                  for part in parts]
    return Lodged(kept.exhibit, kept.item, accessions[0].receipt, already_held=False, parts=accessions)


def _kept(case: Case, keys: list[str], by: Any) -> dict[str, LodgingKey]:
    """What was lodged under `keys` before. The same upload may be on its way twice: the second waits here for what
    becomes of the first; taken in one order, so that no two wait for each other."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s || key, 0)) FROM unnest(%s::text[]) AS key",
                       [f"{case.pk} {by.pk} ", keys])
    rows = LodgingKey.objects.filter(case=case, person=by, key__in=keys)
    return {row.key: row for row in rows.select_related("exhibit", "item__blob", "item__part")}


def _before(kept: LodgingKey, sha256: str, case: Case) -> Lodged | KeyReused:
    if kept.item.blob_id != sha256 or hasattr(kept.item, "part"):
        return KeyReused()
    kept.exhibit.case = case
    return Lodged(kept.exhibit, kept.item, Receipt(kept.event_id, kept.leaf_hash), kept.already_held)
