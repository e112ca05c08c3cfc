"""Why a file could not be lodged, in words that say what happened, what is safe and what to do."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.exhibits import pieces
from casework.exhibits.once import KeyReused
from casework.exhibits.reading import Disposed, NoPackage
from casework.lifecycle import NotAllowed
from evidence.custody.services import LogUnwritable
from evidence.store.errors import Busy, Damaged, HashMismatch, StoreFull, StoreUnavailable


@dataclass(frozen=True)
class Refusal:
    """HTTP status, code for programs, message for people."""

    status: int
    code: str
    message: Any


TOO_BIG = Refusal(413, "too_big", _("This is larger than this system accepts. Nothing was read."))

_TABLE: list[tuple[type[Exception], Refusal]] = [
    (HashMismatch, Refusal(422, "hash_mismatch", _(
        "What arrived has another SHA-256 than your computer declared. It was not accepted. Try again; if it happens "
        "again, tell the administrator."))),
    (KeyReused, Refusal(422, "key_reused", _(
        "This key was used for other bytes before. Nothing was lodged. Use another key for each file."))),
    (pieces.TooLarge, TOO_BIG),
    (pieces.TooMany, Refusal(409, "too_many_uploads", _(
        "You have too many unfinished uploads. Finish or discard one first."))),
    (pieces.TooMuch, Refusal(413, "too_much_open", _(
        "Your unfinished uploads are too large together. Finish or discard one first."))),
    (pieces.WrongOffset, Refusal(409, "wrong_offset", _(
        "This piece does not begin where the stored bytes end. Ask where that is, and go on from there."))),
    (pieces.Beyond, Refusal(413, "beyond_length", _(
        "This is more than was announced. Nothing of it was stored; what was stored before is safe."))),
    (pieces.CutOff, Refusal(400, "cut_off", _(
        "The connection broke. What arrived is stored. Ask how much that is, and go on from there."))),
    (pieces.OtherChecksum, Refusal(460, "checksum_mismatch", _(
        "This piece has another SHA-256 than was declared. Nothing of it was stored. Send it again."))),
    (pieces.Incomplete, Refusal(409, "incomplete", _(
        "Not all of this file has arrived yet. What did is stored. Send the rest first."))),
    (Busy, Refusal(423, "busy", _(
        "Another request works on this upload at this moment. What is stored is safe. Try again soon."))),
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


def refusal(error: Exception) -> Refusal:
    """The row for `error`, one of REFUSALS."""
    return next(found for kind, found in _TABLE if isinstance(error, kind))
