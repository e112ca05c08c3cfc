"""Labels of a case's things (E-003, S-001, C-001, K-001, G-001, F-002 …) and the rows behind them."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.exhibits.models import Exhibit

_LABEL = re.compile(r"^(?:(CW-\d{4}-\d{4,})/)?([CEFGIKMSTU])-?(\d{1,9})$", re.IGNORECASE | re.ASCII)


def number(letter: str, label: str, case: Case) -> int:
    """7 for ("E", "E-007"), also with the case before it. Raises ValueError for anything that is no such label, and for
    one of another case."""
    found = _LABEL.match(label.strip())
    if found is None or found[2].upper() != letter or (found[1] or case.ref).upper() != case.ref:
        raise ValueError(label)
    return int(found[3])


def is_label(letter: str, label: str, case: Case) -> bool:
    try:
        return number(letter, label, case) >= 0
    except ValueError:
        return False


def split(text: str) -> list[str]:
    """Labels as people type them: separated by commas, spaces or lines, in any script's comma."""
    return [part for part in re.split(r"[\s,;،]+", text) if part]


def exhibits(case: Case, labels: Iterable[str]) -> list[Exhibit]:
    """The exhibits of this case with these labels, each once, in the order given.

    Raises ValidationError that names what is not in this case or was withdrawn."""
    found = rows("E", labels, case, case.exhibits.select_related("item__blob"))
    if withdrawn := [exhibit.label for exhibit in found if exhibit.withdrawn_at]:
        raise ValidationError(_("Withdrawn, so not to be cited: %(labels)s.") % {"labels": ", ".join(withdrawn)})
    return found


def require_citable(exhibits: QuerySet[Exhibit]) -> None:
    """Raises ValidationError that names what was withdrawn or what this system made: neither shows anything."""
    cited = exhibits.select_related("item").order_by("number")
    if wrong := [exhibit.label for exhibit in cited if not exhibit.is_captured]:
        raise ValidationError(_("Withdrawn, or made by this system itself, so not to be cited: %(labels)s.")
                              % {"labels": ", ".join(wrong)})


def subjects(case: Case, labels: Iterable[str]) -> list[Subject]:
    """The subjects of this case with these labels, as `exhibits`. One that was merged into another is closed: the
    ValidationError names the other."""
    found = rows("S", labels, case, case.subjects.select_related("account").with_merge())
    if merged := [one for one in found if one.merged_into]:
        raise ValidationError([_("%(merged)s was merged into %(kept)s. Name %(kept)s.")
                                % {"merged": one.label, "kept": one.merged_into} for one in merged])
    return found


def rows(letter: str, labels: Iterable[str], case: Case, found: Any) -> list[Any]:
    """Those of `found`, rows of this case, that have these labels, each once, in the order given.

    Raises ValidationError that names what is not there."""
    wanted: dict[int, str] = {}
    unknown = []
    for label in labels:
        try:
            wanted.setdefault(number(letter, label, case), label)
        except ValueError:
            unknown.append(label)
    by_number = {row.number: row for row in found.filter(number__in=wanted)}
    unknown += [label for at, label in wanted.items() if at not in by_number]
    if unknown:
        raise ValidationError(_("Not in this case: %(labels)s. Write them like %(letter)s-001.")
                              % {"labels": ", ".join(unknown)[:200], "letter": letter})
    return [by_number[at] for at in wanted]
