"""Whether an original may be given out. What holds malware, and what no scanner has looked at where there is one, stays
locked until a person unlocks it for themselves. What is a program is given out to whoever confirms that they want it;
so is what nobody has looked through yet, because it may be one.

Pictures stay open: they are pixels that the jail decoded and drew anew, nothing of the file is in them. Where no
scanner is configured nothing is locked, and everything says that it was not screened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Action, may
from casework.exhibits.models import Exhibit, Sighting, Unlocking
from casework.pace import Locked
from evidence.derivatives import findings
from evidence.derivatives import services as derivatives
from evidence.intake.labels import Label
from evidence.intake.models import Item, Part, Step
from evidence.screening import services as screening
from evidence.screening.models import Screening

# The words that confirm, each the code of its refusal: it is a program, which is its label; it may be one. Who takes a
# program takes what may be one, too.
PROGRAM, UNSEEN = str(Label.EXECUTABLE), "not_looked_at"
CONFIRM = (PROGRAM, UNSEEN)
FOUND = str(Screening.Outcome.FOUND)
# What a scanner could have found and did not, because it has not looked or could not.
UNSCREENED = ("waiting", "too_large", "failed")
STATES = ("off", "made", "clean", FOUND, *UNSCREENED)


@dataclass(frozen=True)
class Screened:
    """How a file stands. `state` is one of STATES: `off` without a scanner, `made` by this system itself. `detail` says
    why it still waits, where somebody knows."""

    state: str
    finding: str = ""
    engine: str = ""
    signatures: str = ""
    at: datetime | None = None
    detail: str = ""

    @property
    def is_found(self) -> bool:
        return self.state == FOUND

    @property
    def is_locked(self) -> bool:
        """What was found once stays locked, also after the scanner was taken away."""
        return self.is_found or self.state in UNSCREENED and screening.is_on()


def of(exhibit: Exhibit, part: Part | None = None) -> Screened:
    """Of the exhibit's own file, or of that of one part. Also the screening of a sighting counts, which came later and
    holds the same bytes; those of other cases do not, not even as a hint."""
    item = part.item if part else exhibit.item
    same = _same(item, exhibit.sightings.select_related("item"))
    return _stands(item, same, screening.newest(same))


def locked(exhibits: Sequence[Exhibit]) -> dict[int, Screened]:
    """How those stand, of many, of which a file is locked: their own or one of a capture; what was found comes before
    what was not screened. By the exhibit's key, in a constant number of queries."""
    prefetch_related_objects(exhibits, "sightings__item", "item__steps", "item__parts__item__steps")
    files = [(exhibit, item, _same(item, exhibit.sightings.all())) for exhibit in exhibits
             for item in {exhibit.item, *(part.item for part in exhibit.item.parts.all())}]
    rows = screening.newest(one for _exhibit, _item, same in files for one in same)
    found: dict[int, Screened] = {}
    for exhibit, item, same in files:
        stands = _stands(item, same, rows)
        if stands.is_locked and (exhibit.pk not in found or stands.is_found):
            found[exhibit.pk] = stands
    return found


def asks(item: Item) -> str:
    """What a download of it has to confirm, one of CONFIRM: that opening it would run it, or that nobody knows yet
    whether it would. Empty where nothing has to be confirmed."""
    # Asked first: what is looked through meanwhile has been found by then.
    unseen = derivatives.is_unseen(item)
    if PROGRAM in findings.labels(item.labels, derivatives.found(item)):
        return PROGRAM
    return UNSEEN if unseen else ""


def require(exhibit: Exhibit, part: Part | None, *, by: Any, confirmed: str = "") -> tuple[Screened, str]:
    """How it stands, and which word was confirmed of it, if it may be given out to this person now; `confirmed`: the
    word of CONFIRM that they said. Raises Locked, which says why not. Who unlocked malware with a reason is not asked
    once more."""
    found, item = of(exhibit, part), part.item if part else exhibit.item
    if found.is_locked and unlocked(exhibit, item, found, by=by) is None:
        raise Locked(_reason(found), "malware" if found.is_found else "not_screened")
    asked = asks(item)
    said = asked if confirmed in (asked, PROGRAM) else ""
    if asked and not said and not found.is_found:
        raise Locked(_wanted(asked), asked)
    return found, said


def unlocked(exhibit: Exhibit, item: Item, found: Screened, *, by: Any) -> Unlocking | None:
    """The unlocking of this person that is good now, for just what was known when they unlocked it; none of malware for
    whoever may unlock it no more."""
    if found.is_found and not may(by, Action.EXHIBIT_UNLOCK, exhibit.case):
        return None
    mine = Unlocking.objects.filter(exhibit=exhibit, item=item, person=by, until__gt=timezone.now(),
                                    state=found.state, finding=found.finding)
    return mine.order_by("-until").first()


def _same(item: Item, sightings: Iterable[Sighting]) -> list[Item]:
    """This item, and those of the exhibit's sightings that hold the same bytes."""
    return [item, *(row.item for row in sightings if row.item.blob_id == item.blob_id)]


def _stands(item: Item, same: Iterable[Item], rows: Mapping[UUID, Screening]) -> Screened:
    said = [rows[one.pk] for one in same if one.pk in rows]
    if said:
        last = max(said, key=lambda row: row.pk)
        return Screened(last.outcome, last.finding, last.engine, last.signatures, last.at)
    if item.acquisition == Item.Acquisition.MADE:
        return Screened("made")
    if not screening.is_on():
        return Screened("off")
    step = next((one for one in item.steps.all() if one.name == Step.Name.SCREEN), None)
    return Screened("failed" if step and step.state == Step.State.FAILED else "waiting",
                    detail=step.detail if step else "")


def _wanted(asked: str) -> str:
    if asked == PROGRAM:
        return _("This file is a program, whatever it is called. It is given out when you confirm that you want it: on "
                 "its page, or by a call with the header Confirm-Download: executable.")
    return _("This file was not looked through yet, so nobody knows whether it is a program. Try again in a minute, or "
             "confirm that you want it as it is: on its page, or by a call with the header "
             "Confirm-Download: not_looked_at.")


def _reason(found: Screened) -> str:
    if found.is_found:
        return _("Malware was found in this file (%(finding)s), so it is not given out. It is kept as it came. Whoever "
                 "leads the case, or legal staff, can unlock it for themselves for half an hour, with a reason."
                 ) % {"finding": found.finding}
    if found.state == "waiting":
        return _("This file was not screened for malware yet, so it is not given out. Try again in a minute, or "
                 "unlock it for yourself with a reason.")
    return _("This file could not be screened for malware, so it is not given out. You can unlock it for yourself with "
             "a reason.")
