"""What must never be told: the words and keys that only one case's rows hold, looked for in any answer.

Keys count where they are large: whoever makes the world lets them begin so high that no other number is like them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from casework.access import CaseScoped
from casework.cases.models import Case

# Shorter texts and smaller numbers stand in any answer by chance.
SHORTEST, SMALLEST = 6, 1_000_000
# Words that many things share, whoever holds them.
COMMON = {"media_type", "claimed_type"}
# What a case's rows lead to on the ground floor and beside it, and nothing else belongs to.
BESIDE = {"Account", "Item", "Part", "Blob", "Event"}


@dataclass(frozen=True)
class Hidden:
    """Texts (hashes, handles, ids, titles, file names, people) and keys of rows."""

    texts: frozenset[str]
    numbers: frozenset[int]

    def found_in(self, said: str, asked: str) -> list[str]:
        """What of it an answer says that the question did not say already. The next and the previous page begin where
        the question says, and as many rows on."""
        said = re.sub(r"(?<=[?&]offset=)\d+", "", said)
        texts = [word for word in self.texts if word in said and word not in asked]
        numbers = {int(word) for word in re.findall(r"(?<![\w.-])\d{7,18}(?![\w.-])", said) if word not in asked}
        return sorted(texts) + sorted(str(number) for number in numbers & self.numbers)


def of(case: Case, known: Case, *people: str) -> Hidden:
    """What `case` holds and `known` does not, and the names of `people`."""
    own, other = _values(case), _values(known)
    only = own - other
    texts = {str(value) for value in only if isinstance(value, str | UUID) and len(str(value)) >= SHORTEST}
    # A text that is part of one that may be read tells nothing.
    texts = {word for word in texts if not any(word in str(value) for value in other)}
    return Hidden(frozenset(texts | set(people)),
                  frozenset(value for value in only if isinstance(value, int) and value >= SMALLEST))


def _values(case: Case) -> set[Any]:
    """Every text, id and key of the rows of a case, and of the accounts and bytes that they lead to."""
    return {value for row in _rows(case) for field in row._meta.concrete_fields
            if (not field.is_relation or field.primary_key) and field.name not in COMMON
            if isinstance(value := getattr(row, field.attname), str | UUID | int) and value != ""}


def _rows(case: Case) -> Iterator[models.Model]:
    waiting: list[models.Model] = [row for model in apps.get_models() for row in _of_case(model, case)]
    seen = set()
    while waiting:
        row = waiting.pop()
        if (type(row), row.pk) in seen:
            continue
        seen.add((type(row), row.pk))
        yield row
        waiting += [getattr(row, field.name) for field in row._meta.concrete_fields
                    if getattr(field.related_model, "__name__", "") in BESIDE and getattr(row, field.attname)]
        if hasattr(row, "parts"):
            waiting += row.parts.all()


def _of_case(model: type[models.Model], case: Case) -> Any:
    rows = model._default_manager.all()
    if not isinstance(rows, CaseScoped):
        return []
    return rows.filter(**{rows.case_path or "pk": case.pk})
