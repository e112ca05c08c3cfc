"""What was held outside: checkpoints that somebody kept, and receipts of whoever lodged an exhibit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from evidence.tlog.offline.events import Told, are_hashes, read_event
from evidence.tlog.offline.findings import Findings
from evidence.tlog.offline.jsons import read_json
from evidence.tlog.offline.notes import LOG_KEY, SignedNote, TreeHead, read_head, read_note
from evidence.tlog.offline.plain import is_count, is_hex, utf8
from evidence.tlog.offline.signed import Keys
from evidence.tlog.offline.trees import commitment_to, leaf_of, proves_inclusion

_MOST_RECEIPT = 1_000_000
_TEXTS = ("format", "origin", "case", "exhibit", "item", "name", "sha256", "declared_sha256", "received_at",
          "leaf_hash")
# What is of a history that the log gave up by a declared restore.
_LOST = {"held": "held.lost", "receipt": "receipt.lost"}
_MEMBERS_OF_RECEIPT = {*_TEXTS, "size", "event", "log", "checkpoint"}


@dataclass
class Standing:
    """What the bag's log is known to be (nothing, where there is no bag), and what was heard of it outside."""

    origin: str | None = None
    case: str | None = None
    roots: dict[tuple[str, int], bytes] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    heard: dict[tuple[str, int], bytes] = field(default_factory=dict)
    agreeing: int = 0
    pending: int = 0


def check_held(data: bytes, place: str, standing: Standing, keys: Keys, findings: Findings) -> None:
    """A checkpoint that was kept outside."""
    try:
        note = read_note(data)
        head = read_head(note)
    except ValueError as error:
        findings.fault("held.syntax", place, error)
        return
    if _check_note(note, head, "held", place, standing, keys, findings):
        findings.well("held", place=place, size=head.size)
        standing.agreeing += 1
    elif standing.origin is not None:
        lost = standing.told.lost_by(head.size, head.root) is not None
        findings.left_out("held.restored" if lost else "held.size", place, size=head.size)


def check_receipt(data: bytes, place: str, standing: Standing, keys: Keys, findings: Findings) -> None:
    """A receipt, by itself and against the bag where there is one."""
    try:
        if len(data) > _MOST_RECEIPT:
            raise ValueError("larger than any receipt")
        receipt = read_json(utf8(data))
        _check_members(receipt)
    except ValueError as error:
        findings.fault("receipt.syntax", place, error)
        return
    before = len(findings.faults)
    _check_event(receipt, place, findings)
    if receipt["origin"] != (standing.origin or receipt["origin"]):
        findings.fault("receipt.origin", place, receipt["origin"])
    exhibit = f"exhibit/{standing.case}/{receipt['exhibit']}"
    others = {subject for subject, item, _ in standing.told.tied if item == f"item/{receipt['item']}"}
    if standing.case == receipt["case"] and others and exhibit not in others:
        findings.fault("receipt.exhibit", place, receipt["exhibit"])
    agrees = receipt["log"] is not None and _check_log(receipt, place, standing, keys, findings)
    if len(findings.faults) == before:
        findings.well("receipt", place=place, name=receipt["name"], sha256=receipt["sha256"])
        _sort(receipt, agrees, place, standing, findings)


def _sort(receipt: dict[str, Any], agrees: bool, place: str, standing: Standing, findings: Findings) -> None:
    """What a receipt without a fault adds to the verdict, and what of it cannot be checked."""
    if agrees:
        standing.agreeing += 1
    elif receipt["log"] is not None and standing.origin is not None:
        head = read_head(read_note(receipt["checkpoint"].encode()))
        lost = standing.told.lost_by(head.size, head.root) is not None
        findings.left_out("receipt.restored" if lost else "receipt.size", place, size=head.size)
    elif receipt["log"] is None and bytes.fromhex(receipt["leaf_hash"]) not in standing.told.leaves.values():
        # Anybody can write a receipt that no checkpoint covers: it may not stand under a good verdict.
        standing.pending += 1
        findings.left_out("receipt.pending", place)
    findings.left_out("receipt.said", place)


def _check_members(receipt: Any) -> None:
    if not isinstance(receipt, dict) or set(receipt) != _MEMBERS_OF_RECEIPT:
        raise ValueError("not the members of a receipt")
    if any(not isinstance(receipt[name], str) for name in _TEXTS) or receipt["format"] != "casework-receipt/1":
        raise ValueError("not a receipt of format 1")
    if not is_hex(receipt["sha256"], 64) or not is_hex(receipt["leaf_hash"], 64) or not is_count(receipt["size"]):
        raise ValueError("sha256, leaf_hash or size is not as it must be")
    event, log, checkpoint = receipt["event"], receipt["log"], receipt["checkpoint"]
    if event is not None and not (isinstance(event, dict) and set(event) == {"id", "salt", "content"}
                                  and is_hex(event["salt"], 64) and isinstance(event["content"], str)):
        raise ValueError("event is not as it must be")
    if (log is None) != (checkpoint is None):
        raise ValueError("log and checkpoint are there together or not at all")
    if log is not None and not (
            isinstance(log, dict) and set(log) == {"index", "size", "path"} and is_count(log["index"])
            and is_count(log["size"]) and are_hashes(log["path"]) and isinstance(checkpoint, str)):
        raise ValueError("log or checkpoint is not as it must be")


def _check_event(receipt: dict[str, Any], place: str, findings: Findings) -> None:
    if receipt["event"] is None:
        findings.fault("receipt.erased", place)
        return
    content = receipt["event"]["content"]
    leaf = leaf_of(commitment_to(bytes.fromhex(receipt["event"]["salt"]), content.encode()))
    if leaf.hex() != receipt["leaf_hash"]:
        findings.fault("receipt.commitment", place)
        return
    try:
        event = read_event(content)
    except ValueError as error:
        findings.fault("receipt.content", place, error)
        return
    said = {"kind": event["kind"], "id": event["id"], "subject": event["subject"], "context": event["context"],
            **{name: event["detail"].get(name) for name in ("sha256", "size", "name", "declared_sha256")}}
    wanted = {"kind": "accession", "id": receipt["event"]["id"], "subject": f"item/{receipt['item']}",
              "context": f"case/{receipt['case']}",
              **{name: receipt[name] for name in ("sha256", "size", "name", "declared_sha256")}}
    for name, value in wanted.items():
        if type(said[name]) is not type(value) or said[name] != value:
            findings.fault("receipt.content", place, f"the event says another {name}")
            return


def _check_log(receipt: dict[str, Any], place: str, standing: Standing, keys: Keys, findings: Findings) -> bool:
    """Whether the receipt's place in the log agrees with the bag's log."""
    log, leaf = receipt["log"], bytes.fromhex(receipt["leaf_hash"])
    try:
        note = read_note(receipt["checkpoint"].encode())
        head = read_head(note)
    except ValueError as error:
        findings.fault("receipt.checkpoint", place, error)
        return False
    if head.origin != receipt["origin"] or head.size != log["size"]:
        findings.fault("receipt.checkpoint", place, "it is of another log or size than the receipt says")
    elif not proves_inclusion(leaf, log["index"], head.size, list(map(bytes.fromhex, log["path"])), head.root):
        findings.fault("receipt.proof", place, f"index {log['index']}")
    agrees = _check_note(note, head, "receipt", place, standing, keys, findings)
    there = standing.told.leaves.get(log["index"])
    if there is not None and there != leaf:
        _contradicts(head, "receipt", "receipt.entry", place, f"another entry stands at index {log['index']}", standing,
                     findings)
    return agrees or there == leaf


def _check_note(note: SignedNote, head: TreeHead, code: str, place: str, standing: Standing, keys: Keys,
                findings: Findings) -> bool:
    """Signature, origin and root of a checkpoint from outside; whether the bag has a head of its size, the same."""
    try:
        found = keys.counting(note, head.size)
        if any(key.kind == LOG_KEY for key in keys.all):
            if not found:
                raise ValueError("signed by none of the keys")
        else:
            findings.left_out("signature", place, key=f"{note.signatures[0][0]} {note.signatures[0][1].hex()}")
    except ValueError as error:
        findings.fault(f"{code}.signature", place, error)
    if head.origin != (standing.origin or head.origin):
        findings.fault(f"{code}.origin", place, head.origin)
        return False
    at = (head.origin, head.size)
    known = standing.roots.get(at, standing.heard.setdefault(at, head.root))
    lost = standing.told.lost_by(head.size, head.root)
    # A head that the declaration names word for word needs no other to be told by.
    if known != head.root or (lost and at not in standing.roots and (lost.size, lost.root) == (
            head.size, head.root.hex())):
        _contradicts(head, code, f"{code}.root", place, f"another root at size {head.size}: the history is another",
                     standing, findings)
        return False
    return at in standing.roots


def _contradicts(head: TreeHead, code: str, fault: str, place: str, detail: str, standing: Standing,
                 findings: Findings) -> None:
    """It is not of the bag's log: a fault either way, and another word where two people declared why."""
    lost = standing.told.lost_by(head.size, head.root)
    if lost is None:
        findings.fault(fault, place, detail)
    else:
        findings.fault(_LOST[code], place, f"entry {lost.index} declares a restore: the log went on from "
                                           f"{lost.restored} entries and gave up a history of {lost.size}")
