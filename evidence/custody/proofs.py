"""Proofs for those who hold a checkpoint: this event is in the log, and that log grew into this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from evidence.custody import checkpoints, services, tree
from evidence.custody.models import Leaf
from evidence.tlog import merkle


@dataclass(frozen=True)
class Inclusion:
    """What merkle.check_inclusion needs besides the root that the checkpoint of `size` signs."""

    index: int
    size: int
    path: list[bytes]
    leaf_hash: bytes


def inclusion(event_id: UUID, size: int | None = None) -> Inclusion | None:
    """The proof of an event in the first `size` leaves, by default those of the latest checkpoint.

    None while the event is not among them. Raises LogDamaged when the proof would not check."""
    if size is None:
        latest = checkpoints.latest()
        size = latest.size if latest else 0
    leaf = Leaf.objects.filter(event_id=event_id, index__lt=size).first()
    if leaf is None:
        return None
    try:
        # One set of nodes for proof and root: a log that grows meanwhile changes neither.
        nodes, found = tree.nodes(leaf.index, size - 1), bytes(leaf.leaf_hash)
        path = merkle.inclusion_proof(leaf.index, size, nodes)
        merkle.check_inclusion(found, leaf.index, size, path, merkle.root(size, nodes))
    except (ValueError, LookupError) as error:
        raise tree.LogDamaged(f"leaf {leaf.index}: {error}") from None
    return Inclusion(leaf.index, size, path, found)


def inclusions(indexes: Sequence[int], size: int) -> list[list[bytes]]:
    """The path of each leaf in the first `size` leaves. Raises LogDamaged where tiles are missing."""
    nodes = tree.nodes(*indexes[:1], max(0, size - 1))
    try:
        return [merkle.inclusion_proof(index, size, nodes) for index in indexes]
    except LookupError as error:
        raise tree.LogDamaged(str(error)) from None


def consistency(old: int, new: int) -> list[bytes]:
    """The proof that the first `old` leaves are the beginning of the first `new`. ValueError for impossible sizes."""
    try:
        return merkle.consistency_proof(old, new, tree.nodes(max(0, old - 1), max(0, new - 1)))
    except LookupError as error:
        raise tree.LogDamaged(str(error)) from None


def leaf_hash(commitment: bytes) -> str:
    """The leaf hash of the event with this commitment, in hex, also while it waits for its place."""
    return services.leaf_hash(commitment).hex()
