"""The log is behind what was witnessed of it: how it stands, and the declared restore by two administrators.

The proposal is an event of the recovery log, and an approval that waits. It binds what is given up and what is left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework import approvals, record
from casework.approvals import Approval, Refused
from casework.people.services import require_administrator
from casework.record import Act
from evidence.backup.models import Backup
from evidence.custody import details, given_up, history, recovery
from evidence.custody.history import Entry
from evidence.custody.kinds import Kind
from evidence.custody.rewound import Recovered, Rewind

APPROVAL = "restore"
TEXT_LENGTH = 2000
BACKUPS_LISTED = 20


@dataclass(frozen=True)
class Proposal:
    """What an administrator wants to declare and why; `approval` says who, when, and how it stands."""

    rewind: Rewind
    reason: str
    approval: Approval

    @property
    def proposed_by(self) -> Any:
        return self.approval.proposed_by

    @property
    def proposed_at(self) -> datetime:
        return self.approval.proposed_at


@dataclass(frozen=True)
class State:
    """`read_meanwhile` counts what the recovery log holds; `declared` are restores of earlier days, newest first."""

    rewind: Rewind | None
    proposal: Proposal | None
    read_meanwhile: int
    declared: list[Entry]
    backups: list[Backup]

    @property
    def first_lost(self) -> int | None:
        """The first lost entry; None where another history went on past it, and nobody knows from where."""
        rewind = self.rewind
        return rewind.size if rewind and rewind.size < rewind.head_size else None

    @property
    def last_lost(self) -> int | None:
        return self.rewind.head_size - 1 if self.rewind else None

    @property
    def count(self) -> int:
        return 0 if self.rewind is None or self.first_lost is None else self.rewind.head_size - self.rewind.size


def state() -> State:
    rewind = recovery.current()
    declared = history.of_events([UUID(one.event) for one in given_up.declared()])
    return State(rewind, _waiting(rewind) if rewind else None, Recovered.objects.count() if rewind else 0, declared,
                 list(Backup.objects.order_by("-taken_at")[:BACKUPS_LISTED]))


@transaction.atomic
def propose(*, reason: str, by: Any) -> Proposal:
    """Ask a second administrator to declare the restore. Refused while nothing is lost; ValidationError without a
    reason."""
    require_administrator(by)
    rewind, reason = _rewind(), _reason(reason)
    word = recovery.word(rewind)
    record.record(Act.RESTORE_PROPOSED, by=by, subject=word, context=recovery.CONTEXT, reason=reason,
                  size=rewind.size, witnessed_size=rewind.head_size)
    return Proposal(rewind, reason, approvals.propose(APPROVAL, subject=word, case_ref="", by=by,
                                                      digest=_digest(rewind, reason)))


@transaction.atomic
def approve(*, by: Any) -> Rewind:
    """The second administrator agrees: the log goes on from where it stands, and says so. Raises Refused."""
    require_administrator(by)
    found = _proposal()
    digest = _digest(found.rewind, found.reason)
    approvals.approve(found.approval, digest=digest, by=by)
    approvals.use(APPROVAL, subject=recovery.word(found.rewind), digest=digest)
    record.declare_restored(found.rewind, reason=found.reason, by=found.proposed_by, approver=by)
    return found.rewind


@transaction.atomic
def send_back(*, reason: str, by: Any) -> Rewind:
    """The second administrator does not agree and says why; nothing changes."""
    require_administrator(by)
    found = _proposal()
    approvals.refuse(found.approval, digest=_digest(found.rewind, found.reason), reason=_reason(reason), by=by)
    return found.rewind


def _rewind() -> Rewind:
    found = recovery.current()
    if found is None:
        raise Refused(_("Nobody is known to hold more of the log than it has: there is nothing to declare."))
    return found


def _proposal() -> Proposal:
    found = _waiting(_rewind())
    if found is None:
        raise Refused(_("Nothing waits for a second person here."))
    return found


def _waiting(rewind: Rewind) -> Proposal | None:
    """What waits. Its reason stands in the event that proposed it, not in a row that could be edited."""
    word = recovery.word(rewind)
    approval = (Approval.objects.select_related("proposed_by")
                .filter(kind=APPROVAL, subject=word, state=Approval.State.PROPOSED).first())
    if approval is None:
        return None
    rows = Recovered.objects.filter(subject=word, kind=Kind.DECISION).order_by("-at")
    for content in rows.values_list("content", flat=True):
        detail = details.sound(bytes(content), kind=Kind.DECISION, subject=word)
        if detail and detail.get("act") == Act.RESTORE_PROPOSED and isinstance(detail.get("reason"), str):
            return Proposal(rewind, detail["reason"], approval)
    return None


def _digest(rewind: Rewind, reason: str) -> str:
    return approvals.digest_of({
        "rewind": recovery.word(rewind), "reason": reason, "size": rewind.size, "root": bytes(rewind.root).hex(),
        "head_size": rewind.head_size, "head_root": bytes(rewind.head_root or b"").hex()})


def _reason(text: str) -> str:
    kept = text.replace("\x00", "").encode("utf-8", "replace").decode().strip()
    if not kept:
        raise ValidationError({"reason": _("This is needed.")})
    if len(kept) > TEXT_LENGTH:
        raise ValidationError({"reason": _("At most %(most)d characters.") % {"most": TEXT_LENGTH}})
    return kept
