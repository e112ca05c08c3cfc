"""Earlier heads of the log and outside timestamps: that the log grew out of them, and when they were stamped."""

from __future__ import annotations

import hashlib
from typing import Any

from evidence.tlog.offline.binding import dossier_sizes
from evidence.tlog.offline.events import Told, are_hashes, lines_in, read_line
from evidence.tlog.offline.findings import Findings
from evidence.tlog.offline.layout import HEADS, of_dossier, stamps
from evidence.tlog.offline.manifests import Digests
from evidence.tlog.offline.notes import TreeHead, read_head, read_note
from evidence.tlog.offline.plain import is_count, is_hex
from evidence.tlog.offline.signed import Keys
from evidence.tlog.offline.sources import Source
from evidence.tlog.offline.tokens import NotGranted, Token, are_certificates, read_token
from evidence.tlog.offline.trees import proves_growth

MOST_SMALL = 1_000_000
_SAID = ("checkpoint", "dossier", "timestamp")

# Size → root: every head that the bag proves to be the beginning of its log.
Heads = dict[int, bytes]


def check_heads(source: Source, head: TreeHead | None, findings: Findings) -> tuple[Heads, int]:
    """The proven heads, that of the checkpoint among them, and how many lines there were."""
    proven: Heads = {} if head is None else {head.size: head.root}
    count, last = 0, (0, "")
    for line in lines_in(source, HEADS) if source.has(HEADS) else []:
        count += 1
        place = f"{HEADS}:{count}"
        try:
            entry = read_line(line, ["size", "root", "said", "path"])
            _check_head(entry)
        except ValueError as error:
            findings.fault("head.syntax", place, error)
            continue
        size, root = entry["size"], bytes.fromhex(entry["root"])
        if (size, entry["said"]) <= last:
            findings.fault("head.order", place)
        last = (size, entry["said"])
        if head is None:
            continue
        path = [bytes.fromhex(step) for step in entry["path"]]
        if size > head.size:
            findings.fault("head.size", place, f"{size} of {head.size}")
        elif not proves_growth(size, root, head.size, head.root, path):
            findings.fault("proof.consistency", place, f"size {size}")
        else:
            proven[size] = root
    return proven, count


def check_dossier_heads(digests: dict[str, Digests], told: Told, proven: Heads, findings: Findings) -> None:
    """The head that a sealed document prints must be one that the bag proves."""
    for name in of_dossier(sorted(digests)):
        sizes = dossier_sizes(digests[name], told)
        if sizes and not any(size in proven for size in sizes):
            findings.fault("head.missing", name, f"size {sizes[0]}")


def check_stamps(source: Source, keys: Keys, origin: str, proven: Heads,
                 findings: Findings) -> list[tuple[int, Token, int]]:
    """(number, token, size of the stamped head) of each timestamp of which all parts are there."""
    found = []
    for count in stamps(source.names()):
        place = f"proofs/timestamps/{count}"
        note, answer, chain = f"{place}.note", f"{place}.tsr", f"{place}.pem"
        if not (source.has(note) and source.has(answer) and source.has(chain)):
            continue
        head = _stamped_head(source, note, keys, origin, proven, findings)
        token = _token(source, note, answer, findings)
        try:
            well = are_certificates(source.read(chain, MOST_SMALL))
        except ValueError:
            well = False
        if not well:
            findings.fault("timestamp.certificates", chain)
        if head is not None and token is not None:
            found.append((count, token, head.size))
    return found


def _stamped_head(source: Source, name: str, keys: Keys, origin: str, proven: Heads,
                  findings: Findings) -> TreeHead | None:
    try:
        note = read_note(source.read(name, MOST_SMALL))
        head = read_head(note)
    except ValueError as error:
        findings.fault("timestamp.syntax", name, error)
        return None
    if head.origin != origin:
        findings.fault("timestamp.origin", name, head.origin)
    try:
        if not keys.counting(note, head.size):
            raise ValueError("signed by no key of the log")
    except ValueError as error:
        findings.fault("timestamp.signature", name, error)
    if head.size not in proven:
        findings.fault("head.missing", name, f"size {head.size}")
    elif proven[head.size] != head.root:
        findings.fault("timestamp.head", name, f"another root at size {head.size}")
    return head


def _token(source: Source, note: str, answer: str, findings: Findings) -> Token | None:
    try:
        token = read_token(source.read(answer, MOST_SMALL))
        stamped = hashlib.sha256(source.read(note, MOST_SMALL)).digest()
    except NotGranted as error:
        findings.fault("timestamp.status", answer, error)
        return None
    except ValueError as error:
        findings.fault("timestamp.token", answer, error)
        return None
    if token.imprint != stamped:
        findings.fault("timestamp.imprint", answer, f"it stamps {token.imprint.hex()}")
    return token


def _check_head(entry: dict[str, Any]) -> None:
    if not is_count(entry["size"]) or entry["size"] == 0 or not is_hex(entry["root"], 64):
        raise ValueError("size or root is not as it must be")
    if entry["said"] not in _SAID or not are_hashes(entry["path"]):
        raise ValueError("said or path is not as it must be")
