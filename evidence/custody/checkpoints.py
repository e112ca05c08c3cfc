"""Signed tree heads. A checkpoint is signed only for a log that grew out of the one before, and kept verbatim."""

from django.db import connection, transaction
from django.utils import timezone

from evidence.custody import locks, services, signer, tree
from evidence.custody.models import Checkpoint
from evidence.custody.tree import LogDamaged, log_size, root_at
from evidence.tlog import checkpoint, merkle, note, tiles

__all__ = ["LogDamaged", "latest", "log_size", "root_at", "sign_checkpoint"]

# Leaves since the last checkpoint are compared with their tiles in parts of this many.
_PART = 64 * tiles.WIDTH


def latest() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


@transaction.atomic
def sign_checkpoint() -> Checkpoint | None:
    """Sign the log as it stands, if it grew. Raises LogDamaged rather than sign a log that contradicts the last
    checkpoint or its own rows, SignerMissing without a key."""
    locks.take(locks.SIGNER)
    size, previous = log_size(), latest()
    if size == (previous.size if previous else 0):
        return None
    key, sign = signer.signer()
    root = root_at(size)
    if previous:
        _require_growth(previous, key, size, root)
    _require_leaves(previous.size if previous else 0, size)
    text = checkpoint.write(checkpoint.Checkpoint(key.name, size, root))
    return Checkpoint.objects.create(size=size, root=root, note=note.sign(text, [(key, sign)]).decode(),
                                     signed_at=timezone.now())


def _require_growth(previous: Checkpoint, key: note.Key, size: int, root: bytes) -> None:
    """The log of `size` leaves begins with what `previous` signed."""
    signed = checkpoint.parse(note.verify(previous.note.encode(), [key], signer.verifies).text)
    if (signed.origin, signed.size, signed.root) != (key.name, previous.size, bytes(previous.root)):
        raise LogDamaged(f"checkpoint {previous.size} does not say what its row says")
    try:
        path = merkle.consistency_proof(previous.size, size, tree.nodes())
        merkle.check_consistency(previous.size, size, path, signed.root, root)
    except (ValueError, LookupError) as error:
        raise LogDamaged(f"the log did not grow out of checkpoint {previous.size}: {error}") from None


def _require_leaves(low: int, high: int) -> None:
    """Every leaf from `low` to `high` is in its tile and is the hash of its event's commitment."""
    while low < high:
        end = min(high, (low // _PART + 1) * _PART)
        with connection.cursor() as cursor:
            cursor.execute("SELECT e.commitment FROM evidence_leaf l JOIN evidence_event e ON e.id = l.event_id "
                           "WHERE l.index >= %s AND l.index < %s ORDER BY l.index", [low, end])
            leaves = [services.leaf_hash(bytes(row[0])) for row in cursor.fetchall()]
        stored = b"".join(tree.tile(0, number) for number in range(low // tiles.WIDTH, (end - 1) // tiles.WIDTH + 1))
        start = low % tiles.WIDTH * merkle.HASH_BYTES
        if stored[start:start + (end - low) * merkle.HASH_BYTES] != b"".join(leaves) or len(leaves) != end - low:
            raise LogDamaged(f"leaves {low} to {end - 1} are not those of their events")
        low = end
