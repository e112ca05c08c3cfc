"""The whole check, in the order of docs/bag.md, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.tlog.offline.authority import check_authorities, command_for
from evidence.tlog.offline.binding import check_binding
from evidence.tlog.offline.events import check_events
from evidence.tlog.offline.findings import EXITS, Findings
from evidence.tlog.offline.history import check_dossier_heads, check_heads, check_stamps
from evidence.tlog.offline.layout import check_layout
from evidence.tlog.offline.manifests import check_declaration, check_digests, check_manifests, read_info
from evidence.tlog.offline.notes import VerifierKey
from evidence.tlog.offline.outside import Standing, check_held, check_receipt
from evidence.tlog.offline.signed import Keys, check_checkpoint, check_policy, check_seal, check_seal_term
from evidence.tlog.offline.sources import Folder, Source
from evidence.tlog.offline.zips import ZipFlaw, Zipped


@dataclass
class Given:
    """What a verifier is given. Checkpoints and receipts are bytes; `progress` is told bytes as they are read."""

    bag: Path | None = None
    keys: list[VerifierKey] = field(default_factory=list)
    checkpoints: list[bytes] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)
    authorities: list[Path] = field(default_factory=list)
    progress: Callable[[int], None] = lambda count: None


def judge(given: Given) -> dict[str, Any]:
    """The verdict with all that stands behind it, as plain data; docs/bag.md describes the members."""
    findings, keys, standing = Findings(), Keys(given.keys), Standing()
    facts: dict[str, Any] = {"bag": None, "timestamps": []}
    if given.bag is not None and given.bag.is_dir():
        _judge_bag(Folder(given.bag), given, keys, standing, findings, facts)
    elif given.bag is not None:
        with given.bag.open("rb") as file:
            try:
                source = Zipped(file)
            except ZipFlaw as flaw:
                # A container that can be read in two ways has no contents to speak of.
                findings.fault(flaw.code, flaw.place, flaw.detail)
                return _result(findings, keys, standing, facts)
            _judge_bag(source, given, keys, standing, findings, facts)
    for count, data in enumerate(given.checkpoints, 1):
        check_held(data, f"checkpoint {count}", standing, keys, findings)
    for count, data in enumerate(given.receipts, 1):
        check_receipt(data, f"receipt {count}", standing, keys, findings)
    # Where all that there is are receipts that wait for their first checkpoint, no key can have signed anything yet.
    waiting = given.bag is None and not given.checkpoints and 0 < len(given.receipts) == standing.pending
    for key in () if waiting else given.keys:
        if key.text not in keys.used and keys.idle(key):
            findings.left_out("key.term", f"{key.name} {key.id.hex()}")
        elif key.text not in keys.used:
            findings.fault("key.unused", f"{key.name} {key.id.hex()}")
    return _result(findings, keys, standing, facts)


def _judge_bag(source: Source, given: Given, keys: Keys, standing: Standing, findings: Findings,
               facts: dict[str, Any]) -> None:
    check_layout(source, findings)
    check_declaration(source, findings)
    info = read_info(source, findings)
    listed = check_manifests(source, findings)
    digests = check_digests(source, listed, findings, given.progress)
    origin, case = info.get("Casework-Origin", ""), info.get("Casework-Case", "")
    policy = check_policy(source, origin, keys, findings)
    sealed = check_seal(source, info, digests, keys, findings)
    head = check_checkpoint(source, origin, policy, keys, findings)
    check_seal_term(sealed, head, keys, findings)
    told = check_events(source, head, findings)
    bound = check_binding(digests, case, told, findings)
    proven, heads = check_heads(source, head, findings)
    check_dossier_heads(digests, told, proven, findings)
    stamped = check_stamps(source, keys, origin, proven, findings)
    check_authorities(source, [count for count, _, _ in stamped], given.authorities, findings)
    standing.origin, standing.case, standing.told = origin, case, told
    standing.roots = {(origin, size): root for size, root in proven.items()}
    facts["bag"] = {"identifier": info.get("External-Identifier", ""), "origin": origin, "case": case,
                    "size": head.size if head else None, "root": head.root.hex() if head else None}
    facts["timestamps"] = [{"number": count, "time": token.time, "size": size, "command": " ".join(command_for(count))}
                           for count, token, size in stamped]
    findings.well("files", count=len(digests), bytes=sum(file.size for file in digests.values()))
    findings.well("events", count=told.count, withheld=told.withheld)
    findings.well("bound", count=bound)
    findings.well("heads", count=heads)
    findings.well("timestamps", count=len(stamped))
    if told.withheld:
        findings.left_out("withheld", count=told.withheld)
    if not stamped:
        findings.left_out("time")
    findings.left_out("words")


def _result(findings: Findings, keys: Keys, standing: Standing, facts: dict[str, Any]) -> dict[str, Any]:
    established = bool(keys.given_logs) and not standing.pending
    verdict = findings.verdict(established, standing.agreeing > 0 and not standing.pending)
    return {"verdict": verdict, "exit": EXITS[verdict], **facts, "faults": findings.faults,
            "checked": findings.checked, "unchecked": findings.unchecked,
            "keys": [{"key": key.text, "fingerprint": key.fingerprint, "given": key in keys.given,
                      "signed": key.text in keys.used} for key in keys.all]}
