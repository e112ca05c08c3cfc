"""The form of a receipt, and what it must say to hold by itself; docs/bag.md has both. Knows no rows.

Strict as the verifiers that strangers use: what they refuse is refused here. Raises Malformed, never anything else."""

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from evidence.custody import form, services
from evidence.tlog import canonical, checkpoint, merkle, note

FORMAT = "casework-receipt/1"
KEYS = ("format", "origin", "case", "exhibit", "item", "name", "size", "sha256", "declared_sha256", "received_at",
        "leaf_hash", "event", "log", "checkpoint")
_TEXTS = set(KEYS) - {"size", "event", "log", "checkpoint"}
# Only a file's name is anybody's own words. Elsewhere a control character or half a character was put in by somebody.
_PLAIN = _TEXTS - {"name"}
_HASH = re.compile(r"[0-9a-f]{64}")
_MOST = 1_000_000
# No tree that fits into a log has longer proofs.
_LONGEST_PATH = 64


class Malformed(ValueError):
    """Not a receipt, or one that contradicts itself."""


@dataclass(frozen=True)
class Receipt:
    """What a receipt says, as far as it holds by itself. `event_id` is None where it does not tell its event; `index`,
    `size_of_log` and `root` are None before it had its place under a checkpoint."""

    origin: str
    case: str
    exhibit: str
    item: UUID
    name: str
    size: int
    sha256: str
    declared_sha256: str
    received_at: datetime
    leaf_hash: bytes
    event_id: UUID | None
    index: int | None = None
    size_of_log: int | None = None
    root: bytes | None = None
    checkpoint: str = ""


def read(data: bytes) -> Receipt:
    """The receipt in `data`. Raises Malformed."""
    try:
        told = _members(data)
        leaf = bytes.fromhex(told["leaf_hash"])
        event_id = _event(told, leaf) if told["event"] is not None else None
        index, size, root = _place(told, leaf) if told["log"] is not None else (None, None, None)
        return Receipt(told["origin"], told["case"], told["exhibit"], _uuid(told["item"]), told["name"], told["size"],
                       told["sha256"], told["declared_sha256"], _moment(told["received_at"]), leaf, event_id, index,
                       size, root, told["checkpoint"] or "")
    except Malformed:
        raise
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not a receipt: {error}") from None


def _members(data: bytes) -> dict[str, Any]:
    """The members of the object, each of its type. Nothing stands twice and no number is none."""
    if len(data) > _MOST:
        raise Malformed("larger than any receipt")
    told = json.loads(data.decode(), object_pairs_hook=_once, parse_float=_no_integer, parse_constant=_no_integer)
    if not isinstance(told, dict) or set(told) != set(KEYS) or told["format"] != FORMAT:
        raise Malformed(f"not a {FORMAT}")
    if not all(isinstance(told[name], str) for name in _TEXTS) or not _is_count(told["size"]):
        raise Malformed("a member of it is not of its type")
    if unclean := sorted(name for name in _PLAIN if not _is_plain(told[name])):
        raise Malformed(f"its {unclean[0]} has a control character, or half a character")
    if not _HASH.fullmatch(told["sha256"]) or not _HASH.fullmatch(told["leaf_hash"]):
        raise Malformed("its sha256 or its leaf hash is none")
    event, log, head = told["event"], told["log"], told["checkpoint"]
    if event is not None and not (_has(event, {"id", "salt", "content"}, str) and _HASH.fullmatch(event["salt"])):
        raise Malformed("its event is not as it must be")
    if (log is None) != (head is None):
        raise Malformed("not a receipt: its place and its checkpoint are there together or not at all")
    if log is not None and not (isinstance(head, str) and _has(log, {"index", "size", "path"}, object)
                                and _is_count(log["index"]) and _is_count(log["size"]) and _is_path(log["path"])):
        raise Malformed("its place or its checkpoint is not as it must be")
    return told


def _event(told: dict[str, Any], leaf: bytes) -> UUID:
    """Its event is the accession of just this item, these bytes, this name, this case; the id of it."""
    event = told["event"]
    content = event["content"].encode()
    if services.leaf_hash(services.commitment(bytes.fromhex(event["salt"]), content)) != leaf:
        raise Malformed("its leaf hash is not that of its event")
    said = canonical.decode(content)
    if form.fault(said):
        raise Malformed("its event is none")
    detail = said["detail"]
    if (said["id"], said["kind"], said["subject"]) != (event["id"], "accession", f"item/{told['item']}"):
        raise Malformed("its event is not the accession of its item")
    if said["context"] != f"case/{told['case']}":
        raise Malformed("its event is of another case")
    if (detail.get("sha256"), detail.get("size")) != (told["sha256"], told["size"]):
        raise Malformed("its event is of other bytes")
    for name in ("name", "declared_sha256"):
        if detail.get(name) != told[name]:
            raise Malformed(f"its event says another {name}")
    # The accessions of earlier versions do not tell it.
    if "received_at" in detail and _moment(detail["received_at"]) != _moment(told["received_at"]):
        raise Malformed("its event says another received_at")
    return _uuid(event["id"])


def _place(told: dict[str, Any], leaf: bytes) -> tuple[int, int, bytes]:
    """Index, size of the log and its root, proven under its checkpoint."""
    head = checkpoint.parse(note.parse(told["checkpoint"].encode()).text)
    index, size = told["log"]["index"], told["log"]["size"]
    if head.size != size or head.origin != told["origin"]:
        raise Malformed("its checkpoint is of another size or another log")
    merkle.check_inclusion(leaf, index, size, [bytes.fromhex(node) for node in told["log"]["path"]], head.root)
    return index, size, head.root


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a member stands in it twice")
    return found


def _no_integer(text: str) -> Any:
    raise Malformed(f"{text[:20]} is not an integer")


def _has(value: object, keys: set[str], kind: type) -> bool:
    return isinstance(value, dict) and set(value) == keys and all(isinstance(one, kind) for one in value.values())


def _is_plain(text: str) -> bool:
    return not any(unicodedata.category(char) in ("Cc", "Cs") for char in text)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**53


def _is_path(path: object) -> bool:
    return isinstance(path, list) and len(path) <= _LONGEST_PATH and all(
        isinstance(node, str) and _HASH.fullmatch(node) for node in path)


def _uuid(text: str) -> UUID:
    found = UUID(text)
    if str(found) != text:
        raise Malformed("an id of it is spelled otherwise")
    return found


def _moment(text: object) -> datetime:
    found = datetime.fromisoformat(text) if isinstance(text, str) else None
    if found is None or found.tzinfo is None:
        raise Malformed("its received_at is no time")
    return found
