"""Whether an original may be given out. What holds malware, and what no scanner has looked at where there is one, stays
locked until a person unlocks it for themselves.

Pictures stay open: they are pixels that the jail decoded and drew anew, nothing of the file is in them. Where no
scanner is configured nothing is locked, and everything says that it was not screened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Action, may
from casework.exhibits.models import Exhibit, Unlocking
from casework.pace import Locked
from evidence.intake.models import Item, Part, Step
from evidence.screening import services as screening
from evidence.screening.models import Screening

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
    same = [row.item for row in exhibit.sightings.select_related("item") if row.item.blob_id == item.blob_id]
    return _stands(item, [item, *same])


def require(exhibit: Exhibit, part: Part | None, *, by: Any) -> Screened:
    """How it stands, if it may be given out to this person now. Raises Locked, which says why not."""
    found, item = of(exhibit, part), part.item if part else exhibit.item
    if found.is_locked and unlocked(exhibit, item, found, by=by) is None:
        raise Locked(_reason(found), "malware" if found.is_found else "not_screened")
    return found


def unlocked(exhibit: Exhibit, item: Item, found: Screened, *, by: Any) -> Unlocking | None:
    """The unlocking of this person that is good now, for just what was known when they unlocked it; none of malware for
    whoever may unlock it no more."""
    if found.is_found and not may(by, Action.EXHIBIT_UNLOCK, exhibit.case):
        return None
    mine = Unlocking.objects.filter(exhibit=exhibit, item=item, person=by, until__gt=timezone.now(),
                                    state=found.state, finding=found.finding)
    return mine.order_by("-until").first()


def _stands(item: Item, items: list[Item]) -> Screened:
    rows = screening.newest(items).values()
    if rows:
        last = max(rows, key=lambda row: row.pk)
        return Screened(last.outcome, last.finding, last.engine, last.signatures, last.at)
    if item.acquisition == Item.Acquisition.MADE:
        return Screened("made")
    if not screening.is_on():
        return Screened("off")
    step = item.steps.filter(name=Step.Name.SCREEN).first()
    return Screened("failed" if step and step.state == Step.State.FAILED else "waiting",
                    detail=step.detail if step else "")


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
