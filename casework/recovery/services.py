"""Declaring a restore: one administrator proposes it and says why, another agrees, and the log goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework import approvals, record
from casework.approvals import Approval, Refused
from casework.people import services as people
from casework.record import Act
from evidence.custody import recovery
from evidence.custody.history import Entry
from evidence.custody.rewound import Rewind

APPROVAL = "restore"
TEXT_LENGTH = 2000
LISTED = 50
WITNESSES: dict[str, Any] = {
    Rewind.Witness.SIGNER: _("The signer, by the file beside its key"),
    Rewind.Witness.CHECKPOINT: _("A checkpoint that was kept"),
    Rewind.Witness.RECEIPT: _("A receipt that was kept"),
    Rewind.Witness.WITNESS: _("A witness"),
}


@dataclass(frozen=True)
class Proposal:
    """Who wants to declare the restore and why; `approval` says how it stands."""

    reason: str
    approval: Approval


@dataclass(frozen=True)
class Known:
    """Somebody who knows of more: who in words, how many entries, and when it was so, as far as that is known."""

    words: str
    name: str
    size: int
    at: datetime | None


@dataclass(frozen=True)
class State:
    """What people are told. `recovered` counts what the recovery log holds; `proposal` is the last one about `rewind`;
    `declared` are the restores that were declared, newest first; `told` is what the log says of them."""

    rewind: Rewind | None
    proposal: Proposal | None
    recovered: int
    declared: list[Rewind]
    told: list[Entry]

    @property
    def known(self) -> list[Known]:
        told = self.rewind.known if self.rewind else []
        return [Known(WITNESSES[one["by"]], one["name"], one["size"],
                      datetime.fromisoformat(one["at"]) if one["at"] else None) for one in told]

    @property
    def is_waiting(self) -> bool:
        return self.proposal is not None and self.proposal.approval.state == Approval.State.PROPOSED


def state() -> State:
    rewind = recovery.current()
    rows = Rewind.objects.exclude(declaration=None).select_related("declaration")
    return State(rewind, _proposal(rewind) if rewind else None, recovery.recovered() if rewind else 0,
                 list(rows.order_by("-noticed_at")[:LISTED]), recovery.told(LISTED))


@transaction.atomic
def propose(*, reason: str, by: Any) -> State:
    """Ask a second administrator to declare the restore. An earlier proposal is void then. ValidationError without a
    reason; Refused where the log is not behind."""
    people.require_administrator(by)
    rewind, reason = _behind(), _text(reason)
    word = recovery.word(rewind)
    record.record(Act.RESTORE_PROPOSED, by=by, subject=word, context=recovery.CONTEXT, reason=reason)
    approvals.propose(APPROVAL, subject=word, case_ref="", digest=_digest(rewind, reason), by=by)
    return state()


@transaction.atomic
def approve(*, by: Any) -> State:
    """The second administrator agrees: the log goes on from where it stands. Raises Refused, LogUnwritable."""
    people.require_administrator(by)
    rewind = _behind()
    word = recovery.word(rewind)
    waiting = approvals.waiting(APPROVAL, subject=word)
    reason = _reason(rewind)
    digest = _digest(rewind, reason)
    approvals.approve(waiting, digest=digest, by=by)
    approvals.use(APPROVAL, subject=word, digest=digest)
    record.declare_restored(rewind, reason=reason, by=waiting.proposed_by, approver=by)
    return state()


@transaction.atomic
def send_back(*, reason: str, by: Any) -> State:
    """The second administrator does not agree and says why; the log stays closed."""
    people.require_administrator(by)
    rewind, reason = _behind(), _text(reason)
    waiting = approvals.waiting(APPROVAL, subject=recovery.word(rewind))
    approvals.refuse(waiting, digest=_digest(rewind, _reason(rewind)), reason=reason, by=by)
    return state()


def _behind() -> Rewind:
    rewind = recovery.current()
    if rewind is None:
        raise Refused(_("The log is not behind: there is no restore to declare."))
    return rewind


def _proposal(rewind: Rewind) -> Proposal | None:
    approval = (Approval.objects.filter(kind=APPROVAL, subject=recovery.word(rewind))
                .select_related("proposed_by", "decided_by").order_by("-proposed_at").first())
    return Proposal(_reason(rewind), approval) if approval else None


def _reason(rewind: Rewind) -> str:
    """Why the last proposal was made. It stands in the event that proposed it, not in a row that could be edited."""
    said = [detail for detail in recovery.said(rewind) if detail.get("act") == Act.RESTORE_PROPOSED]
    return str(said[-1]["reason"]) if said else ""


def _digest(rewind: Rewind, reason: str) -> str:
    return approvals.digest_of({
        "restore": recovery.word(rewind), "size": rewind.size, "root": bytes(rewind.root).hex(),
        "head_size": rewind.head_size, "head_root": bytes(rewind.head_root or b"").hex(), "reason": reason})


def _text(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("This is needed.")})
    if len(reason) > TEXT_LENGTH:
        raise ValidationError({"reason": _("At most %(most)d characters.") % {"most": TEXT_LENGTH}})
    return reason
