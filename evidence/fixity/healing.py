"""Damaged bytes made whole from the other place, by an order of two people; what was damaged is kept aside.

The other place is hashed before and after. A crash leaves the order pending and at worst the damaged bytes aside; the
next attempt goes on from there. Nothing is written over: in a folder and in the store's bucket the damaged bytes are
moved to `quarantine/`, in a bucket with versions they stay the version that they are."""

import logging
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from evidence import wake
from evidence.archive import services as archive
from evidence.archive.models import ArchiveCopy
from evidence.custody import behind
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.fixity import damage
from evidence.fixity.models import Check, Damage, Healing, Place
from evidence.store import services as store

log = logging.getLogger(__name__)

ACT, ELSEWHERE = "bytes_healed", "healed_elsewhere"
MOST_ATTEMPTS = 3
OTHER = {Place.STORE: Place.ARCHIVE, Place.ARCHIVE: Place.STORE}


class NotHealable(ValueError):
    """There is nothing to heal, or somebody is at it."""


class _Unsound(Exception):
    """It cannot be healed, and trying again would not change that."""


@transaction.atomic
def ask(harm: Damage, *, context: str, reason: str, agent: dict[str, Any], approver: dict[str, Any]) -> Healing:
    """Order it: `agent` proposed and `approver` agreed, agents as in an event, two people. Raises NotHealable."""
    if Damage.objects.filter(pk=harm.pk, healed_at=None).first() is None:
        raise NotHealable("it is healed")
    try:
        with transaction.atomic():
            made = Healing.objects.create(damage=harm, context=context, reason=reason, agent=agent, approver=approver,
                                          asked_at=timezone.now())
    except IntegrityError as error:
        raise NotHealable("it is being healed") from error
    wake.after_commit("evidence.fixity.heal")
    return made


def run_waiting() -> int:
    """Do all that wait, unless the log is behind and cannot tell of it; how many went well."""
    if behind.is_behind():
        return 0
    return sum(run(one) for one in Healing.objects.filter(state=Healing.State.PENDING).order_by("asked_at"))


def run(waiting: Healing) -> bool:
    """Do this one unless somebody is at it; whether it went well."""
    try:
        with transaction.atomic():
            row = (Healing.objects.select_for_update(skip_locked=True).filter(
                pk=waiting.pk, state=Healing.State.PENDING).first())
            if row is None:
                return False
            _close(row, _healed(row.damage))
    except _Unsound as reason:
        _fail(waiting, str(reason), at_once=True)
        return False
    # Whatever else went wrong is counted, shown and tried again; the transaction has undone the rows.
    except Exception as error:
        log.warning("healing %s failed", waiting.pk, exc_info=True)
        _fail(waiting, f"{type(error).__name__}: {error}", at_once=False)
        return False
    return True


def _healed(harm: Damage) -> dict[str, Any]:
    """Make the bytes of `harm` whole, and say how."""
    sha256, place = harm.blob_id, Place(harm.place)
    alias, version = damage.ALIAS[place], damage.version_of(sha256, place)
    if store.verify(sha256, alias, version):
        return {"kept_aside": "", "source": "", "location": store.place(sha256, alias), "version": version}
    source, read = OTHER[place], damage.version_of(sha256, OTHER[place])
    if not store.verify(sha256, damage.ALIAS[source], read):
        raise _Unsound(f"the bytes in the {source} are not whole either")
    aside = store.set_aside(sha256, alias, version, f"damage-{harm.pk}")
    new = store.copy(sha256, damage.ALIAS[source], read, alias)
    for where, which in ((alias, new), (damage.ALIAS[source], read)):
        if not store.verify(sha256, where, which):
            raise OSError(f"read back from the {where} storage they are something else")
    told = {"kept_aside": aside, "source": str(source), "source_version": read}
    if place == Place.ARCHIVE:
        return told | archive.keep(sha256, new, store.lock(sha256, new))
    return told | {"location": store.place(sha256, alias), "version": new}


def _close(row: Healing, how: dict[str, Any]) -> None:
    harm, now = row.damage, timezone.now()
    row.state, row.finished_at, row.detail = Healing.State.DONE, now, str(how["kept_aside"])
    row.event_id = _tell(row, how | {"match": True})
    row.save(update_fields=["state", "finished_at", "detail", "event"])
    harm.healed_at, harm.healing = now, row
    harm.save(update_fields=["healed_at", "healing"])
    Check.objects.filter(blob=harm.blob_id, place=harm.place).update(checked_at=Now(), failures=0, retry_at=None)


@transaction.atomic
def _fail(waiting: Healing, reason: str, at_once: bool) -> None:
    row = Healing.objects.select_for_update().get(pk=waiting.pk)
    if row.state != Healing.State.PENDING:
        return
    row.attempts += 1
    row.detail = reason[:500]
    if at_once or row.attempts >= MOST_ATTEMPTS:
        row.state, row.finished_at = Healing.State.FAILED, timezone.now()
        row.event_id = _tell(row, {"match": False, "problem": row.detail})
    row.save(update_fields=["attempts", "detail", "state", "finished_at", "event"])


def _tell(row: Healing, how: dict[str, Any]) -> UUID:
    """In the case where it was ordered who did and why; in others that hold the same bytes, that it was done. Returns
    the event that the order stands on."""
    harm = row.damage
    about = {"sha256": harm.blob_id, "place": harm.place, "damage": harm.pk, **how}
    ordered = {"act": ACT, "approver": row.approver, "reason": row.reason, **about}
    hurt = damage.hurt(harm.blob_id)
    ours = [subject for subject, context in hurt if context == row.context] or [f"blob/{harm.blob_id}"]
    others = [(subject, context) for subject, context in hurt if context != row.context]
    return custody.record_all([
        *(custody.Draft(Kind.REPLICATION, subject, row.context, row.agent, ordered) for subject in ours),
        *(custody.Draft(Kind.REPLICATION, subject, context, custody.SYSTEM, {"act": ELSEWHERE, **about})
          for subject, context in others)])[0].event_id


def copy_is_there(sha256: str) -> bool:
    """Whether there is a second copy at all: what was made from an item has none."""
    return ArchiveCopy.objects.filter(blob_id=sha256).exists()
