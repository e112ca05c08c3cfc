"""Merge two subjects of a case that are one account, and undo that. No row of either history is moved or changed.

The one that was merged points to the one kept, whose page shows both histories as one. It is closed for new entries
until the merge is undone."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Action, require
from casework.accounts import entries, statements
from casework.accounts.merge_models import Merge
from casework.accounts.models import Assessment, Subject
from casework.accounts.words import cleaned, together
from casework.cases.services import require_open
from casework.lifecycle import NotAllowed
from casework.record import Act, record

LENGTHS = {"reason": 2000}


@transaction.atomic
def merge(keep: Subject, *, other: Subject, reason: str, by: Any) -> Merge:
    """Say that `other` is the account that `keep` is. It changes nobody's role, so both must have the same one.

    Raises Merged where `keep` was merged itself, ValidationError that names all that stands against it."""
    kept = statements.locked(keep, by)
    case = kept.case
    # As it is under the lock of the case; one of another case stays what it is, and is refused.
    merged = case.subjects.select_related("account").filter(pk=other.pk).first() or other
    texts: dict[str, str] = together(lambda: cleaned({"reason": reason}, most=LENGTHS),
                                     lambda: _require_no_obstacle(kept, merged))
    made = Merge.objects.create(case=case, kept=kept, merged=merged, recorded_by=by, recorded_at=timezone.now(),
                                **texts)
    record(Act.ACCOUNTS_MERGED, by=by, subject=merged.word, context=f"case/{case.ref}", into=kept.label,
           reason=made.reason, role=kept.role)
    return made


@transaction.atomic
def unmerge(subject: Subject, *, reason: str, by: Any) -> Merge:
    """Undo the merge of `subject` into another. What was written down on that one since then stays there.

    Raises NotAllowed where it is not merged, ValidationError without a reason."""
    case = require_open(subject.case)
    require(by, Action.ACCOUNT_EDIT, case)
    found = case.merges.standing().filter(merged=subject).select_related("kept").first()
    if found is None:
        raise NotAllowed("not merged", "unmerge")
    undone: Merge = entries.withdraw(found, Act.ACCOUNTS_UNMERGED, reason=reason, subject=subject.word, ref=case.ref,
                                     by=by, into=found.kept.label)
    return undone


def obstacles(keep: Subject, other: Subject) -> list[str]:
    """What stands against merging `other` into `keep`, as sentences for people; empty when nothing does."""
    if other.case_id != keep.case_id:
        return [_("Name a subject of this case.")]
    if other.pk == keep.pk:
        return [_("An account is not merged into itself.")]
    kept, merged = keep.account, other.account
    words = {"kept": keep.label, "merged": other.label}
    found = []
    if kept.platform != merged.platform:
        found.append(_("%(kept)s and %(merged)s are on two platforms: link them instead.") % words)
    elif kept.stable_id and merged.stable_id:
        found.append(_("%(kept)s and %(merged)s have two stable ids of the platform, so they are two accounts.")
                     % words)
    elif merged.stable_id:
        found.append(_("%(merged)s has the platform's stable id: keep that one.") % words)
    if keep.role != other.role:
        found.append(_("%(kept)s and %(merged)s have two roles. A merge changes nobody's role: assess one of them "
                       "first, until both have the same.") % words)
    return [*found, *_taken(keep, other)]


def _taken(keep: Subject, other: Subject) -> list[str]:
    """What of them was merged already, or waits for a second person."""
    both, case = (keep, other), keep.case
    found = []
    for one in case.merges.standing().filter(Q(merged__in=both) | Q(kept=other)).told():
        words = {"kept": one.kept.label, "merged": one.merged.label}
        if one.kept_id == other.pk:
            found.append(_("%(merged)s was merged into %(kept)s: keep that one, or undo that merge first.") % words)
        else:
            found.append(_("%(merged)s was merged into %(kept)s already.") % words)
    for row in Assessment.objects.filter(subject__in=both, state="proposed").select_related("subject"):
        found.append(_("An assessment of %(label)s waits for a second person: let it be decided first.")
                     % {"label": row.subject.label})
    return found


def _require_no_obstacle(keep: Subject, other: Subject) -> None:
    if found := obstacles(keep, other):
        raise ValidationError({"other": found})
