"""What waits for a person in all of their cases, and those cases with their counts: a constant number of queries."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from casework.access import MAY, Action
from casework.accounts.models import Assessment
from casework.approvals import Approval
from casework.cases.models import Case
from casework.exhibits import disposals, gate, healings
from casework.exhibits.erasures import APPROVAL, PREFIX
from casework.exhibits.models import Exhibit, Unlocking
from casework.exports.models import Alarm
from casework.findings.models import Finding
from casework.recovery import services as recovery
from casework.takedowns.models import Notice
from casework.worklist import about
from casework.worklist.models import Mention, Task
from evidence.custody import history
from evidence.fixity.models import Damage
from evidence.intake.models import Item, Step
from reports.dossiers import sealing
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_COMPOSE

LISTED = 50
CASES_LISTED = 100


@dataclass(frozen=True)
class Waiting:
    """One thing to do: what it is, where, in which state, since when. `logged`: what the custody log calls it, where
    its last entry says since when; empty where the row does."""

    word: str
    label: str
    title: str
    case: str
    state: str
    state_word: str
    since: datetime
    url: str
    logged: str = ""


def waiting(user: Any) -> tuple[list[Waiting], bool]:
    """At most 50 things, oldest first, and whether there are more."""
    found = sorted(dated([*_damaged(user), *_alarms(user), *_to_review(user), *_to_send(user), *_returned(user),
                          *_failed(user), *_tasks(user), *_mentions(user)]), key=lambda one: one.since)
    return found[:LISTED], len(found) > LISTED


def dated(found: list[Waiting]) -> list[Waiting]:
    """The same, each since its last entry in the log where that knows better."""
    last = history.last_times({one.logged for one in found if one.logged})
    return [replace(one, since=last.get(one.logged, one.since)) for one in found]


def cases(user: Any) -> list[Case]:
    """The person's cases, each with counts and `readable`: whether its evidence is theirs to read."""
    rows = Case.objects.visible_to(user).annotate(
        exhibit_count=_count(Exhibit.objects.filter(withdrawn_at=None)), finding_count=_count(Finding.objects.all()),
        notice_count=_count(Notice.objects.all()))
    readable = set(_cases_with(user, Action.EXHIBIT_READ).values_list("case_id", flat=True))
    shown = list(rows[:CASES_LISTED])
    for row in shown:
        row.readable = row.pk in readable
    return shown


def _count(rows: QuerySet[Any]) -> Coalesce:
    of_case = rows.filter(case=OuterRef("pk")).order_by().values("case").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(of_case), 0)


def _cases_with(user: Any, action: Action) -> Any:
    """The person's memberships whose role allows `action`, in the cases that their token allows."""
    roles = [role for role, actions in MAY.items() if action in actions]
    mine = user.memberships.filter(ended_at=None, role__in=roles)
    return mine if user.only_cases is None else mine.filter(case__ref__in=user.only_cases)


def _in_cases(rows: Any, user: Any, action: Action, path: str = "case") -> Any:
    """Rows of open cases in which the person may `action`; `path` leads to the case, "" where the rows are cases."""
    mine = _cases_with(user, action).values("case_id")
    prefix = f"{path}__" if path else ""
    return rows.filter(**{f"{prefix}pk__in": mine, f"{prefix}state": Case.State.OPEN})


def _to_review(user: Any) -> Iterator[Waiting]:
    findings = _in_cases(Finding.objects.filter(state=Finding.State.IN_REVIEW), user, Action.FINDING_REVIEW)
    for row in findings.exclude(author=user).select_related("case").order_by("written_at")[:LISTED]:
        yield finding(row)
    steps = _in_cases(Assessment.objects.filter(state=Assessment.State.PROPOSED), user, Action.ROLE_REVIEW,
                      "subject__case")
    for row in steps.exclude(proposed_by=user).select_related("subject__case").order_by("proposed_at")[:LISTED]:
        yield assessment(row)
    notices = _in_cases(Notice.objects.filter(state=Notice.State.RIGHTS_REVIEW), user, Action.NOTICE_REVIEW)
    for row in notices.exclude(drafter=user).select_related("case").order_by("state_since")[:LISTED]:
        yield notice(row)
    erasures = Approval.objects.filter(kind=APPROVAL, state=Approval.State.PROPOSED, case_ref__in=_in_cases(
        Case.objects.all(), user, Action.EVENT_ERASE, "").values("ref"))
    for row in erasures.exclude(proposed_by=user).order_by("proposed_at")[:LISTED]:
        yield Waiting(_("Proposed erasure"), "", "", row.case_ref, row.state, row.get_state_display(), row.proposed_at,
                      reverse("exhibits:erasure", args=[row.case_ref, row.subject.removeprefix(PREFIX)]))
    disposed = Approval.objects.filter(kind=disposals.APPROVAL, state=Approval.State.PROPOSED, case_ref__in=_in_cases(
        Case.objects.all(), user, Action.EXHIBIT_DISPOSE, "").values("ref"))
    for row in disposed.exclude(proposed_by=user).order_by("proposed_at")[:LISTED]:
        yield Waiting(_("Proposed disposal"), "", "", row.case_ref, row.state, row.get_state_display(), row.proposed_at,
                      reverse("exhibits:disposal", args=[row.case_ref, row.subject.removeprefix(disposals.PREFIX)]))
    healing = Approval.objects.filter(kind=healings.APPROVAL, state=Approval.State.PROPOSED, case_ref__in=_in_cases(
        Case.objects.all(), user, Action.EXHIBIT_HEAL, "").values("ref"))
    for row in healing.exclude(proposed_by=user).order_by("proposed_at")[:LISTED]:
        yield Waiting(_("Proposed healing"), "", "", row.case_ref, row.state, row.get_state_display(), row.proposed_at,
                      reverse("exhibits:damage", args=[row.case_ref, row.subject.rpartition("/")[2]]))
    restores = Approval.objects.filter(kind=recovery.APPROVAL, state=Approval.State.PROPOSED)
    for row in restores.exclude(proposed_by=user)[:LISTED] if user.is_administrator and user.only_cases is None else ():
        yield Waiting(_("Declared restore"), "", "", "", row.state, row.get_state_display(), row.proposed_at,
                      reverse("recovery:state"))
    dossiers = _in_cases(Dossier.objects.visible_to(user).filter(state=Dossier.State.IN_REVIEW), user,
                         Action.DOSSIER_REVIEW)
    for row in dossiers.exclude(composed_by=user).select_related("case").order_by("composed_at")[:LISTED]:
        yield dossier(row)


def _to_send(user: Any) -> Iterator[Waiting]:
    """What a second person approved and somebody now carries on: notices to be sent, dossiers to be sealed."""
    notices = _in_cases(Notice.objects.filter(state=Notice.State.APPROVED), user, Action.NOTICE_SEND)
    for row in notices.select_related("case").order_by("state_since")[:LISTED]:
        yield notice(row)
    approved = Dossier.objects.visible_to(user).filter(state=Dossier.State.APPROVED)
    for kind, action in KIND_COMPOSE.items():
        dossiers = _in_cases(approved.filter(kind=kind), user, action)
        for row in dossiers.select_related("case").order_by("reviewed_at")[:LISTED]:
            yield dossier(row)


def _returned(user: Any) -> Iterator[Waiting]:
    findings = _in_cases(Finding.objects.filter(state=Finding.State.RETURNED, author=user), user, Action.FINDING_WRITE)
    for row in findings.select_related("case").order_by("reviewed_at")[:LISTED]:
        yield finding(row)
    # A returned notice is a draft again; its reviewer's note tells it from a fresh one.
    notices = _in_cases(Notice.objects.filter(state=Notice.State.DRAFT, drafter=user).exclude(review_note=""), user,
                        Action.NOTICE_DRAFT)
    for row in notices.select_related("case").order_by("state_since")[:LISTED]:
        yield notice(row)


def _damaged(user: Any) -> Iterator[Waiting]:
    """For whoever may read the custody of a case: an alarm, until it is healed."""
    hurt = Damage.objects.filter(healed_at=None)
    items = Item.objects.filter(Q(blob__in=hurt.values("blob")) | Q(derivatives__blob__in=hurt.values("blob")))
    for row in _in_cases(Exhibit.objects.holding(items), user, Action.CUSTODY_READ).select_related("case").annotate(
            found_at=Coalesce(Subquery(hurt.filter(blob=OuterRef("item__blob")).order_by("found_at").values(
                "found_at")[:1]), "lodged_at")).order_by("lodged_at", "pk")[:LISTED]:
        yield Waiting(_("Damaged bytes"), row.label, row.title, row.case.ref, "damaged", _("Damaged"), row.found_at,
                      reverse("exhibits:damages", args=[row.case.ref]))


def _alarms(user: Any) -> Iterator[Waiting]:
    """For who may stop downloads from a case, open or closed: much was taken out, or malware
    was, and nobody has looked into it yet."""
    mine = _cases_with(user, Action.EXPORT_CONTROL).values("case_id")
    rows = Alarm.objects.filter(case__in=mine, seen_at=None).exclude(person=user)
    for row in rows.select_related("case", "person").order_by("raised_at")[:LISTED]:
        yield Waiting(_("Much was taken out"), "", str(row.person), row.case.ref, "restricted", _("Alarm"),
                      row.raised_at, reverse("audit:access", args=[row.case.ref]))
    taken = Unlocking.objects.filter(exhibit__case__in=mine, state=gate.FOUND, seen_at=None).exclude(person=user)
    for one in taken.select_related("exhibit__case", "person").order_by("at")[:LISTED]:
        yield Waiting(_("Malware was unlocked"), one.exhibit.label, str(one.person), one.exhibit.case.ref, "restricted",
                      _("Alarm"), one.at, reverse("audit:access", args=[one.exhibit.case.ref]))


def _failed(user: Any) -> Iterator[Waiting]:
    mine = Dossier.objects.visible_to(user).filter(composed_by=user, case__state=Case.State.OPEN,
                                                   state__in=[Dossier.State.RETURNED, Dossier.State.FAILED])
    for row in mine.select_related("case").order_by("composed_at")[:LISTED]:
        yield dossier(row)
    failed = Item.objects.filter(steps__state=Step.State.FAILED)
    exhibits = _in_cases(Exhibit.objects.holding(failed).filter(withdrawn_at=None, lodged_by=user), user,
                         Action.EXHIBIT_LODGE)
    for row in exhibits.select_related("case").order_by("lodged_at", "pk")[:LISTED]:
        yield Waiting(_("Exhibit"), row.label, row.title, row.case.ref, "failed", _("A step failed"), row.lodged_at,
                      reverse("exhibits:exhibit", args=[row.case.ref, row.label]))


def _tasks(user: Any) -> Iterator[Waiting]:
    """Open tasks that are for them, what is due first."""
    rows = _in_cases(Task.objects.filter(assignee=user, state=Task.State.OPEN), user, Action.TASK_READ)
    for row in rows.select_related("case").order_by(F("due_on").asc(nulls_last=True), "made_at")[:LISTED]:
        yield task(row)


def _mentions(user: Any) -> Iterator[Waiting]:
    """Notes that they were told of and have not put away."""
    rows = _in_cases(Mention.objects.waiting_for(user), user, Action.TASK_READ, "note__case")
    for row in rows.select_related("note__case", "note__recorded_by").order_by("note__recorded_at", "pk")[:LISTED]:
        yield mention(row, _("Note to you"))


def task(row: Task) -> Waiting:
    due = _("until %(day)s") % {"day": f"\u2066{row.due_on}\u2069"} if row.due_on else row.get_state_display()
    state, word = ("overdue", _("Overdue")) if row.is_overdue else (row.state, due)
    return Waiting(_("Task"), row.label, row.title, row.case.ref, state, word, row.made_at,
                   reverse("worklist:task", args=[row.case.ref, row.label]))


def mention(row: Mention, word: str) -> Waiting:
    note = row.note
    return Waiting(word, note.about, Truncator(note.text).chars(80), note.case.ref, "open",
                   _("from %(name)s") % {"name": f"\u2068{note.recorded_by}\u2069"}, note.recorded_at,
                   about.notes_url(note.case.ref, note.about))


def assessment(row: Assessment) -> Waiting:
    case, label = row.subject.case.ref, row.subject.label
    return Waiting(_("Role assessment"), label, row.get_to_role_display(), case, row.state, row.get_state_display(),
                   row.proposed_at, reverse("accounts:subject", args=[case, label]))


def finding(row: Finding) -> Waiting:
    return Waiting(_("Finding"), row.label, row.title, row.case.ref, row.state, row.get_state_display(),
                   row.reviewed_at or row.written_at, reverse("findings:finding", args=[row.case.ref, row.label]),
                   logged=row.word)


def notice(row: Notice) -> Waiting:
    return Waiting(_("Takedown request"), row.label, row.get_platform_display(), row.case.ref, row.state,
                   row.get_state_display(), row.state_since,
                   reverse("takedowns:notice", args=[row.case.ref, row.label]))


def dossier(row: Dossier) -> Waiting:
    return Waiting(row.get_kind_display(), row.label, "", row.case.ref, row.state, row.get_state_display(),
                   row.composed_at, reverse("dossiers:dossier", args=[row.case.ref, row.label]),
                   logged=sealing.word(row))
