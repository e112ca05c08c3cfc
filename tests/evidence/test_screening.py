"""Screening as a step of its own: recorded, repeated when signatures change, never in the way of anything else."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connections, transaction
from django.test import override_settings

from casework import doctor
from evidence.archive import services as archive
from evidence.custody import locks, sequencer, services
from evidence.custody.models import Payload
from evidence.disposal import services as disposal
from evidence.fixity import audit
from evidence.fixity import services as fixity
from evidence.intake import services as intake
from evidence.intake import steps
from evidence.intake.models import Item, Step
from evidence.screening import examined
from evidence.screening import services as screening
from evidence.store import services as store
from evidence.store.keys import key
from tests.evidence import custody_log as given
from tests.evidence import scanner
from tests.evidence.scanner import MARK, Scanner, says

NEWER = "ClamAV 1.4.6/27501/Tue Nov 24 09:35:12 2026"


@pytest.fixture
def there(db: None) -> Iterator[Scanner]:
    cache.clear()
    with Scanner() as one, override_settings(CLAMD_URL=one.address):
        yield one


def take(data: bytes = b"hello", **more: Any) -> Item:
    return intake.receive_bytes(data, name="a.txt", provenance={}, context="case/CW-2026-0001",
                                agent=services.SYSTEM, **more).item


def step(item: Item) -> Step:
    return Step.objects.get(item=item, name=Step.Name.SCREEN)


def told(item: Item) -> list[dict[str, Any]]:
    rows = Payload.objects.filter(subject=f"item/{item.pk}", kind="virus_check").order_by("at")
    return [json.loads(bytes(row.content))["detail"] for row in rows]


def said(item: Item) -> list[tuple[str, str, str, bool]]:
    return [(row.outcome, row.finding, row.signatures, row.event_id is not None)
            for row in item.screenings.order_by("pk")]


@pytest.mark.django_db
def test_without_a_scanner_nothing_waits_and_nothing_is_said() -> None:
    item = take(MARK)
    assert not item.steps.filter(name=Step.Name.SCREEN).exists()
    assert (screening.screen_waiting(), screening.again()) == (0, 0)
    assert screening.newest([item]) == {}


def test_what_is_clean_and_what_is_found_are_rows_and_events(there: Scanner) -> None:
    clean, bad, empty = take(), take(b"x" + MARK), take(b"")
    assert screening.screen_waiting() == 3
    assert said(clean) == [("clean", "", "27500", True)]
    assert said(bad) == [("found", "Casework.Test.Mark", "27500", True)]
    assert told(bad) == [{"sha256": bad.blob_id, "outcome": "found", "finding": "Casework.Test.Mark",
                          "engine": "ClamAV 1.4.6", "signatures": "27500"}]
    assert {step(one).state for one in (clean, bad, empty)} == {"done"}
    assert step(bad).detail == "found: Casework.Test.Mark"
    # Kept as it came, whatever was found.
    assert store.read_verified(bad.blob_id, 1000) == b"x" + MARK
    assert fixity.rehash(bad) and archive.archive(bad)
    assert screening.screen_waiting() == 0


def test_what_this_system_made_is_not_screened(there: Scanner) -> None:
    made = take(MARK, acquisition=Item.Acquisition.MADE)
    assert not made.steps.filter(name=Step.Name.SCREEN).exists()
    assert made.steps.count() == 3
    assert screening.again() == 0


def test_what_is_too_large_is_said_and_no_failure(there: Scanner) -> None:
    there.limit = 100
    item = take(b"x" * 10**6)
    screening.screen_waiting()
    assert said(item) == [("too_large", "", "27500", True)]
    assert step(item).state == "done"


def test_a_scanner_that_is_down_is_waited_for_without_a_failure(there: Scanner) -> None:
    item = take()
    with override_settings(CLAMD_URL="/nowhere/clamd"):
        for _round in range(10):
            assert screening.screen_waiting() == 0
        assert fixity.rehash(item) and archive.archive(item)
    waits = step(item)
    assert (waits.state, waits.attempts) == ("pending", 0)
    assert waits.detail.startswith("the scanner does not answer: ")
    assert told(item) == []
    assert screening.screen_waiting() == 1
    assert step(item).detail == "clean"


def test_one_that_cannot_say_is_asked_again_and_then_recorded_as_failed(there: Scanner) -> None:
    item = take()
    there.instream = says(b"stream: Can't open file or directory ERROR\0")
    for _attempt in steps.PATIENCE:
        Step.objects.update(changed_at="2026-01-01T00:00Z")
        assert screening.screen_waiting() == 0
    assert step(item).state == "failed"
    assert [(one["outcome"], one["attempts"]) for one in told(item)] == [("failed", 5)]
    assert said(item) == []
    # A day later it is tried again of itself.
    assert screening.again() == 0
    Step.objects.update(changed_at="2026-01-01T00:00Z")
    cache.clear()
    assert screening.again() == 1
    there.instream = scanner._honest
    assert screening.screen_waiting() == 1
    assert said(item) == [("clean", "", "27500", True)]


def test_bytes_that_are_damaged_are_never_called_clean(there: Scanner) -> None:
    item = take(b"damaged on purpose")
    path = Path(settings.STORAGES["evidence"]["OPTIONS"]["location"]) / key(item.blob_id)
    path.chmod(0o600)
    path.write_bytes(b"D" + path.read_bytes()[1:])
    assert screening.screen_waiting() == 0
    assert (step(item).state, said(item)) == ("failed", [])
    assert told(item)[0]["outcome"] == "failed"


def test_new_signatures_have_everything_screened_again_and_the_newest_counts(there: Scanner) -> None:
    first, second = take(), take(b"not known as bad yet")
    screening.screen_waiting()
    assert screening.again() == 0
    there.version = NEWER
    there.finds[b"not known as bad"] = "Casework.New"
    assert screening.again() == 2
    assert screening.newest([second])[second.pk].outcome == "clean"
    assert screening.screen_waiting() == 2
    # What is said again is a row and no event; a new verdict has its own.
    assert said(first) == [("clean", "", "27500", True), ("clean", "", "27501", False)]
    assert said(second) == [("clean", "", "27500", True), ("found", "Casework.New", "27501", True)]
    assert [one["outcome"] for one in told(second)] == ["clean", "found"]
    assert screening.newest([second])[second.pk].outcome == "found"
    assert screening.again() == 0


def test_little_is_screened_again_at_one_time(there: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "AGAIN_FILES", 3)
    monkeypatch.setattr(screening, "AGAIN_BYTES", 12)
    for number in range(5):
        take(b"hello%d" % number)
    screening.screen_waiting()
    there.version = NEWER
    # Twelve bytes are two of these files.
    assert [screening.again() for _minute in range(3)] == [2, 2, 0]
    screening.screen_waiting()
    assert screening.again() == 1


def test_what_came_before_there_was_a_scanner_is_screened_too(there: Scanner) -> None:
    with override_settings(CLAMD_URL=None):
        older = take(MARK)
    assert screening.again() == 1
    assert screening.screen_waiting() == 1
    assert said(older) == [("found", "Casework.Test.Mark", "27500", True)]


def test_waiting_to_be_screened_is_nothing_that_disposal_waits_for(there: Scanner) -> None:
    item = take()
    item.steps.exclude(name=Step.Name.SCREEN).update(state=Step.State.DONE)
    with pytest.raises(DatabaseError, match="disposal"), transaction.atomic():
        # The database asks who decided; that it waits for the scanner is not what is in the way.
        disposal.bury([item], event_id=Payload.objects.earliest("at").event_id, context="case/CW-2026-0001")


@pytest.mark.parametrize("sql", [
    "INSERT INTO evidence_screening (item_id, outcome, finding, engine, signatures, at) "
    "VALUES ('{item}', 'clean', '', 'ClamAV 1.4.6', '27500', now())",
    "INSERT INTO evidence_screening (item_id, outcome, finding, engine, signatures, at, event_id) "
    "SELECT '{item}', 'clean', '', 'ClamAV 1.4.6', '27500', now(), event_id FROM evidence_payload "
    "WHERE kind = 'accession'",
    "UPDATE evidence_screening SET outcome = 'clean', finding = ''", "DELETE FROM evidence_screening"])
def test_no_row_says_what_no_event_said(there: Scanner, sql: str) -> None:
    bad = take(MARK)
    screening.screen_waiting()
    with pytest.raises(DatabaseError), transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(sql.format(item=bad.pk))
    assert said(bad) == [("found", "Casework.Test.Mark", "27500", True)]


SPOILED = {
    "DELETE FROM evidence_screening": "was screened (found) and that row is gone",
    "UPDATE evidence_screening SET outcome = 'clean', finding = ''": "its event says otherwise",
    "INSERT INTO evidence_screening (item_id, outcome, finding, engine, signatures, at) SELECT item_id, 'clean', '', "
    "engine, signatures, at FROM evidence_screening": "and no recorded event does",
}


@pytest.mark.usefixtures("real_db")
@pytest.mark.parametrize("sql", SPOILED)
def test_a_gate_that_was_opened_in_the_database_is_found(sql: str) -> None:
    given.key()
    with Scanner() as one, override_settings(CLAMD_URL=one.address):
        item = take(MARK + str(time.time_ns()).encode())
        screening.screen_waiting()
    while sequencer.sequence():
        pass
    before = _problems(item)
    given.as_superuser(sql, "evidence_screening")
    assert [one for one in _problems(item) if one not in before and SPOILED[sql] in one]


def _problems(item: Item) -> list[str]:
    return [problem.problem for problem in audit.audit_all(checked=Counter())
            if problem.object == f"item/{item.pk}"]


@pytest.mark.usefixtures("real_db")
def test_one_that_hangs_holds_up_one_task_and_nothing_else() -> None:
    with Scanner() as one, override_settings(CLAMD_URL=one.address):
        item = take(b"hangs")
        other = connections["default"].copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [locks.SCREENING])
        assert screening.screen_waiting() == 0
        assert fixity.rehash(item) and archive.archive(item)
        # A server process that was only left lets go a moment later.
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [locks.SCREENING])
        other.close()
        assert screening.screen_waiting() == 1


@pytest.mark.parametrize(("version", "finds", "said"), [
    (NEWER, None, []), (NEWER, {}, ["does not find the harmless test file"]),
    ("ClamAV 1.4.6", None, ["does not say how old"]),
    ("ClamAV 1.4.6/1/Mon Nov 23 09:35:12 2015", None, ["days old"])])
def test_the_doctor_says_what_is_wrong_with_it(there: Scanner, version: str, finds: Any, said: list[str]) -> None:
    there.version = version.replace("Tue Nov 24 09:35:12 2026", time.strftime("%a %b %d %H:%M:%S %Y", time.gmtime()))
    there.finds = there.finds if finds is None else finds
    found = [what for _bad, what, _mend in examined.troubles()]
    assert len(found) == len(said) and all(one in what for one, what in zip(said, found, strict=True)), found


@pytest.mark.django_db
def test_the_doctor_says_that_there_is_none_or_that_it_is_down() -> None:
    [(bad, what, _mend)] = examined.troubles()
    assert not bad and "nothing is screened" in what
    with override_settings(CLAMD_URL="/nowhere/clamd"):
        take()
        [(bad, what, _mend)] = examined.troubles()
    assert bad and "1 files wait" in what
    assert "scanner" in [check.__name__ for check in doctor.DATABASE_CHECKS]


@pytest.mark.django_db
def test_the_true_one_screens_what_came(tmp_path: Path) -> None:
    try:
        with scanner.clamd(tmp_path) as address, override_settings(CLAMD_URL=address):
            assert screening.knows_the_test_file()
            bad, clean = take(b"<" + MARK + b">"), take()
            assert screening.screen_waiting() == 2
    except LookupError as error:
        pytest.skip(str(error))
    assert (said(bad)[0][0], said(clean)[0][0]) == ("found", "clean")
    assert "Casework.Test.Mark" in said(bad)[0][1]
