"""Bring many accounts into a case at once, each through the service for one: all of them, or none and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.access import Action, require
from casework.accounts import drafts, labels, services
from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.exhibits.models import Exhibit

NAMES = {"platform": gettext_lazy("Platform"), "handle": gettext_lazy("Handle"),
         "display_name": gettext_lazy("Display name"), "stable_id": gettext_lazy("The platform's stable id"),
         "address": gettext_lazy("Address"), "exhibit": gettext_lazy("Exhibit that shows it")}


@transaction.atomic
def enter(case: Case, rows: Sequence[Mapping[str, Any]], *, exhibit: str = "", by: Any) -> list[Subject]:
    """Name an account for each row, as `services.name_account` does: a bystander, on an exhibit that shows it, or
    observed again where it is a subject already.

    A row has `line` (its number, for what is said of it), `platform`, `handle`, and may have `display_name`,
    `stable_id`, `address` and `exhibit` (a label; `exhibit` of the call where it has none). The same subject comes
    once for each of its rows. One ValidationError on `rows` names each line that is wrong; then nothing is made."""
    case = require_open(case)
    require(by, Action.ACCOUNT_EDIT, case)
    if not rows:
        raise ValidationError({"rows": _("Choose at least one line.")})
    drafts.require_few(len(rows), "rows")
    shown = _exhibits(case, [row.get("exhibit") or exhibit for row in rows])
    made, wrong = [], []
    for row in rows:
        try:
            with transaction.atomic():
                made.append(_one(case, row, shown, row.get("exhibit") or exhibit, by))
        except ValidationError as refused:
            wrong += _told(row["line"], refused)
    if wrong:
        raise ValidationError({"rows": wrong})
    return made


def _one(case: Case, row: Mapping[str, Any], shown: Mapping[str, Exhibit], label: str, by: Any) -> Subject:
    if label not in shown:
        raise ValidationError({"exhibit": _("Cite an exhibit of this case that shows the account.")})
    given = {name: row.get(name, "") for name in ("platform", "handle", "display_name", "stable_id", "address")}
    return services.name_account(case, **given, exhibit=shown[label], by=by)


def _exhibits(case: Case, wanted: Sequence[str]) -> dict[str, Exhibit]:
    """The exhibits behind the labels, as they were typed; what is none is left out."""
    numbers = {label: labels.number("E", label) for label in set(wanted) if labels.is_label("E", label)}
    rows = {row.number: row for row in case.exhibits.select_related("item__blob").filter(number__in=numbers.values())}
    return {label: rows[number] for label, number in numbers.items() if number in rows}


def _told(line: int, refused: ValidationError) -> list[str]:
    """What is wrong with one row, with its line and the name of the field."""
    found = []
    for field, problems in refused.update_error_dict({}).items():
        for problem in ValidationError(problems).messages:
            name = NAMES.get(field, "" if field == NON_FIELD_ERRORS else field)
            found.append(_("Line %(line)d: %(problem)s") % {"line": line, "problem": problem} if not name else
                         _("Line %(line)d, %(field)s: %(problem)s") % {"line": line, "field": name,
                                                                       "problem": problem})
    return found
