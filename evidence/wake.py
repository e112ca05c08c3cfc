"""HALL: wake a task after commit. The work waits in rows; a message lost or never sent costs only time.

Messages name their task by string, so that a lower room can wake a higher one without importing it."""

import logging
import os
import threading
import time
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

# How long a message of `soon` waits before its task starts.
GATHER_SECONDS = 0.1
# A broker that did not answer is not asked again before the scheduler's sweep has come by.
BROKER_REST_SECONDS = 2.0
_lock = threading.Lock()
_starts: dict[str, float] = {}


def after_commit(task: str, *args: str | int) -> None:
    """Send `task` once the current transaction commits. A broker that is down is logged; the sweep finds the row."""
    transaction.on_commit(lambda: _send(task, args))


def soon(task: str) -> None:
    """Like after_commit, for a task that takes all waiting rows at once: one message per GATHER_SECONDS and machine is
    enough.

    The message asks for a start a moment later, so whatever anybody here commits until then is covered by it."""
    transaction.on_commit(lambda: _gather(task))


def _gather(task: str) -> None:
    with _lock:
        now = time.time()
        if now < max(_starts.get(task, 0.0), _told(task)) <= now + BROKER_REST_SECONDS:
            return
        _starts[task] = now + GATHER_SECONDS
    _tell(task, now + GATHER_SECONDS)
    if not _send(task, (), countdown=GATHER_SECONDS):
        _starts[task] = now + BROKER_REST_SECONDS


def _told(task: str) -> float:
    """When the task starts for which another process of this machine sent a message."""
    try:
        return os.stat(f"{_folder()}/{task}").st_mtime
    except OSError:
        return 0.0


def _tell(task: str, start: float) -> None:
    """Let the other processes of this machine know: a message costs more than the record that it wakes for."""
    path = Path(_folder()) / task
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (start, start))
    # Without it each process sends its own.
    except OSError as error:
        log.debug("%s cannot be touched: %s", path, error)


def _folder() -> str:
    return f"{settings.CASEWORK_HOME}/run/woken"


def _send(task: str, args: tuple[str | int, ...], countdown: float | None = None) -> bool:
    try:
        current_app.send_task(task, args=args, countdown=countdown, retry=False)
    except OperationalError as error:
        log.warning("broker unreachable, %s waits for the sweep: %s", task, type(error).__name__)
        return False
    return True
