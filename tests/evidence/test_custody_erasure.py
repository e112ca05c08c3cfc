"""What is lawfully erased is gone, is named by the erasure, and breaks no proof; nothing else lets a payload go."""

import io
import threading
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.test import override_settings
from psycopg import errors
from stack import postgres

from evidence.custody import (
    checkpoints,
    erasure,
    history,
    lawful,
    proofs,
    sequencer,
    services,
    standing,
    verify,
)
from evidence.custody.kinds import Kind
from evidence.custody.lawful import Lawful
from evidence.custody.models import Checkpoint, Erasure, Event, Payload
from evidence.tlog import canonical, merkle
from tests.evidence import custody_log as given

LAILA = {"type": "person", "id": "user/5", "name": "Laila Zafar"}
LUBNA = {"type": "person", "id": "user/1", "name": "Lubna Qadir"}
WHY: dict[str, Any] = {"reason": "A court ordered it", "basis": "Order 9 of the invented court of Lahore",
                       "agent": LUBNA, "approver": LAILA}


def ids(*indexes: int) -> list[UUID]:
    return [given.event_at(index) for index in indexes]


def event_of(erased: list[UUID], **changed: Any) -> services.Written:
    """An erasure event as the function wants it, but for what is `changed` in its detail or about it."""
    _, events = erasure._named(erased)
    detail = {"act": erasure.ACT, "events": events, "reason": "r", "basis": "b", "approver": LAILA}
    about: dict[str, Any] = {"kind": Kind.DISPOSAL, "subject": "case/CW-2026-0001", "context": "case/CW-2026-0001",
                             "agent": LUBNA}
    about |= {key: changed.pop(key) for key in list(changed) if key in about}
    return services.written(about.pop("kind"), **about, detail=detail | changed)


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
    key = services.record(Kind.DECISION, subject="key/00000000", context="log", agent=services.SYSTEM, detail={})
    while sequencer.sequence():
        pass
    before = Payload.objects.count()
    for wanted, said in [
            ([], "between 1"), ([uuid4() for _ in range(erasure.MOST + 1)], "between 1"), ([uuid4()], "unknown"),
            (first, "erased already"), ([erased.event_id], "never erased"), ([key.event_id], "never erased"),
            ([waiting, other], "more than one case")]:
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
    note = f"INSERT INTO evidence_erasure VALUES ('{victim}', 'access', 'x', 'x', now(), '{{}}')"
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
def test_the_migration_goes_back_unless_something_was_erased_and_says_what_role_is_missing() -> None:
    with given.connected_as(postgres.OWNER_ROLE):
        call_command("migrate", "evidence", "0003", verbosity=0)
        missing = override_settings(DATABASE_ERASER_ROLE="casework_nobody")
        with missing, pytest.raises(RuntimeError, match="CREATE ROLE"):
            call_command("migrate", "evidence", "0004", verbosity=0)
        call_command("migrate", "evidence", "0004", verbosity=0)
        call_command("migrate", "evidence", verbosity=0)
    given.fill(1)
    erasure.erase(ids(0), **WHY)
    with given.connected_as(postgres.OWNER_ROLE), pytest.raises(RuntimeError, match="were erased"):
        call_command("migrate", "evidence", "0003", verbosity=0)


# What verification makes of it

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


def found() -> list[tuple[str, str]]:
    return [(problem.object, problem.problem) for problem in verify.verify_all()]


@pytest.mark.usefixtures("log")
def test_what_is_lawfully_erased_is_counted_and_every_proof_holds() -> None:
    checked: Counter[str] = Counter()
    first = Checkpoint.objects.get(size=10)
    assert list(verify.verify_all(held=[first.note], checked=checked)) == []
    assert (checked["erased"], checked["leaves"]) == (2, 11)
    head = checkpoints.latest()
    assert head
    for event_id in ids(2, 5, 10):
        proof = proofs.inclusion(event_id)
        assert proof
        merkle.check_inclusion(proof.leaf_hash, proof.index, head.size, proof.path, bytes(head.root))
    checked = Counter()
    assert list(verify.verify_context("case/CW-2026-0001", checked=checked)) == []
    assert (checked["erased"], checked["events"]) == (2, 11)
    out = io.StringIO()
    call_command("verify", "--all", stdout=out)
    assert "2 erased" in out.getvalue()


@pytest.mark.django_db
def test_an_erasure_that_waits_for_its_place_is_lawful_too() -> None:
    given.key()
    given.fill(3)
    erasure.erase(ids(1), **WHY)
    assert found() == []


# Done by the master of the server to the log above: what is then found, by event (index) and word.
UNLAWFUL = [
    ("DELETE FROM evidence_payload WHERE event_id = {0}", 0, "its payload is gone"),
    ("DELETE FROM evidence_payload WHERE event_id = {10}", 10, "its payload is gone"),
    ("DELETE FROM evidence_payload WHERE event_id = {10}", 2, "is no sound erasure"),
    ("DELETE FROM evidence_erasure WHERE event_id = {2}", 2, "its payload is gone"),
    ("DELETE FROM evidence_payload WHERE event_id = {0}; INSERT INTO evidence_erasure "
     "(event_id, erasure_id, kind, subject, context, at) SELECT {0}, {10}, kind, subject, context, at "
     "FROM evidence_erasure LIMIT 1", 0, "does not name it"),
    ("DELETE FROM evidence_payload WHERE event_id = {0}; INSERT INTO evidence_erasure "
     "(event_id, erasure_id, kind, subject, context, at) SELECT {0}, {1}, kind, subject, context, at "
     "FROM evidence_erasure LIMIT 1", 0, "is no sound erasure"),
    ("UPDATE evidence_erasure SET erasure_id = {1} WHERE event_id = {2}", 2, "is no sound erasure"),
    ("UPDATE evidence_erasure SET subject = 'exhibit/other' WHERE event_id = {2}", 2, "is not noted as erased"),
    ("UPDATE evidence_erasure SET at = now() WHERE event_id = {2}", 2, "is not noted as erased"),
    ("UPDATE evidence_erasure SET context = 'case/CW-2026-0002' WHERE event_id = {5}", 5, "is not noted as erased"),
    ("INSERT INTO evidence_payload SELECT {2}, salt, content, kind, subject, context, at FROM evidence_payload "
     "WHERE event_id = {1}", 2, "is still there"),
    ("INSERT INTO evidence_erasure (event_id, erasure_id, kind, subject, context, at) "
     "SELECT {1}, {10}, kind, subject, context, at FROM evidence_erasure LIMIT 1", 1, "is noted as erased"),
    ("UPDATE evidence_leaf SET index = 100 WHERE index = 10; UPDATE evidence_leaf SET index = 10 WHERE index = 5;"
     "UPDATE evidence_leaf SET index = 5 WHERE index = 100", 5, "does not name it"),
]


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(("sql", "index", "said"), UNLAWFUL)
def test_what_is_gone_otherwise_is_a_problem(sql: str, index: int, said: str) -> None:
    events = {number: given.event_at(number) for number in range(11)}
    named = sql.format(*(f"'{events[number]}'" for number in range(11)))
    tables = ("evidence_payload", "evidence_erasure", "evidence_leaf")
    given.as_superuser(named, *tables)
    assert any(str(events[index]) in name and said in problem for name, problem in found()), found()


@pytest.mark.django_db
def test_an_erasure_that_erased_nothing_or_says_not_what_is_a_problem() -> None:
    given.key()
    given.fill(3)
    kept = ids(1)
    _, events = erasure._named(kept)
    for said in (events, [], "nonsense", [{"id": "x"}], [{"id": str(uuid4())}], [5]):
        services.record(Kind.DISPOSAL, subject="exhibit/1", context="case/CW-2026-0001", agent=LUBNA,
                        detail={"act": erasure.ACT, "events": said})
    while sequencer.sequence():
        pass
    assert [(name, "is still there" in problem) for name, problem in found()][0] == (f"event {kept[0]}", True)
    assert [problem for _, problem in found()][1:] == ["is an erasure that does not say of what"] * 5


@pytest.mark.parametrize(("index", "said"), [(3, "stands before it"), (7, "stands before it"), (8, ""), (None, "")])
def test_an_erasure_that_stands_before_the_event_excuses_nothing(
        monkeypatch: pytest.MonkeyPatch, index: int | None, said: str) -> None:
    monkeypatch.setattr(lawful, "_load", lambda _id: lawful._Said(index, "case/x", {"it": {"index": 7}}))
    fault = Lawful().fault("it", 7, "the erasure")
    assert said in fault
    assert bool(fault) == bool(said)


# What people read

@pytest.mark.django_db
def test_an_erased_event_keeps_its_place_in_the_history_and_says_who_erased_it() -> None:
    given.fill(6)
    gone = ids(1, 4)
    receipt = erasure.erase(gone, **WHY)
    shown = history.entries(context="case/CW-2026-0001", limit=9)
    assert [entry.index for entry in shown] == [None, 5, 4, 3, 2, 1, 0]
    entry = shown[2]
    assert (entry.event_id, entry.kind, entry.subject, entry.agent) == (gone[1], "access", "exhibit/4", {})
    assert entry.leaf_hash == services.leaf_hash(bytes(Event.objects.get(pk=gone[1]).commitment))
    erased = entry.detail["erased"]
    assert (erased["by"], erased["approver"], erased["reason"]) == (LUBNA, LAILA, WHY["reason"])
    assert (erased["basis"], erased["event"]) == (WHY["basis"], str(receipt.event_id))
    assert [one.event_id for one in history.entries(subject="exhibit/4", limit=9)] == [gone[1]]
    assert len(history.entries(subject_prefix="exhibit/", limit=9)) == 6


@pytest.mark.django_db
def test_pages_meet_also_where_an_erased_event_is_the_last_of_one() -> None:
    given.fill(9)
    erasure.erase(ids(2, 4, 6), **WHY)
    everything = [entry.event_id for entry in history.entries(context="case/CW-2026-0001", limit=99)]
    for size in (1, 2, 3, 4):
        paged: list[UUID] = []
        while page := history.entries(context="case/CW-2026-0001", limit=size, before=paged[-1] if paged else None):
            paged += [entry.event_id for entry in page]
        assert paged == everything
    assert history.entries(context="case/CW-2026-0001", limit=9, before=uuid4()) == []


@pytest.mark.django_db
def test_the_open_window_does_not_close_by_erasing_its_oldest_event() -> None:
    given.key()
    given.fill(2)
    before = standing.standing().uncovered_since
    erasure.erase(ids(0), **WHY)
    assert standing.standing().uncovered_since == before


@pytest.mark.django_db
def test_the_context_of_an_item_outlives_the_erasure_of_its_accession() -> None:
    given.fill(1)
    erasure.erase(ids(0), **WHY)
    assert history.context_of("exhibit/0", Kind.ACCESS) == "case/CW-2026-0001"
    assert history.context_of("exhibit/0", Kind.EXPORT) == ""
