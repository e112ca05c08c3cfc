"""Rows → one frozen value: what a dossier will say, at one size of the log. Later edits do not reach it."""

from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from casework.accounts import pseudonyms
from casework.accounts.models import Observation, Subject
from casework.cases.models import Case
from casework.exhibits.models import Exhibit
from casework.findings.models import Finding
from casework.takedowns.models import Notice, Target
from evidence.custody import checkpoints
from reports.dossiers import called, facts
from reports.dossiers.exhibit_facts import exhibit, previews
from reports.dossiers.outside import outside
from reports.dossiers.redaction import redact
from reports.dossiers.withholding import withhold

FORMAT = 1
# What a draft or a withdrawn notice says was never said to anybody.
TOLD = (Notice.State.SENT, Notice.State.ACKNOWLEDGED, Notice.State.DECIDED, Notice.State.CLOSED)


def compose(case: Case, *, kind: str, language: str, weighed: dict[str, str], by: Any) -> dict[str, Any]:
    """The facts of `case` as a dossier of `kind` freezes them, in `language`. Plain values with a canonical form."""
    with translation.override(language):
        whole = _everything(case, kind, language, weighed, by)
        return _for_strangers(case, whole) if kind == "briefing" else _for_court(case, whole)


def _everything(case: Case, kind: str, language: str, weighed: dict[str, str], by: Any) -> dict[str, Any]:
    checkpoint = checkpoints.latest()
    size = checkpoint.size if checkpoint else checkpoints.log_size()
    findings = _findings(case)
    notices = _notices(case)
    subjects = _subjects(case, findings, notices)
    exhibits = _exhibits(case, kind, findings, subjects, notices)
    pictures = previews(exhibits)
    return {
        "v": FORMAT, "kind": kind, "language": language,
        "composed": {"at": facts.instant(timezone.now()), "by": str(by)},
        "case": facts.case(case), "weighed": weighed,
        "log": {"size": size, "root": checkpoints.root_at(size).hex(),
                "note": checkpoint.note if checkpoint else "",
                "signed_at": facts.instant(checkpoint.signed_at if checkpoint else None),
                "outside": outside(size)},
        "findings": [facts.finding(row) for row in findings],
        "subjects": [facts.subject(row) for row in subjects],
        "notices": [facts.notice(row) for row in notices],
        "exhibits": [exhibit(row, pictures, size) for row in exhibits]}


def _findings(case: Case) -> list[Finding]:
    return list(case.findings.filter(state=Finding.State.REVIEWED).select_related("author", "reviewer")
                .prefetch_related("citations__exhibit", "subjects").order_by("number"))


def _notices(case: Case) -> list[Notice]:
    return list(case.notices.filter(state__in=TOLD).select_related("sent_exhibit").order_by("number")
                .prefetch_related("targets__subject", "targets__exhibits", "targets__answer_exhibit"))


def _subjects(case: Case, findings: list[Finding], notices: list[Notice]) -> list[Subject]:
    """Those whom a finding or a notice speaks of; nobody is listed for being known to the case."""
    named = Q(findings__in=findings) | Q(targets__notice__in=notices)
    return list(_with_names(case).filter(named).distinct().order_by("number"))


def _with_names(case: Case) -> Any:
    # An account may have been seen in other cases: what they saw is theirs.
    seen = Observation.objects.filter(exhibit__case=case).select_related("exhibit")
    return case.subjects.select_related("account").prefetch_related(
        Prefetch("account__observations", queryset=seen),
        "assessments__exhibits", "assessments__proposed_by", "assessments__decided_by")


def _exhibits(case: Case, kind: str, findings: list[Finding], subjects: list[Subject],
              notices: list[Notice]) -> list[Exhibit]:
    """What the findings cite; in a referral also what role assessments and notices stand on."""
    cited = Q(citations__finding__in=findings)
    if kind == "referral":
        cited |= Q(assessments__subject__in=subjects, assessments__state="in_force") | Q(targets__notice__in=notices)
        cited |= Q(pk__in=[notice.sent_exhibit_id for notice in notices])
        answers = Target.objects.filter(notice__in=notices, answer_exhibit__isnull=False)
        cited |= Q(pk__in=answers.values("answer_exhibit_id"))
    return list(case.exhibits.filter(cited).distinct().select_related("case", "item__blob", "lodged_by")
                .order_by("number"))


def _for_strangers(case: Case, whole: dict[str, Any]) -> dict[str, Any]:
    others = {_("Person"): called.sources(case), _("File"): called.files(case)}
    return redact(whole, called=called.accounts(case, _with_names(case)), team=called.team(case), others=others,
                  words=_words(), member=_("Team member"))


def _for_court(case: Case, whole: dict[str, Any]) -> dict[str, Any]:
    rows = list(_with_names(case))
    taking_part = [row for row in rows if row.role != Subject.Role.BYSTANDER]
    names = called.accounts(case, rows)
    spared = {name for row in taking_part for name in names.pop(row.label)}
    bystanders = {row.label for row in rows}
    ordinary = {label: found for label, found in names.items() if label in bystanders}
    ordinary[_("an ordinary user")] = {name for label, found in names.items() if label not in bystanders
                                       for name in found}
    return withhold(whole, ordinary=ordinary, spared=spared, words=_words(),
                    exhibits=called.shown_of_others(case, taking_part))


def _words() -> pseudonyms.Words:
    return pseudonyms.Words(account=_("Account"), phone=_("Telephone number"), address=_("Address"))
