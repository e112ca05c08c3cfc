"""A receipt that was kept outside, held against this system: what does not hold is named. docs/bag.md has its form."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from evidence.custody import given_up, services, signer, tree
from evidence.custody.models import Event, Leaf, Pending
from evidence.custody.problem import Problem
from evidence.fixity import disposed
from evidence.intake.models import Item
from evidence.store import services as store
from evidence.tlog import canonical, checkpoint, merkle, note, ring

FORMAT = "casework-receipt/1"
KEYS = ("format", "origin", "case", "exhibit", "item", "name", "size", "sha256", "declared_sha256", "received_at",
        "leaf_hash", "event", "log", "checkpoint")
_HASH = re.compile(r"[0-9a-f]{64}")


class Malformed(ValueError):
    """Not a receipt, or one that contradicts itself."""


@dataclass(frozen=True)
class Receipt:
    """What a receipt says, as far as it holds by itself. `event_id` is None once the event was erased; `index`, `size`
    and `root` are None before it had its place under a checkpoint."""

    origin: str
    item: UUID
    sha256: str
    leaf_hash: bytes
    event_id: UUID | None
    index: int | None = None
    size: int | None = None
    root: bytes | None = None
    checkpoint: str = ""


def read(data: bytes) -> Receipt:
    """The receipt in `data`. Raises Malformed."""
    try:
        told = json.loads(data)
        if not isinstance(told, dict) or set(told) != set(KEYS) or told["format"] != FORMAT:
            raise Malformed(f"not a {FORMAT}")
        if not _HASH.fullmatch(told["sha256"]):
            raise Malformed("its sha256 is none")
        leaf, event_id = bytes.fromhex(told["leaf_hash"]), None
        if told["event"] is not None:
            event_id = _event(told, leaf)
        receipt = Receipt(str(told["origin"]), UUID(told["item"]), str(told["sha256"]), leaf, event_id)
        return receipt if told["log"] is None and told["checkpoint"] is None else _proven(receipt, told)
    except Malformed:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed(f"not a receipt: {error}") from None


def problems(data: bytes, name: str, checked: Counter[str]) -> Iterator[Problem]:
    """Everything in the receipt `name` that does not hold, by itself or against this system. `checked` counts it, and
    whose bytes two people disposed of."""
    checked["receipts"] += 1
    try:
        receipt = read(data)
    except Malformed as error:
        yield Problem(name, str(error))
        return
    yield from _key(receipt, name)
    leaf = _leaf(receipt)
    if leaf is None:
        yield Problem(name, "its leaf is gone: this log has no such entry")
    elif bytes(leaf.leaf_hash) != receipt.leaf_hash:
        yield Problem(name, f"at its place {leaf.index} this log has another leaf")
    elif receipt.index is not None and leaf.index != receipt.index:
        yield Problem(name, f"its entry stands at {leaf.index} and stood at {receipt.index}")
    yield from _root(receipt, name)
    yield from _bytes(receipt, name, checked)


def _event(told: dict[str, Any], leaf: bytes) -> UUID:
    event = told["event"]
    content = str(event["content"]).encode()
    said = canonical.decode(content)
    detail = said["detail"]
    if (said["id"], said["kind"], said["subject"]) != (event["id"], "accession", f"item/{told['item']}"):
        raise Malformed("its event is not the accession of its item")
    if (detail["sha256"], detail["size"]) != (told["sha256"], told["size"]):
        raise Malformed("its event is of other bytes")
    if services.leaf_hash(services.commitment(bytes.fromhex(event["salt"]), content)) != leaf:
        raise Malformed("its leaf hash is not that of its event")
    return UUID(event["id"])


def _proven(receipt: Receipt, told: dict[str, Any]) -> Receipt:
    head = checkpoint.parse(note.parse(told["checkpoint"].encode()).text)
    index, size = int(told["log"]["index"]), int(told["log"]["size"])
    if head.size != size or head.origin != receipt.origin:
        raise Malformed("its checkpoint is of another size or another log")
    path = [bytes.fromhex(node) for node in told["log"]["path"]]
    merkle.check_inclusion(receipt.leaf_hash, index, size, path, head.root)
    return Receipt(receipt.origin, receipt.item, receipt.sha256, receipt.leaf_hash, receipt.event_id, index, size,
                   head.root, told["checkpoint"])


def _key(receipt: Receipt, name: str) -> Iterator[Problem]:
    try:
        keys = signer.public_keys()
    except signer.SignerMissing as error:
        yield Problem("signing key", str(error))
        return
    if receipt.origin != keys[0].key.name:
        yield Problem(name, f"is of another log: {receipt.origin}")
        return
    try:
        doubt = ring.read(receipt.checkpoint.encode(), keys, signer.verifies).doubt if receipt.checkpoint else ""
    except note.NoteError as error:
        doubt = str(error)
    if doubt:
        yield Problem(name, f"its checkpoint is not one that this log signed: {doubt}")


def _leaf(receipt: Receipt) -> Leaf | None:
    """Its place in this log; one that has none yet counts as long as the event waits for it."""
    if receipt.event_id is not None:
        event = Event.objects.filter(pk=receipt.event_id).first()
        if event is None:
            return None
        found = Leaf.objects.filter(event=event).first()
        if found is None and receipt.index is None and Pending.objects.filter(event=event).exists():
            return Leaf(index=-1, event=event, leaf_hash=services.leaf_hash(bytes(event.commitment)))
        return found
    if receipt.index is not None:
        return Leaf.objects.filter(index=receipt.index).first()
    return Leaf.objects.filter(leaf_hash=receipt.leaf_hash).first()


def _root(receipt: Receipt, name: str) -> Iterator[Problem]:
    if receipt.size is None:
        return
    if (held := tree.log_size()) < receipt.size:
        beyond = f"its checkpoint is for {receipt.size} entries, the log has only {held}"
        yield Problem(name, beyond + _declared(receipt))
        return
    try:
        if tree.root_at(receipt.size) != receipt.root:
            changed = _declared(receipt) or ": history was changed"
            yield Problem(name, f"at {receipt.size} entries the log has another root{changed}")
    except tree.LogDamaged as error:
        yield Problem("log", str(error))


def _declared(receipt: Receipt) -> str:
    assert receipt.size is not None and receipt.root is not None
    return given_up.words(receipt.size, receipt.root.hex())


def _bytes(receipt: Receipt, name: str, checked: Counter[str]) -> Iterator[Problem]:
    item = Item.objects.select_related("tombstone").filter(pk=receipt.item).first()
    if item is None:
        yield Problem(name, "its item is gone")
    elif item.blob_id != receipt.sha256:
        yield Problem(name, f"its item has other bytes: {item.blob_id}")
    stone = getattr(item, "tombstone", None)
    if stone is not None:
        yield from disposed.tombstones([stone])
        checked[f"receipts whose bytes were disposed of (event {stone.event_id})"] += 1
    elif store.size(receipt.sha256) is None:
        yield Problem(name, "its bytes are gone")
    elif not store.verify(receipt.sha256):
        yield Problem(name, "its bytes no longer hash to their name")
