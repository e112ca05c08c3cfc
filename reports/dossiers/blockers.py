"""What stops a dossier from being sealed, each with the page that mends it. Empty: nothing does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.exhibits.models import Exhibit
from casework.findings.models import Finding
from evidence.custody import checkpoints
from evidence.intake.models import Item, Step
from reports.dossiers.changes import changes
from reports.dossiers.exhibit_facts import previews
from reports.dossiers.models import Dossier

# What is there by now and was not when it was composed.
COMPOSED_TOO_EARLY = {"not_proven", "picture_not_frozen"}
# What time or a machine mends while a second person reads; the rest must be mended before there is anything to approve.
BY_ITSELF = {"not_hashed", "not_archived", "old_checkpoint"}
# A dossier is worth what its log is: one that stands still must be mended before anything is sealed on it.
OLDEST_CHECKPOINT = timedelta(minutes=15)


@dataclass(frozen=True)
class Blocker:
    """`code` for programs, `message` for people, `url` of the page where it is mended (may be empty). `again`: that
    page is the one that composes the dossier anew."""

    code: str
    message: str
    url: str = ""
    again: bool = False


def blockers(dossier: Dossier) -> list[Blocker]:
    """Asked of the frozen facts, and of the rows behind them as they are now. A constant number of queries."""
    changed = [Blocker("changed", message, _compose_again(dossier), again=True) for message in changes(dossier)]
    return [*_of_the_log(dossier), *_of_findings(dossier), *_of_exhibits(dossier), *changed]


def open_blockers(dossier: Dossier) -> list[Blocker]:
    """What a page and a call tell: nothing once it is queued, for the worker asks again, or sealed."""
    return [] if dossier.state in (Dossier.State.RENDERING, Dossier.State.SEALED) else blockers(dossier)


def lasting(found: list[Blocker]) -> list[Blocker]:
    """Those of `found` that no reviewer can mend and no waiting: with them nothing is submitted or approved."""
    return [one for one in found if one.code not in BY_ITSELF]


def _of_the_log(dossier: Dossier) -> Iterator[Blocker]:
    if not all(text.strip() for text in (dossier.necessity, dossier.against, dossier.less_intrusive)):
        yield Blocker("not_weighed", _("Necessity, what speaks against it and less intrusive options must be stated."),
                      _compose_again(dossier), again=True)
    latest = checkpoints.latest()
    if latest is None or not dossier.frozen["log"]["note"]:
        yield Blocker("no_checkpoint", _("The custody log has no signed checkpoint that covers these facts. "
                                         "Compose the dossier again in a minute."), _compose_again(dossier), again=True)
    elif latest.signed_at < timezone.now() - OLDEST_CHECKPOINT and checkpoints.log_size() > latest.size:
        yield Blocker("old_checkpoint", _("The custody log has grown, but no checkpoint was signed for a quarter of an "
                                          "hour. Tell the administrator."))


def _of_findings(dossier: Dossier) -> Iterator[Blocker]:
    frozen = dossier.frozen["findings"]
    if not frozen:
        yield Blocker("no_findings", _("No reviewed finding supports this dossier."),
                      reverse("findings:list", args=[dossier.case.ref]))
    numbers = [int(row["label"].removeprefix("F-")) for row in frozen]
    for row in dossier.case.findings.filter(number__in=numbers).exclude(state=Finding.State.REVIEWED):
        yield Blocker("finding_not_reviewed", _("%(label)s is no longer a reviewed finding.") % {"label": row.label},
                      reverse("findings:finding", args=[dossier.case.ref, row.label]))
    for row in frozen:
        if not row["exhibits_for"]:
            yield Blocker("finding_without_exhibit",
                          _("%(label)s cites no exhibit that supports it.") % {"label": row["label"]},
                          reverse("findings:finding", args=[dossier.case.ref, row["label"]]))


def _of_exhibits(dossier: Dossier) -> Iterator[Blocker]:
    frozen = {row["label"]: row for row in dossier.frozen["exhibits"]}
    numbers = [int(label.removeprefix("E-")) for label in frozen]
    rows = list(dossier.case.exhibits.filter(number__in=numbers).select_related("item")
                .prefetch_related("item__steps", "item__parts__item__steps"))
    pictures = previews(rows)
    for row in rows:
        url = reverse("exhibits:exhibit", args=[dossier.case.ref, row.label])
        for code, message in _of_exhibit(dossier, row, frozen[row.label], pictures):
            again = code in COMPOSED_TOO_EARLY
            yield Blocker(code, message % {"label": row.label}, _compose_again(dossier) if again else url, again)


def _of_exhibit(dossier: Dossier, row: Exhibit, frozen: dict[str, Any],
                pictures: dict[str, Any]) -> Iterator[tuple[str, str]]:
    done = _done(row.item).intersection(*(_done(part.item) for part in row.item.parts.all()))
    if row.withdrawn_at:
        yield "withdrawn", _("%(label)s was withdrawn.")
    if Step.Name.FIXITY not in done:
        yield "not_hashed", _("%(label)s was not yet hashed a second time from the store.")
    if Step.Name.ARCHIVE not in done:
        yield "not_archived", _("%(label)s has no second copy in the archive yet.")
    capture = frozen.get("capture") or {"parts": []}
    if any(one["leaf_index"] is None for one in (frozen, *capture["parts"])):
        yield "not_proven", _("%(label)s was not yet in the signed log when this was composed. Compose it again.")
    if dossier.kind == Dossier.Kind.REFERRAL and row.item.media_type.startswith("image/"):
        if str(row.item_id) not in pictures:
            yield "no_picture", _("%(label)s has no picture to print.")
        elif frozen["picture"] is None:
            yield "picture_not_frozen", _("%(label)s had no picture yet when this was composed. Compose it again.")


def _done(item: Item) -> set[str]:
    return {step.name for step in item.steps.all() if step.state == Step.State.DONE}


def _compose_again(dossier: Dossier) -> str:
    return reverse("dossiers:recompose", args=[dossier.case.ref, dossier.label])
