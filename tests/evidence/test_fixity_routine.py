"""The schedule of re-hashing: everything within the period, a little at a time, and no damage goes unsaid."""

import io
import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from psycopg import errors
from stack import postgres

from evidence.archive import services as archive
from evidence.custody import history, locks
from evidence.custody import services as custody
from evidence.derivatives import services as derivatives
from evidence.fixity import damage, routine
from evidence.fixity import services as fixity
from evidence.fixity.models import Check, Damage, Routine
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.store import services as store
from evidence.store.errors import StoreUnavailable
from evidence.store.keys import key
from evidence.store.models import Blob
from tests.evidence import custody_log as given
from tests.factories import png

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_storages(tmp_path: Path) -> Iterator[None]:
    given.key()
    with override_settings(FIXITY_DAYS=30, STORAGES={name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / name)}}
            for name in ("evidence", "archive", "default", "staticfiles")}):
        yield


def take(data: bytes, context: str = "case/CW-2026-0001") -> Item:
    return intake.receive_bytes(data, name="a.bin", provenance={}, context=context, agent=custody.SYSTEM).item


def lie(sha256: str, alias: str = "evidence") -> Path:
    return Path(storages[alias].path(key(sha256)))


def spoil(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(b"!" + path.read_bytes()[1:])


def age(sha256: str = "", **much: float) -> None:
    """Everything, or these bytes, was read so long ago. No row may say that it was read earlier than it said before, so
    it is another row."""
    rows = list(Check.objects.filter(blob__sha256__startswith=sha256))
    Check.objects.filter(pk__in=[row.pk for row in rows]).delete()
    Check.objects.bulk_create([Check(blob_id=row.blob_id, place=row.place, failures=row.failures,
                                     checked_at=timezone.now() - timedelta(**much)) for row in rows])


def said(item: Item) -> list[dict[str, Any]]:
    found = history.entries(subject=f"item/{item.pk}", limit=20)
    return [one.detail for one in found if one.detail.get("act") == damage.FOUND]


@pytest.mark.django_db
def test_every_blob_and_every_copy_is_on_watch_from_its_first_moment() -> None:
    item = take(png(3))
    derivatives.derive(item)
    archive.archive(item)
    watched = set(Check.objects.values_list("blob_id", "place"))
    assert watched == {(blob.pk, "store") for blob in Blob.objects.all()} | {(item.blob_id, "archive")}
    assert len(watched) >= 4


@pytest.mark.django_db
def test_what_is_due_is_read_oldest_first_and_what_is_fresh_is_left() -> None:
    items = [take(bytes([number])) for number in range(4)]
    age(days=25)
    age(items[2].blob_id, days=29)
    age(items[3].blob_id, days=23)
    assert [check.blob_id for check in routine._due()][0] == items[2].blob_id
    assert routine.run_round() == 3
    assert routine.run_round() == 0
    late = Check.objects.get(blob=items[3].blob_id)
    assert timezone.now() - late.checked_at > 22 * DAY
    assert routine.state() == routine.State(4, 0, late.checked_at, 0)


@pytest.mark.django_db
def test_a_month_of_rounds_reads_everything_in_time_and_spreads_what_came_at_once(
        monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(60):
        take(bytes([number]) * 1000)
    monkeypatch.setattr(routine, "LEAST_BYTES", 1)
    # A round a minute would be 43,200 of them; each here stands for six hours.
    monkeypatch.setattr(routine, "ROUND_SECONDS", 6 * 3600)
    seen = []
    for _step in range(4 * 30 + 1):
        seen.append(routine.run_round())
        assert routine.state().overdue == 0
        rows = list(Check.objects.all())
        Check.objects.all().delete()
        for row in rows:
            row.checked_at -= timedelta(hours=6)
        Check.objects.bulk_create(rows)
    assert sum(seen) >= 60
    assert max(seen) <= 3, "sixty files that came in one hour are read in six days, a few at a time"
    assert Routine.objects.get().checks == sum(seen)


@pytest.mark.django_db
def test_the_budget_meets_the_period_and_the_rate_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    whole = routine.bytes_a_round(10**15)
    assert whole * 6 * 24 * 60 == pytest.approx(10**15, rel=0.001)
    assert routine.bytes_a_round(1000) == routine.LEAST_BYTES
    monkeypatch.setattr(time, "sleep", slept.append)
    pace = routine.Pace(1000)
    for _chunk in range(3):
        pace(500)
    assert slept[-1] == pytest.approx(1.5, abs=0.1)


@pytest.mark.django_db
def test_a_round_ends_in_time_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        take(bytes([number]))
    age(days=29)
    monkeypatch.setattr(routine, "WORK_SECONDS", -1)
    assert routine.run_round() == 0
    monkeypatch.setattr(routine, "WORK_SECONDS", 10)
    monkeypatch.setattr(routine, "LEAST_BYTES", 2)
    assert [routine.run_round() for _turn in range(4)] == [2, 2, 1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("alias", ["evidence", "archive"])
@pytest.mark.parametrize(("harm", "problem"), [(spoil, "changed"), (os.unlink, "gone")])
def test_damage_is_a_row_an_event_and_a_count_once(alias: str, harm: Any, problem: str) -> None:
    item, again = take(b"same bytes"), take(b"same bytes", "case/CW-2026-0002")
    archive.archive(item)
    harm(lie(item.blob_id, alias))
    age(days=25)
    routine.run_round()
    found = Damage.objects.get()
    assert (found.blob_id, found.place, found.problem) == (
        item.blob_id, "store" if alias == "evidence" else "archive", problem)
    assert damage.counted() == {found.place: 1}
    for one in (item, again):
        told, = said(one)
        assert (told["match"], told["place"], told["problem"]) == (False, found.place, problem)
    assert {one.context for one in history.entries(subject_prefix="item/", limit=20)} == {
        "case/CW-2026-0001", "case/CW-2026-0002"}
    age(days=25)
    routine.run_round()
    assert Damage.objects.count() == len(said(item)) == 1
    assert list(damage.of_items([again])) == [found]


@pytest.mark.django_db
def test_a_damaged_derivative_hurts_the_item_that_it_was_made_from() -> None:
    item = take(png(4))
    derivatives.derive(item)
    made = derivatives.find(item, "thumbnail")
    assert made
    spoil(lie(made.blob_id))
    age(days=25)
    routine.run_round()
    assert said(item)[0]["sha256"] == made.blob_id
    assert damage.of_items([item]).count() == 1


@pytest.mark.django_db
def test_a_file_that_the_disk_cannot_read_is_damaged_after_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    item = take(b"on a bad sector")

    def unreadable(*_given: Any) -> None:
        raise StoreUnavailable("Input/output error")

    monkeypatch.setattr(store, "look", unreadable)
    for _turn in range(3):
        assert not Damage.objects.exists()
        age(days=25)
        assert routine.run_round() == 1
        assert routine.run_round() == 0, "not at once again"
    assert Damage.objects.get().problem == "unreadable"
    assert said(item)[0]["problem"] == "unreadable"


@pytest.mark.django_db
def test_a_storage_that_is_down_damages_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    take(b"somewhere else")

    def down(*_given: Any) -> None:
        raise StoreUnavailable("does not answer")

    monkeypatch.setattr(store, "look", down)
    monkeypatch.setattr(store, "probe", down)
    for _turn in range(4):
        age(days=40)
        routine.run_round()
    assert not Damage.objects.exists()
    assert routine.state().overdue == 1


@pytest.mark.django_db
def test_a_storage_out_of_sight_is_not_a_thousand_damages(tmp_path: Path) -> None:
    for number in range(30):
        take(bytes([number]))
    (tmp_path / "evidence").rename(tmp_path / "not mounted")
    age(days=25)
    assert routine.run_round() == routine.MOST_GONE
    assert Damage.objects.count() == routine.MOST_GONE


@pytest.mark.django_db
def test_what_a_step_or_a_person_found_is_looked_at_at_once(django_capture_on_commit_callbacks: Any,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[tuple[Any, ...]] = []
    monkeypatch.setattr("evidence.wake._send", lambda task, args, **_more: woken.append((task, *args)))
    item = take(b"spoilt at once")
    spoil(lie(item.blob_id))
    with django_capture_on_commit_callbacks(execute=True):
        fixity.rehash(item)
    assert ("evidence.fixity.suspect", item.blob_id) in woken
    assert not routine.suspect(item.blob_id)
    assert Damage.objects.count() == 1


@pytest.mark.django_db
def test_bytes_that_are_taken_off_watch_while_they_are_read_are_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    take(b"disposed of")

    def disposed(*_given: Any) -> None:
        Check.objects.all().delete()

    monkeypatch.setattr(store, "look", disposed)
    age(days=25)
    routine.run_round()
    assert not Damage.objects.exists()


@pytest.mark.django_db
def test_a_day_that_is_over_is_one_event(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        take(bytes([number]))
    age(days=25)
    routine.run_round()
    assert not history.entries(subject_prefix="fixity/", limit=5)
    tomorrow = timezone.now() + DAY
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    routine.run_round()
    routine.run_round()
    told, = history.entries(subject_prefix="fixity/", limit=5)
    assert told.detail == {"act": "fixity_routine", "match": True, "checks": 3, "bytes": 3, "damaged": 0}
    assert told.subject == f"fixity/{(tomorrow - DAY).date().isoformat()}"


def test_one_round_runs_at_a_time(real_db: None) -> None:
    take(b"one")
    age(days=25)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [locks.FIXITY])
        assert routine.run_round() == 0
    finally:
        other.close()
    assert routine.run_round() == 1


@pytest.mark.parametrize("sql", [
    "DELETE FROM evidence_damage", "TRUNCATE evidence_damage CASCADE", "UPDATE evidence_damage SET problem = 'gone'",
    "UPDATE evidence_damage SET healed_at = now()", "UPDATE evidence_damage SET found_sha256 = ''"])
@pytest.mark.parametrize("role", [postgres.APP_ROLE, postgres.OWNER_ROLE, postgres.SUPERUSER])
def test_a_damage_cannot_be_wished_away(real_db: None, role: str, sql: str) -> None:
    item = take(b"hurt")
    spoil(lie(item.blob_id))
    routine.suspect(item.blob_id)
    with pytest.raises((errors.InsufficientPrivilege, errors.CheckViolation)):
        postgres.execute(given.SERVER, sql, postgres.DATABASE, role)


def test_a_blob_that_nobody_watches_cannot_be_made(real_db: None) -> None:
    stored = store.put(io.BytesIO(b"by hand"))
    Blob.objects.create(sha256=stored.sha256, size=stored.size, stored_at=datetime.now().astimezone())
    assert Check.objects.filter(blob=stored.sha256, place="store").exists()
