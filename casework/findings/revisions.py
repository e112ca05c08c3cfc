"""Each wording that a finding had: kept as a row that is never changed, and as the event that holds the words.

The words lie in the custody log alone. So a revision cannot say otherwise than the log does, and what two people
erase lawfully there is gone from here too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.accounts.likelihood import Likelihood
from casework.approvals import Approval
from casework.findings.content import ACTS, APPROVAL, bound, content
from casework.findings.differences import Part, between
from casework.findings.models import Citation, Finding, Revision
from casework.findings.techniques import named
from casework.record import Act, record
from evidence.custody import history

Words = dict[str, Any]


@dataclass(frozen=True)
class Changed:
    """One part of a finding that reads otherwise than before. `parts` are its words, in the order of reading."""

    field: str
    name: str | Promise
    parts: list[Part]


def keep(finding: Finding, act: Act, *, by: Any, **more: Any) -> Revision:
    """Record what the finding says now and keep it as its revision. The caller holds the lock of the row."""
    found = content(finding)
    digest = bound(finding, found)
    receipt = record(act, by=by, subject=finding.word, context=f"case/{finding.case.ref}", revision=finding.revision,
                     digest=digest, **more, **found)
    return Revision.objects.create(finding=finding, number=finding.revision, editor=by, at=timezone.now(),
                                   digest=digest, event_id=receipt.event_id)


def of(finding: Finding) -> QuerySet[Revision]:
    """Newest first, each with what a second person made of it: `decision` (a state of an approval, empty: never asked),
    `decided_by` (a name), `decided_at` and `reason`."""
    asked = Approval.objects.filter(kind=APPROVAL, subject=finding.word, digest=OuterRef("digest")).order_by("-pk")
    told = {"decision": "state", "decided_by": "decided_by__display_name", "decided_at": "decided_at",
            "reason": "reason"}
    found: QuerySet[Revision] = finding.revisions.select_related("editor").order_by("-number")
    return found.annotate(**{name: Subquery(asked.values(column)[:1]) for name, column in told.items()})


def words(*revisions: Revision) -> list[Words | None]:
    """What each said, in the order given; None where what the log says of it was erased, or is no event of ours."""
    found = {entry.event_id: entry.detail for entry in history.of_events([one.event_id for one in revisions])}
    told = [found.get(one.event_id, {}) for one in revisions]
    return [detail if detail.get("act") in ACTS else None for detail in told]


def changed(old: Words, new: Words) -> list[Changed]:
    """What reads otherwise in `new`, field by field, in the order of the page."""
    before, after = _texts(old), _texts(new)
    return [Changed(field, name, between(before[field], after[field])) for field, name in NAMES.items()
            if before[field] != after[field]]


@dataclass(frozen=True)
class Compared:
    """A wording beside the one before. `words` and `before` are None where the log no longer says them, and `before`
    of the first one is; `changes` is empty then."""

    words: Words | None
    before: Words | None
    changes: list[Changed]


def compared(revision: Revision) -> Compared:
    before = revision.finding.revisions.filter(number__lt=revision.number).first()
    if before is None:
        return Compared(words(revision)[0], None, [])
    old, new = words(before, revision)
    return Compared(new, old, changed(old, new) if old and new else [])


NAMES: dict[str, str | Promise] = {
    "kind": _("Kind"), "title": _("Title"), "claim": _("Claim"), "method": _("Method"),
    "likelihood": _("Likelihood"), "confidence": _("Confidence"), "exhibits": _("Exhibits"),
    "against": _("What speaks against it"), "alternatives": _("Other explanations considered"),
    "techniques": _("Techniques"), "subjects": _("Accounts that it names")}


def _texts(said: Words) -> dict[str, str]:
    """Each field as text. What was recorded before a field was asked says nothing of it."""
    chosen = {"kind": Finding.Kind, "likelihood": Likelihood, "confidence": Finding.Confidence}
    found = {name: _called(choices, said.get(name)) for name, choices in chosen.items()}
    found |= {name: str(said.get(name, "")) for name in ("title", "claim", "method", "against")}
    others = said.get("alternatives", "")
    return found | {
        "exhibits": "\n".join(_citation(one) for one in said.get("exhibits", [])),
        "alternatives": others if isinstance(others, str) else "\n\n".join(_lines(one) for one in others),
        "techniques": "\n".join(" ".join((one.number, one.name)) for one in map(named, said.get("techniques", []))),
        "subjects": ", ".join(f"S-{number:03d}" for number in said.get("subjects", []))}


def _citation(one: Mapping[str, Any]) -> str:
    grades = (_called(Citation.Reliability, one.get("reliability")), _called(Citation.Credibility,
                                                                              one.get("credibility")))
    told = [f"E-{one['number']:03d} ({_called(Citation.Bearing, one['bearing'])})", *grades, one.get("note", "")]
    return "; ".join(part for part in told if part)


def _lines(one: Mapping[str, str]) -> str:
    return "\n".join(text for text in (one["hypothesis"], one["why"]) if text)


def _called(choices: Any, code: Any) -> str:
    return str(dict(choices.choices).get(code, code or ""))
