"""Lodge once, however often it is asked: a client that got no answer sends the same upload again under the same key.

The key is the client's own, and counts for one person in one case. Its row is written in the transaction of the
lodging, so there is never one without the other, and it is never changed."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from casework.access import Action, require
from casework.cases.models import Case
from casework.exhibits.models import LodgingKey
from casework.exhibits.services import Lodged
from evidence.custody.services import Receipt

LONGEST_KEY = 200
_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")


class KeyReused(Exception):
    """The key was used before, with other bytes: one of the two uploads would get the receipt of the other."""


def is_key(text: str) -> bool:
    """Whether `text` is 1 to 200 printable ASCII characters without a space."""
    return _KEY.fullmatch(text) is not None


def lodge(case: Case, *, key: str, sha256: str, lodging: Callable[[], Lodged], by: Any) -> tuple[Lodged, bool]:
    """What `lodging` makes of the bytes with this SHA-256, or what it made of them under this key before; and whether
    it was before. An empty key is none. Raises KeyReused, and what `lodging` raises; the key stays unused then."""
    if not key:
        return lodging(), False
    require(by, Action.EXHIBIT_LODGE, case)
    with transaction.atomic():
        # The same upload may be on its way twice: the second waits here for what becomes of the first.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{case.pk} {by.pk} {key}"])
        if (before := _before(case, key, sha256, by)) is not None:
            return before, True
        lodged = lodging()
        LodgingKey.objects.create(
            case=case, person=by, key=key, exhibit=lodged.exhibit, item=lodged.item,
            event_id=lodged.receipt.event_id, leaf_hash=lodged.receipt.leaf_hash, already_held=lodged.already_held,
            used_at=timezone.now())
    return lodged, False


def _before(case: Case, key: str, sha256: str, by: Any) -> Lodged | None:
    """What became of the upload under this key. Raises KeyReused."""
    kept = LodgingKey.objects.filter(case=case, person=by, key=key).select_related("exhibit", "item__blob").first()
    if kept is None:
        return None
    if kept.item.blob_id != sha256:
        raise KeyReused
    kept.exhibit.case = case
    return Lodged(kept.exhibit, kept.item, Receipt(kept.event_id, kept.leaf_hash), kept.already_held)
