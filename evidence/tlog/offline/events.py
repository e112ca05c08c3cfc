"""The events of a bag: their form, their commitments, and their places in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evidence.tlog.offline.findings import Findings
from evidence.tlog.offline.jsons import one_line, read_canonical, read_json
from evidence.tlog.offline.layout import EVENTS
from evidence.tlog.offline.notes import TreeHead
from evidence.tlog.offline.plain import is_count, is_date, is_hex, is_uuid, utf8
from evidence.tlog.offline.sources import Source
from evidence.tlog.offline.trees import commitment_to, leaf_of, proves_inclusion

KINDS = ("accession", "fixity", "derivation", "replication", "virus_check", "redaction", "access", "export", "transfer",
         "sealing", "release", "hold", "disposal", "decision")
_MEMBERS = {"v", "id", "at", "kind", "subject", "context", "agent", "detail"}
_LINE = ["index", "commitment", "salt", "content", "path"]
_WORD = re.compile("[a-z][a-z_]*/.+", re.DOTALL)
_AT = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})[.][0-9]{6}Z")
_MOST_LINE, _PIECE_OF_LINES = 2**24, 2**20


@dataclass(frozen=True)
class Restore:
    """Two people declared a restore, as the event at `index` says: the log went on from `restored` entries and gave up
    another history, of which `size` and `root` (hex; empty where unknown) is the largest head that was known."""

    index: int
    restored: int
    size: int
    root: str

    def explains(self, size: int, root: bytes) -> bool:
        """Whether a head that contradicts the log can be one of the history that was given up."""
        if size > self.size or (size == self.size and self.root not in ("", root.hex())):
            return False
        # Of a fork it is not known where it began.
        return size > self.restored or self.restored >= self.size


@dataclass
class Told:
    """What the readable events say that files can be held against, and which leaf stands where."""

    count: int = 0
    withheld: int = 0
    leaves: dict[int, bytes] = field(default_factory=dict)
    accessions: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    tied: set[tuple[str, str, str]] = field(default_factory=set)
    made: dict[str, set[str]] = field(default_factory=dict)
    sealed: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    restores: list[Restore] = field(default_factory=list)

    def lost_by(self, size: int, root: bytes) -> Restore | None:
        """The first declared restore that explains a head of a history that is not this log's."""
        return next((one for one in self.restores if one.explains(size, root)), None)


def read_event(text: str) -> dict[str, Any]:
    """The event of format 1 of which `text` is the canonical form. ValueError for anything else."""
    event = read_canonical(text)
    if not isinstance(event, dict) or set(event) != _MEMBERS:
        raise ValueError("not the members of an event")
    if type(event["v"]) is not int or event["v"] != 1 or not is_uuid(event["id"]):
        raise ValueError("not format 1, or no id")
    if event["kind"] not in KINDS or not _is_time(event["at"]):
        raise ValueError("not a kind, or not a time")
    subject, context = event["subject"], event["context"]
    if not _is_word(subject) or not (context in ("", "log") or _is_word(context)):
        raise ValueError("subject or context is not word/identifier")
    agent = event["agent"]
    if not isinstance(agent, dict) or set(agent) - {"id"} != {"type", "name"} or not isinstance(event["detail"], dict):
        raise ValueError("agent or detail is not as it must be")
    if agent["type"] not in ("person", "software") or any(not isinstance(value, str) for value in agent.values()):
        raise ValueError("agent is not as it must be")
    return event


def check_events(source: Source, head: TreeHead | None, findings: Findings) -> Told:
    """Every line of proofs/events.jsonl. Without a head nothing can be proven, and that was named already."""
    told, last = Told(), -1
    if not source.has(EVENTS):
        return told
    for count, line in enumerate(lines_in(source, EVENTS), 1):
        place = f"{EVENTS}:{count}"
        try:
            entry = read_line(line, _LINE)
            _check_entry(entry)
        except ValueError as error:
            findings.fault("event.syntax", place, error)
            continue
        told.count += 1
        if entry["index"] <= last:
            findings.fault("event.order", place)
        last = entry["index"]
        _check_proof(entry, head, place, told, findings)
        if entry["content"] is None:
            told.withheld += 1
        else:
            _check_content(entry, place, told, findings)
    return told


def read_line(line: bytes | None, members: list[str]) -> dict[str, Any]:
    """A line of JSON with just these members in this order, in its one spelling."""
    if line is None:
        raise ValueError("longer than any line, cut off, or not ended by LF")
    entry = read_json(utf8(line))
    if not isinstance(entry, dict) or list(entry) != members:
        raise ValueError("not its members in their order")
    if one_line(entry) != line:
        raise ValueError("another spelling of the same line")
    return entry


def lines_in(source: Source, name: str) -> Iterator[bytes | None]:
    """The lines of a file that may be large. None, and nothing after it, for one that is none."""
    rest = b""
    try:
        with source.open(name) as span:
            while piece := span.read(_PIECE_OF_LINES):
                *whole, rest = (rest + piece).split(b"\n")
                for line in whole:
                    if len(line) > _MOST_LINE:
                        yield None
                        return
                    yield line
                if len(rest) > _MOST_LINE:
                    break
    except OSError:
        rest = b"?"
    if rest:
        yield None


def are_hashes(path: object) -> bool:
    """Whether it is a list of at most 64 hashes in hexadecimal."""
    return isinstance(path, list) and len(path) <= 64 and all(is_hex(step, 64) for step in path)


def _check_entry(entry: dict[str, Any]) -> None:
    if not is_count(entry["index"]) or not is_hex(entry["commitment"], 64) or not are_hashes(entry["path"]):
        raise ValueError("index, commitment or path is not as it must be")
    if (entry["salt"], entry["content"]) != (None, None) and not (
            is_hex(entry["salt"], 64) and isinstance(entry["content"], str)):
        raise ValueError("salt or content is not as it must be")


def _check_proof(entry: dict[str, Any], head: TreeHead | None, place: str, told: Told, findings: Findings) -> None:
    leaf = leaf_of(bytes.fromhex(entry["commitment"]))
    told.leaves[entry["index"]] = leaf
    if head is None:
        return
    if entry["index"] >= head.size:
        findings.fault("event.index", place, f"index {entry['index']} of {head.size}")
    elif not proves_inclusion(leaf, entry["index"], head.size, list(map(bytes.fromhex, entry["path"])), head.root):
        findings.fault("proof.inclusion", place, f"index {entry['index']}")


def _check_content(entry: dict[str, Any], place: str, told: Told, findings: Findings) -> None:
    content = entry["content"].encode()
    if commitment_to(bytes.fromhex(entry["salt"]), content).hex() != entry["commitment"]:
        findings.fault("event.commitment", place, f"index {entry['index']}")
        return
    try:
        event = read_event(entry["content"])
    except ValueError as error:
        findings.fault("event.content", place, error)
        return
    _remember(event, told)
    told.restores += _restores(event, entry["index"])


def _remember(event: dict[str, Any], told: Told) -> None:
    kind, detail, subject = event["kind"], event["detail"], event["subject"]
    sha256, item = detail.get("sha256"), detail.get("item")
    if kind == "accession" and isinstance(sha256, str) and is_count(detail.get("size")):
        told.accessions.setdefault((sha256, detail["size"]), set()).add(subject)
    if kind == "sealing" and isinstance(sha256, str) and isinstance(item, str) and is_count(detail.get("log_size")):
        told.sealed.setdefault((sha256, f"item/{item}"), []).append(detail["log_size"])
    if detail.get("act") in ("exhibit_lodged", "exhibit_sighted") and isinstance(sha256, str) and isinstance(item, str):
        told.tied.add((subject, f"item/{item}", sha256))
    if kind in ("derivation", "redaction") and isinstance(detail.get("made"), list):
        for part in detail["made"]:
            if isinstance(part, dict) and isinstance(part.get("sha256"), str):
                told.made.setdefault(part["sha256"], set()).add(subject)


def _restores(event: dict[str, Any], index: int) -> list[Restore]:
    """The restore that this event declares, if it is made like one: by two people, after the entries that it is of."""
    detail, agent = event["detail"], event["agent"]
    heads = [detail.get("restored"), detail.get("given_up")]
    if (event["kind"], event["context"], detail.get("act")) != ("decision", "log", "log_restored"):
        return []
    if not event["subject"].startswith("rewind/") or not isinstance(detail.get("approver"), dict):
        return []
    if detail["approver"] == agent or not all(isinstance(head, dict) and is_count(head.get("size")) and (
            head.get("root") == "" or is_hex(head.get("root"), 64)) for head in heads):
        return []
    restored, given_up = heads
    return [Restore(index, restored["size"], given_up["size"], given_up["root"])] if restored["size"] <= index else []


def _is_word(text: object) -> bool:
    return isinstance(text, str) and _WORD.fullmatch(text) is not None


def _is_time(text: object) -> bool:
    found = _AT.fullmatch(text) if isinstance(text, str) else None
    return found is not None and is_date(found[1]) and found[2] < "24" and found[3] < "60" and found[4] < "60"
