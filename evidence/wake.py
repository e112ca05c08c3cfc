"""HALL: wake a task after commit. The work waits in rows; a message lost or never sent costs only time.

Messages name their task by string, so that a lower room can wake a higher one without importing it."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def after_commit(task: str, *args: str | int) -> None:
    """Send `task` once the current transaction commits. A broker that is down is logged; the sweep finds the row."""
    transaction.on_commit(lambda: _send(task, args))


def _send(task: str, args: tuple[str | int, ...]) -> None:
    try:
        current_app.send_task(task, args=args, retry=False)
    except OperationalError as error:
        log.warning("broker unreachable, %s waits for the sweep: %s", task, type(error).__name__)
