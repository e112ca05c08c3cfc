"""Begin to read a lodged export, and withdraw what was read wrongly."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.access import Action, require
from casework.accounts.words import chosen, cleaned
from casework.cases.services import require_open
from casework.exhibits.models import Exhibit
from casework.lifecycle import NotAllowed
from casework.posts import looking, rows
from casework.posts.models import Format, Import
from casework.record import Act, record
from evidence import wake

TASK = "casework.posts.read"
LONGEST = {"reason": 2000}
NEEDED = {
    "zone": gettext_lazy("Say in which time zone the clock stood that the export shows."),
    "order": gettext_lazy("Say which number is the day: the dates of this file fit more than one order, or none."),
    "layout": gettext_lazy("Say which layout is the chat's own."),
    "columns": gettext_lazy("Say which column is what."),
    "time": gettext_lazy("Say how the times of the column are written."),
}


def begin(exhibit: Exhibit, *, format: str, options: dict[str, Any], by: Any) -> Import:
    """Have `exhibit` read as `format`, with what a person said of it. It is looked at first, so that a question is
    asked now rather than by the worker.

    Raises ValidationError that names what has to be said, or what is wrong with the file; CaseClosed, Disposed."""
    looking.admit(exhibit.case, by)
    _require_usable(exhibit)
    chosen("format", format, Format.values)
    said = looking.understood(options)
    told = looking.facts(exhibit, format, said)
    if missing := told["asked"]:
        raise ValidationError({name: str(NEEDED.get(name, _("This is needed."))) for name in missing})
    return _begin(exhibit, format, said, told.get("members") or said.get("members", []), by)


@transaction.atomic
def _begin(exhibit: Exhibit, format: str, said: dict[str, Any], members: list[str], by: Any) -> Import:
    case = require_open(exhibit.case)
    # As it is under the lock, which who withdraws or disposes of it takes too.
    exhibit = Exhibit.objects.select_related("case", "item__tombstone").get(pk=exhibit.pk)
    _require_usable(exhibit)
    part = "\n".join(name for name in members if name)
    same = Import.objects.taking_place().filter(exhibit=exhibit, format=format, part=part).first()
    if same is not None:
        raise ValidationError({"exhibit": _("%(label)s reads the same already. Withdraw it before you begin again.")
                               % {"label": same.label}})
    now = timezone.now()
    begun = Import.objects.create(
        case=case, number=(case.imports.aggregate(last=Max("number"))["last"] or 0) + 1, exhibit=exhibit,
        sha256=exhibit.item.blob_id, format=format, part=part, zone=said.get("zone", ""), options=said, begun_by=by,
        begun_at=now, due_at=now)
    told(begun, Act.IMPORT_BEGUN, by=by, **rows.begun(begun))
    wake.after_commit(TASK, begun.pk)
    return begun


@transaction.atomic
def withdraw(begun: Import, *, reason: str, by: Any) -> Import:
    """Take an import out of use, whatever has come of it: its rows are shown no more, and stay."""
    case = require_open(begun.case)
    require(by, Action.POST_IMPORT, case)
    found: Import = case.imports.select_for_update(of=("self",)).get(pk=begun.pk)
    if found.withdrawn_at:
        raise NotAllowed("withdrawn", "withdraw")
    found.withdrawn_reason = cleaned({"reason": reason}, most=LONGEST)["reason"]
    found.withdrawn_by, found.withdrawn_at = by, timezone.now()
    found.save(update_fields=["withdrawn_reason", "withdrawn_by", "withdrawn_at"])
    told(found, Act.IMPORT_WITHDRAWN, by=by, reason=found.withdrawn_reason)
    return found


def told(begun: Import, act: Act, *, by: Any, **detail: Any) -> None:
    """Record `act` of an import: it is about the exhibit that is read."""
    record(act, by=by, subject=f"exhibit/{begun.exhibit}", context=f"case/{begun.case.ref}", number=begun.label,
           **detail)


def _require_usable(exhibit: Exhibit) -> None:
    if exhibit.is_disposed or not exhibit.is_captured:
        raise ValidationError({"exhibit": _("Choose an exhibit that was lodged: not withdrawn, not disposed of, and "
                                            "not made by this system.")})
