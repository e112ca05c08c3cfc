"""Erasing what events of a case say, by two people: one proposes, with reason and legal basis; another agrees.

The proposal is an event of the log like any other, and an approval that waits. What is erased is the payload of the
chosen events: not the bytes of exhibits, not rows, not what was frozen in a dossier."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from casework import approvals, record
from casework.access import Action, require
from casework.approvals import Approval, Refused
from casework.cases import services as cases
from casework.cases.models import Case
from casework.cases.texts import needed
from casework.record import Act
from evidence.custody import details, erasure, history
from evidence.custody.history import Entry
from evidence.custody.kinds import Kind
from evidence.custody.models import Payload

APPROVAL = "erasure"
PREFIX = "erasure/"
LISTED = 100


@dataclass(frozen=True)
class Proposal:
    """What somebody wants to erase and why; `approval` says who, when, and how it stands."""

    id: UUID
    case: Case
    events: list[UUID]
    reason: str
    basis: str
    approval: Approval

    @property
    def word(self) -> str:
        return f"{PREFIX}{self.id}"

    @property
    def state(self) -> str:
        return str(self.approval.state)

    @property
    def digest(self) -> str:
        return _digest(self.word, self.events, self.reason, self.basis)

    @property
    def proposed_by(self) -> Any:
        return self.approval.proposed_by

    @property
    def proposed_at(self) -> datetime:
        return self.approval.proposed_at


def erasable(entries: Iterable[Entry]) -> list[Entry]:
    """Those that may be chosen: in the log, not erased, and not themselves about an erasure."""
    return [entry for entry in entries if entry.index is not None and entry.kind != Kind.DISPOSAL
            and "erased" not in entry.detail and not entry.subject.startswith(PREFIX)]


@transaction.atomic
def propose(case: Case, *, events: Iterable[UUID], reason: str, basis: str, by: Any) -> Proposal:
    """Ask a second person to erase what these events of the case say. ValidationError for what cannot be."""
    case = cases.require_open(case)
    require(by, Action.EVENT_ERASE, case)
    chosen, texts = sorted(set(events)), needed(reason=reason, basis=basis)
    if not chosen:
        raise ValidationError({"events": _("Choose at least one event.")})
    if len(chosen) > erasure.MOST:
        raise ValidationError({"events": _("At most %(most)d events at once.") % {"most": erasure.MOST}})
    about = Q(kind=Kind.DISPOSAL) | Q(subject__startswith=PREFIX) | Q(event__leaf=None)
    there = Payload.objects.filter(event_id__in=chosen, context=f"case/{case.ref}").exclude(about)
    if there.count() != len(chosen):
        raise ValidationError({"events": _("Some of these events are not in this case's log, are erased already, or "
                                           "are about an erasure.")})
    word = f"{PREFIX}{uuid4()}"
    record.record(Act.ERASURE_PROPOSED, by=by, subject=word, context=f"case/{case.ref}",
                  events=[str(event_id) for event_id in chosen], **texts)
    approval = approvals.propose(APPROVAL, subject=word, case_ref=case.ref, by=by,
                                 digest=_digest(word, chosen, **texts))
    return proposal(case, UUID(approval.subject.removeprefix(PREFIX)))


@transaction.atomic
def approve(case: Case, proposal_id: UUID, *, by: Any) -> Proposal:
    """The second person agrees: what the events said is destroyed, and the erasure recorded. Raises Refused."""
    case = cases.require_open(case)
    require(by, Action.EVENT_ERASE, case)
    found = proposal(case, proposal_id)
    approvals.approve(approvals.waiting(APPROVAL, subject=found.word), digest=found.digest, by=by)
    approvals.use(APPROVAL, subject=found.word, digest=found.digest)
    try:
        record.erase(found.events, reason=found.reason, basis=found.basis, by=found.proposed_by, approver=by)
    except erasure.NotErasable as error:
        raise Refused(_("Some of these events were erased meanwhile. Send this back.")) from error
    return proposal(case, proposal_id)


@transaction.atomic
def send_back(case: Case, proposal_id: UUID, *, reason: str, by: Any) -> Proposal:
    """The second person does not agree and says why; nothing is erased."""
    case = cases.require_open(case)
    require(by, Action.EVENT_ERASE, case)
    found = proposal(case, proposal_id)
    approvals.refuse(approvals.waiting(APPROVAL, subject=found.word), digest=found.digest,
                     reason=needed(reason=reason)["reason"], by=by)
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


def waiting(case: Case) -> list[Proposal]:
    """Those that wait for a second person, newest first."""
    return _proposals(case, _approvals(case).filter(state=Approval.State.PROPOSED)[:LISTED])


def shown(found: Proposal) -> list[Entry]:
    """The events of a proposal as the log tells them now, oldest first."""
    entries = history.of_events(found.events)
    return sorted(entries, key=lambda entry: entry.index or 0)


def _approvals(case: Case) -> Any:
    return (Approval.objects.filter(kind=APPROVAL, case_ref=case.ref).select_related("proposed_by", "decided_by")
            .order_by("-proposed_at"))


def _proposals(case: Case, approvals_of_it: Iterable[Approval]) -> list[Proposal]:
    """What each approval is about stands in the event that proposed it, not in a row that could be edited."""
    rows = list(approvals_of_it)
    events = Payload.objects.filter(subject__in=[row.subject for row in rows], context=f"case/{case.ref}")
    said = {entry.subject: entry.detail for entry in history.of_events(list(events.values_list("event_id", flat=True)))
            if entry.detail.get("act") == Act.ERASURE_PROPOSED and _is_proposal(entry.detail)}
    return [Proposal(UUID(row.subject.removeprefix(PREFIX)), case, [UUID(one) for one in told["events"]],
                     told["reason"], told["basis"], row)
            for row in rows if (told := said.get(row.subject))]


def _is_proposal(told: dict[str, Any]) -> bool:
    """An entry that this program did not write may say anything: it proposes nothing,."""
    events = told.get("events")
    return (isinstance(events, list) and all(map(details.is_uuid, events))
            and all(isinstance(told.get(name), str) for name in ("reason", "basis")))


def _digest(word: str, events: list[UUID], reason: str, basis: str) -> str:
    return approvals.digest_of({"erasure": word, "events": [str(one) for one in events], "reason": reason,
                                "basis": basis})
