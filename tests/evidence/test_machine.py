"""What an accession says of the machine, and the self-test that it names: each part is seen to fail."""

import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from celery.signals import worker_ready
from django.conf import settings as own
from django.core.management import call_command

from casework.celery import app
from evidence.custody import checkpoints, services, signer
from evidence.custody.models import Payload
from evidence.intake import services as intake
from evidence.jail import services as jail
from evidence.machine import clock, selftest, tasks
from evidence.machine import services as machine
from evidence.machine.models import SelfTest
from evidence.store import services as store
from evidence.store.errors import StoreFull
from evidence.tlog import canonical, merkle, note
from tests.evidence import custody_log as given

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    given.key()
    monkeypatch.setattr(machine, "_known", None)


def accession() -> dict[str, Any]:
    intake.receive_bytes(b"bytes", name="a.txt", provenance={}, context="case/CW-2026-0001", agent=services.SYSTEM)
    content = Payload.objects.filter(kind="accession").order_by("-at").values_list("content", flat=True)[0]
    return dict(canonical.decode(bytes(content))["detail"])


def test_every_accession_says_what_took_it_in() -> None:
    test = machine.run()
    told = accession()["system"]
    assert told["software"] == machine.software() == "casework 0.1.0"
    assert told["self_test"] == {"id": str(test.id), "at": test.at.isoformat(), "ok": True}
    seen = clock.read()
    assert seen is not None, "this kernel tells"
    assert set(told["clock"]) == {"synchronised", "offset_us", "error_us", "error_at_most_us"}
    assert told["clock"]["synchronised"] is seen.synchronised


def test_what_cannot_be_read_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: None)
    assert accession()["system"] == {"software": "casework 0.1.0"}


def test_a_thousand_files_ask_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(clock, "read", lambda: asked.append(1))
    assert accession()["system"] == accession()["system"]
    assert len(asked) == 1
    monkeypatch.setattr(machine, "CACHED_SECONDS", -1.0)
    accession()
    assert len(asked) == 2


@pytest.mark.parametrize(("status", "offset", "expected"), [
    (0x2001, -1_500_000, clock.Clock(True, -1500, 7, 9)), (0x0001, -1500, clock.Clock(True, -1500, 7, 9)),
    (0x2040, 0, clock.Clock(False, 0, 7, 9))])
def test_the_kernels_numbers_are_microseconds(status: int, offset: int, expected: clock.Clock) -> None:
    assert clock.understood(status, offset, 7, 9) == expected


def test_a_self_test_tries_every_part_and_leaves_nothing(tmp_path: Path) -> None:
    before = sorted(Path(own.CASEWORK_HOME).glob("store/**/*")), sorted(Path(own.CASEWORK_HOME).glob("archive/**/*"))
    out = StringIO()
    call_command("selftest", stdout=out)
    assert [line.split()[:2] for line in out.getvalue().splitlines()] == [["ok", name] for name in selftest.PARTS]
    kept = SelfTest.objects.get()
    assert (kept.ok, kept.machine, kept.software) == (True, os.uname().nodename, "casework 0.1.0")
    after = sorted(Path(own.CASEWORK_HOME).glob("store/**/*")), sorted(Path(own.CASEWORK_HOME).glob("archive/**/*"))
    assert {str(path) for path in after[0] + after[1]} - {str(path) for path in before[0] + before[1]} <= {
        str(Path(own.CASEWORK_HOME) / where / "incoming") for where in ("store", "archive")}


def full(alias: str = "") -> bool:
    raise StoreFull("no room")


BROKEN: dict[str, tuple[str, Any]] = {
    "hashes": ("a wrong answer", (merkle, "node_hash", lambda left, right: left)),
    "store": ("StoreFull", (store, "exercise", full)),
    "archive": ("something else", (store, "exercise", lambda alias: alias != store.ARCHIVE)),
    "signer": ("differ", (signer, "verifies", lambda *_given: False)),
    "jail": ("network is open", (jail, "describe", lambda: {"network": False, "files": True})),
}


@pytest.mark.parametrize("part", BROKEN)
def test_each_part_is_seen_to_fail(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    why, what = BROKEN[part]
    monkeypatch.setattr(*what)
    test = machine.run()
    assert not test.ok
    assert why in machine.failures(test)
    assert {one["name"] for one in test.parts if not one["ok"]} >= {part}
    assert len(test.parts) == len(selftest.PARTS)
    with pytest.raises(SystemExit):
        call_command("selftest", stdout=StringIO())


def test_a_part_that_breaks_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise RuntimeError("unforeseen")

    monkeypatch.setitem(selftest.PARTS, "jail", broken)
    assert machine.failures(machine.run()) == "jail: RuntimeError: unforeseen"


def test_a_machine_with_the_public_key_alone_is_well_and_one_without_is_not(
        settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY = str(tmp_path / "log.key")
    assert "log.key.vkey" in selftest.signing()
    (tmp_path / "log.key.vkey").write_text(str(given.key()))
    assert selftest.signing() == ""
    other = signer.make_key(tmp_path / "other.key", "other.example/log")
    (tmp_path / "log.key").write_text((tmp_path / "other.key").read_text())
    assert isinstance(other, note.Key)
    assert "the private half of" in selftest.signing()


def test_once_a_day_is_enough() -> None:
    tasks.selftest_due()
    tasks.selftest_due()
    assert SelfTest.objects.count() == 1
    tasks.selftest()
    assert SelfTest.objects.count() == 2
    assert checkpoints.latest() is None, "a self-test is no event"


def test_a_worker_that_starts_is_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda name, **_more: sent.append(name))
    worker_ready.send(sender=None)
    assert sent == ["evidence.machine.selftest", "evidence.archive.locktest", "casework.takedowns.load"]
    assert {"evidence.machine.selftest_due", "evidence.custody.outside", "evidence.verify"} <= {
        entry["task"] for entry in app.conf.beat_schedule.values()}
