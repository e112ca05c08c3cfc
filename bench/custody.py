"""The custody log beside plain inserts: what order, proof and verification cost.

Baseline of writing: the same event and payload rows inserted by the same number of processes, one transaction each,
with nothing computed, queued or ordered. Baseline of verifying: one SHA-256 over each payload, read the same way."""

import hashlib
import multiprocessing
import secrets
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as Signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction

from evidence import wake
from evidence.custody import checkpoints, sequencer, services, signer, verify
from evidence.custody.kinds import Kind
from evidence.custody.models import Leaf, Pending

SECONDS = 2.0
ROUNDS = 3
WRITERS = (1, 4, 16)
ENTRIES = 100_000
FORK = multiprocessing.get_context("fork")

_DETAIL = {"act": "exhibit_viewed", "sha256": "ab" * 32, "name": "Screenshot_20260314-180509.png", "size": 184_213}
_SUBJECT, _CONTEXT = "exhibit/CW-2026-0001/E-007", "case/CW-2026-0001"
_PLAIN = """
WITH e AS (INSERT INTO evidence_event (id, commitment) VALUES (%s, %s))
INSERT INTO evidence_payload (event_id, salt, content, kind, subject, context, at) VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


def run() -> Iterator[dict[str, Any]]:
    """Needs a migrated, empty database; writes some hundred thousand events into it."""
    if not signer.public_path(Path(settings.SIGNING_KEY)).exists():
        signer.make_key(Path(settings.SIGNING_KEY), "bench.local/log")
    # First: the baseline's rows are no events, and no log with them in it verifies.
    yield _verify()
    for writers in WRITERS:
        plain, ours = [], []
        # Taken in turns, so that whatever else the machine does falls on both.
        for _round in range(ROUNDS):
            plain.append(_rate(writers, _plain))
            with _Sequencer():
                ours.append(_rate(writers, _record))
                _until_empty()
        yield _figure(f"custody_events_{writers}_writers", statistics.median(ours), "events/s",
                      statistics.median(plain))
    yield from _lag()


def _plain() -> None:
    event = uuid.uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PLAIN, [event, _SALT, event, _SALT, _CONTENT, "access", _SUBJECT, _CONTEXT,
                                datetime.now(UTC)])


def _record() -> None:
    with transaction.atomic():
        services.record(Kind.ACCESS, subject=_SUBJECT, context=_CONTEXT, agent=services.SYSTEM,
                        detail=_DETAIL)


_SALT = secrets.token_bytes(32)
_CONTENT = secrets.token_bytes(400)


def _rate(writers: int, act: Callable[[], None]) -> float:
    """How often per second `writers` processes together did `act`."""
    connections.close_all()
    go, total = FORK.Event(), FORK.Value("q", 0)
    workers = [FORK.Process(target=_write, args=(act, go, total)) for _ in range(writers)]
    for worker in workers:
        worker.start()
    time.sleep(0.5 + writers / 16)
    go.set()
    for worker in workers:
        worker.join()
    return float(total.value) / SECONDS


def _write(act: Callable[[], None], go: Signal, total: "Synchronized[int]") -> None:
    # Connection, message broker and caches of a process that has been up for a while: its first message took Celery
    # twelve milliseconds.
    act()
    wake.after_commit("evidence.custody.sequence")
    go.wait()
    count, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        act()
        count += 1
    with total.get_lock():
        total.value += count
    connections.close_all()


class _Sequencer:
    """The sequencer in a process of its own, woken as often as wake.soon wakes it."""

    def __enter__(self) -> None:
        connections.close_all()
        self._end = FORK.Event()
        self._process = FORK.Process(target=_sequence, args=(self._end,))
        self._process.start()

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._process.join()


def _sequence(end: Signal) -> None:
    while not end.wait(wake.GATHER_SECONDS):
        while sequencer.sequence(sequencer.BATCH) == sequencer.BATCH:
            pass
    connections.close_all()


def _lag() -> Iterator[dict[str, Any]]:
    """From commit to leaf, one event after the other while four processes write."""
    connections.close_all()
    with _Sequencer():
        busy = FORK.Process(target=_rate, args=(4, _record))
        busy.start()
        time.sleep(1.0)
        lags = []
        while busy.is_alive():
            with transaction.atomic():
                receipt = services.record(Kind.ACCESS, subject="exhibit/lag", context=_CONTEXT, agent=services.SYSTEM,
                                          detail=_DETAIL)
            start = time.monotonic()
            while not Leaf.objects.filter(event_id=receipt.event_id).exists():
                time.sleep(0.002)
            lags.append(time.monotonic() - start)
        busy.join()
        _until_empty()
    yield _figure("custody_lag_median", statistics.median(lags), "s")
    yield _figure("custody_lag_longest", max(lags), "s")


def _verify() -> dict[str, Any]:
    for _part in range(ENTRIES // 2_000):
        with transaction.atomic():
            for number in range(2_000):
                services.record(Kind.ACCESS, subject=f"exhibit/{number}", context=_CONTEXT, agent=services.SYSTEM,
                                detail=_DETAIL)
        sequencer.sequence()
    checkpoints.sign_checkpoint()
    start = time.monotonic()
    problems = list(verify.verify_all())
    ours = time.monotonic() - start
    if problems:
        raise RuntimeError(f"the log does not verify: {problems[0]}")
    start = time.monotonic()
    _hash_payloads()
    plain = time.monotonic() - start
    return _figure(f"custody_verify_{ENTRIES}_entries", ours, "s", plain)


def _hash_payloads() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DECLARE payloads NO SCROLL CURSOR FOR SELECT salt, content FROM evidence_payload")
        while True:
            cursor.execute("FETCH 5000 FROM payloads")
            rows = cursor.fetchall()
            if not rows:
                return
            for salt, content in rows:
                hashlib.sha256(bytes(salt) + bytes(content)).digest()


def _until_empty() -> None:
    while Pending.objects.exists():
        time.sleep(0.01)


def _figure(name: str, value: float, unit: str, baseline: float | None = None) -> dict[str, Any]:
    ratio = None if baseline is None else round(value / baseline, 3)
    return {"name": name, "value": round(value, 4), "unit": unit,
            "baseline": None if baseline is None else round(baseline, 4), "ratio": ratio}
