"""Alive, and able to work: the two answers that a supervisor asks for."""

from collections.abc import Callable
from typing import Any

from celery import current_app
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from evidence import checks
from evidence.archive import locktest
from evidence.custody import behind, recovery, signer, standing, timestamps, witnesses
from evidence.custody.tree import LogDamaged
from evidence.fixity import routine
from evidence.machine import services as machine
from evidence.store import services as store
from evidence.store.errors import StoreFull, StoreUnavailable

# A broker that takes longer is as good as stopped.
BROKER_SECONDS = 1
# How long the oldest event may go without an index, and without a signed checkpoint over it.
LONGEST_BACKLOG_SECONDS = 60
LONGEST_WINDOW_SECONDS = 300

Part = dict[str, Any]


@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when every part works, 503 when one does not; each part says `ok` and why not. `degraded`: it works, and
    something is wrong that people must look at."""
    parts = {name: part() for name, part in PARTS.items()}
    good = all(part["ok"] for part in parts.values())
    # A log that is behind is still read, and people must get in to declare the restore: that is no 503.
    degraded = any(part.get("degraded") or part.get("read_only") for part in parts.values())
    return JsonResponse({"ready": good, "degraded": degraded, "parts": parts}, status=200 if good else 503)


def _database() -> Part:
    try:
        able = checks.may_change_log()
    except DatabaseError:
        return _bad("the database does not answer")
    return _bad(f"the role {able[0]} may change the log") if able else {"ok": True}


def _broker() -> Part:
    try:
        with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as connection:
            connection.ensure_connection(max_retries=0, timeout=BROKER_SECONDS)
    except (OperationalError, OSError) as error:
        return _bad(f"the broker does not answer: {type(error).__name__}")
    return {"ok": True}


def _store() -> Part:
    try:
        store.probe()
    except (StoreFull, StoreUnavailable, OSError) as error:
        return _bad(f"the store takes no bytes: {type(error).__name__}")
    return {"ok": True}


def _signer() -> Part:
    try:
        return {"ok": True, "key": str(signer.public_key())}
    except signer.SignerMissing:
        return _bad("the log's public key is missing")


def _log() -> Part:
    try:
        now = standing.standing()
    except DatabaseError:
        return _bad("the log cannot be read")
    said: Part = {
        "size": now.size, "waiting": now.waiting, "backlog_seconds": round(now.backlog.total_seconds(), 1),
        "checkpoint_size": now.latest.size if now.latest else None,
        "checkpoint_age_seconds": round((now.asked_at - now.latest.signed_at).total_seconds()) if now.latest else None,
        "window_seconds": round(now.window.total_seconds(), 1)}
    if behind.is_behind():
        return said | {"ok": True, "detail": "read-only: nothing gets its place and nothing is signed"}
    if now.backlog.total_seconds() > LONGEST_BACKLOG_SECONDS:
        return said | _bad("events wait for their place in the log: is the worker running?")
    if now.window.total_seconds() > LONGEST_WINDOW_SECONDS:
        return said | _bad("events are under no checkpoint: is the worker running, can it read the signing key?")
    return said | {"ok": True}


def _recovery() -> Part:
    """An alarm, and no reason to turn people away."""
    try:
        rewind, awaited = recovery.current(), recovery.awaited()
    except (DatabaseError, LogDamaged):
        return {"ok": True, "read_only": False, "detail": "the database, or the file beside the key, cannot be read"}
    if rewind is None:
        empty = [f"nothing is recorded here, and the signer remembers {awaited} entries: restore a backup"]
        return {"ok": True, "read_only": False, "alarms": empty if awaited else []}
    return {"ok": True, "read_only": True, "size": rewind.size, "witnessed_size": rewind.head_size, "alarms": [
        f"the log has {rewind.size} entries or another history, and {rewind.head_size} were witnessed: nothing changes "
        "before two administrators declare the restore"]}


def _outside() -> Part:
    """What does not go well with those outside. It never makes us unready: intake and signing need none of them."""
    try:
        authorities, watchers, now = timestamps.states(), witnesses.states(), standing.standing()
    except DatabaseError:
        return {"ok": True, "detail": "the log cannot be read"}
    alarms = [f"{one.host}: no token for a checkpoint for more than an hour" for one in authorities if one.late]
    alarms += [f"{one.host}: not asked, no certificate is pinned" for one in authorities if one.unusable]
    alarms += [f"{one.host}: its clock and ours differ by {one.skew.total_seconds():.0f} s"
               for one in authorities if one.skew is not None and one.skewed]
    alarms += [f"{one.witness.name}: {one.party.get_problem_display()}" for one in watchers if one.alarm]
    return {"ok": True, "exposure": str(now.exposure), "exposed_seconds": round(now.exposed.total_seconds()),
            "held_size": now.held.size if now.held else None,
            "pending": [one.host for one in authorities if one.pending_since], "alarms": alarms}


def _self_test() -> Part:
    """Shown, and no reason to be unready: each part that pages need is asked for itself above."""
    try:
        last = machine.latest()
    except DatabaseError:
        return {"ok": True, "detail": "the database does not answer"}
    if last is None:
        return {"ok": True, "passed": None, "detail": "never made: does a worker run?"}
    return {"ok": True, "passed": last.ok, "at": last.at.isoformat(), "detail": machine.failures(last)}


def _fixity() -> Part:
    """Damage and lateness degrade; they are no reason to stop everything else."""
    try:
        now = routine.state()
    except DatabaseError:
        return {"ok": True, "detail": "the database does not answer"}
    said: Part = {"ok": True, "degraded": bool(now.damaged or now.overdue), "damaged": now.damaged,
                  "overdue": now.overdue, "oldest": now.oldest.isoformat() if now.oldest else None}
    return said | ({"detail": "stored bytes are damaged: see the cases' custody pages"} if now.damaged else {})


def _archive() -> Part:
    """Whether the lock of the second copies holds. Shown, and no reason to be unready: nothing waits for it."""
    try:
        last = locktest.latest()
    except DatabaseError:
        return {"ok": True, "detail": "the database does not answer"}
    if last is None:
        return {"ok": True, "lock": "unproven", "detail": "not tried in the last two days: does a worker run?"}
    return {"ok": True, "lock": last.result, "mode": last.mode, "at": last.at.isoformat(), "detail": last.detail}


def _bad(reason: str) -> Part:
    return {"ok": False, "detail": reason}


PARTS: dict[str, Callable[[], Part]] = {
    "database": _database, "broker": _broker, "store": _store, "signer": _signer, "log": _log, "outside": _outside,
    "recovery": _recovery, "self_test": _self_test, "archive": _archive, "fixity": _fixity}
