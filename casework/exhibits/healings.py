"""Healing damaged bytes of a case from the other copy, by two people: one proposes with a reason, another agrees.

The proposal is an event of the log and an approval that waits. The worker does what they agreed on; a damage of bytes
that several cases hold may be ordered healed in any of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from casework import approvals, record
from casework.access import Action, require
from casework.approvals import Approval, Refused
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import log_words
from casework.exhibits.models import Exhibit, items_of
from casework.record import Act
from evidence.custody import history
from evidence.fixity import damage, healing
from evidence.fixity.models import Damage, Healing
from evidence.intake.models import Item

APPROVAL = "healing"
TEXT_LENGTH = 2000
LISTED = 100


@dataclass(frozen=True)
class Hurt:
    """A damage of the case with its last proposal, if there is one, and the last order to heal it."""

    case: Case
    damage: Damage
    exhibits: list[Exhibit]
    approval: Approval | None
    reason: str
    order: Healing | None

    @property
    def id(self) -> int:
        return int(self.damage.pk)

    @property
    def state(self) -> str:
        """open, proposed, healing, failed or healed: a key of log_words.DAMAGES."""
        if self.damage.healed_at:
            return "healed"
        if self.order and self.order.state == Healing.State.PENDING:
            return "healing"
        if self.approval and self.approval.state == Approval.State.PROPOSED:
            return "proposed"
        return "failed" if self.order and self.order.state == Healing.State.FAILED else "open"

    @property
    def words(self) -> Any:
        return log_words.DAMAGES[self.state][0]

    @property
    def shape(self) -> str:
        return log_words.DAMAGES[self.state][1]

    @property
    def place(self) -> Any:
        return log_words.PLACES[self.damage.place]

    @property
    def problem(self) -> Any:
        return log_words.DAMAGE_PROBLEMS[self.damage.problem]

    @property
    def has_a_copy(self) -> bool:
        return healing.copy_is_there(self.damage.blob_id)

    @property
    def digest(self) -> str:
        return _digest(self.damage, self.reason)


def of_case(case: Case) -> list[Hurt]:
    """The last hundred of the case, newest first."""
    return _hurt(case, damage.of_items(items_of(case))[:LISTED])


def open_in(case: Case) -> list[Damage]:
    """Those of the case that wait."""
    return list(damage.of_items(items_of(case)).filter(healed_at=None)[:LISTED])


def open_of(exhibit: Exhibit) -> list[Damage]:
    return list(damage.of_items(exhibit.items()).filter(healed_at=None))


def one(case: Case, damage_id: int) -> Hurt:
    """The damage of this case, or 404."""
    found = _hurt(case, damage.of_items(items_of(case)).filter(pk=damage_id))
    if not found:
        raise Http404
    return found[0]


@transaction.atomic
def propose(case: Case, damage_id: int, *, reason: str, by: Any) -> Hurt:
    """Ask a second person. ValidationError for what cannot be, Refused where nothing is to be healed."""
    case = cases.require_open(case)
    require(by, Action.EXHIBIT_HEAL, case)
    found, text = one(case, damage_id), _text(reason)
    if found.state not in {"open", "failed"}:
        raise Refused(_("This is healed, is being healed, or waits for a second person already."))
    if not found.has_a_copy:
        raise Refused(_("There is no second copy of these bytes: they cannot be healed from it."))
    word = _word(case, found.damage)
    record.record(Act.HEALING_PROPOSED, by=by, subject=word, context=f"case/{case.ref}", reason=text,
                  sha256=found.damage.blob_id, place=found.damage.place, damage=found.id)
    approvals.propose(APPROVAL, subject=word, case_ref=case.ref, by=by, digest=_digest(found.damage, text))
    return one(case, damage_id)


@transaction.atomic
def approve(case: Case, damage_id: int, *, by: Any) -> Hurt:
    """The second person agrees: the worker is told. Raises Refused."""
    case = cases.require_open(case)
    require(by, Action.EXHIBIT_HEAL, case)
    found = one(case, damage_id)
    word = _word(case, found.damage)
    approval = approvals.approve(approvals.waiting(APPROVAL, subject=word), digest=found.digest, by=by)
    approvals.use(APPROVAL, subject=word, digest=found.digest)
    try:
        healing.ask(found.damage, context=f"case/{case.ref}", reason=found.reason,
                    agent=approval.proposed_by.as_agent(), approver=by.as_agent())
    except healing.NotHealable as error:
        raise Refused(_("Somebody healed it meanwhile, or is at it.")) from error
    return one(case, damage_id)


@transaction.atomic
def send_back(case: Case, damage_id: int, *, reason: str, by: Any) -> Hurt:
    """The second person does not agree and says why."""
    case = cases.require_open(case)
    require(by, Action.EXHIBIT_HEAL, case)
    found = one(case, damage_id)
    waiting = approvals.waiting(APPROVAL, subject=_word(case, found.damage))
    approvals.refuse(waiting, digest=found.digest, reason=_text(reason), by=by)
    return one(case, damage_id)


def _hurt(case: Case, damages: Iterable[Damage]) -> list[Hurt]:
    """A constant number of queries. What a proposal says stands in its event, not in a row that could be edited."""
    rows = list(damages)
    words = [_word(case, row) for row in rows]
    approval = {one.subject: one for one in Approval.objects.filter(kind=APPROVAL, subject__in=words)
                .select_related("proposed_by", "decided_by").order_by("proposed_at")}
    said = {entry.subject: str(entry.detail.get("reason", "")) for entry in reversed(history.about(words))
            if entry.detail.get("act") == Act.HEALING_PROPOSED}
    orders = {order.damage_id: order for order in Healing.objects.filter(damage__in=rows).order_by("asked_at")}
    shown: dict[str, list[Exhibit]] = {row.blob_id: [] for row in rows}
    hit = Item.objects.filter(Q(blob__in=shown) | Q(derivatives__blob__in=shown))
    blobs: defaultdict[UUID, set[str]] = defaultdict(set)
    for pk, own, made in hit.values_list("pk", "blob_id", "derivatives__blob_id"):
        blobs[pk] |= {own, made}
    held = case.exhibits.holding(Item.objects.filter(pk__in=blobs)).select_related("item")
    for exhibit in held.prefetch_related("item__parts", "sightings"):
        ids = {exhibit.item_id, *(part.pk for part in exhibit.item.parts.all()),
               *(seen.item_id for seen in exhibit.sightings.all())}
        for blob in set().union(*(blobs[pk] for pk in ids if pk in blobs)) & shown.keys():
            shown[blob].append(exhibit)
    return [Hurt(case, row, shown[row.blob_id], approval.get(word), said.get(word, ""), orders.get(row.pk))
            for row, word in zip(rows, words, strict=True)]


def _word(case: Case, harm: Damage) -> str:
    return f"healing/{case.ref}/{harm.pk}"


def _digest(harm: Damage, reason: str) -> str:
    return approvals.digest_of({"damage": harm.pk, "sha256": harm.blob_id, "place": harm.place, "reason": reason})


def _text(text: str) -> str:
    kept = text.replace("\x00", "").encode("utf-8", "replace").decode().strip()
    if not kept:
        raise ValidationError({"reason": _("This is needed.")})
    if len(kept) > TEXT_LENGTH:
        raise ValidationError({"reason": _("At most %(most)d characters.") % {"most": TEXT_LENGTH}})
    return kept
