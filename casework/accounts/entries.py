"""What all entries have in common, here and in the rooms above: the exhibits they stand on, their times, and how a
wrong one is withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Action, require
from casework.accounts import moments
from casework.accounts.dated import Withdrawable
from casework.accounts.spelling import fold, spans
from casework.accounts.words import cleaned
from casework.cases.services import require_open
from casework.exhibits.models import Exhibit
from casework.lifecycle import NotAllowed
from casework.record import Act, record

CLOCK_SLACK = timedelta(days=1)


def require_shown_by(case: Any, exhibits: Sequence[Exhibit], field: str) -> None:
    """Raises ValidationError on `field` unless there is one, and each is of this case and captured."""
    if not exhibits or any(exhibit.case_id != case.pk or not exhibit.is_captured for exhibit in exhibits):
        raise ValidationError({field: _("Cite an exhibit of this case that shows it: not withdrawn, and not made by "
                                        "this system.")})


def moment(text: str, field: str, *, to_come: bool = False) -> moments.Moment:
    """A moment as somebody typed it. ValidationError on `field` for what is none, or has not come yet and should
    have."""
    try:
        found = moments.read(text[:moments.LONGEST + 1])
    except ValueError:
        raise ValidationError({field: _("Write a day, 2026-03-14, or a time with its zone: 2026-03-14 18:05 (UTC), "
                                        "2026-03-14 23:05 +05:00.")}) from None
    if len(found.given) > moments.LONGEST:
        raise ValidationError({field: _("At most %(most)d characters.") % {"most": moments.LONGEST}})
    if not to_come and found.at > timezone.now() + CLOCK_SLACK:
        raise ValidationError({field: _("This time has not come yet.")})
    return found


def dated(text: str, field: str = "at", *, required: bool = True) -> dict[str, Any]:
    """The columns of a Dated entry for a moment as somebody typed it; empty ones where none is needed."""
    if not text.strip() and not required:
        return {"at": None, "at_resolution": "", "at_given": ""}
    found = moment(cleaned({field: text})[field], field)
    return {"at": found.at, "at_resolution": found.resolution, "at_given": found.given}


def require_no_numbers(texts: Mapping[str, str]) -> None:
    """Raises ValidationError that names each text with a telephone or bank account number in it. Whose number it is
    the exhibit shows; a case keeps no list of them."""
    message = _("This holds the number of a telephone or an account. The exhibit shows it: write no more of it than "
                "the last four characters.")
    if wrong := {name: message for name, text in texts.items()
                 if any(kind in ("phone", "number") for _start, _end, kind in spans(fold(text), []))}:
        raise ValidationError(wrong)


def labels_of(exhibits: Any) -> list[str]:
    """The labels of the exhibits of an entry, in their order."""
    return [exhibit.label for exhibit in sorted(exhibits.all(), key=lambda exhibit: exhibit.number)]


def told(entry: Any) -> dict[str, Any]:
    """The moment of a Dated entry, for the custody log."""
    if not entry.at:
        return {}
    return {"at": entry.at.isoformat(), "at_resolution": entry.at_resolution, "at_given": entry.at_given}


def locked(rows: Any, entry: Withdrawable, case: Any, by: Any, action: Action) -> Any:
    """The entry as it stands, locked, for somebody who may change it. Raises NotAllowed where it was withdrawn."""
    case = require_open(case)
    require(by, action, case)
    found = rows.select_for_update(of=("self",)).get(pk=entry.pk)
    if found.withdrawn_at:
        raise NotAllowed("withdrawn", "change")
    return found


def withdraw(entry: Any, act: Act, *, reason: str, subject: str, ref: str, by: Any, **detail: Any) -> Any:
    """Take a locked entry out of use: it stays, with the reason."""
    entry.withdrawn_reason = cleaned({"reason": reason}, most={"reason": 2000})["reason"]
    entry.withdrawn_by, entry.withdrawn_at = by, timezone.now()
    entry.save(update_fields=["withdrawn_reason", "withdrawn_by", "withdrawn_at"])
    record(act, by=by, subject=subject, context=f"case/{ref}", reason=entry.withdrawn_reason, **detail)
    return entry
