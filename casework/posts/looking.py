"""What an export may be, and what a person has to say of it before it is read. Nothing is guessed.

A look reads the whole file, in the jail and for a moment only: what takes longer is asked for by the worker that reads
it, and the import stops with the question."""

import json
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.access import Action, require
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.exhibits import originals, reading
from casework.exhibits.models import Exhibit
from casework.posts import seen
from casework.posts.models import Format
from evidence.jail import services as jail
from evidence.jail.exports import options as reader
from evidence.jail.exports.records import Unreadable

# A person waits for it. The child may compute for longer, so that the clock ends it and says so.
LOOK = jail.Limits(memory=768 * 1024**2, cpu=60, wall=20.0)
UNKNOWN = "unknown"
# Ways of writing a time that say which moment it is; `iso` does with an offset, and without one the worker asks.
ABSOLUTE = {"iso", "unix", "unix_ms", "x"}
TABLES = {Format.TABLE, Format.SHEET}
# What a look says of the order of day and month where a person has to say it.
ORDERED = {"ambiguous", "contradictory", "doubtful"}
# Characters of JSON: as many as five hundred names have, and a table of many columns.
LONGEST_OPTIONS = 64 * 1024


def look(exhibit: Exhibit, *, format: str = "", options: dict[str, Any] | None = None, by: Any) -> dict[str, Any]:
    """What `exhibit` shows of itself; it is recorded as a view of it.

    Without a format `suggested` says which ones it may be. With one, what docs/exports.md lists, `asked`: the options
    that have to be said first, and `too_long` where it could not be seen in time. Raises ValidationError with what is
    wrong with the file, Disposed, Damaged."""
    admit(exhibit.case, by)
    said = understood(options or {})
    reading.view(exhibit, by=by, what="export")
    return facts(exhibit, format, said)


@transaction.atomic
def admit(case: Case, by: Any) -> None:
    """Raises PermissionDenied, CaseClosed."""
    require(by, Action.POST_IMPORT, case)
    require_open(case)


def facts(exhibit: Exhibit, format: str, said: dict[str, Any]) -> dict[str, Any]:
    """As `look`, and nothing is recorded: for who begins to read it."""
    if format and format not in Format.values:
        raise ValidationError({"format": _("Choose one of: %(known)s.") % {"known": ", ".join(Format.values)}})
    try:
        with originals.opened(exhibit) as file:
            told = seen.checked(jail.look_at_export(file, format=format, options=for_reader(said), limits=LOOK))
    except jail.TookLong:
        return {"too_long": True, "asked": asked(format, {}, said)}
    except jail.Asks as error:
        return {**facts_of(error), "asked": [error.what]}
    except (jail.Stopped, seen.Nonsense) as error:
        raise ValidationError({"exhibit": _("It cannot be read so: %(why)s") % {"why": str(error)}}) from None
    if format and told.get("state") == "impossible" and format not in TABLES:
        raise ValidationError({"exhibit": _("It cannot be read so: %(why)s") % {"why": told.get("why", "")}})
    return {**told, "too_long": False, "asked": asked(format, told, said)} if format else told


def facts_of(question: jail.Asks) -> dict[str, Any]:
    """What is known about a question; nothing where what the child told is none."""
    try:
        return seen.checked(question.facts)
    except seen.Nonsense:
        return {}


def asked(format: str, told: dict[str, Any], said: dict[str, Any]) -> list[str]:
    """The options that have to be said before this is read, in the order in which a person says them."""
    needed = []
    if format == Format.WHATSAPP:
        needed += ["layout"] * (told.get("state") == "ambiguous_layout" and not said.get("layout"))
        needed += ["order"] * (told.get("state") in ORDERED and not said.get("order"))
        needed += ["zone"] * (not said.get("zone"))
    if format in TABLES:
        columns = said.get("columns") or {}
        needed += ["columns"] * (not columns)
        timed = columns.get("time")
        looked_at = not timed or told.get("time_column") == timed
        way = said.get("time") or (told.get("time") if looked_at else "")
        needed += ["time"] * bool(timed and not way and told)
        needed += ["zone"] * bool(timed and way not in ABSOLUTE and not said.get("zone"))
    return needed


def understood(options: dict[str, Any]) -> dict[str, Any]:
    """What somebody said, without what they left empty. Raises ValidationError for what no reader takes."""
    said = {name: value for name, value in options.items() if value not in ("", None, [], {})}
    if isinstance(columns := said.get("columns"), dict):
        said["columns"] = {name: value for name, value in columns.items() if value not in ("", None, {})}
    try:
        reader.understood(for_reader(said))
    except Unreadable as error:
        raise ValidationError({"options": str(error)}) from None
    written = json.dumps(said)
    if len(written) > LONGEST_OPTIONS or "\\u0000" in written:
        raise ValidationError({"options": _("This is more than is taken, or no text.")})
    if (zone := said.get("zone", "")) and zone != UNKNOWN and zone not in available_timezones():
        raise ValidationError({"zone": _("No time zone has this name. Write it like Asia/Karachi, or “unknown” where "
                                         "nobody can say.")})
    return said


def for_reader(said: dict[str, Any]) -> dict[str, Any]:
    """The reader's options. To it a zone that nobody knows is one that was not said."""
    return {name: value for name, value in said.items() if name != "zone" or value != UNKNOWN}
