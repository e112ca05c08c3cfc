"""The worker's half: claim an approved dossier, make its document, take it in as an item, seal. All or nothing."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from casework.approvals import digest_of as canonical_digest
from casework.cases.models import Case
from casework.cases.services import CaseClosed, require_open
from casework.record import SYSTEM, Act, record
from evidence.intake import services as intake
from evidence.intake.models import Item
from reports.dossiers.blockers import blockers
from reports.dossiers.making import Unmakeable, document
from reports.dossiers.models import Dossier

log = logging.getLogger(__name__)

# Longer than the longest stretch without a step (press.PART_SECONDS, and front matter drawn a few times): every step
# renews it. A worker that dies is followed by another after this time.
LEASE = timedelta(minutes=10)


class Lost(Exception):
    """Another worker has taken over; what this one did is dropped."""


def word(dossier: Dossier) -> str:
    """The word under which custody and approvals know this dossier."""
    return f"dossier/{dossier.case.ref}/{dossier.label}"


def digest_of(dossier: Dossier) -> str:
    """Of the facts as they lie in the row now, not as the row says."""
    return canonical_digest(dossier.frozen)


def waiting() -> list[int]:
    """Dossiers to be made that no living worker holds. In a closed case nothing changes: there they wait until it is
    reopened."""
    return list(_unclaimed(timezone.now()).values_list("pk", flat=True))


def render_and_seal(dossier_id: int) -> bool:
    """Make and seal one dossier; False when it is not waiting or another worker has it.

    A fault of the facts or the key becomes the state `failed` with its reason; any other error leaves the claim to
    run out, so that the sweep tries again."""
    now = timezone.now()
    claim = now + LEASE
    if not _unclaimed(now).filter(pk=dossier_id).update(claimed_until=claim):
        return False
    dossier = Dossier.objects.select_related("case", "reviewer").get(pk=dossier_id)
    work = _Work(dossier, claim)
    try:
        _make(dossier, work)
    except CaseClosed:
        work.leave()
        return False
    except Lost:
        log.warning("dossier %s was taken over by another worker", dossier_id)
        return False
    return True


def _make(dossier: Dossier, work: "_Work") -> None:
    """Raises Lost, CaseClosed."""
    try:
        with translation.override(dossier.language):
            if digest_of(dossier) != dossier.digest:
                raise Unmakeable(_("The frozen facts were changed after they were approved."))
            _require_unblocked(dossier)
            work.seal(document(dossier, work.step))
    except Unmakeable as error:
        work.fail(str(error))


def _require_unblocked(dossier: Dossier) -> None:
    """What came in the way since it was queued: facts that no longer hold are neither drawn nor sealed."""
    if found := blockers(dossier):
        raise Unmakeable(" ".join(one.message for one in found))


class _Work:
    """One worker's hold on one dossier, renewed with every step."""

    def __init__(self, dossier: Dossier, claim: datetime):
        self._dossier, self._claim = dossier, claim

    def step(self, name: str, done: int) -> None:
        """Tell how far it is. Raises Lost."""
        claim = timezone.now() + LEASE
        if not self._mine().update(step=name, done=done, claimed_until=claim):
            raise Lost
        self._claim = claim

    @transaction.atomic
    def seal(self, pdf: bytes) -> None:
        # Every service that writes into a case locks its row first: nothing changes between this look and the seal.
        require_open(self._dossier.case)
        dossier = self._locked()
        _require_unblocked(dossier)
        name = f"{dossier.case.ref}-{dossier.label}-{dossier.kind}.pdf"
        accession = intake.receive_bytes(
            pdf, name=name, claimed_type="application/pdf", acquisition=Item.Acquisition.MADE, provenance={},
            context=f"case/{dossier.case.ref}", agent=SYSTEM, detail={"dossier": word(dossier)})
        dossier.item, dossier.sealed_at = accession.item, timezone.now()
        dossier.state, dossier.step, dossier.claimed_until = Dossier.State.SEALED, "", None
        dossier.done = dossier.total
        dossier.save()
        # Who asked for it the step to "seal" says; a briefing's bag shows this event, and must name nobody.
        record(Act.DOSSIER_SEALED, by=None, subject=word(dossier), context=f"case/{dossier.case.ref}",
               digest=dossier.digest, sha256=accession.item.blob_id, item=str(accession.item.id),
               log_size=dossier.log_size)

    def leave(self) -> None:
        """Let go of it as it was queued."""
        self._mine().update(step="waiting", done=0, claimed_until=None)

    @transaction.atomic
    def fail(self, problem: str) -> None:
        require_open(self._dossier.case)
        dossier = self._locked()
        dossier.state, dossier.problem, dossier.claimed_until = Dossier.State.FAILED, problem[:2000], None
        dossier.save()
        record(Act.DOSSIER_MOVED, by=None, subject=word(dossier), context=f"case/{dossier.case.ref}", verb="fail",
               state=dossier.state, problem=dossier.problem)

    def _locked(self) -> Dossier:
        dossier = self._mine().select_for_update(of=("self",)).select_related("case", "sealed_by").first()
        if dossier is None:
            raise Lost
        return dossier

    def _mine(self) -> QuerySet[Dossier]:
        return Dossier.objects.filter(pk=self._dossier.pk, state=Dossier.State.RENDERING, claimed_until=self._claim)


def _unclaimed(now: datetime) -> QuerySet[Dossier]:
    return (Dossier.objects.filter(state=Dossier.State.RENDERING, case__state=Case.State.OPEN)
            .filter(Q(claimed_until=None) | Q(claimed_until__lt=now)))
