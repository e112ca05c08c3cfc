"""The worker that reads: cut off at any point it goes on, two never read the same, and what is wrong is said."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections

from casework.cases.models import Case
from casework.cases.services import end_membership
from casework.exhibits import services as exhibits
from casework.posts import reading, rows, services, tasks
from casework.posts.models import Import
from evidence.jail import services as jail
from evidence.jail.exports.records import Record
from evidence.store.errors import StoreUnavailable
from tests.casework.exporting import CHAT, KARACHI, begin, imported, lodge, read
from tests.factories import Cast, make_case, make_cast

ROOT = Path(__file__).resolve().parents[2]
LONG = "".join(f"14/03/2026, {18 + at // 60}:{at % 60:02d} - Bilal K.: post number {at}\n" for at in range(300))


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def texts(source: Import) -> list[str]:
    return list(source.posts.order_by("position").values_list("text", flat=True))


def test_a_reading_that_is_cut_off_goes_on_behind_the_last_row_and_ends_with_the_same_chain(
        case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH", 70)
    whole = imported(case, LONG, cast.investigator, **KARACHI)
    services.withdraw(whole, reason="To read it again", by=cast.investigator)
    begun = services.begin(whole.exhibit, format="whatsapp", options=KARACHI, by=cast.investigator)
    put, count = rows.put, iter(range(9))

    def dies(source: Import, numbered: Any) -> None:
        put(source, numbered)
        if next(count) in (1, 3):
            raise OperationalError("the server closed the connection")

    monkeypatch.setattr(rows, "put", dies)
    for kept in (70, 140):
        with pytest.raises(OperationalError):
            reading.read(begun.pk)
        begun.refresh_from_db()
        # What was written in the batch that was cut off went with its transaction.
        assert (begun.state, begun.kept, begun.posts.count()) == ("reading", kept, kept)
    assert reading.waiting() == [begun.pk]
    assert read(begun).state == "read"
    assert texts(begun) == texts(whole) and begun.rows_sha256 == whole.rows_sha256 and begun.whole == whole.whole
    assert reading.waiting() == []


def test_a_reader_that_is_killed_stops_nothing_that_was_kept_and_says_so(
        case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child gets a signal in the midst of it: an import that stopped, with its rows so far, and the reason."""
    monkeypatch.setattr(reading, "BATCH", 70)
    begun = begin(case, LONG * 20, cast.investigator, **KARACHI)
    children: list[int] = []
    popen = subprocess.Popen

    def seen(*words: Any, **more: Any) -> Any:
        child = popen(*words, **more)
        children.append(child.pid)
        return child

    monkeypatch.setattr("evidence.jail.services.subprocess.Popen", seen)
    put = rows.put

    def kills(source: Import, numbered: Any) -> None:
        put(source, numbered)
        with suppress(ProcessLookupError):
            os.kill(children[-1], signal.SIGKILL)

    monkeypatch.setattr(rows, "put", kills)
    done = read(begun)
    assert done.state == "stopped" and "SIGKILL" in done.problem
    assert 70 <= done.kept == done.posts.count() < 6000


DIES = """
import os, signal, sys
import django
django.setup()
from casework.posts import reading, rows
put, count = rows.put, iter(range(9))
def dies(source, numbered):
    put(source, numbered)
    if next(count) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
reading.BATCH, rows.put = 70, dies
reading.read(int(sys.argv[1]))
"""


@pytest.mark.usefixtures("real_db")
def test_a_worker_that_is_killed_leaves_no_row_twice_and_none_lost() -> None:
    cast = make_cast()
    case = make_case(cast)
    begun = begin(case, LONG, cast.investigator, **KARACHI)
    for batch, kept in ((1, 70), (2, 210)):
        done = subprocess.run([sys.executable, "-c", DIES, str(begun.pk), str(batch)], cwd=ROOT,
                              env={**os.environ, "DJANGO_SETTINGS_MODULE": "casework.settings"})
        assert done.returncode == -signal.SIGKILL
        begun.refresh_from_db()
        assert (begun.state, begun.kept, begun.posts.count()) == ("reading", kept, kept)
    # The lock went with the connection, so nobody waits for a time to pass.
    assert reading.waiting() == [begun.pk] and read(begun).state == "read"
    assert begun.posts.count() == 300 and rows.chained("", rows.kept(begun)) == begun.rows_sha256


@pytest.mark.usefixtures("real_db")
def test_two_workers_never_read_the_same_import() -> None:
    cast = make_cast()
    case = make_case(cast)
    begun = begin(case, LONG, cast.investigator, **KARACHI)
    entered, go_on, answers = threading.Event(), threading.Event(), []
    keep = reading._keep

    def slowly(source: Import, batch: list[Record]) -> None:
        entered.set()
        go_on.wait(20)
        keep(source, batch)

    def work() -> None:
        try:
            answers.append(reading.read(begun.pk))
        finally:
            connections.close_all()

    reading._keep = slowly
    try:
        first = threading.Thread(target=work)
        first.start()
        assert entered.wait(20)
        # The second one finds it held; the sweep does not even wake one.
        assert reading.waiting() == [] and not reading.read(begun.pk)
        go_on.set()
        first.join(30)
    finally:
        reading._keep = keep
    begun.refresh_from_db()
    assert answers == [True] and (begun.state, begun.posts.count()) == ("read", 300)


def test_who_lost_the_right_or_withdrew_it_stops_it_between_two_batches(
        case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH", 100)
    put = rows.put

    def leaves(source: Import, numbered: Any) -> None:
        put(source, numbered)
        if source.begun_by == cast.investigator:
            end_membership(case.memberships.get(user=cast.investigator), by=cast.lead)
        else:
            services.withdraw(source, reason="Wrong file", by=cast.lead)

    first = begin(case, LONG, cast.investigator, **KARACHI)
    second = begin(case, LONG + "\n", cast.lead, **KARACHI)
    monkeypatch.setattr(rows, "put", leaves)
    assert (read(first).problem, first.kept) == ("who began it may not import here any more", 100)
    assert (read(second).problem, second.kept) == ("it was withdrawn", 100)


def test_a_storage_that_does_not_answer_is_tried_again_later(case: Case, cast: Cast,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin(case, CHAT, cast.investigator, **KARACHI)

    def down(*_what: Any, **_more: Any) -> Iterator[None]:
        raise StoreUnavailable("the storage does not answer")

    with monkeypatch.context() as patched:
        patched.setattr("casework.exhibits.originals.store.verify", down)
        assert read(begun).state == "reading"
    assert reading.waiting() == [] and read(begun).state == "reading"
    Import.objects.filter(pk=begun.pk).update(due_at=begun.begun_at)
    assert reading.waiting() == [begun.pk]
    assert read(begun).state == "read"


def test_bytes_that_are_damaged_are_not_read(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin(case, CHAT, cast.investigator, **KARACHI)
    monkeypatch.setattr("casework.exhibits.originals.store.verify", lambda _sha256: False)
    done = read(begun)
    assert done.state == "stopped" and "damaged" in done.problem and not done.posts.exists()


def test_what_takes_every_worker_with_it_is_given_up(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin(case, CHAT, cast.investigator, **KARACHI)
    monkeypatch.setattr(reading, "_read", lambda source: False)
    for _ in range(reading.MOST_ATTEMPTS):
        assert read(begun).state == "reading"
    assert read(begun).problem == "no worker came further with it in 5 attempts"


def test_a_child_that_was_taken_over_writes_no_row_that_is_none(case: Case, cast: Cast,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    for record in (Record("message", 5, 5, 1), Record("message", 0, 5, 1, at="2026-99-14T00:00:00Z", resolution="day"),
                   Record("message", 0, 2**70, 1), Record("message", 0, 5, 1, raw={"a": "\u0000"})):
        begun = begin(case, CHAT + str(record.end), cast.investigator, **KARACHI)
        monkeypatch.setattr(jail.Reading, "__iter__", lambda _self, record=record: (one for one in [record]))
        done = read(begun)
        assert done.state == "stopped" and "no row" in done.problem and not done.posts.exists()
        services.withdraw(done, reason="Next", by=cast.investigator)


def test_a_count_that_is_not_that_of_the_rows_ends_nothing(case: Case, cast: Cast,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin(case, CHAT, cast.investigator, **KARACHI)
    real = jail.Reading.__iter__
    monkeypatch.setattr(jail.Reading, "__iter__", lambda self: (one for one in list(real(self))[:-1]))
    done = read(begun)
    assert done.state == "stopped" and done.problem == "the reader counted 5 records and gave 4"


def test_the_sweep_wakes_what_waits(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin(case, CHAT, cast.investigator, **KARACHI)
    woken: list[Any] = []
    monkeypatch.setattr("evidence.wake.after_commit", lambda *what: woken.append(what))
    tasks.sweep()
    assert woken == [("casework.posts.read", begun.pk)]
    tasks.read(begun.pk)
    tasks.sweep()
    assert len(woken) == 1


def test_a_body_that_imitates_a_notice_stays_a_body(case: Case, cast: Cast) -> None:
    chat = ("[14/03/2026, 18:05:00] Trend: \u200eMessages and calls are end-to-end encrypted.\r\n"
            "[14/03/2026, 18:05:09] Bilal: \u200eRimsha left\r\n")
    done = imported(case, chat, cast.investigator, **KARACHI)
    assert [(row.kind, row.sender, row.marks) for row in done.posts.order_by("position")] == [
        ("system", "", []), ("message", "Bilal", ["like_system"])]


def test_an_exhibit_that_is_withdrawn_meanwhile_is_not_read(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, CHAT, cast.investigator)
    begun = services.begin(exhibit, format="whatsapp", options=KARACHI, by=cast.investigator)
    exhibits.withdraw(exhibit, reason="Wrong file", by=cast.lead)
    assert read(begun).problem == "it was withdrawn"
    assert json.dumps(begun.options) == json.dumps(KARACHI)
