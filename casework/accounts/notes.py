"""Note what speaks for a subject and what speaks against it, side by side, and withdraw what was wrong."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from casework.access import Action
from casework.accounts import entries, statements
from casework.accounts.models import Subject
from casework.accounts.statement_models import SubjectNote
from casework.accounts.words import chosen, cleaned, together
from casework.exhibits.models import Exhibit
from casework.record import Act, record

Bearing = SubjectNote.Bearing
LENGTHS = {"text": 4000}


@transaction.atomic
def add(subject: Subject, *, bearing: str, text: str, exhibits: Sequence[Exhibit] = (), by: Any) -> SubjectNote:
    """Write down one thing that speaks for the subject or against it. What speaks against it cites exhibits; what
    speaks for it may stand alone. Raises ValidationError that names all that is wrong."""
    subject = statements.locked(subject, by)
    needed = bearing == Bearing.AGAINST or bool(exhibits)
    texts: dict[str, str] = together(
        lambda: cleaned({"text": text}, most=LENGTHS), partial(chosen, "bearing", bearing, Bearing.values),
        lambda: entries.require_shown_by(subject.case, exhibits, "exhibits") if needed else None)
    note = SubjectNote.objects.create(subject=subject, bearing=bearing, recorded_by=by, recorded_at=timezone.now(),
                                      **texts)
    note.exhibits.set(exhibits)
    record(Act.EXCULPATORY_NOTED if bearing == Bearing.FOR else Act.INCRIMINATING_NOTED, by=by, subject=subject.word,
           context=f"case/{subject.case.ref}", text=note.text, exhibits=entries.labels_of(note.exhibits))
    return note


@transaction.atomic
def withdraw(note: SubjectNote, *, reason: str, by: Any) -> SubjectNote:
    """Take a wrong one out of use. It stays, marked."""
    subject = note.subject
    found = entries.locked(subject.notes, note, subject.case, by, Action.ACCOUNT_EDIT)
    withdrawn: SubjectNote = entries.withdraw(found, Act.SUBJECT_NOTE_WITHDRAWN, reason=reason, subject=subject.word,
                                              ref=subject.case.ref, by=by, bearing=found.bearing, text=found.text)
    return withdrawn
