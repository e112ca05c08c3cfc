"""Damage: bytes that are not what they were, from the moment that somebody notices until two people had them healed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from evidence.archive.models import ArchiveCopy
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.fixity.models import Check, Damage, Place
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.store import services as store
from evidence.store.services import Stored

FOUND = "damage_found"
ALIAS = {Place.STORE: store.EVIDENCE, Place.ARCHIVE: store.ARCHIVE}


def open_ones() -> Any:
    """Every damage that waits to be healed, oldest first."""
    return Damage.objects.filter(healed_at=None).order_by("found_at")


def of_items(items: Iterable[Item]) -> Any:
    """Those of the bytes of these items and of what was made from them, healed ones too, newest first."""
    ids = [item.pk for item in items]
    return (Damage.objects.filter(Q(blob__items__in=ids) | Q(blob__derivatives__item__in=ids)).distinct()
            .order_by("-found_at"))


def version_of(sha256: str, place: str) -> str:
    """The version by which the bytes in `place` are read; empty where there are none."""
    if place == Place.STORE:
        return ""
    return ArchiveCopy.objects.filter(blob_id=sha256).values_list("version", flat=True).first() or ""


def sound(check: Check, there: Stored | None) -> bool:
    """Whether `there` is what must lie there."""
    return there is not None and (there.sha256, there.size) == (check.blob_id, check.blob.size)


@transaction.atomic
def note(check: Check, there: Stored | None, problem: str = "") -> Damage | None:
    """Open a damage for what was found (`there`), with an event for each item that is hurt; None if one is open, or if
    the bytes were taken off watch while they were read."""
    if Check.objects.select_for_update().filter(pk=check.pk).first() is None:
        return None
    if Damage.objects.filter(blob=check.blob, place=check.place, healed_at=None).exists():
        return None
    kind = problem or (Damage.Problem.CHANGED if there else Damage.Problem.GONE)
    made = Damage.objects.create(
        blob=check.blob, place=check.place, problem=kind, found_at=timezone.now(),
        found_sha256=there.sha256 if there else "", found_size=there.size if there else None)
    custody.record_all([custody.Draft(Kind.FIXITY, subject, context, custody.SYSTEM, _told(made))
                        for subject, context in hurt(made.blob_id)])
    return made


def hurt(sha256: str) -> Sequence[tuple[str, str]]:
    """Subject and context of each item that these bytes belong to; of the blob itself where there is none."""
    items = Item.objects.filter(Q(blob=sha256) | Q(derivatives__blob=sha256)).distinct().order_by("received_at")
    return [(intake.subject(item), intake.context_of(item)) for item in items] or [(f"blob/{sha256}", "")]


def counted() -> dict[str, int]:
    """place → how many damages are open there."""
    found: defaultdict[str, int] = defaultdict(int)
    for place in open_ones().values_list("place", flat=True):
        found[place] += 1
    return dict(found)


def _told(damage: Damage) -> dict[str, Any]:
    return {"act": FOUND, "match": False, "sha256": damage.blob_id, "place": damage.place, "problem": damage.problem,
            "found_sha256": damage.found_sha256, "found_size": damage.found_size, "damage": damage.pk}
