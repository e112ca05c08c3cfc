"""Disposing of exhibits, by two people: one proposes, with ground, reason and legal basis; another agrees.

What goes are the bytes, of all parts of a capture, of sightings and derivatives too. Number, hash, row and history
stay: the tombstone. What events say is a matter of erasure, and documents that were sealed before stay as they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework import approvals, record
from casework.access import Action, require
from casework.approvals import Approval, Refused
from casework.cases import keeping
from casework.cases.models import Case
from casework.cases.texts import needed
from casework.exhibits.models import WITH_ITEMS, Exhibit
from casework.record import Act
from evidence.custody import history
from evidence.custody.models import Payload
from evidence.disposal import services as disposal
from evidence.disposal.models import Removal

APPROVAL = "disposal"
PREFIX = "disposal/"
MOST = 200
LISTED = 100


class Ground(models.TextChoices):
    """Why it may go."""

    RETENTION = "retention", gettext_lazy("The time for which this case is kept has ended")
    LAW = "law", gettext_lazy("A law, a court or a person's right asks for it")
    MISTAKE = "mistake", gettext_lazy("It was lodged by mistake or outside the mandate")


@dataclass(frozen=True)
class Proposal:
    """What somebody wants to dispose of and why; `approval` says who, when, and how it stands."""

    id: UUID
    case: Case
    exhibits: list[str]
    ground: str
    reason: str
    basis: str
    approval: Approval

    @property
    def word(self) -> str:
        return f"{PREFIX}{self.id}"

    @property
    def digest(self) -> str:
        return _digest(self.word, self.exhibits, ground=self.ground, reason=self.reason, basis=self.basis)


@transaction.atomic
def propose(case: Case, *, exhibits: Iterable[str], ground: str, reason: str, basis: str, by: Any) -> Proposal:
    """Ask a second person to dispose of these exhibits (`E-007`). ValidationError for what cannot be; Held."""
    case = keeping.require_unheld(case)
    require(by, Action.EXHIBIT_DISPOSE, case)
    texts = needed(reason=reason, basis=basis) | {"ground": _ground(case, ground)}
    labels = [exhibit.label for exhibit in _chosen(case, exhibits)]
    word = f"{PREFIX}{uuid4()}"
    record.record(Act.DISPOSAL_PROPOSED, by=by, subject=word, context=f"case/{case.ref}", exhibits=labels, **texts)
    approvals.propose(APPROVAL, subject=word, case_ref=case.ref, by=by, digest=_digest(word, labels, **texts))
    return proposal(case, UUID(word.removeprefix(PREFIX)))


@transaction.atomic
def approve(case: Case, proposal_id: UUID, *, by: Any) -> Proposal:
    """The second person agrees: tombstones are set, and workers take the bytes out. Raises Refused, Held."""
    case = keeping.require_unheld(case)
    require(by, Action.EXHIBIT_DISPOSE, case)
    found = proposal(case, proposal_id)
    approvals.approve(approvals.waiting(APPROVAL, subject=found.word), digest=found.digest, by=by)
    approvals.use(APPROVAL, subject=found.word, digest=found.digest)
    try:
        _ground(case, found.ground)
        rows = _chosen(case, found.exhibits)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    items = [item for row in rows for item in row.items()]
    receipt = record.record(
        Act.EXHIBITS_DISPOSED, by=found.approval.proposed_by, subject=found.word, context=f"case/{case.ref}",
        exhibits=found.exhibits, items=[str(item.pk) for item in items], ground=found.ground, reason=found.reason,
        basis=found.basis, approver=by.as_agent())
    _withdraw(case, rows, found, by)
    try:
        disposal.bury(items, event_id=receipt.event_id, context=f"case/{case.ref}")
    except disposal.NotDisposable as error:
        raise Refused(_("The bytes of these exhibits are still being worked on. Try again in a minute.")) from error
    return proposal(case, proposal_id)


@transaction.atomic
def send_back(case: Case, proposal_id: UUID, *, reason: str, by: Any) -> Proposal:
    """The second person does not agree and says why; nothing is disposed of."""
    case = keeping.lock(case)
    require(by, Action.EXHIBIT_DISPOSE, case)
    found = proposal(case, proposal_id)
    approvals.refuse(approvals.waiting(APPROVAL, subject=found.word), digest=found.digest, by=by,
                     reason=needed(reason=reason)["reason"])
    return proposal(case, proposal_id)


def proposal(case: Case, proposal_id: UUID) -> Proposal:
    """The proposal of this case, or 404."""
    found = _proposals(case, _approvals(case).filter(subject=f"{PREFIX}{proposal_id}"))
    if not found:
        raise Http404
    return found[0]


def proposals(case: Case) -> list[Proposal]:
    """The case's last hundred, newest first."""
    return _proposals(case, _approvals(case)[:LISTED])


def shown(found: Proposal) -> list[tuple[Exhibit, list[Removal]]]:
    """Each exhibit of a proposal with what is removed for it. A constant number of queries."""
    rows = _rows(found.case, found.exhibits)
    items = {one.pk: row.pk for row in rows for one in row.items()}
    by_exhibit: dict[int, list[Removal]] = {row.pk: [] for row in rows}
    for removal in Removal.objects.filter(item__in=items).order_by("place", "pk"):
        by_exhibit[items[removal.item_id]].append(removal)
    return [(row, by_exhibit[row.pk]) for row in rows]


def _withdraw(case: Case, rows: Sequence[Exhibit], found: Proposal, by: Any) -> None:
    """What has no bytes can show nothing, so nobody may cite it any more."""
    for row in rows:
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_reason = timezone.now(), found.reason
            row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
            record.record(Act.EXHIBIT_WITHDRAWN, by=by, subject=f"exhibit/{row}", context=f"case/{case.ref}",
                          reason=found.reason)


def _ground(case: Case, ground: str) -> str:
    if ground not in Ground.values:
        raise ValidationError({"ground": _("Choose a ground.")})
    if ground == Ground.RETENTION and (case.kept_until is None or case.kept_until > timezone.now()):
        raise ValidationError({"ground": _("The time for which this case is kept has not ended, or was never set.")})
    return ground


def _chosen(case: Case, labels: Iterable[str]) -> list[Exhibit]:
    wanted = sorted(set(labels))
    if not wanted:
        raise ValidationError({"exhibits": _("Choose at least one exhibit.")})
    if len(wanted) > MOST:
        raise ValidationError({"exhibits": _("At most %(most)d exhibits at once.") % {"most": MOST}})
    rows = _rows(case, wanted)
    if unknown := sorted(set(wanted) - {row.label for row in rows}):
        raise ValidationError({"exhibits": _("Not in this case: %(labels)s. Write them like %(letter)s-001.")
                               % {"labels": ", ".join(unknown)[:200], "letter": "E"}})
    if gone := [row.label for row in rows if row.is_disposed]:
        raise ValidationError({"exhibits": _("Disposed of already: %(labels)s.") % {"labels": ", ".join(gone)}})
    return rows


def _rows(case: Case, labels: Iterable[str]) -> list[Exhibit]:
    numbers = [int(label[2:]) for label in labels if label.startswith("E-") and label[2:].isdecimal()
               and label[2:].isascii() and len(label) <= 11]
    return list(case.exhibits.filter(number__in=numbers).order_by("number")
                .select_related("case", "item__blob", "item__tombstone").prefetch_related(*WITH_ITEMS))


def _approvals(case: Case) -> Any:
    return (Approval.objects.filter(kind=APPROVAL, case_ref=case.ref).select_related("proposed_by", "decided_by")
            .order_by("-proposed_at"))


def _proposals(case: Case, approvals_of_it: Iterable[Approval]) -> list[Proposal]:
    """What each approval is about stands in the event that proposed it, not in a row that could be edited."""
    rows = list(approvals_of_it)
    events = Payload.objects.filter(subject__in=[row.subject for row in rows], context=f"case/{case.ref}")
    said = {entry.subject: entry.detail for entry in history.of_events(list(events.values_list("event_id", flat=True)))
            if entry.detail.get("act") == Act.DISPOSAL_PROPOSED and _is_proposal(entry.detail)}
    return [Proposal(UUID(row.subject.removeprefix(PREFIX)), case, told["exhibits"], told["ground"], told["reason"],
                     told["basis"], row)
            for row in rows if (told := said.get(row.subject))]


def _is_proposal(told: dict[str, Any]) -> bool:
    """An entry that this program did not write may say anything: it proposes nothing."""
    exhibits = told.get("exhibits")
    return (isinstance(exhibits, list) and all(isinstance(label, str) for label in exhibits)
            and all(isinstance(told.get(name), str) for name in ("ground", "reason", "basis")))


def _digest(word: str, exhibits: list[str], **texts: str) -> str:
    return approvals.digest_of({"disposal": word, "exhibits": exhibits, **texts})
