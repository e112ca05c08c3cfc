"""Compose, review and seal dossiers. What is sealed was approved, to the byte of its facts, by a second person."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import approvals, editions, lifecycle
from casework.access import require
from casework.accounts.words import chosen, cleaned
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.record import Act, record
from evidence import wake
from reports.dossiers import sealing
from reports.dossiers.blockers import blockers, lasting
from reports.dossiers.compose import compose as freeze
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_COMPOSE, TABLES

__all__ = ["Blocked", "approve", "compose", "edition", "recompose", "render_and_seal", "retry", "seal", "send_back",
           "submit", "waiting"]

APPROVAL = "dossier.seal"
LANGUAGES = ("en", "ur")

render_and_seal, waiting = sealing.render_and_seal, sealing.waiting


class Blocked(approvals.Refused):
    """It cannot be sealed yet. `blockers` says what stops it and where to mend it."""

    def __init__(self, found: list[Any]):
        super().__init__("; ".join(one.message for one in found))
        self.blockers = found


@transaction.atomic
def compose(case: Case, *, kind: str, language: str, necessity: str, against: str, less_intrusive: str,
            by: Any) -> Dossier:
    """A new draft with the facts of the case as they are now. Raises ValidationError for an empty note."""
    chosen("kind", kind, Dossier.Kind.values)
    chosen("language", language, LANGUAGES)
    require(by, KIND_COMPOSE[kind], case)
    weighed = _weighed(necessity, against, less_intrusive)
    case = require_open(case)
    number = (case.dossiers.aggregate(last=Max("number"))["last"] or 0) + 1
    dossier = Dossier(case=case, number=number, kind=kind, language=language)
    _freeze(dossier, weighed, by)
    dossier.save(force_insert=True)
    _record(Act.DOSSIER_COMPOSED, dossier, by, kind=kind, language=language, digest=dossier.digest,
            log_size=dossier.log_size)
    return dossier


@transaction.atomic
def recompose(dossier: Dossier, *, necessity: str, against: str, less_intrusive: str,
              made_from: Collection[str] | None = None, by: Any) -> Dossier:
    """Freeze the facts anew under the same number. An approval of the earlier facts is void by its digest."""
    dossier, move = _begin(dossier, "recompose", by)
    editions.require(made_from, partial(edition, dossier))
    _freeze(dossier, _weighed(necessity, against, less_intrusive), by)
    dossier.state, dossier.reviewer, dossier.reviewed_at, dossier.review_note = move.target, None, None, ""
    dossier.problem = dossier.step = ""
    dossier.sealed_by = None
    dossier.save()
    _record(Act.DOSSIER_COMPOSED, dossier, by, kind=dossier.kind, language=dossier.language, digest=dossier.digest,
            log_size=dossier.log_size)
    return dossier


def edition(dossier: Dossier) -> editions.Edition:
    """What is weighed in it, as the document gives it. Its version is that of the frozen facts: composing takes all of
    them anew."""
    return editions.Edition(dossier.frozen["weighed"], _word(dossier), (Act.DOSSIER_COMPOSED,), digest=dossier.digest)


@transaction.atomic
def submit(dossier: Dossier, *, by: Any) -> Dossier:
    """Ask for a second person. What they approve is the digest of the facts as they are frozen now.
    Raises Blocked for what neither that person nor time can mend."""
    dossier, move = _begin(dossier, "submit", by)
    _require_approvable(dossier)
    approvals.propose(APPROVAL, subject=_word(dossier), case_ref=dossier.case.ref, digest=sealing.digest_of(dossier),
                      by=by)
    return _moved(dossier, move, "submit", by)


@transaction.atomic
def approve(dossier: Dossier, *, note: str = "", seen: str = "", by: Any) -> Dossier:
    """The second person has read it. Whoever composed or submitted it cannot. `seen` is the digest of what they read,
    where a page or a call showed it. Raises Blocked, Refused."""
    dossier, move = _begin(dossier, "approve", by)
    waiting = _require_another(dossier, by)
    _require_approvable(dossier)
    if seen and seen != dossier.digest:
        raise approvals.Refused(_("It was composed anew while you read it. Read it again."))
    approvals.approve(waiting, digest=sealing.digest_of(dossier), by=by)
    return _reviewed(dossier, move, "approve", cleaned({"note": note}, optional=["note"])["note"], by)


@transaction.atomic
def send_back(dossier: Dossier, *, note: str, by: Any) -> Dossier:
    """Back to whoever composed it, with a reason."""
    dossier, move = _begin(dossier, "send_back", by)
    waiting = _require_another(dossier, by)
    note = cleaned({"note": note})["note"]
    approvals.refuse(waiting, digest=sealing.digest_of(dossier), reason=note, by=by)
    return _reviewed(dossier, move, "send_back", note, by)


@transaction.atomic
def seal(dossier: Dossier, *, by: Any) -> Dossier:
    """Spend the approval and queue the making of the document. Raises Blocked, Refused."""
    dossier, move = _begin(dossier, "seal", by)
    if found := blockers(dossier):
        raise Blocked(found)
    approvals.use(APPROVAL, subject=_word(dossier), digest=sealing.digest_of(dossier))
    return _queue(dossier, move, "seal", by)


@transaction.atomic
def retry(dossier: Dossier, *, by: Any) -> Dossier:
    """Make again what failed: the same approved facts, if nothing has come in their way since. Raises Blocked."""
    dossier, move = _begin(dossier, "retry", by)
    if found := blockers(dossier):
        raise Blocked(found)
    return _queue(dossier, move, "retry", by)


def _begin(dossier: Dossier, verb: str, by: Any) -> tuple[Dossier, lifecycle.Move]:
    """The locked row and the move that `verb` makes; CaseClosed, NotAllowed or PermissionDenied otherwise."""
    require_open(dossier.case)
    dossier = Dossier.objects.select_for_update().select_related("case").get(pk=dossier.pk)
    move = lifecycle.move(TABLES[dossier.kind], dossier.state, verb)
    require(by, move.action, dossier.case)
    return dossier, move


def _queue(dossier: Dossier, move: lifecycle.Move, verb: str, by: Any) -> Dossier:
    dossier.sealed_by, dossier.problem, dossier.claimed_until = by, "", None
    dossier.done, dossier.total, dossier.step = 0, len(dossier.frozen["exhibits"]), "waiting"
    wake.after_commit("reports.dossiers.render", dossier.pk)
    return _moved(dossier, move, verb, by)


def _reviewed(dossier: Dossier, move: lifecycle.Move, verb: str, note: str, by: Any) -> Dossier:
    dossier.reviewer, dossier.reviewed_at, dossier.review_note = by, timezone.now(), note
    return _moved(dossier, move, verb, by)


def _moved(dossier: Dossier, move: lifecycle.Move, verb: str, by: Any) -> Dossier:
    dossier.state = move.target
    dossier.save()
    _record(Act.DOSSIER_MOVED, dossier, by, verb=verb, state=move.target, digest=dossier.digest)
    return dossier


def _freeze(dossier: Dossier, weighed: dict[str, str], by: Any) -> None:
    frozen = freeze(dossier.case, kind=dossier.kind, language=dossier.language, weighed=weighed, by=by)
    dossier.frozen, dossier.digest = frozen, approvals.digest_of(frozen)
    dossier.log_size, dossier.log_root = frozen["log"]["size"], frozen["log"]["root"]
    dossier.necessity, dossier.against = weighed["necessity"], weighed["against"]
    dossier.less_intrusive = weighed["less_intrusive"]
    dossier.composed_by, dossier.composed_at = by, timezone.now()


def _weighed(necessity: str, against: str, less_intrusive: str) -> dict[str, str]:
    return cleaned({"necessity": necessity, "against": against, "less_intrusive": less_intrusive})


def _require_approvable(dossier: Dossier) -> None:
    if found := lasting(blockers(dossier)):
        raise Blocked(found)


def _require_another(dossier: Dossier, by: Any) -> approvals.Approval:
    """What waits for a second person, who is not whoever composed it, under another's account either."""
    if by.pk == dossier.composed_by_id:
        raise approvals.Refused(_("A second person must decide: you composed this yourself."))
    waiting = approvals.waiting(APPROVAL, subject=_word(dossier))
    approvals.require_two_hands(dossier.composed_by, by, waiting.proposed_at)
    return waiting


def _record(act: Act, dossier: Dossier, by: Any, **detail: Any) -> None:
    record(act, by=by, subject=_word(dossier), context=f"case/{dossier.case.ref}", **detail)


_word = sealing.word
