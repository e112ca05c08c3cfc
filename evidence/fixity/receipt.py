"""A receipt that was kept outside, held against this system: what does not hold is named. docs/bag.md has its form."""

from collections import Counter
from collections.abc import Iterator

from evidence.custody import given_up, services, signer, tree
from evidence.custody.kinds import Kind
from evidence.custody.models import Erasure, Event, Leaf, Payload, Pending
from evidence.custody.problem import Problem
from evidence.disposal.models import Tombstone
from evidence.fixity import disposed
from evidence.fixity.receipt_form import Malformed, Receipt, read
from evidence.intake.models import Item
from evidence.store import services as store
from evidence.tlog import canonical, note, ring

# The acts that tie an item to the label of an exhibit, as docs/bag.md has them.
TIES = ("exhibit_lodged", "exhibit_sighted")


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
    elif receipt.event_id is None and not _is_erased(leaf, receipt):
        yield Problem(name, "it does not tell its event, and no accession of its item was erased at that place")
    yield from _root(receipt, name)
    yield from _label(receipt, name)
    yield from _item(receipt, name)
    yield from _bytes(receipt, name, checked)


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


def _is_erased(leaf: Leaf, receipt: Receipt) -> bool:
    """Without its words only the record of an erasure ties the entry to the item. That it was lawful, the log's own
    check sees to."""
    return Erasure.objects.filter(event=leaf.event_id, kind=Kind.ACCESSION, subject=f"item/{receipt.item}",
                                  context=f"case/{receipt.case}").exists()


def _root(receipt: Receipt, name: str) -> Iterator[Problem]:
    if receipt.size_of_log is None:
        return
    if (held := tree.log_size()) < receipt.size_of_log:
        beyond = f"its checkpoint is for {receipt.size_of_log} entries, the log has only {held}"
        yield Problem(name, beyond + _declared(receipt))
        return
    try:
        if tree.root_at(receipt.size_of_log) != receipt.root:
            changed = _declared(receipt) or ": history was changed"
            yield Problem(name, f"at {receipt.size_of_log} entries the log has another root{changed}")
    except tree.LogDamaged as error:
        yield Problem("log", str(error))


def _declared(receipt: Receipt) -> str:
    assert receipt.size_of_log is not None and receipt.root is not None
    return given_up.words(receipt.size_of_log, receipt.root.hex())


def _label(receipt: Receipt, name: str) -> Iterator[Problem]:
    """Whether an event ties its item to its label, or an erased one may have."""
    subject = f"exhibit/{receipt.case}/{receipt.exhibit}"
    contents = Payload.objects.filter(subject=subject, kind=Kind.DECISION).values_list("content", flat=True)
    if any(_ties(bytes(content), receipt) for content in contents.iterator()):
        return
    if not Erasure.objects.filter(subject=subject, kind=Kind.DECISION).exists():
        yield Problem(name, f"no recorded event says that its item is exhibit {receipt.case}/{receipt.exhibit}")


def _ties(content: bytes, receipt: Receipt) -> bool:
    """A payload that does not parse is the log's problem, not that of a receipt."""
    try:
        detail = canonical.decode(content)["detail"]
        return detail["act"] in TIES and bool(detail["item"] == str(receipt.item))
    except (ValueError, LookupError, TypeError):
        return False


def _item(receipt: Receipt, name: str) -> Iterator[Problem]:
    """Its item as the rows have it, which is all that is left to compare once the event was erased."""
    item = Item.objects.select_related("blob").filter(pk=receipt.item).first()
    if item is None:
        yield Problem(name, "its item is gone")
        return
    if item.blob_id != receipt.sha256:
        yield Problem(name, f"its item has other bytes: {item.blob_id}")
    elif item.blob.size != receipt.size:
        yield Problem(name, f"its item has {item.blob.size} bytes")
    for column in ("name", "declared_sha256", "received_at"):
        if getattr(item, column) != getattr(receipt, column):
            yield Problem(name, f"its item has another {column}")


def _bytes(receipt: Receipt, name: str, checked: Counter[str]) -> Iterator[Problem]:
    stone = Tombstone.objects.filter(item=receipt.item).first()
    if stone is not None:
        yield from disposed.tombstones([stone])
        checked[f"receipts whose bytes were disposed of (event {stone.event_id})"] += 1
    elif store.size(receipt.sha256) is None:
        yield Problem(name, "its bytes are gone")
    elif not store.verify(receipt.sha256):
        yield Problem(name, "its bytes no longer hash to their name")
