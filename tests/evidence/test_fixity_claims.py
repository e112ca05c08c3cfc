"""What the application's role may say of its own checks, healings and verifications: nothing that hides a loss."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test import override_settings
from django.utils import timezone
from psycopg import errors
from stack import postgres

from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.fixity import audit, damage, healing, routine, verifications
from evidence.fixity.models import Check, Damage, Healing
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.store.keys import key
from evidence.store.models import Blob
from tests.evidence import custody_log as given

CASE = "case/CW-2026-0001"
ONE = {"type": "person", "id": "user/1", "name": "Lubna Qadir"}
OTHER = {"type": "person", "id": "user/2", "name": "Laila Zafar"}


@pytest.fixture(autouse=True)
def own_storages(real_db: None, tmp_path: Path) -> Iterator[None]:
    given.key()
    with override_settings(FIXITY_DAYS=30, STORAGES={name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / name)}}
            for name in ("evidence", "archive", "default", "staticfiles")}):
        yield


def take(data: bytes = b"watched") -> Item:
    return intake.receive_bytes(data, name="a.bin", provenance={}, context=CASE, agent=custody.SYSTEM).item


def lose(item: Item) -> None:
    os.unlink(storages["evidence"].path(key(item.blob_id)))


def said(sql: str, role: str = postgres.APP_ROLE) -> str:
    return postgres.execute(given.SERVER, sql, postgres.DATABASE, role)


def forged(sql: str, table: str) -> None:
    """What whoever is master of the server does."""
    said(f"ALTER TABLE {table} DISABLE TRIGGER ALL; {sql}; ALTER TABLE {table} ENABLE TRIGGER ALL", postgres.SUPERUSER)


def problems() -> dict[str, str]:
    """object → all that is wrong with it."""
    named: defaultdict[str, list[str]] = defaultdict(list)
    for found in audit.audit_all(checked=Counter()):
        named[found.object].append(found.problem)
    return {name: "; ".join(wrong) for name, wrong in named.items()}


@pytest.mark.parametrize("change", [
    "checked_at = '9000-01-01'", "checked_at = now() + interval '1 minute'", "retry_at = '9000-01-01'",
    "retry_at = now() + interval '62 minutes'", "checked_at = checked_at - interval '1 second'", "place = 'archive'"])
@pytest.mark.parametrize("role", [postgres.APP_ROLE, postgres.OWNER_ROLE, postgres.SUPERUSER])
def test_no_file_is_taken_off_the_schedule_by_a_time_that_has_not_come(change: str, role: str) -> None:
    take()
    for sql in (f"UPDATE evidence_check SET {change}", f"SET session_replication_role = replica; UPDATE evidence_check "
                f"SET {change}")[:1 + (role == postgres.SUPERUSER)]:
        with pytest.raises(errors.InsufficientPrivilege, match="in the future|stays read"):
            said(sql, role)


def test_no_check_begins_in_the_future() -> None:
    item = take()
    with pytest.raises(errors.InsufficientPrivilege, match="in the future"):
        said("INSERT INTO evidence_check (blob_id, place, checked_at, failures) "
             f"VALUES ('{item.blob_id}', 'archive', now() + interval '1 day', 0)")
    Blob.objects.create(sha256="ab" * 32, size=3, stored_at=timezone.now() + timedelta(days=900))
    assert Check.objects.get(blob="ab" * 32).checked_at <= timezone.now() + routine.AHEAD, "watched from now on"


@pytest.mark.parametrize("change", ["checked_at = '9000-01-01'", "checked_at = '2000-01-01', retry_at = '9000-01-01'"])
def test_a_file_that_was_taken_off_the_schedule_all_the_same_is_overdue_named_and_read(change: str) -> None:
    item = take()
    assert "blob" not in str(problems())
    assert routine.state().overdue == routine.run_round() == 0
    forged(f"UPDATE evidence_check SET {change}", "evidence_check")
    assert "a time that has not come" in problems()[f"blob {item.blob_id}"]
    assert routine.state().overdue == 1
    lose(item)
    assert routine.run_round() == 1
    assert Damage.objects.get().problem == "gone"
    assert routine.state().overdue == routine.run_round() == 0, "its row is mended"


def hurt() -> Damage:
    item = take()
    lose(item)
    routine.suspect(item.blob_id)
    return Damage.objects.get()


ORDER = """
INSERT INTO evidence_healing (damage_id, context, reason, agent, approver, asked_at, state, attempts, detail,
    finished_at)
VALUES ({}, 'case/x', 'r', '{{"id":"user/1"}}', '{{"id":"user/2"}}', now(), '{}', 0, '', {})"""


def test_no_order_to_heal_begins_at_its_end_and_no_damage_begins_closed() -> None:
    found = hurt()
    with pytest.raises(errors.InsufficientPrivilege, match="written once"):
        said(ORDER.format(found.pk, "done", "now()"))
    said(ORDER.format(found.pk, "pending", "NULL"))
    with pytest.raises(errors.InsufficientPrivilege, match="no recorded event"):
        said("UPDATE evidence_healing SET state = 'done', finished_at = now()")
    with pytest.raises(errors.InsufficientPrivilege, match="begins open"):
        said("INSERT INTO evidence_damage (blob_id, place, problem, found_sha256, found_at, healed_at, healing_id) "
             "SELECT blob_id, place, problem, '', now(), now(), (SELECT id FROM evidence_healing) FROM evidence_damage")
    assert damage.open_ones().count() == 1
    # Who puts a backup back owns the tables, and healings come before the events that they stand on.
    said(ORDER.format(found.pk, "done", "now()"), postgres.OWNER_ROLE)


@pytest.mark.parametrize("agent", [ONE, OTHER])
@pytest.mark.parametrize("other", [
    {"act": "healed_elsewhere"}, {"match": False}, {"damage": 0}, {"approver": {"id": "user/3"}}, {}])
def test_an_order_ends_with_its_own_event_alone(other: dict[str, object], agent: dict[str, str]) -> None:
    found = hurt()
    order = healing.ask(found, context=CASE, reason="A disk failed", agent=ONE, approver=OTHER)
    detail = {"act": healing.ACT, "match": True, "damage": found.pk, "approver": OTHER} | other
    told = custody.record(Kind.REPLICATION, subject="item/x", context=CASE, agent=agent, detail=detail)
    end = f"UPDATE evidence_healing SET state = 'done', finished_at = now(), event_id = '{told.event_id}'"
    if other or agent == OTHER:
        with pytest.raises(errors.InsufficientPrivilege, match="no recorded event"):
            said(end)
    else:
        said(end)
    assert Healing.objects.get(pk=order.pk).state == ("pending" if other or agent == OTHER else "done")


CLOSED = ORDER + "; UPDATE evidence_damage SET healed_at = now(), healing_id = (SELECT max(id) FROM evidence_healing)"


def test_an_alarm_that_the_master_of_the_server_closed_or_took_away_is_named() -> None:
    found = hurt()
    name = f"damage {found.pk}"
    assert name not in problems()
    forged(CLOSED.format(found.pk, "done", "now()"), "evidence_damage")
    assert damage.open_ones().count() == 0
    assert "no recorded event of two people says so" in problems()[name]
    forged("UPDATE evidence_damage SET problem = 'changed'", "evidence_damage")
    assert "is not what was recorded" in problems()[name]
    forged("DELETE FROM evidence_damage", "evidence_damage")
    assert "its row is gone" in problems()[name]


def test_a_healing_that_was_taken_away_or_made_up_is_named() -> None:
    item = take()
    with open(storages["evidence"].path(key(item.blob_id)), "rb") as whole:
        data = whole.read()
    lose(item)
    routine.suspect(item.blob_id)
    found = Damage.objects.get()
    Path(storages["evidence"].path(key(item.blob_id))).write_bytes(data)
    healing.ask(found, context=CASE, reason="A disk failed", agent=ONE, approver=OTHER)
    assert healing.run_waiting() == 1
    name = f"damage {found.pk}"
    assert name not in problems()
    forged("UPDATE evidence_healing SET reason = 'another'", "evidence_healing")
    assert "no recorded event of two people" in problems()[name]
    forged("UPDATE evidence_damage SET healed_at = NULL, healing_id = NULL", "evidence_damage")
    assert "stands as open" in problems()[name]
    forged("DELETE FROM evidence_healing", "evidence_healing")
    assert "no row says so" in problems()[name]
    Damage.objects.create(blob=item.blob, place="archive", problem="gone", found_at=timezone.now())
    assert "no recorded event says that it was found" in problems()[f"damage {Damage.objects.latest('pk').pk}"]


def test_events_that_are_not_made_like_ours_stop_no_verification() -> None:
    take()
    for kind, act in ((Kind.FIXITY, damage.FOUND), (Kind.REPLICATION, healing.ACT)):
        for wrong in ([1], {"a": 1}, "x", None, 2**53 - 1):
            custody.record(kind, subject="item/x", context=CASE, agent=custody.SYSTEM,
                           detail={"act": act, "match": wrong, "damage": wrong})
    assert [name for name in problems() if name.startswith("damage")] == [f"damage {2**53 - 1}"]


@pytest.mark.parametrize("sql", [
    "DELETE FROM evidence_verification", "TRUNCATE evidence_verification",
    "UPDATE evidence_verification SET problem_count = 0, problems = '[]'",
    "UPDATE evidence_verification SET state = 'pending', finished_at = NULL",
    "INSERT INTO evidence_verification (subject, context, subjects, items, act, agent, asked_at, state, attempts, "
    "finished_at, checked, problem_count, problems) SELECT subject, context, subjects, items, act, agent, now(), "
    "'done', 0, now(), '{}', 0, '[]' FROM evidence_verification"])
def test_what_a_verification_found_stays(sql: str) -> None:
    item = take()
    lose(item)
    asked = verifications.ask(CASE, context=CASE, act="case_verified", agent=ONE)
    with pytest.raises(errors.InsufficientPrivilege, match="stays|permission denied|insert-only"):
        said("UPDATE evidence_verification SET context = 'case/x'")
    assert verifications.run(asked)
    for role in (postgres.APP_ROLE, postgres.OWNER_ROLE)[:1 if "INSERT" in sql else 2]:
        with pytest.raises(errors.InsufficientPrivilege, match="stays|permission denied|insert-only"):
            said(sql, role)
    asked.refresh_from_db()
    assert asked.problem_count > 0
