"""What binds each file to the log: the events that name its bytes, and the exhibit that it is filed under."""

from __future__ import annotations

from evidence.tlog.offline.events import Told
from evidence.tlog.offline.findings import Findings
from evidence.tlog.offline.layout import of_dossier, of_exhibits
from evidence.tlog.offline.manifests import Digests


def check_binding(digests: dict[str, Digests], case: str, told: Told, findings: Findings) -> int:
    """How many files of exhibits and dossiers there are; a fault for each that no event vouches for."""
    names = sorted(digests)
    originals, derivatives = of_exhibits(names, "original"), of_exhibits(names, "derivatives")
    dossiers = of_dossier(names)
    for label, name in originals:
        file = digests[name]
        items = told.accessions.get((file.sha256, file.size), set())
        exhibit = f"exhibit/{case}/{label}"
        if not items:
            findings.fault("binding.original", name, f"no accession of sha256 {file.sha256}")
        elif not any((exhibit, item, file.sha256) in told.tied for item in items):
            findings.fault("binding.exhibit", name, f"no event ties it to {exhibit}")
    belonging: dict[str, set[str]] = {}
    for exhibit, item, _ in told.tied:
        belonging.setdefault(exhibit, {exhibit}).add(item)
    for label, name in derivatives:
        exhibit = f"exhibit/{case}/{label}"
        if not told.made.get(digests[name].sha256, set()) & belonging.get(exhibit, {exhibit}):
            findings.fault("binding.derivative", name, f"made for {exhibit} by no event")
    for name in dossiers:
        file = digests[name]
        if not told.accessions.get((file.sha256, file.size)):
            findings.fault("binding.dossier", name, f"no accession of sha256 {file.sha256}")
        elif not dossier_sizes(file, told):
            findings.fault("binding.dossier", name, "no event says that it was sealed")
    return len(originals) + len(derivatives) + len(dossiers)


def dossier_sizes(file: Digests, told: Told) -> list[int]:
    """The sizes of the log that a sealed document stands on, as its sealing says."""
    return [size for item in sorted(told.accessions.get((file.sha256, file.size), set()))
            for size in told.sealed.get((file.sha256, item), [])]
