"""Steps on the role ladder: one person down and to participant, two people above it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import approvals, lifecycle
from casework.access import require
from casework.accounts import labels, statements, states
from casework.accounts.models import Assessment, Subject
from casework.accounts.states import Step
from casework.accounts.words import chosen, cleaned, together
from casework.cases.services import require_open
from casework.exhibits.models import Exhibit
from casework.record import Act, record

APPROVAL = "assessment"


@transaction.atomic
def assess(subject: Subject, *, to_role: str, indicators: Sequence[str] = (), exhibits: Sequence[Exhibit] = (),
           reason: str, against: str = "", by: Any) -> Assessment:
    """Take, or above participant propose, a step from the subject's role to `to_role`.

    Up: at least one behavioural indicator, cited exhibits and what speaks against it. Down: a reason.
    Raises NotAllowed where the ladder has no such step, ValidationError for what is missing."""
    subject = statements.locked(subject, by)
    case = subject.case
    chosen("to_role", to_role, states.LADDER)
    step = states.step(subject.role, to_role)
    texts = together(
        lambda: cleaned({"reason": reason, "against": against}, optional=["against"] if step is Step.DOWN else []),
        lambda: _require_support(subject, step, indicators, exhibits))
    assessment = Assessment.objects.create(
        subject=subject, from_role=subject.role, to_role=to_role, indicators=sorted(set(indicators)), **texts,
        state=Assessment.State.PROPOSED if step is Step.TOGETHER else Assessment.State.IN_FORCE, proposed_by=by,
        proposed_at=timezone.now())
    assessment.exhibits.set(exhibits)
    if step is Step.TOGETHER:
        approvals.propose(APPROVAL, subject=assessment.word, case_ref=case.ref, digest=digest(assessment), by=by)
        record(Act.ROLE_PROPOSED, by=by, subject=subject.word, context=f"case/{case.ref}", **_content(assessment))
    else:
        _put_in_force(subject, assessment, by)
    return assessment


@transaction.atomic
def confirm(assessment: Assessment, *, by: Any) -> Assessment:
    """The second person agrees: the role takes effect. Raises Refused when the role has changed meanwhile, and
    ValidationError when an exhibit that it stands on shows nothing any more."""
    subject, assessment, move = _decide(assessment, "confirm", by)
    if subject.role != assessment.from_role:
        raise approvals.Refused(_("The role was changed after this was proposed. Send it back."))
    labels.require_citable(assessment.exhibits.all())
    bound = digest(assessment)
    approvals.approve(approvals.waiting(APPROVAL, subject=assessment.word), digest=bound, by=by)
    approvals.use(APPROVAL, subject=assessment.word, digest=bound)
    assessment.state, assessment.decided_by, assessment.decided_at = move.target, by, timezone.now()
    assessment.save()
    _put_in_force(subject, assessment, by)
    return assessment


@transaction.atomic
def send_back(assessment: Assessment, *, reason: str, by: Any) -> Assessment:
    """The second person disagrees and says why; the role stays as it is."""
    subject, assessment, move = _decide(assessment, "send_back", by)
    note = cleaned({"reason": reason})["reason"]
    waiting = approvals.waiting(APPROVAL, subject=assessment.word)
    approvals.refuse(waiting, digest=digest(assessment), reason=note, by=by)
    assessment.state, assessment.decided_by, assessment.decided_at = move.target, by, timezone.now()
    assessment.decision_note = note
    assessment.save()
    record(Act.ROLE_RETURNED, by=by, subject=subject.word, context=f"case/{subject.case.ref}",
           to_role=assessment.to_role, reason=note)
    return assessment


def digest(assessment: Assessment) -> str:
    """What the second person's yes binds."""
    return approvals.digest_of(_content(assessment) | {"subject": assessment.word})


def _decide(assessment: Assessment, verb: str, by: Any) -> tuple[Subject, Assessment, lifecycle.Move]:
    case = require_open(assessment.subject.case)
    require(by, states.ASSESSMENT[verb].action, case)
    subject = case.subjects.select_for_update().get(pk=assessment.subject_id)
    assessment = subject.assessments.select_for_update().get(pk=assessment.pk)
    return subject, assessment, lifecycle.move(states.ASSESSMENT, assessment.state, verb)


def _require_support(subject: Subject, step: Step, indicators: Sequence[str], exhibits: Sequence[Exhibit]) -> None:
    for indicator in indicators:
        chosen("indicators", indicator, Assessment.Indicator.values)
    if any(exhibit.case_id != subject.case_id or not exhibit.is_captured for exhibit in exhibits):
        message = _("Cite exhibits of this case that are not withdrawn and that this system did not make itself.")
        raise ValidationError({"exhibits": message})
    if step is Step.DOWN:
        return
    wrong = {}
    if not indicators:
        wrong["indicators"] = _("Name at least one behaviour. A view, a party, a faith or an origin is none.")
    if not exhibits:
        wrong["exhibits"] = _("Cite the exhibits that show the behaviour.")
    if wrong:
        raise ValidationError(wrong)
    if step is Step.TOGETHER and subject.assessments.filter(state=Assessment.State.PROPOSED).exists():
        raise ValidationError(_("Another assessment of this subject waits for a second person."))


def _put_in_force(subject: Subject, assessment: Assessment, by: Any) -> None:
    subject.role = assessment.to_role
    subject.save(update_fields=["role"])
    record(Act.ROLE_ASSESSED, by=by, subject=subject.word, context=f"case/{subject.case.ref}", **_content(assessment))


def _content(assessment: Assessment) -> dict[str, Any]:
    cited = assessment.exhibits.order_by("number").values_list("number", "item__blob_id")
    return {"from_role": assessment.from_role, "to_role": assessment.to_role, "indicators": assessment.indicators,
            "exhibits": [{"number": number, "sha256": sha256} for number, sha256 in cited],
            "reason": assessment.reason, "against": assessment.against}
