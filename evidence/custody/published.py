"""The checkpoint that the world is shown: with its cosignatures, and as the policy's quorum asks."""

from dataclasses import dataclass

from evidence.custody import checkpoints, policies
from evidence.custody.models import Checkpoint
from evidence.custody.outside import Cosignature

# So many checkpoints with a cosignature are looked at for one that makes the quorum.
_FAR = 500


@dataclass(frozen=True)
class Published:
    """`note` is the checkpoint with its cosignatures. `quorum` is None where the policy asks for none, else whether
    this one has it."""

    checkpoint: Checkpoint
    note: str
    quorum: bool | None


def latest() -> Published | None:
    """The newest checkpoint that makes the quorum, where there is a quorum and a checkpoint that makes it; else the
    newest. None before the first."""
    newest = checkpoints.latest()
    if newest is None:
        return None
    if not policies.has_quorum():
        return Published(newest, with_cosignatures(newest), None)
    valid = _valid()
    return Published(valid or newest, with_cosignatures(valid or newest), valid is not None)


def with_cosignatures(checkpoint: Checkpoint) -> str:
    """Its note with what the witnesses of the policy have signed of it."""
    known = {str(witness.key) for witness in policies.current().witnesses}
    rows = Cosignature.objects.filter(checkpoint=checkpoint, key__in=known).order_by("witness")
    return checkpoint.note + "".join(rows.values_list("line", flat=True))


def _valid() -> Checkpoint | None:
    names = {str(witness.key): witness.name for witness in policies.current().witnesses}
    rows = Cosignature.objects.filter(key__in=names).order_by("-checkpoint").values_list("checkpoint", "key")
    by: dict[int, set[str]] = {}
    for size, key in rows[:_FAR * len(names)]:
        by.setdefault(size, set()).add(names[key])
    for size in sorted(by, reverse=True):
        if policies.current().met(by[size]):
            return Checkpoint.objects.get(size=size)
    return None
