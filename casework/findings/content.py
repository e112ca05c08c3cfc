"""What a finding says, as plain data: what a review binds, what an edit is made from, what is recorded of it."""

from typing import Any

from casework import approvals, editions
from casework.findings.models import Citation, Finding
from casework.record import Act

TEXTS = ("title", "claim", "method", "against")
CHOSEN = ("kind", "likelihood", "confidence")
JUDGED = ("note", "reliability", "credibility")
ACTS = (Act.FINDING_EDITED, Act.FINDING_WRITTEN)
APPROVAL = "finding"


def content(finding: Finding) -> dict[str, Any]:
    """Everything that a reviewer stands behind, as plain data."""
    cited = finding.citations.order_by("exhibit__number").values_list(
        "exhibit__number", "exhibit__item__blob_id", "bearing", *JUDGED)
    return {
        **{name: getattr(finding, name) for name in (*CHOSEN, *TEXTS)},
        "exhibits": [{"number": number, "sha256": sha256, "bearing": bearing} | dict(zip(JUDGED, judged, strict=True))
                     for number, sha256, bearing, *judged in cited],
        "alternatives": list(finding.alternatives.values("hypothesis", "why")),
        "techniques": list(finding.tags.values_list("technique", flat=True)),
        "subjects": list(finding.subjects.order_by("number").values_list("number", flat=True))}


def digest(finding: Finding) -> str:
    """What a review binds (64 hex digits)."""
    return bound(finding, content(finding))


def edition(finding: Finding) -> editions.Edition:
    """What of its words can be edited, as they stand; exhibits and subjects by their labels."""
    found = content(finding)
    words = {name: found[name] for name in (*CHOSEN, *TEXTS, "alternatives")}
    words |= {f"exhibits_{bearing}": [f"E-{cited['number']:03d}" for cited in found["exhibits"]
                                      if cited["bearing"] == bearing] for bearing in Citation.Bearing.values}
    words["subjects"] = [f"S-{number:03d}" for number in found["subjects"]]
    return editions.Edition(words, finding.word, ACTS, digest=bound(finding, found))


def sources_edition(finding: Finding) -> editions.Edition:
    """What is judged of each exhibit that it cites, by the names that the form has for it."""
    found = content(finding)
    words = {f"{name}_{cited['number']}": cited[name] for cited in found["exhibits"] for name in JUDGED}
    return editions.Edition(words, finding.word, ACTS, digest=bound(finding, found))


def tags_edition(finding: Finding) -> editions.Edition:
    """Which techniques it is tagged with."""
    found = content(finding)
    return editions.Edition({"techniques": found["techniques"]}, finding.word, ACTS, digest=bound(finding, found))


def bound(finding: Finding, found: dict[str, Any]) -> str:
    """The digest of `found`, its content, as the revision that stands: words that come back are another revision."""
    return approvals.digest_of(found | {"finding": finding.word, "revision": finding.revision})
