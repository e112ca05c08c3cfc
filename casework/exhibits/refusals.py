"""Why a file could not be lodged, in words that say what happened, what is safe and what to do."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.exhibits.held import TicketInvalid
from casework.exhibits.once import KeyReused
from casework.exhibits.reading import Disposed, NoPackage
from casework.lifecycle import NotAllowed
from evidence.custody.services import LogUnwritable
from evidence.store.errors import Damaged, HashMismatch, StoreFull, StoreUnavailable


@dataclass(frozen=True)
class Refusal:
    """HTTP status, code for programs, message for people."""

    status: int
    code: str
    message: Any


_TABLE: list[tuple[type[Exception], Refusal]] = [
    (HashMismatch, Refusal(422, "hash_mismatch", _(
        "What arrived has another SHA-256 than your computer declared. It was not accepted. Try again; if it happens "
        "again, tell the administrator."))),
    (TicketInvalid, Refusal(422, "ticket_invalid", _(
        "This upload is not known any more. Nothing was lodged. Send the file again."))),
    (KeyReused, Refusal(422, "key_reused", _(
        "This key was used for other bytes before. Nothing was lodged. Use another key for each file."))),
    (NoPackage, Refusal(409, "no_package", _(
        "This exhibit is withdrawn, or it is no valid package. Nothing was changed."))),
    (NotAllowed, Refusal(409, "not_now", _("This case is closed. Reopen it before you lodge anything."))),
    (StoreFull, Refusal(507, "store_full", _(
        "There is no room left to keep this. Nothing was accepted. Tell the administrator."))),
    (StoreUnavailable, Refusal(503, "store_unavailable", _(
        "The storage does not answer. Nothing was accepted. Try again soon."))),
    (LogUnwritable, Refusal(503, "log_unwritable", _(
        "The custody log cannot be written. Nothing was changed. Try again soon."))),
    (Disposed, Refusal(410, "disposed", _(
        "Two people disposed of these bytes. Their hash and their history stay."))),
    (Damaged, Refusal(503, "damaged", _(
        "The stored bytes no longer match their hash, so they are not handed out. Tell the administrator."))),
]
REFUSALS = tuple(kind for kind, _refusal in _TABLE)
TOO_BIG = Refusal(413, "too_big", _("This is larger than this system accepts. Nothing was read."))


def refusal(error: Exception) -> Refusal:
    """The row for `error`, one of REFUSALS."""
    return next(found for kind, found in _TABLE if isinstance(error, kind))
