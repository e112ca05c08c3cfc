"""What proves a bag's files: the events with their inclusion proofs, the checkpoint with its cosignatures, earlier
heads of the log, timestamps, the policy and the log's keys.

Each is a file of docs/bag.md, made at one checkpoint."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from evidence.custody import covering, policies, proofs, published
from evidence.custody.history import Entry
from evidence.custody.kinds import Kind
from evidence.custody.models import Event, Payload
from evidence.custody.outside import Timestamp
from evidence.custody.published import Published
from evidence.tlog import ring
from evidence.tlog.ring import Ring
from reports.bags.packing import Member, Unpackable, of_bytes


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


def keys(terms: Ring) -> list[Member]:
    """`proofs/policy`: every key of the log, its witnesses and the quorum; `proofs/keys`: the sizes of each key. Who
    trusts a key has it from elsewhere. Raises Unpackable for a policy that a reader of bags could not read."""
    policy = policies.enclosed(terms)
    try:
        policy.decode()
    except UnicodeDecodeError:
        raise Unpackable("the policy in LOG_POLICY is not UTF-8, and in a bag it must be") from None
    return [of_bytes("proofs/policy", policy), of_bytes("proofs/keys", ring.write(terms).encode())]


def checkpoint(at: Published) -> Member:
    return of_bytes("proofs/checkpoint", at.note.encode())


def covered(entries: Iterable[Entry]) -> Published | None:
    """The checkpoint to prove every one of `entries` against, the newest with the policy's quorum before any other;
    None while none covers them all."""
    highest = -1
    for entry in entries:
        if entry.index is None:
            return None
        highest = max(highest, entry.index)
    return published.latest(highest + 1)


def stamped(entries: Iterable[Entry], printed: int, size: int) -> list[Timestamp]:
    """The tokens that a bag takes along, the earliest head first: of each authority the latest over at most `printed`
    entries, which are those that a dossier prints, and over at most `size`; and for each accession the first of all."""
    indexes = [entry.index for entry in entries if entry.kind == Kind.ACCESSION and entry.index is not None]
    firsts = [one.timestamp for one in covering.cover(indexes).values()]
    found = [*covering.times_up_to(printed), *covering.times_up_to(size), *(one for one in firsts if one)]
    wanted = {one.pk: one for one in found if one.checkpoint_id <= size}
    rows = Timestamp.objects.filter(pk__in=wanted).select_related("checkpoint").order_by("checkpoint", "gen_time", "pk")
    return list(rows)


def timestamps(tokens: Iterable[Timestamp]) -> list[Member]:
    """`proofs/timestamps/N.note`, `.tsr` and `.pem`: what was stamped, the answer, the authority's certificates."""
    return [of_bytes(f"proofs/timestamps/{number}.{part}", data) for number, token in enumerate(tokens, 1)
            for part, data in (("note", token.checkpoint.note.encode()), ("tsr", bytes(token.response)),
                               ("pem", token.chain.encode()))]


def heads_of(tokens: Iterable[Timestamp]) -> list[Head]:
    """The heads that were stamped."""
    return [Head(token.checkpoint.size, bytes(token.checkpoint.root).hex(), "timestamp") for token in tokens]


def _line(entry: Entry, commitment: bytes, payload: tuple[bytes, bytes] | None, path: Sequence[bytes]) -> str:
    salt, content = payload or (None, None)
    return _json({"index": entry.index, "commitment": commitment.hex(),
                  "salt": salt.hex() if salt is not None else None,
                  "content": content.decode() if content is not None else None,
                  "path": [node.hex() for node in path]})


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
