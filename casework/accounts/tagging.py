"""Tag a subject with what its account does. Which tags it had before stays in the custody log."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.db import transaction

from casework import editions
from casework.accounts import statements
from casework.accounts.models import Subject
from casework.accounts.tags import Tag
from casework.accounts.words import chosen
from casework.record import Act, record


@transaction.atomic
def tag(subject: Subject, *, tags: Collection[str], made_from: Collection[str] | None = None, by: Any) -> Subject:
    """Give the subject these tags of the table and no others. Raises ValidationError for what is none."""
    subject = statements.locked(subject, by)
    editions.require(made_from, partial(edition, subject))
    wanted = {chosen("tags", one, Tag.values) for one in tags}
    subject.tags = [one for one in Tag.values if one in wanted]
    subject.save(update_fields=["tags"])
    record(Act.SUBJECT_TAGGED, by=by, subject=subject.word, context=f"case/{subject.case.ref}", tags=subject.tags)
    return subject


def edition(subject: Subject) -> editions.Edition:
    return editions.Edition({"tags": list(subject.tags)}, subject.word, (Act.SUBJECT_TAGGED,))
