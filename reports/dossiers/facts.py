"""Rows of the case as plain values (strings, integers, lists, dictionaries): what a dossier freezes."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from casework.accounts.models import Assessment, Observation, Subject
from casework.findings.models import Citation, Finding
from casework.findings.techniques import named
from casework.takedowns.models import Notice


def instant(at: datetime | None) -> str:
    """`2026-03-14 18:05:09 UTC`, or empty."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if at else ""


def case(row: Any) -> dict[str, Any]:
    return {"ref": row.ref, "title": row.title, "mandate_basis": row.mandate_basis,
            "mandate_purpose": row.mandate_purpose, "mandate_scope": row.mandate_scope,
            "opened_at": instant(row.opened_at)}


def finding(row: Finding) -> dict[str, Any]:
    """Needs `told`, and of its subjects where they were merged: an account has one number in a document."""
    cited = sorted(row.citations.all(), key=lambda citation: citation.exhibit.number)
    return {
        "label": row.label, "kind": row.kind, "title": row.title, "claim": row.claim, "method": row.method,
        "likelihood": row.likelihood, "confidence": row.confidence, "against": row.against,
        "alternatives": row.others,
        "author": str(row.author), "written_at": instant(row.written_at), "reviewer": str(row.reviewer or ""),
        "reviewed_at": instant(row.reviewed_at),
        "exhibits_for": [one.exhibit.label for one in cited if one.bearing == Citation.Bearing.FOR],
        "exhibits_against": [one.exhibit.label for one in cited if one.bearing == Citation.Bearing.AGAINST],
        "citations": [{"exhibit": one.exhibit.label, "bearing": one.bearing, "note": one.note,
                       "reliability": one.reliability, "credibility": one.credibility} for one in cited],
        "techniques": [{"number": number, "name": named(number).name} for number in row.tagged],
        "subjects": list(dict.fromkeys(_label(subject) for subject in row.subjects.all()))}


def subject(row: Subject) -> dict[str, Any]:
    """An ordinary user is not named by us, whatever the exhibits show: their handle and names stay out. Needs
    `favourable`."""
    seen = [] if row.role == Subject.Role.BYSTANDER else [one for one in observations(row) if one.stands]
    return {
        "label": row.label, "platform": row.account.get_platform_display(),
        "stable_id": row.account.stable_id if seen else "", "role": row.role, "persona": row.persona,
        "exculpatory": "\n\n".join(row.favourable),
        "handles": [{"handle": one.handle, "display_name": one.display_name, "observed_at": instant(one.observed_at),
                     "exhibit": one.exhibit.label} for one in seen],
        "assessments": [_assessment(one) for one in row.assessments.all()
                        if one.state == Assessment.State.IN_FORCE]}


def observations(row: Subject) -> list[Observation]:
    """What the case saw of an account, in the order of their times; what came with a merge is among it."""
    merged = (one for other in row.others for one in other.account.observations.all())
    return sorted([*row.account.observations.all(), *merged], key=lambda one: (one.observed_at, one.pk))


def _label(row: Subject) -> str:
    return row.merged_into or row.label


def _assessment(row: Assessment) -> dict[str, Any]:
    return {"to_role": row.to_role, "indicators": list(row.indicators), "reason": row.reason, "against": row.against,
            "exhibits": sorted(exhibit.label for exhibit in row.exhibits.all()), "proposed_by": str(row.proposed_by),
            "decided_by": str(row.decided_by or ""), "decided_at": instant(row.decided_at or row.proposed_at)}


def notice(row: Notice) -> dict[str, Any]:
    return {
        "label": row.label, "platform": row.get_platform_display(), "policy": row.policy, "state": row.state,
        "sent_at": instant(row.sent_at), "reference": row.reference,
        "sent_exhibit": row.sent_exhibit.label if row.sent_exhibit else "",
        "targets": [{"subject": _label(one.subject) if one.subject else "", "url": one.url, "outcome": one.outcome,
                     "outcome_at": instant(one.outcome_at), "wording": one.wording,
                     "answer_exhibit": one.answer_exhibit.label if one.answer_exhibit else "",
                     "exhibits": sorted(exhibit.label for exhibit in one.exhibits.all())}
                    for one in row.targets.all()]}


def names_of(subjects: Iterable[Subject]) -> dict[str, set[str]]:
    """Everything that each subject is called anywhere in the case, by label: by what was withdrawn, too."""
    called: dict[str, set[str]] = {}
    for row in subjects:
        names = {row.account.stable_id}
        for one in observations(row):
            names |= {one.handle, one.display_name}
        called[row.label] = names - {""}
    return called
