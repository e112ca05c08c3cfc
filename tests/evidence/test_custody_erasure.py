"""What is lawfully erased is gone, is named by the erasure, and breaks no proof; nothing else lets a payload go."""

import threading
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction
from django.test import override_settings
from psycopg import errors
from stack import postgres

from evidence.custody import (
    checkpoints,
    erasure,
    sequencer,
    services,
)
from evidence.custody.kinds import Kind
from evidence.custody.models import Erasure, Event, Payload
from evidence.tlog import canonical
from tests.evidence import custody_log as given
from tests.evidence import poison
from tests.evidence.erasing import LAILA, LUBNA, WHY, ids


def event_of(erased: list[UUID], **changed: Any) -> services.Written:
    """An erasure event as the function wants it, but for what is `changed` in its detail or about it."""
    _, events = erasure._named(erased)
    detail = {"act": erasure.ACT, "events": events, "reason": "r", "basis": "b", "approver": LAILA}
    about = {key: changed.pop(key) for key in list(changed) if key in {"kind", "subject", "context", "agent"}}
    return poison.written(poison.event("disposal", "case/CW-2026-0001", "case/CW-2026-0001", detail | changed,
                                       agent=LUBNA) | about)


def call(erased: list[UUID], new: services.Written, **changed: Any) -> None:
    """The database function itself, as the application's role."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(erasure._ERASE, [
            erased, changed.get("id", new.event_id), new.committed, new.salt, new.content, "case/CW-2026-0001",
            changed.get("context", "case/CW-2026-0001"), new.at])


@pytest.mark.django_db
def test_an_erasure_takes_payload_and_salt_and_says_so() -> None:
    given.fill(4)
    gone = ids(1, 3)
    receipt = erasure.erase(gone, **WHY)
    assert not Payload.objects.filter(event_id__in=gone).exists()
    assert Event.objects.filter(pk__in=gone).count() == 2, "commitments stay"
    told = canonical.decode(bytes(Payload.objects.get(event_id=receipt.event_id).content))
    assert (told["kind"], told["context"], told["agent"]) == ("disposal", "case/CW-2026-0001", LUBNA)
    assert told["detail"]["approver"] == LAILA
    assert [(one["index"], one["kind"], one["subject"]) for one in told["detail"]["events"]] == [
        (1, "access", "exhibit/1"), (3, "access", "exhibit/3")]
    assert b"number" not in canonical.encode(told["detail"]["events"]), "nothing of what the events said"
    kept = Erasure.objects.get(event_id=gone[0])
    assert (kept.erasure_id, kept.kind, kept.subject) == (receipt.event_id, "access", "exhibit/1")


@pytest.mark.django_db
def test_events_of_one_subject_are_erased_under_its_name() -> None:
    given.fill(2)
    erasure.erase(ids(1), **WHY)
    assert Payload.objects.get(kind="disposal").subject == "exhibit/1"


@pytest.mark.django_db
@pytest.mark.parametrize(("changed", "said"), [
    ({"reason": " "}, "reason"), ({"basis": ""}, "basis"), ({"approver": LUBNA}, "two people"),
    ({"approver": LUBNA | {"name": "Lubna Q."}}, "two people")])
def test_an_erasure_needs_reason_basis_and_two_people(changed: dict[str, Any], said: str) -> None:
    given.fill(1)
    with pytest.raises(erasure.NotErasable, match=said):
        erasure.erase(ids(0), **WHY | changed)
    assert Payload.objects.count() == 1


@pytest.mark.django_db
def test_what_cannot_be_erased_is_refused_and_nothing_changes() -> None:
    given.fill(2)
    first = ids(0)
    erased = erasure.erase(first, **WHY)
    waiting = given.tell().event_id
    with pytest.raises(erasure.NotErasable, match="wait for their place"):
        erasure.erase([waiting], **WHY)
    while sequencer.sequence():
        pass
    other = given.tell(1, "case/CW-2026-0002").event_id
    outside = [given.tell(number, "log").event_id for number in range(2)]
    key = services.record(Kind.DECISION, subject="key/00000000", context="log", agent=services.SYSTEM, detail={})
    while sequencer.sequence():
        pass
    before = Payload.objects.count()
    for wanted, said in [
            ([], "between 1"), ([uuid4() for _ in range(erasure.MOST + 1)], "between 1"), ([uuid4()], "unknown"),
            (first, "erased already"), ([erased.event_id], "never erased"), ([key.event_id], "never erased"),
            ([waiting, other], "more than one case"), (outside, "more than one thing")]:
        with pytest.raises(erasure.NotErasable, match=said):
            erasure.erase(wanted, **WHY)
    assert Payload.objects.count() == before


@pytest.mark.django_db
def test_the_function_erases_only_what_the_event_names_word_for_word() -> None:
    given.fill(5)
    erased = erasure.erase(ids(4), **WHY).event_id
    key = services.record(Kind.DECISION, subject="key/0", context="case/CW-2026-0001", agent=services.SYSTEM, detail={})
    while sequencer.sequence():
        pass
    pair, one = ids(0, 1), ids(0)
    good = event_of(pair)
    waiting = given.tell().event_id
    there = Payload.objects.count()
    third = {"at": "x", "id": str(ids(2)[0]), "index": 2, "kind": "access", "subject": "exhibit/2"}
    named = canonical.decode(good.content)["detail"]["events"]
    refused: list[tuple[list[UUID], services.Written, dict[str, Any]]] = [
            (one, good, {}), (ids(0, 2), good, {}), (ids(0, 1, 2), good, {}), ([*pair, pair[0]], good, {}),
            ([], good, {}), ([uuid4()], good, {}), ([waiting], good, {}),
            (pair, event_of(pair, events=[]), {}), (pair, event_of(pair, events=[*named, third]), {}),
            (pair, event_of(pair, events=named[::-1]), {}), (pair, event_of(pair, events=[named[0]] * 2), {}),
            (pair, event_of(pair, events=[named[0], named[1] | {"name": "Zainab"}]), {}),
            (pair, event_of(pair, act="exhibit_viewed"), {}), (pair, event_of(pair, kind=Kind.DECISION), {}),
            (pair, event_of(pair, reason=""), {}), (pair, event_of(pair, basis=""), {}),
            (pair, event_of(pair, approver=LUBNA), {}), (pair, event_of(pair, approver={}), {}),
            (pair, event_of(pair, approver=LUBNA | {"name": "L."}), {}), (pair, event_of(pair, agent={}), {}),
            (pair, event_of(pair, subject="case/other"), {}), (pair, event_of(pair, context="case/other"), {}),
            (pair, good, {"id": uuid4()}), (pair, good, {"context": "case/CW-2026-0002"}),
            ([erased], good, {}), ([key.event_id], good, {})]
    for erased_ids, new, changed in refused:
        with pytest.raises(DatabaseError, match="can be erased|exactly these|two people"):
            call(erased_ids, new, **changed)
        assert Payload.objects.count() == there
    call(pair, good)
    assert Payload.objects.count() == there - 1, "two are gone, one says so"


@pytest.mark.usefixtures("real_db")
def test_nobody_else_deletes_a_payload() -> None:
    given.fill(3)
    victim = ids(1)[0]
    delete = f"DELETE FROM evidence_payload WHERE event_id = '{victim}'"
    note = ("INSERT INTO evidence_erasure (event_id, kind, subject, context, at, erasure_id) "
            f"VALUES ('{victim}', 'access', 'x', 'x', now(), '{{}}')")
    for role, sql in [
            (postgres.APP_ROLE, delete), (postgres.APP_ROLE, note.format(victim)),
            (postgres.APP_ROLE, f"SET ROLE {postgres.ERASER_ROLE}"),
            (postgres.APP_ROLE, "SET session_replication_role = replica"),
            (postgres.APP_ROLE, "ALTER TABLE evidence_payload DISABLE TRIGGER ALL"),
            (postgres.OWNER_ROLE, delete), (postgres.SUPERUSER, delete),
            (postgres.OWNER_ROLE, f"SELECT evidence_erase('{{{victim}}}', '{victim}', '', '', '{{}}', '', '', now())"),
            (postgres.SUPERUSER, f"SET session_replication_role = replica; {delete}"),
            # The owner can act as the role that erases: without an erasure event that is of no use.
            (postgres.OWNER_ROLE, f"SET ROLE {postgres.ERASER_ROLE}; {delete}"),
            (postgres.OWNER_ROLE, f"SET ROLE {postgres.ERASER_ROLE}; {note.format(ids(0)[0])}; {delete}"),
            (postgres.OWNER_ROLE, f"SET ROLE {postgres.ERASER_ROLE}; UPDATE evidence_payload SET salt = ''"),
            (postgres.OWNER_ROLE, f"SET ROLE {postgres.ERASER_ROLE}; DELETE FROM evidence_erasure")]:
        with pytest.raises(errors.InsufficientPrivilege):
            postgres.execute(given.SERVER, sql, postgres.DATABASE, role)
    may = f"SELECT rolcanlogin OR rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = '{postgres.ERASER_ROLE}'"
    assert postgres.execute(given.SERVER, may) == "False"
    assert Payload.objects.count() == 3


@pytest.mark.usefixtures("real_db")
def test_of_two_erasures_of_one_event_at_once_one_changes_nothing() -> None:
    given.fill(1)
    wanted, other = ids(0), event_of(ids(0))
    refused: list[Exception] = []

    def second() -> None:
        try:
            call(wanted, other)
        except DatabaseError as error:
            refused.append(error)
        connections.close_all()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        erasure.erase(wanted, **WHY)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it waits for the first to end"
    thread.join(10)
    assert len(refused) == 1
    assert Erasure.objects.count() == Payload.objects.filter(kind="disposal").count() == 1



@pytest.mark.usefixtures("real_db")
def test_without_the_role_that_erases_nothing_is_migrated_and_it_is_said_which() -> None:
    rules = import_module("evidence.migrations.0002_rules")
    with given.connected_as(postgres.OWNER_ROLE), connection.schema_editor() as editor, \
            override_settings(DATABASE_ERASER_ROLE="casework_nobody"), pytest.raises(RuntimeError, match="CREATE ROLE"):
        rules.guard(apps, editor)


@pytest.fixture
def log(real_db: None) -> list[UUID]:
    """Ten events, of which those at 2 and 5 are erased; a checkpoint before, one after. Returns the erased ones."""
    given.key()
    given.fill(10)
    checkpoints.sign_checkpoint()
    gone = ids(2, 5)
    erasure.erase(gone, **WHY)
    while sequencer.sequence():
        pass
    checkpoints.sign_checkpoint()
    return gone
