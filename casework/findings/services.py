"""Write, edit, submit and review findings. Nobody reviews what they wrote; who edits voids the review."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import approvals, editions, lifecycle
from casework.access import Action, require
from casework.accounts import labels
from casework.accounts.likelihood import Likelihood
from casework.accounts.models import Subject
from casework.accounts.words import chosen, cleaned
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.exhibits.models import Exhibit
from casework.findings import lint, states
from casework.findings.models import Citation, Finding
from casework.record import Act, record

APPROVAL = "finding"
TEXTS = ("title", "claim", "method", "against", "alternatives")


@transaction.atomic
def write(case: Case, *, kind: str, title: str, claim: str, method: str, likelihood: str, against: str,
          alternatives: str, exhibits_for: Sequence[Exhibit], exhibits_against: Sequence[Exhibit] = (),
          subjects: Sequence[Subject] = (), by: Any) -> Finding:
    """A new finding, as a draft. Raises ValidationError for what is missing or mixes confidence and likelihood."""
    case = require_open(case)
    require(by, Action.FINDING_WRITE, case)
    texts = _checked(kind, likelihood, {"title": title, "claim": claim, "method": method, "against": against,
                                        "alternatives": alternatives})
    _require_cited(case, exhibits_for, exhibits_against, subjects)
    number = (case.findings.aggregate(last=Max("number"))["last"] or 0) + 1
    finding = Finding.objects.create(case=case, number=number, kind=kind, likelihood=likelihood, author=by,
                                     written_at=timezone.now(), **texts)
    _cite(finding, exhibits_for, exhibits_against, subjects)
    record(Act.FINDING_WRITTEN, by=by, subject=finding.word, context=f"case/{case.ref}", **content(finding))
    return finding


@transaction.atomic
def edit(finding: Finding, *, kind: str, title: str, claim: str, method: str, likelihood: str, against: str,
         alternatives: str, exhibits_for: Sequence[Exhibit], exhibits_against: Sequence[Exhibit] = (),
         subjects: Sequence[Subject] = (), made_from: Collection[str] | None = None, by: Any) -> Finding:
    """Replace the content. Only its author may; the finding is a draft again and any review of it is void."""
    finding, move = _locked(finding, "edit", by)
    _require_author(finding, by)
    editions.require(made_from, partial(edition, finding))
    texts = _checked(kind, likelihood, {"title": title, "claim": claim, "method": method, "against": against,
                                        "alternatives": alternatives})
    _require_cited(finding.case, exhibits_for, exhibits_against, subjects)
    before = finding.state
    for name, value in {**texts, "kind": kind, "likelihood": likelihood}.items():
        setattr(finding, name, value)
    finding.state, finding.reviewer, finding.reviewed_at, finding.written_at = move.target, None, None, timezone.now()
    finding.save()
    finding.citations.all().delete()
    _cite(finding, exhibits_for, exhibits_against, subjects)
    record(Act.FINDING_EDITED, by=by, subject=finding.word, context=f"case/{finding.case.ref}", was=before,
           **content(finding))
    return finding


@transaction.atomic
def submit(finding: Finding, *, by: Any) -> Finding:
    """Ask for another person's review of exactly these words."""
    finding, move = _locked(finding, "submit", by)
    _require_author(finding, by)
    labels.require_citable(Exhibit.objects.filter(citations__finding=finding))
    finding.state = move.target
    finding.save(update_fields=["state"])
    bound = digest(finding)
    approvals.propose(APPROVAL, subject=finding.word, case_ref=finding.case.ref, digest=bound, by=by)
    record(Act.FINDING_SUBMITTED, by=by, subject=finding.word, context=f"case/{finding.case.ref}", digest=bound)
    return finding


@transaction.atomic
def review(finding: Finding, *, note: str = "", seen: str = "", by: Any) -> Finding:
    """Another person stands behind the finding. `seen`: the digest of what they read, where a page or call showed it.

    Raises Refused for the author, and when the words are not those that were read."""
    finding, move = _locked(finding, "review", by)
    note = cleaned({"note": note}, optional=["note"])["note"]
    bound = digest(finding)
    if seen and seen != bound:
        raise approvals.Refused(_("It was changed since you read it. Read it again."))
    labels.require_citable(Exhibit.objects.filter(citations__finding=finding))
    approvals.approve(approvals.waiting(APPROVAL, subject=finding.word), digest=bound, by=by)
    approvals.use(APPROVAL, subject=finding.word, digest=bound)
    finding.state, finding.reviewer, finding.reviewed_at, finding.review_note = move.target, by, timezone.now(), note
    finding.save()
    record(Act.FINDING_REVIEWED, by=by, subject=finding.word, context=f"case/{finding.case.ref}", digest=bound,
           note=note)
    return finding


@transaction.atomic
def send_back(finding: Finding, *, reason: str, by: Any) -> Finding:
    """Another person returns it to its author and says why."""
    finding, move = _locked(finding, "send_back", by)
    reason = cleaned({"reason": reason})["reason"]
    approvals.refuse(approvals.waiting(APPROVAL, subject=finding.word), digest=digest(finding), reason=reason, by=by)
    finding.state, finding.review_note = move.target, reason
    finding.save(update_fields=["state", "review_note"])
    record(Act.FINDING_RETURNED, by=by, subject=finding.word, context=f"case/{finding.case.ref}", reason=reason)
    return finding


def content(finding: Finding) -> dict[str, Any]:
    """Everything that a reviewer stands behind, as plain data."""
    cited = finding.citations.order_by("exhibit__number").values_list("exhibit__number", "exhibit__item__blob_id",
                                                                      "bearing")
    return {"kind": finding.kind, "likelihood": finding.likelihood, **{name: getattr(finding, name) for name in TEXTS},
            "exhibits": [{"number": number, "sha256": sha256, "bearing": bearing} for number, sha256, bearing in cited],
            "subjects": list(finding.subjects.order_by("number").values_list("number", flat=True))}


def digest(finding: Finding) -> str:
    """What a review binds (64 hex digits)."""
    return edition(finding).version


def edition(finding: Finding) -> editions.Edition:
    """What of it can be edited, as it stands; exhibits and subjects by their labels."""
    found = content(finding)
    words = {name: found[name] for name in ("kind", "likelihood", *TEXTS)}
    words |= {f"exhibits_{bearing}": [f"E-{cited['number']:03d}" for cited in found["exhibits"]
                                      if cited["bearing"] == bearing] for bearing in Citation.Bearing.values}
    words["subjects"] = [f"S-{number:03d}" for number in found["subjects"]]
    return editions.Edition(words, finding.word, (Act.FINDING_EDITED, Act.FINDING_WRITTEN),
                            digest=approvals.digest_of(found | {"finding": finding.word}))


def _locked(finding: Finding, verb: str, by: Any) -> tuple[Finding, lifecycle.Move]:
    """Lock, ask whether this person may, and look up the move."""
    case = require_open(finding.case)
    locked: Finding = case.findings.select_for_update(of=("self",)).get(pk=finding.pk)
    require(by, states.FINDING[verb].action, case)
    return locked, lifecycle.move(states.FINDING, locked.state, verb)


def _require_author(finding: Finding, by: Any) -> None:
    if finding.author_id != by.pk:
        raise PermissionDenied(_("Only its author changes or submits a finding, so that no reviewer has written it."))


def _checked(kind: str, likelihood: str, texts: dict[str, str]) -> dict[str, str]:
    chosen("kind", kind, Finding.Kind.values)
    chosen("likelihood", likelihood, Likelihood.values)
    texts = cleaned(texts, most={"title": 200})
    message = _("One sentence combines a level of confidence with a likelihood. Use two sentences: “%(sentence)s”.")
    wrong = {name: message % {"sentence": found[0][:160]}
             for name, text in texts.items() if (found := lint.mixed(text))}
    if wrong:
        raise ValidationError(wrong)
    return texts


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
    bearings = {Citation.Bearing.FOR: exhibits_for, Citation.Bearing.AGAINST: exhibits_against}
    Citation.objects.bulk_create(Citation(finding=finding, exhibit=exhibit, bearing=bearing)
                                 for bearing, cited in bearings.items() for exhibit in cited)
    finding.subjects.set(subjects)
