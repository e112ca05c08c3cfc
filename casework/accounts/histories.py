"""What a case says of an account: of its subject and of those that were merged into it, as one. Reads, and changes
nothing. What came from one that was merged says so."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from casework.accounts import compose
from casework.accounts.claim_models import PlatformClaim
from casework.accounts.link_models import AccountLink
from casework.accounts.merge_models import Merge
from casework.accounts.models import Assessment, Observation, Subject
from casework.accounts.statement_models import LocationAssessment, PersonaStatement, SubjectNote


@dataclass(frozen=True)
class Whole:
    """`merges` are all that were ever made of the subject, undone ones too; `others` those that stand merged into it,
    by their keys."""

    subject: Subject
    merges: list[Merge]
    others: dict[int, Subject]

    @property
    def keys(self) -> list[int]:
        return [self.subject.pk, *self.others]

    @property
    def accounts(self) -> dict[int, str]:
        """The keys of the accounts; of one that came with a merge the label of its subject."""
        return {self.subject.account_id: ""} | {one.account_id: one.label for one in self.others.values()}

    def label(self, row: Any) -> str:
        """Of the subject that a row came with, where that was merged into this one; else empty."""
        return self.others[row.subject_id].label if row.subject_id in self.others else ""


def of(subject: Subject) -> Whole:
    """Needs `with_has_merges`."""
    merges = list(subject.case.merges.of(subject).told()) if subject.has_merges else []
    return Whole(subject, merges, {row.merged_id: row.merged for row in merges
                                   if row.kept_id == subject.pk and not row.withdrawn_at})


def seen(whole: Whole) -> list[compose.Seen]:
    """What exhibits of the case show of it, newest first."""
    rows = Observation.objects.filter(account__in=list(whole.accounts), exhibit__case=whole.subject.case_id)
    return compose.history(rows.select_related("exhibit__item", "picture", "recorded_by", "withdrawn_by"),
                           whole.accounts)


def claims(whole: Whole) -> list[tuple[PlatformClaim, str]]:
    """What the platform says, each with the label of whom it came with."""
    rows = PlatformClaim.objects.filter(account__in=list(whole.accounts), exhibit__case=whole.subject.case_id)
    return [(row, whole.accounts[row.account_id])
            for row in rows.select_related("exhibit", "recorded_by", "withdrawn_by")]


def personas(whole: Whole) -> tuple[PersonaStatement | None, list[tuple[PersonaStatement, str]]]:
    return _stated(whole, PersonaStatement.objects)


def locations(whole: Whole) -> tuple[LocationAssessment | None, list[tuple[LocationAssessment, str]]]:
    return _stated(whole, LocationAssessment.objects)


def notes(whole: Whole) -> list[tuple[str, str, list[tuple[SubjectNote, str]]]]:
    """What speaks for it and what speaks against it, each with what it is called."""
    found = list(SubjectNote.objects.filter(subject__in=whole.keys).told())
    return [(value, str(words), [(note, whole.label(note)) for note in found if note.bearing == value])
            for value, words in SubjectNote.Bearing.choices]


def links(whole: Whole) -> list[tuple[AccountLink, str, Subject, str]]:
    """Each with what it says, of whom, and the label of the one that it came with."""
    rows = AccountLink.objects.filter(Q(subject__in=whole.keys) | Q(other__in=whole.keys))
    found = []
    for row in rows.told():
        ends = [one for one in (row.subject, row.other) if one.pk in whole.keys]
        mine = whole.subject if whole.subject in ends else ends[0]
        found.append((row, *row.seen_from(mine), "" if mine == whole.subject else mine.label))
    return found


def assessments(whole: Whole) -> tuple[list[tuple[Assessment, str]], int | None]:
    """All of them, and the key of the one that its role stands on: the latest decision counts, whichever was proposed
    first."""
    rows = Assessment.objects.filter(subject__in=whole.keys).select_related("proposed_by", "decided_by")
    found = list(rows.prefetch_related("exhibits"))
    in_force = [row for row in found if row.state == Assessment.State.IN_FORCE and not whole.label(row)]
    current = max(in_force, key=lambda row: row.decided_at or row.proposed_at, default=None)
    return [(row, whole.label(row)) for row in found], current.pk if current else None


def naming(whole: Whole) -> dict[str, Any]:
    """What of the case names it, for who may read all of it."""
    case, keys = whole.subject.case, whole.keys
    shown = Q(observations__subject__in=keys, observations__withdrawn_at=None)
    return {"administers": case.channels.filter(shown).distinct(),
            "handed_out": case.taskings.filter(handed_out_by__in=keys, withdrawn_at=None),
            "payments": case.payments.filter(Q(payer__in=keys) | Q(payee__in=keys), withdrawn_at=None),
            "findings": case.findings.filter(subjects__in=keys).distinct(),
            "notices": case.notices.filter(targets__subject__in=keys).distinct()}


def _stated(whole: Whole, rows: Any) -> tuple[Any, list[tuple[Any, str]]]:
    """The one that stands, and those before it, with those that came with a merge."""
    found = list(rows.filter(subject__in=whole.keys).told())
    stands = next((row for row in found if not whole.label(row)), None)
    return stands, [(row, whole.label(row)) for row in found if row is not stands]
