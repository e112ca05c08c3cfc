"""Rows → one frozen value: what a dossier will say, at one size of the log. Later edits do not reach it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from casework.accounts import pseudonyms
from casework.accounts.merge_models import Merge
from casework.accounts.models import Observation, Subject
from casework.accounts.statement_models import SubjectNote
from casework.cases.models import Case
from casework.exhibits.models import Exhibit
from casework.findings.models import Finding
from casework.takedowns.models import Notice, Target
from evidence.custody import checkpoints
from reports.dossiers import called, facts
from reports.dossiers.exhibit_facts import exhibits, exhibits_now
from reports.dossiers.outside import outside
from reports.dossiers.redaction import redact
from reports.dossiers.withholding import withhold

# 2: findings have confidence, citations that are judged, other explanations as a list, and techniques.
FORMAT = 2
# What a draft or a withdrawn notice says was never said to anybody.
TOLD = (Notice.State.SENT, Notice.State.ACKNOWLEDGED, Notice.State.DECIDED, Notice.State.CLOSED)


def compose(case: Case, *, kind: str, language: str, weighed: dict[str, str], by: Any) -> dict[str, Any]:
    """The facts of `case` as a dossier of `kind` freezes them, in `language`. Plain values with a canonical form."""
    checkpoint = checkpoints.latest()
    size = checkpoint.size if checkpoint else checkpoints.log_size()
    head = {"v": FORMAT, "kind": kind, "language": language,
            "composed": {"at": facts.instant(timezone.now()), "by": str(by)},
            "log": {"size": size, "root": checkpoints.root_at(size).hex(),
                    "note": checkpoint.note if checkpoint else "",
                    "signed_at": facts.instant(checkpoint.signed_at if checkpoint else None),
                    "outside": outside(size)}}
    return _told(case, head, weighed, _findings(case), exhibits)


def again(case: Case, frozen: dict[str, Any], weighed: dict[str, str]) -> dict[str, Any]:
    """What `compose` would say now of the findings in `frozen`, at the same size of the log. The letters of a
    briefing's pseudonyms are dealt anew."""
    head = {key: frozen[key] for key in ("v", "kind", "language", "composed", "log")}
    findings = _findings(case).filter(number__in=[int(row["label"].removeprefix("F-")) for row in frozen["findings"]])
    return _told(case, head, weighed, findings, partial(exhibits_now, frozen=frozen["exhibits"]))


def _told(case: Case, head: dict[str, Any], weighed: dict[str, str], found: QuerySet[Finding],
          describe: Callable[[list[Exhibit], int], list[dict[str, Any]]]) -> dict[str, Any]:
    findings, notices, everybody = list(found), _notices(case), _with_names(case)
    subjects = _subjects(everybody, findings, notices)
    with translation.override(head["language"]):
        whole = head | {
            "case": facts.case(case), "weighed": weighed, "findings": [facts.finding(row) for row in findings],
            "subjects": [facts.subject(row) for row in subjects], "notices": [facts.notice(row) for row in notices],
            "exhibits": describe(_exhibits(case, head["kind"], findings, subjects, notices), head["log"]["size"])}
        return (_for_strangers if head["kind"] == "briefing" else _for_court)(case, whole, everybody)


def _findings(case: Case) -> QuerySet[Finding]:
    return (case.findings.filter(state=Finding.State.REVIEWED).select_related("author", "reviewer")
            .prefetch_related("citations__exhibit", Prefetch("subjects", Subject.objects.with_merge()))
            .order_by("number").told())


def _notices(case: Case) -> list[Notice]:
    return list(case.notices.filter(state__in=TOLD).select_related("sent_exhibit").order_by("number")
                .prefetch_related(Prefetch("targets__subject", Subject.objects.with_merge()), "targets__exhibits",
                                  "targets__answer_exhibit"))


def _subjects(everybody: list[Subject], findings: list[Finding], notices: list[Notice]) -> list[Subject]:
    """Those whom a finding or a notice speaks of; nobody is listed for being known to the case."""
    named = {subject.pk for finding in findings for subject in finding.subjects.all()}
    named |= {target.subject_id for notice in notices for target in notice.targets.all()}
    return [subject for subject in everybody
            if named & {subject.pk, *(other.pk for other in subject.others)}]


def _with_names(case: Case) -> list[Subject]:
    """Each account once, with what was seen of it and what speaks for it; in `others` those merged into it."""
    # An account may have been seen in other cases: what they saw is theirs.
    seen = Observation.objects.filter(exhibit__case=case).select_related("exhibit")
    merged = Merge.objects.standing().filter(kept=OuterRef(OuterRef("pk"))).values("merged")
    about = Q(subject=OuterRef("pk")) | Q(subject__in=merged)
    speaks_for = SubjectNote.objects.standing().filter(about, bearing=SubjectNote.Bearing.FOR)
    found: QuerySet[Subject] = case.subjects.with_merge().select_related("account").order_by("number").annotate(
        favourable=ArraySubquery(speaks_for.order_by("pk").values("text"))).prefetch_related(
        Prefetch("account__observations", queryset=seen), "assessments__exhibits", "assessments__proposed_by",
        "assessments__decided_by")
    rows = list(found)
    for one in rows:
        one.others = [other for other in rows if other.into == one.number]
    return [one for one in rows if not one.into]


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


def pseudonyms_of(language: str) -> tuple[str, ...]:
    """The words that stand before a letter in the pseudonyms of a briefing."""
    with translation.override(language):
        words = _words()
        return words.account, words.phone, words.number, words.address, _person(), _file(), _machine(), _member()


def _for_strangers(case: Case, whole: dict[str, Any], everybody: list[Subject]) -> dict[str, Any]:
    others = {_person(): called.sources(case), _file(): called.files(case),
              _machine(): called.machines(case)}
    return redact(whole, called=called.accounts(case, everybody), team=called.team(case), others=others,
                  words=_words(), member=_member())


def _for_court(case: Case, whole: dict[str, Any], everybody: list[Subject]) -> dict[str, Any]:
    taking_part = [row for row in everybody if row.role != Subject.Role.BYSTANDER]
    names = called.accounts(case, everybody)
    spared = {name for row in taking_part for name in names.pop(row.label)}
    bystanders = {row.label for row in everybody}
    ordinary = {label: found for label, found in names.items() if label in bystanders}
    ordinary[_("an ordinary user")] = {name for label, found in names.items() if label not in bystanders
                                       for name in found}
    return withhold(whole, ordinary=ordinary, spared=spared, words=_words(),
                    exhibits=called.shown_of_others(case, taking_part))


def _words() -> pseudonyms.Words:
    return pseudonyms.Words(account=_("Account"), phone=_("Telephone number"), number=_("Number"),
                            address=_("Address"))


def _person() -> str:
    return _("Person")


def _file() -> str:
    return _("File")


def _machine() -> str:
    return _("Machine")


def _member() -> str:
    return _("Team member")
