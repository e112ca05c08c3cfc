"""Write notes, tell people of them, and withdraw what was wrong. A note is not edited: what was read stays."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Action, require
from casework.accounts import entries
from casework.accounts.words import cleaned, together
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.people.models import User
from casework.record import Act, record
from casework.worklist import about as things
from casework.worklist.models import Mention, Note
from casework.worklist.services import people

LONGEST = 4000


@transaction.atomic
def write(case: Case, *, text: str, about: str = "", tell: Sequence[User] = (), by: Any) -> Note:
    """A note beside what has the label `about`, or about the case. It waits for those in `tell` until they saw it.
    Raises ValidationError."""
    case = require_open(case)
    require(by, Action.TASK_EDIT, case)
    columns = together(lambda: cleaned({"text": text}, most={"text": LONGEST}) | {"about": things.chosen(case, about)},
                       lambda: _require_there(case, tell))
    note = Note.objects.create(case=case, recorded_by=by, recorded_at=timezone.now(), **columns)
    Mention.objects.bulk_create(Mention(note=note, person=person) for person in {one.pk: one for one in tell}.values())
    record(Act.NOTE_WRITTEN, by=by, subject=note.word, context=f"case/{case.ref}", text=note.text, about=note.about,
           told=sorted({person.pk for person in tell}))
    return note


@transaction.atomic
def withdraw(note: Note, *, reason: str, by: Any) -> Note:
    """Take a wrong one out of use. It stays, marked, and waits for nobody any more."""
    found = entries.locked(note.case.notes, note, note.case, by, Action.TASK_EDIT)
    withdrawn: Note = entries.withdraw(found, Act.NOTE_WITHDRAWN, reason=reason, subject=note.word, ref=note.case.ref,
                                       by=by)
    return withdrawn


@transaction.atomic
def put_away(note: Note, *, by: Any) -> Note:
    """Whoever was told of it saw it: it waits for them no more. For others nothing happens."""
    require(by, Action.TASK_READ, note.case)
    note.mentions.filter(person=by, seen_at=None).update(seen_at=timezone.now())
    return note


def _require_there(case: Case, tell: Sequence[User]) -> None:
    there = set(people(case).filter(pk__in=[person.pk for person in tell]).values_list("pk", flat=True))
    if any(person.pk not in there for person in tell):
        raise ValidationError({"tell": _("Choose somebody who works on this case.")})
