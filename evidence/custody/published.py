"""The checkpoint that the world is shown: with its cosignatures, and as the policy's quorum asks."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q

from evidence.custody import checkpoints, policies
from evidence.custody.models import Checkpoint
from evidence.custody.outside import Cosignature

_PAGE = 1000


@dataclass(frozen=True)
class Published:
    """`note` is the checkpoint with its cosignatures. `quorum` is None where the policy asks for none, else whether
    this one has it."""

    checkpoint: Checkpoint
    note: str
    quorum: bool | None


def latest(covering: int = 0) -> Published | None:
    """The newest checkpoint of at least `covering` entries that makes the quorum, where there is a quorum and a
    checkpoint that makes it; else the newest. None where none has so many entries."""
    newest = checkpoints.latest()
    if newest is None or newest.size < covering:
        return None
    if not policies.has_quorum():
        return Published(newest, with_cosignatures(newest), None)
    valid = _valid()
    if valid is not None and valid.size < covering:
        valid = None
    return Published(valid or newest, with_cosignatures(valid or newest), valid is not None)


def with_cosignatures(checkpoint: Checkpoint) -> str:
    """Its note with what the witnesses of the policy have signed of it."""
    known = {str(witness.key) for witness in policies.current().witnesses}
    rows = Cosignature.objects.filter(checkpoint=checkpoint, key__in=known).order_by("witness")
    return checkpoint.note + "".join(rows.values_list("line", flat=True))


def _valid() -> Checkpoint | None:
    """However many checkpoints came after it: what a quorum has signed stays signed."""
    names = {str(witness.key): witness.name for witness in policies.current().witnesses}
    for size, rows in groupby(_cosigned(names), key=lambda row: row[0]):
        if policies.current().met({names[key] for _, key in rows}):
            return Checkpoint.objects.get(size=size)
    return None


def _cosigned(keys: Collection[str]) -> Iterator[tuple[int, str]]:
    """(size, key) of every cosignature of these keys, the newest checkpoint first, page by page."""
    rows = Cosignature.objects.filter(key__in=keys).order_by("-checkpoint", "key").values_list("checkpoint", "key")
    page = list(rows[:_PAGE])
    while page:
        yield from page
        size, key = page[-1]
        page = list(rows.filter(Q(checkpoint=size, key__gt=key) | Q(checkpoint__lt=size))[:_PAGE])
