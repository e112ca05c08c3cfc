"""The drills' judges see what they are there to see: a call that fails, an acknowledged upload that is not whole."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from drills.kit import ledger, traced

from casework.exhibits import services
from casework.exhibits.models import Exhibit
from evidence.store.keys import key
from tests.evidence import custody_log as given
from tests.factories import make_case, make_cast

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="no strace here (apt-get install strace)")
DATA = b"what was acknowledged"


@pytest.fixture
def entry(real_db: None) -> dict[str, Any]:
    """One acknowledged upload, as its client wrote it down."""
    case = make_case(make_cast())
    lodged = services.lodge_bytes(case, data=DATA, name="a.txt", provenance={}, by=case.opened_by)
    return ledger.entry(lodged.exhibit, lodged.item, lodged.receipt, key="k")


def test_an_upload_that_is_there_is_no_fault(entry: dict[str, Any]) -> None:
    assert ledger.faults([entry]) == []
    given.fill(0)
    assert ledger.faults([entry]) == []


def test_bytes_that_are_missing_or_altered_are_faults(entry: dict[str, Any]) -> None:
    file = Path(settings.STORAGES["evidence"]["OPTIONS"]["location"]) / key(entry["sha256"])
    file.chmod(0o600)
    file.write_bytes(DATA[:-1])
    assert ledger.faults([entry]) == [f"{entry['exhibit']}: its bytes are something else"]
    file.unlink()
    assert ledger.faults([entry]) == [f"{entry['exhibit']}: its bytes are missing"]


def test_rows_events_and_leaves_that_are_missing_or_others_are_faults(entry: dict[str, Any]) -> None:
    assert "its row is missing" in ledger.faults([entry | {"exhibit": entry["exhibit"][:-1] + "9"}])[0]
    assert "1 accession events" in ledger.faults([entry | {"event": "00000000-0000-4000-8000-000000000000"}])[0]
    given.as_superuser("DELETE FROM evidence_pending")
    assert "waits for none" in ledger.faults([entry])[0]
    given.as_superuser("INSERT INTO evidence_pending SELECT id FROM evidence_event")
    given.fill(0)
    assert "another one than the receipt says" in ledger.faults([entry | {"leaf_hash": "00" * 32}])[0]
    given.as_superuser("DELETE FROM evidence_step")
    given.as_superuser("ALTER TABLE casework_exhibit DISABLE TRIGGER ALL; DELETE FROM casework_exhibit")
    assert "its row is missing" in ledger.faults([entry])[0]


def test_an_upload_that_was_lodged_twice_is_a_fault(entry: dict[str, Any]) -> None:
    case = Exhibit.objects.get().case
    services.lodge_bytes(case, data=DATA, name="a.txt", provenance={}, by=case.opened_by)
    assert ledger.faults([entry]) == [f"{entry['exhibit']}: it was lodged twice"]


class Careless:
    """A writer that writes under the final name: every kind of fault leaves half of it to be seen."""

    def __init__(self, file: Path):
        self.file = file

    def __call__(self) -> int:
        handle = os.open(self.file, os.O_WRONLY | os.O_CREAT)
        for _part in range(3):
            os.write(handle, b"part")
        os.close(handle)
        return 12


@needs_strace
def test_each_call_is_listed_and_each_can_be_made_to_fail(tmp_path: Path) -> None:
    work = Careless(tmp_path / "a")
    whole = traced.run(work)
    assert (whole.answer, whole.ended) == (12, True)
    assert {("openat", 1), ("write", 1), ("write", 2), ("write", 3)} <= set(whole.calls)
    full = {"raised": "OSError: [Errno 28] No space left on device"}
    for how, answer in (("signal=KILL", None), ("error=ENOSPC", full)):
        work.file.unlink()
        broken = traced.run(work, traced.Fault("write", 2, how))
        assert (broken.answer, broken.ended, work.file.read_bytes()) == (answer, True, b"part")
