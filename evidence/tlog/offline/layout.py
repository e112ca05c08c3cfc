"""Which files a bag has: their names, those that must be there, and none besides."""

from __future__ import annotations

import re

from evidence.tlog.offline.findings import Findings
from evidence.tlog.offline.sources import Source, is_path, without_case

MANIFESTS = {"sha256": "manifest-sha256.txt", "sha512": "manifest-sha512.txt"}
TAG_MANIFESTS = {"sha256": "tagmanifest-sha256.txt", "sha512": "tagmanifest-sha512.txt"}
DECLARATION, INFO, SEAL = "bagit.txt", "bag-info.txt", "seal"
POLICY, KEYS, CHECKPOINT = "proofs/policy", "proofs/keys", "proofs/checkpoint"
EVENTS, HEADS = "proofs/events.jsonl", "proofs/heads.jsonl"
_REQUIRED = [DECLARATION, INFO, *MANIFESTS.values(), *TAG_MANIFESTS.values(), SEAL, "README.txt", "verify.py",
             "verify.html", POLICY, CHECKPOINT, EVENTS, "data/exhibits.csv", "data/custody.json", "data/custody.csv"]
_STAMP = re.compile("proofs/timestamps/([1-9][0-9]{0,5})[.](note|tsr|pem)")
_EXHIBIT = re.compile("data/exhibits/([^/]+)/(?:(original|derivatives)/[^/]+|exhibit[.]json)")
_DOSSIER = re.compile("data/dossier/[^/]+")


def check_layout(source: Source, findings: Findings) -> None:
    """Names, case, files that have no place in a bag, files that are missing."""
    names = source.names()
    for code, path in source.oddities:
        findings.fault(code, path)
    named = [name for name in names if is_path(name)]
    for name in sorted(set(names).difference(named)):
        findings.fault("layout.name", name)
    # Of those alone: what the others are in capitals depends on the host.
    _check_case(named, findings)
    for name in names:
        if name not in [*_REQUIRED, KEYS, HEADS] and not (
                _STAMP.fullmatch(name) or _EXHIBIT.fullmatch(name) or _DOSSIER.fullmatch(name)):
            findings.fault("layout.unknown", name)
    there = set(names)
    labels = sorted({found[1] for found in map(_EXHIBIT.fullmatch, names) if found})
    numbers = stamps(names)
    if numbers != list(range(1, len(numbers) + 1)):
        findings.fault("timestamp.numbers", "proofs/timestamps")
    for name in [*_REQUIRED, *(f"data/exhibits/{label}/exhibit.json" for label in labels),
                 *(f"proofs/timestamps/{count}.{part}" for count in numbers for part in ("note", "tsr", "pem"))]:
        if name not in there:
            findings.fault("layout.missing", name)


def stamps(names: list[str]) -> list[int]:
    """The numbers of the timestamps of which at least one part is there."""
    return sorted({int(found[1]) for found in map(_STAMP.fullmatch, names) if found})


def of_exhibits(names: list[str], folder: str) -> list[tuple[str, str]]:
    """(label, path) of every file in a folder `original` or `derivatives`."""
    return [(found[1], found[0]) for found in map(_EXHIBIT.fullmatch, names) if found and found[2] == folder]


def of_dossier(names: list[str]) -> list[str]:
    return [name for name in names if _DOSSIER.fullmatch(name)]


def _check_case(names: list[str], findings: Findings) -> None:
    """No two files or folders may differ only by case: on many disks they would be one."""
    spelled: dict[str, str] = {}
    for name in names:
        parts = name.split("/")
        for count in range(1, len(parts) + 1):
            path = "/".join(parts[:count])
            if spelled.setdefault(without_case(path), path) != path:
                findings.fault("layout.case", name)
