"""Alive and ready: each part is asked, and one that fails is named."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from casework import doctor, health
from evidence import checks
from evidence.archive import locktest
from evidence.archive.models import ArchiveCopy
from evidence.custody import checkpoints, sequencer, signer, standing
from evidence.fixity.models import Check, Damage
from evidence.machine import selftest
from evidence.machine import services as machine
from evidence.store import services as store
from evidence.store.errors import StoreFull
from evidence.store.models import Blob
from tests.evidence import custody_log as given
from tests.evidence.authority import Chain, pem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key() -> None:
    given.key()


def ask() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()["parts"]


def bad() -> list[str]:
    status, parts = ask()
    failing = [name for name, part in parts.items() if not part["ok"]]
    assert status == (503 if failing else 200)
    return failing


def test_a_working_system_is_alive_and_ready() -> None:
    assert Client().get("/healthz").json() == {"alive": True}
    given.fill(3)
    checkpoints.sign_checkpoint()
    given.tell()
    status, parts = ask()
    assert status == 200
    assert (parts["log"]["size"], parts["log"]["checkpoint_size"], parts["log"]["waiting"]) == (3, 3, 1)
    assert parts["log"]["checkpoint_age_seconds"] == 0
    assert parts["signer"]["key"] == str(signer.public_key())


def test_a_stopped_broker_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    assert bad() == ["broker"]


def test_a_full_store_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(alias: str = "") -> None:
        raise StoreFull

    monkeypatch.setattr(store, "probe", full)
    assert bad() == ["store"]


def test_a_missing_key_is_named(settings: Any) -> None:
    settings.SIGNING_KEY = "/nowhere/log.key"
    assert bad() == ["signer"]


def test_a_role_that_may_change_the_log_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "may_change_log", lambda: ["casework_owner"])
    assert bad() == ["database"]


def test_a_database_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError

    monkeypatch.setattr(checks, "may_change_log", gone)
    monkeypatch.setattr(standing, "standing", gone)
    assert bad() == ["database", "log"]


def test_events_that_wait_too_long_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    given.tell()
    monkeypatch.setattr(health, "LONGEST_BACKLOG_SECONDS", -1)
    assert bad() == ["log"]
    monkeypatch.setattr(health, "LONGEST_BACKLOG_SECONDS", 60)
    sequencer.sequence()
    assert bad() == []
    monkeypatch.setattr(health, "LONGEST_WINDOW_SECONDS", 0)
    assert bad() == ["log"]
    assert connection.is_usable()


def test_what_goes_wrong_outside_is_said_and_makes_nothing_unready(
        settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TSA_URLS, settings.TSA_CERTIFICATES = ["http://127.0.0.1:1/"], tmp_path
    given.fill(3)
    checkpoints.sign_checkpoint()
    assert bad() == []
    _, parts = ask()
    assert parts["outside"]["exposure"] == "never"
    assert parts["outside"]["pending"] == ["127.0.0.1"]
    assert parts["outside"]["alarms"] == ["127.0.0.1: not asked, no certificate is pinned"]
    (tmp_path / "127.0.0.1.pem").write_bytes(pem(*Chain("a.example").whole))
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    monkeypatch.setattr(health, "LONGEST_WINDOW_SECONDS", 10**6)
    status, parts = ask()
    assert (status, parts["outside"]["alarms"]) == (200, [
        "127.0.0.1: no token for a checkpoint for more than an hour"])


def test_a_self_test_that_failed_is_said_and_makes_nothing_unready(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask()[1]["self_test"]["passed"] is None
    monkeypatch.setitem(selftest.PARTS, "jail", lambda: "network is open")
    machine.run()
    status, parts = ask()
    assert (status, parts["self_test"]["passed"], parts["self_test"]["detail"]) == (200, False, "jail: network is open")


def test_the_archives_lock_and_fixity_are_said_and_make_nothing_unready(settings: Any) -> None:
    _, parts = ask()
    assert parts["archive"] == {"ok": True, "lock": "unproven",
                                "detail": "not tried in the last two days: does a worker run?"}
    assert (parts["fixity"]["damaged"], parts["fixity"]["overdue"], parts["fixity"]["degraded"]) == (0, 0, False)
    locktest.run()
    assert (ask()[1]["archive"]["lock"], ask()[1]["archive"]["mode"]) == ("no_lock", "auto")
    blob = Blob.objects.create(sha256="ab" * 32, size=3)
    Check.objects.all().delete()
    Check.objects.create(blob=blob, place="store", checked_at=timezone.now() - timedelta(days=31))
    assert Client().get("/readyz").json()["degraded"] is True
    assert bad() == []
    assert ask()[1]["fixity"]["overdue"] == 1
    assert [one.bad for one in doctor.fixity()] == [True]
    Damage.objects.create(blob=blob, place="store", problem="gone", found_at=timezone.now())
    assert ask()[1]["fixity"]["damaged"] == 1
    assert len(list(doctor.fixity())) == 2
    ArchiveCopy.objects.create(blob=blob, location="ab", verified_at=timezone.now(), lock_mode="compliance",
                               locked_until=timezone.now() - timedelta(days=1))
    assert "1 second copies have ended" in next(doctor.ended_locks()).what
