"""What proves a bag's files: the events with their inclusion proofs, earlier heads of the log, the policy.

Each is a file of docs/bag.md, made at one checkpoint."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from evidence.custody import checkpoints, proofs, signer
from evidence.custody.history import Entry
from evidence.custody.models import Checkpoint, Event, Payload
from reports.bags.packing import Member, of_bytes


@dataclass(frozen=True)
class Head:
    """An earlier head of the log and where it was said: `dossier`, `timestamp` or `checkpoint`."""

    size: int
    root: str
    said: str


def events(entries: Sequence[Entry], told: set[UUID], size: int) -> Member:
    """`proofs/events.jsonl`: every entry below `size`; what those outside `told` say is held back."""
    placed = sorted((entry for entry in entries if entry.index is not None and entry.index < size),
                    key=lambda entry: entry.index or 0)
    ids = [entry.event_id for entry in placed]
    commitments = dict(Event.objects.filter(pk__in=ids).values_list("pk", "commitment"))
    payloads = {pk: (bytes(salt), bytes(content)) for pk, salt, content in
                Payload.objects.filter(pk__in=told & set(ids)).values_list("pk", "salt", "content")}
    paths = proofs.inclusions([entry.index or 0 for entry in placed], size)
    lines = [_line(entry, bytes(commitments[entry.event_id]), payloads.get(entry.event_id), path)
             for entry, path in zip(placed, paths, strict=True)]
    return of_bytes("proofs/events.jsonl", "".join(lines).encode())


def heads(said: Iterable[Head], size: int) -> Member | None:
    """`proofs/heads.jsonl`: each head smaller than the checkpoint, with the proof that the log grew out of it."""
    lines = []
    for head in sorted(set(said), key=lambda head: (head.size, head.said)):
        if head.size < size:
            path = [node.hex() for node in proofs.consistency(head.size, size)]
            lines.append(_json({"size": head.size, "root": head.root, "said": head.said, "path": path}))
    return of_bytes("proofs/heads.jsonl", "".join(lines).encode()) if lines else None


def policy() -> Member:
    """`proofs/policy`: the key that this log signs with. Who trusts it has it from elsewhere."""
    return of_bytes("proofs/policy", f"log {signer.public_key()}\nquorum none\n".encode())


def checkpoint(at: Checkpoint) -> Member:
    return of_bytes("proofs/checkpoint", at.note.encode())


def covering(entries: Iterable[Entry]) -> Checkpoint | None:
    """The latest checkpoint, if it covers every one of `entries`."""
    latest = checkpoints.latest()
    if latest is None or any(entry.index is None or entry.index >= latest.size for entry in entries):
        return None
    return latest


def _line(entry: Entry, commitment: bytes, payload: tuple[bytes, bytes] | None, path: Sequence[bytes]) -> str:
    salt, content = payload or (None, None)
    return _json({"index": entry.index, "commitment": commitment.hex(),
                  "salt": salt.hex() if salt is not None else None,
                  "content": content.decode() if content is not None else None,
                  "path": [node.hex() for node in path]})


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
