"""Tag, link or assess many subjects of a case at once, each through the service for one.

What is refused for one is done for the others, and the answer says which and why. A step of the role ladder that needs
two people is proposed for each, and each waits for a second person by itself: nothing is confirmed in bulk."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.access import Action, require
from casework.accounts import assessments, linking, states, tagging
from casework.accounts.models import Assessment, Observation, Subject
from casework.accounts.tags import Tag
from casework.accounts.words import chosen
from casework.approvals import Refused
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.exhibits.models import Exhibit
from casework.lifecycle import NotAllowed

MOST = 100


@dataclass(frozen=True)
class Outcome:
    """What came of one subject. `waits`: it was proposed, and a second person decides. `refused` says why not."""

    subject: Subject
    waits: bool = False
    refused: str = ""


@transaction.atomic
def tag(case: Case, subjects: Sequence[Subject], *, tags: Collection[str], by: Any) -> list[Outcome]:
    """Give each these tags beside those that it has."""
    wanted = {chosen("tags", one, Tag.values) for one in tags}
    if not wanted:
        raise ValidationError({"tags": _("Choose at least one.")})

    def add(subject: Subject) -> None:
        if wanted <= set(subject.tags):
            raise ValidationError(_("It has these tags already."))
        tagging.tag(subject, tags=wanted | set(subject.tags), by=by)

    return _each(case, subjects, add, by)


@transaction.atomic
def link(case: Case, subjects: Sequence[Subject], *, other: Subject, kind: str, likelihood: str, basis: str,
         exhibits: Sequence[Exhibit], by: Any) -> list[Outcome]:
    """Link each to `other`, all on one basis."""
    return _each(case, subjects, lambda subject: linking.link(
        subject, other=other, kind=kind, likelihood=likelihood, basis=basis, exhibits=exhibits, by=by), by)


@transaction.atomic
def assess(case: Case, subjects: Sequence[Subject], *, to_role: str, indicators: Sequence[str] = (),
           exhibits: Sequence[Exhibit] = (), reason: str, against: str = "", by: Any) -> list[Outcome]:
    """Take, or above participant propose, the same step for each. A step up stands on exhibits that show the account
    itself: one that none of them shows is refused, and is assessed by itself."""
    seen = Observation.objects.standing().filter(exhibit__in=exhibits, exhibit__case=case)
    shown = set(seen.values_list("account", flat=True))

    def step(subject: Subject) -> Assessment:
        up = to_role in states.LADDER and states.LADDER.index(to_role) > states.LADDER.index(subject.role)
        if up and exhibits and subject.account_id not in shown:
            raise ValidationError(_("None of these exhibits shows this account. Assess it by itself."))
        return assessments.assess(subject, to_role=to_role, indicators=indicators, exhibits=exhibits, reason=reason,
                                  against=against, by=by)

    return _each(case, subjects, step, by)


def _each(case: Case, subjects: Sequence[Subject], act: Callable[[Subject], Any], by: Any) -> list[Outcome]:
    """What came of each, in the order given. Raises ValidationError where nothing was chosen, or too much."""
    case = require_open(case)
    require(by, Action.ACCOUNT_EDIT, case)
    if not subjects or len(subjects) > MOST:
        raise ValidationError({"subjects": _("Choose from 1 to %(most)d accounts.") % {"most": MOST}})
    # As they are under the lock of the case.
    standing = {one.pk: one for one in case.subjects.select_related("account", "case").filter(
        pk__in=[subject.pk for subject in subjects])}
    return [_outcome(standing[subject.pk], act) for subject in subjects]


def _outcome(subject: Subject, act: Callable[[Subject], Any]) -> Outcome:
    try:
        with transaction.atomic():
            done = act(subject)
    except ValidationError as refused:
        return Outcome(subject, refused=" ".join(dict.fromkeys(refused.messages)))
    except (NotAllowed, Refused) as refused:
        return Outcome(subject, refused=str(refused))
    return Outcome(subject, waits=isinstance(done, Assessment) and done.state == Assessment.State.PROPOSED)
