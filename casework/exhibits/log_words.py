"""What is said of the log and of those outside it: problems, states, windows, holders, verifications."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evidence.archive.models import LockTest
from evidence.custody.outside import Holding, Party
from evidence.custody.standing import Exposure
from evidence.fixity.models import Damage, Place

PROBLEMS: dict[str, Any] = {
    Party.Problem.UNREACHABLE: _("No answer, or not in time"),
    Party.Problem.STATUS: _("It answered with a refusal"),
    Party.Problem.TOO_LARGE: _("Its answer was too large"),
    Party.Problem.REFUSED: _("Its answer does not verify and was not accepted"),
    Party.Problem.UNKNOWN_LOG: _("It does not know this log"),
    Party.Problem.UNTRUSTED_KEY: _("It does not know this log's key"),
    Party.Problem.FORK: _("It holds another history of this log"),
    Party.Problem.BEHIND: _("It knows less than it cosigned"),
    Party.Problem.AHEAD: _("It knows more entries than this log has"),
}
PARTY_STATES: dict[str, Any] = {
    "well": _("Up to date"), "waiting": _("Pending"), "failing": _("Failing, tried again"),
    "skewed": _("Its clock and ours differ"), "not_asked": _("Not asked"), "alarm": _("Alarm"),
}
# Colour and shape of each, as the style sheet knows them.
PARTY_SHAPES = {"well": "done", "waiting": "in_review", "failing": "expired", "skewed": "overdue", "not_asked": "ended",
                "alarm": "overdue"}

EXPOSURES: dict[str, Any] = {
    Exposure.NEVER: _("outside holder: never"),
    Exposure.LOST: _("Somebody outside holds more entries than this log has"),
    Exposure.NONE: _("Every entry is under a checkpoint that somebody outside holds"),
    Exposure.AIMED: _("Within the aim of five minutes"),
    Exposure.LATE: _("Longer than the aim of five minutes"),
    Exposure.OVER: _("Longer than an hour"),
}
EXPOSURE_SHAPES: dict[str, str] = {
    Exposure.NEVER: "overdue", Exposure.LOST: "overdue", Exposure.NONE: "done", Exposure.AIMED: "done",
    Exposure.LATE: "expired", Exposure.OVER: "overdue"}
EXPOSURE_TONES: dict[str, str] = {
    Exposure.NEVER: "danger", Exposure.LOST: "danger", Exposure.NONE: "success", Exposure.AIMED: "success",
    Exposure.LATE: "warn", Exposure.OVER: "danger"}
HOLDERS: dict[str, Any] = {
    Holding.Kind.WITNESS: _("Witness"), Holding.Kind.AUTHORITY: _("Time-stamping authority"),
    Holding.Kind.MAIL: _("Mailbox"), Holding.Kind.PERSON: _("Person"),
}
HELD: dict[str, Any] = {
    Holding.What.COSIGNATURE: _("cosigned it"), Holding.What.TIMESTAMP: _("stamped it"),
    Holding.What.CHECKPOINT: _("has the checkpoint"), Holding.What.RECEIPT: _("has a receipt with it"),
}

# What the last test of the archive's lock found: its words and its shape. `unproven`: none that counts.
LOCKS: dict[str, tuple[Any, str]] = {
    LockTest.Result.ENFORCED: (_("Write-once: its lock was tried, and it held"), "done"),
    LockTest.Result.BYPASSABLE: (_("Locked against mistakes; this program's own credential may lift it"), "expired"),
    LockTest.Result.NOT_ENFORCED: (_("It accepts locks and does not keep them"), "overdue"),
    LockTest.Result.NO_LOCK: (_("Not write-once: whoever owns the archive can change it"), "expired"),
    LockTest.Result.UNREACHABLE: (_("Its lock could not be tried"), "overdue"),
    "unproven": (_("Its lock was not tried in the last two days, so it counts for nothing"), "expired"),
}

# Damaged bytes: where, what is wrong, and how far their healing is.
PLACES: dict[str, Any] = {Place.STORE: _("store"), Place.ARCHIVE: _("archive")}
DAMAGE_PROBLEMS: dict[str, Any] = {
    Damage.Problem.CHANGED: _("they are not what they were"), Damage.Problem.GONE: _("they are gone"),
    Damage.Problem.UNREADABLE: _("they cannot be read"),
}
DAMAGES: dict[str, tuple[Any, str]] = {
    "open": (_("Damaged"), "damaged"), "proposed": (_("Waits for a second person"), "proposed"),
    "healing": (_("Being healed"), "in_review"), "failed": (_("Could not be healed"), "failed"),
    "healed": (_("Healed"), "done"),
}

# A verification's outcome: its words and its shape.
VERIFIED: dict[str, tuple[Any, str]] = {
    "pending": (_("Being verified"), "in_review"), "holds": (_("Everything holds"), "verified"),
    "fails": (_("Something does not hold"), "failed"), "failed": (_("Could not be verified"), "failed"),
}
COUNTED: dict[str, Any] = {
    "events": _("entries"), "exhibits": _("exhibits"), "items": _("items"), "blobs": _("files hashed again"),
    "bytes": _("bytes"), "archive copies": _("second copies"),
}


def duration(time: timedelta) -> str:
    """A length of time in its two largest units."""
    seconds = int(time.total_seconds())
    if seconds < 60:
        return gettext("%(seconds)d s") % {"seconds": seconds}
    if seconds < 3600:
        return gettext("%(minutes)d min %(seconds)d s") % {"minutes": seconds // 60, "seconds": seconds % 60}
    if seconds < 24 * 3600:
        return gettext("%(hours)d h %(minutes)d min") % {"hours": seconds // 3600, "minutes": seconds % 3600 // 60}
    return gettext("%(days)d d %(hours)d h") % {"days": seconds // 86400, "hours": seconds % 86400 // 3600}
