"""Signed tree heads. A checkpoint is signed only for a log that grew out of the one before, and kept verbatim."""

from django.db import connection, transaction
from django.utils import timezone

from evidence.custody import behind, locks, memory, services, signer, tree
from evidence.custody.models import Checkpoint
from evidence.custody.tree import LogDamaged, log_size, root_at
from evidence.tlog import checkpoint, merkle, note, tiles
from evidence.tlog.checkpoint import Checkpoint as Head
from evidence.tlog.ring import Ring, read

__all__ = ["LogDamaged", "Rewound", "latest", "log_size", "require_remembered", "root_at",
           "sign_checkpoint"]

# Leaves since the last checkpoint are compared with their tiles in parts of this many.
_PART = 64 * tiles.WIDTH


class Rewound(LogDamaged):
    """The database has less than `head`, which the signer remembers, or another history of it."""

    def __init__(self, head: Head, note: str, has: str):
        super().__init__(f"the signer remembers size {head.size} root {head.root.hex()}; the database has {has}")
        self.head, self.note = head, note


def latest() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


@transaction.atomic(durable=True)
def sign_checkpoint() -> Checkpoint | None:
    """Sign the log as it stands, if it grew, with every key that signs now. Raises LogDamaged rather than sign a log
    that contradicts the last checkpoint, what the signer remembers (Rewound) or its own rows, or that is behind what
    was witnessed of it; SignerMissing without a key.

    Leaves are committed before they are signed: this is never part of a larger transaction."""
    locks.take(locks.SIGNER)
    size, previous = log_size(), latest()
    require_remembered(size)
    if behind.is_behind():
        raise LogDamaged("the log is behind what was witnessed of it: nothing is signed before a restore is declared")
    if size == (previous.size if previous else 0):
        return None
    signers, ring = signer.signers(), signer.public_keys()
    with memory.held():
        root = root_at(size)
        for told, head in (("checkpoint", _said_by(previous, ring)), ("the signer's head", memory.head())):
            if head:
                _require_growth(told, head, ring[0].key.name, size, root)
        _require_leaves(previous.size if previous else 0, size)
        text = checkpoint.write(Head(ring[0].key.name, size, root))
        signed = note.sign(text, signers).decode()
        try:
            read(signed.encode(), ring, signer.verifies)
        except note.NoteError as error:
            raise LogDamaged(f"a checkpoint of size {size} would not be believed: {error}") from None
        memory.remember(signed)
    return Checkpoint.objects.create(size=size, root=root, note=signed, signed_at=timezone.now())


def require_remembered(size: int) -> None:
    """The database still holds what the signer last signed: it was not put back, cut off or exchanged. Raises
    Rewound."""
    remembered = memory.head()
    if remembered is None:
        return
    if size < remembered.size:
        has = f"size {size} root {root_at(size).hex()}"
    elif (root := root_at(remembered.size)) != remembered.root:
        has = f"another root at that size, {root.hex()}"
    else:
        return
    raise Rewound(remembered, memory.text(), has)


def _said_by(previous: Checkpoint | None, ring: Ring) -> Head | None:
    """What the last checkpoint's note signs, which must be what its row says. A revoked key's word still has to be
    grown out of: it is our own last one."""
    if previous is None:
        return None
    try:
        said = read(previous.note.encode(), ring, signer.verifies).head
    except note.NoteError as error:
        raise LogDamaged(f"checkpoint {previous.size}: its note does not verify: {error}") from None
    if (said.size, said.root) != (previous.size, bytes(previous.root)):
        raise LogDamaged(f"checkpoint {previous.size} does not say what its row says")
    return said


def _require_growth(told: str, head: Head, origin: str, size: int, root: bytes) -> None:
    """The log of `size` leaves begins with what `head` says."""
    if head.origin != origin:
        raise LogDamaged(f"{told} is of another log, {head.origin}")
    try:
        path = merkle.consistency_proof(head.size, size, tree.nodes())
        merkle.check_consistency(head.size, size, path, head.root, root)
    except (ValueError, LookupError) as error:
        raise LogDamaged(f"the log did not grow out of {told} {head.size}: {error}") from None


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
