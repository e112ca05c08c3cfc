"""Write, edit, submit and review findings. Nobody reviews what they wrote; who edits voids the review."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import approvals, editions
from casework.access import Action, require
from casework.accounts import labels
from casework.accounts.likelihood import Likelihood
from casework.accounts.models import Subject
from casework.accounts.words import chosen, cleaned, together
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.exhibits.models import Exhibit
from casework.findings import revisions
from casework.findings.content import APPROVAL, TEXTS, content, digest, edition
from casework.findings.editing import edited, locked, require_author, require_unmixed
from casework.findings.models import Alternative, Citation, Finding
from casework.record import Act, record

__all__ = ["TEXTS", "content", "digest", "edit", "edition", "review", "send_back", "submit", "write"]

MOST_ALTERNATIVES = 20


@transaction.atomic
def write(case: Case, *, kind: str, title: str, claim: str, method: str, likelihood: str, confidence: str,
          against: str, alternatives: Sequence[Mapping[str, str]], exhibits_for: Sequence[Exhibit],
          exhibits_against: Sequence[Exhibit] = (), subjects: Sequence[Subject] = (), by: Any) -> Finding:
    """A new finding, as a draft. `alternatives`: each a `hypothesis` and `why` it is less likely.

    Raises ValidationError for what is missing or mixes confidence and likelihood."""
    case = require_open(case)
    require(by, Action.FINDING_WRITE, case)
    said = {"kind": kind, "likelihood": likelihood, "confidence": confidence, "title": title, "claim": claim,
            "method": method, "against": against}
    said, others = _checked(said, alternatives)
    _require_cited(case, exhibits_for, exhibits_against, subjects)
    number = (case.findings.aggregate(last=Max("number"))["last"] or 0) + 1
    finding = Finding.objects.create(case=case, number=number, author=by, written_at=timezone.now(), **said)
    _cite(finding, exhibits_for, exhibits_against, subjects)
    _weigh(finding, others)
    revisions.keep(finding, Act.FINDING_WRITTEN, by=by)
    return finding


@transaction.atomic
def edit(finding: Finding, *, kind: str, title: str, claim: str, method: str, likelihood: str, confidence: str,
         against: str, alternatives: Sequence[Mapping[str, str]], exhibits_for: Sequence[Exhibit],
         exhibits_against: Sequence[Exhibit] = (), subjects: Sequence[Subject] = (),
         made_from: Collection[str] | None = None, by: Any) -> Finding:
    """Replace the words. What was judged of an exhibit that stays cited stays. Only its author may; the finding is a
    draft again and any review of it is void."""
    finding, move = locked(finding, "edit", by)
    require_author(finding, by)
    editions.require(made_from, partial(edition, finding))
    said = {"kind": kind, "likelihood": likelihood, "confidence": confidence, "title": title, "claim": claim,
            "method": method, "against": against}
    said, others = _checked(said, alternatives)
    _require_cited(finding.case, exhibits_for, exhibits_against, subjects)
    for name, value in said.items():
        setattr(finding, name, value)
    _cite(finding, exhibits_for, exhibits_against, subjects)
    _weigh(finding, others)
    return edited(finding, move, by)


@transaction.atomic
def submit(finding: Finding, *, by: Any) -> Finding:
    """Ask for another person's review of exactly these words. Raises ValidationError for what is not judged yet."""
    finding, move = locked(finding, "submit", by)
    require_author(finding, by)
    _require_complete(finding)
    finding.state = move.target
    finding.save(update_fields=["state"])
    bound = digest(finding)
    approvals.propose(APPROVAL, subject=finding.word, case_ref=finding.case.ref, digest=bound, by=by)
    record(Act.FINDING_SUBMITTED, by=by, subject=finding.word, context=f"case/{finding.case.ref}", digest=bound,
           revision=finding.revision)
    return finding


@transaction.atomic
def review(finding: Finding, *, note: str = "", seen: str = "", by: Any) -> Finding:
    """Another person stands behind the finding. `seen`: the digest of what they read, where a page or call showed it.

    Raises Refused for the author, and when the words are not those that were read."""
    finding, move = locked(finding, "review", by)
    note = cleaned({"note": note}, optional=["note"])["note"]
    bound = digest(finding)
    if seen and seen != bound:
        raise approvals.Refused(_("It was changed since you read it. Read it again."))
    _require_complete(finding)
    approvals.approve(approvals.waiting(APPROVAL, subject=finding.word), digest=bound, by=by)
    approvals.use(APPROVAL, subject=finding.word, digest=bound)
    finding.state, finding.reviewer, finding.reviewed_at, finding.review_note = move.target, by, timezone.now(), note
    finding.save()
    record(Act.FINDING_REVIEWED, by=by, subject=finding.word, context=f"case/{finding.case.ref}", digest=bound,
           revision=finding.revision, note=note)
    return finding


@transaction.atomic
def send_back(finding: Finding, *, reason: str, by: Any) -> Finding:
    """Another person returns it to its author and says why."""
    finding, move = locked(finding, "send_back", by)
    reason = cleaned({"reason": reason})["reason"]
    waiting = approvals.waiting(APPROVAL, subject=finding.word)
    # What was proposed goes back, whatever has become of it: nobody stands behind anything.
    approvals.refuse(waiting, digest=waiting.digest, reason=reason, by=by)
    finding.state, finding.review_note = move.target, reason
    finding.save(update_fields=["state", "review_note"])
    record(Act.FINDING_RETURNED, by=by, subject=finding.word, context=f"case/{finding.case.ref}", reason=reason,
           digest=waiting.digest, revision=finding.revision)
    return finding


def _checked(said: Mapping[str, str],
             alternatives: Sequence[Mapping[str, str]]) -> tuple[dict[str, str], list[dict[str, str]]]:
    """What was said, fit to keep. One ValidationError names every field that is not."""
    choices = {"kind": Finding.Kind, "likelihood": Likelihood, "confidence": Finding.Confidence}

    def choose(name: str) -> None:
        chosen(name, said[name], choices[name].values)

    texts, others = {name: said[name] for name in TEXTS}, _others(alternatives)
    checked = together(lambda: cleaned(texts, most={"title": 200}), *(partial(choose, name) for name in choices),
                       partial(_require_others, others))
    require_unmixed(checked)
    require_unmixed({"alternatives": "\n".join(text for one in others for text in one.values())})
    return {**{name: said[name] for name in choices}, **checked}, others


def _others(alternatives: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Stripped, without those in which nothing is written."""
    found = [{name: cleaned({"alternatives": one[name]}, optional=["alternatives"])["alternatives"]
              for name in ("hypothesis", "why")} for one in alternatives]
    return [one for one in found if any(one.values())]


def _require_others(others: list[dict[str, str]]) -> None:
    if not others:
        raise ValidationError({"alternatives": _("Name at least one other explanation, a harmless one among them.")})
    if len(others) > MOST_ALTERNATIVES:
        raise ValidationError({"alternatives": _("At most %(most)d.") % {"most": MOST_ALTERNATIVES}})
    if not all(all(one.values()) for one in others):
        raise ValidationError({"alternatives": _("Say of each explanation why it is less likely, and of each reason "
                                                 "which explanation it speaks against.")})


def _require_complete(finding: Finding) -> None:
    """What a second person reads: every exhibit stands and is judged, and every other explanation is answered."""
    labels.require_citable(Exhibit.objects.filter(citations__finding=finding))
    wrong = []
    unjudged = finding.citations.filter(Q(reliability="") | Q(credibility="")).order_by("exhibit__number")
    if found := [row.exhibit.label for row in unjudged.select_related("exhibit")]:
        wrong.append(_("Not judged yet, as a source and by what it says: %(labels)s.") % {"labels": ", ".join(found)})
    if not finding.confidence:
        wrong.append(_("State how confident you are: edit the finding."))
    others = list(finding.alternatives.all())
    if not others or not all(one.why for one in others):
        wrong.append(_("Say of each other explanation why it is less likely: edit the finding."))
    if wrong:
        raise ValidationError(wrong)


def _require_cited(case: Case, exhibits_for: Sequence[Exhibit], exhibits_against: Sequence[Exhibit],
                   subjects: Sequence[Subject]) -> None:
    if not exhibits_for:
        raise ValidationError({"exhibits_for": _("A finding stands on at least one exhibit.")})
    cited = [*exhibits_for, *exhibits_against]
    if any(exhibit.case_id != case.pk or not exhibit.is_captured for exhibit in cited):
        message = _("Cite exhibits of this case that are not withdrawn and that this system did not make itself.")
        raise ValidationError({"exhibits_for": message})
    if len({exhibit.pk for exhibit in cited}) != len(cited):
        raise ValidationError({"exhibits_against": _("An exhibit is cited once, either for or against.")})
    if any(subject.case_id != case.pk for subject in subjects):
        raise ValidationError({"subjects": _("Name subjects of this case.")})


def _cite(finding: Finding, exhibits_for: Sequence[Exhibit], exhibits_against: Sequence[Exhibit],
          subjects: Sequence[Subject]) -> None:
    """Exactly these; what was judged of those that were cited before stays."""
    bearings = {exhibit.pk: Citation.Bearing.FOR for exhibit in exhibits_for}
    bearings |= {exhibit.pk: Citation.Bearing.AGAINST for exhibit in exhibits_against}
    finding.citations.exclude(exhibit__in=bearings).delete()
    known = {row.exhibit_id: row for row in finding.citations.all()}
    for exhibit, row in known.items():
        row.bearing = bearings[exhibit]
    Citation.objects.bulk_update(known.values(), ["bearing"])
    Citation.objects.bulk_create(Citation(finding=finding, exhibit_id=exhibit, bearing=bearing)
                                 for exhibit, bearing in bearings.items() if exhibit not in known)
    finding.subjects.set(subjects)


def _weigh(finding: Finding, others: Sequence[Mapping[str, str]]) -> None:
    finding.alternatives.all().delete()
    Alternative.objects.bulk_create(Alternative(finding=finding, position=position, **one)
                                    for position, one in enumerate(others, 1))
