"""A log that is behind what was witnessed of it: noticed, closed, still read, and gone on from by two people."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from evidence.custody import behind, checkpoints, memory, recovery, rotation, sequencer, services, signer, tree, verify
from evidence.custody.kinds import Kind
from evidence.custody.models import Checkpoint, Event, Payload
from evidence.custody.recovery import Witnessed
from evidence.custody.rewound import Declaration, Recovered, Rewind
from evidence.custody.services import LogBehind, LogUnwritable
from evidence.custody.tree import LogDamaged
from tests.evidence import custody_log as given

ONE = {"type": "person", "id": "user/1", "name": "Amna Javed"}
TWO = {"type": "person", "id": "user/2", "name": "Bilal Hashmi"}


@pytest.fixture
def rewound(real_db: None) -> Checkpoint:
    """Five entries that are left, of eight under the checkpoint that is returned."""
    given.key()
    given.fill(5)
    checkpoints.sign_checkpoint()
    given.fill(3)
    last = checkpoints.sign_checkpoint()
    assert last
    given.cut_back_to(5)
    return last


def closed() -> Rewind:
    with pytest.raises(checkpoints.Rewound):
        recovery.sign()
    rewind = recovery.current()
    assert rewind
    return rewind


def decide(subject: str = "case/CW-2026-0001") -> services.Receipt:
    return services.record(Kind.DECISION, subject=subject, context="log", agent=ONE, detail={"act": "case_closed"})


def test_the_signer_notices_an_undeclared_rewind_and_the_log_is_closed(rewound: Checkpoint) -> None:
    assert not behind.is_behind()
    rewind = closed()
    assert behind.is_behind()
    assert (rewind.how, rewind.size, bytes(rewind.root)) == ("signer", 5, tree.root_at(5))
    assert (rewind.head_size, bytes(rewind.head_root or b""), rewind.head_note) == (
        8, bytes(rewound.root), rewound.note)
    assert rewind.last_at
    assert [(one["by"], one["size"]) for one in rewind.known] == [("signer", 8)]
    assert recovery.sign() is None, "and nothing more is signed"
    with pytest.raises(LogDamaged):
        checkpoints.sign_checkpoint()
    assert Rewind.objects.count() == 1


@pytest.mark.usefixtures("rewound")
def test_a_fork_is_noticed_though_the_log_is_longer_than_what_was_signed() -> None:
    given.fill(10)
    rewind = closed()
    assert (rewind.size, rewind.head_size) == (15, 8)


@pytest.mark.usefixtures("rewound")
def test_while_it_is_closed_nothing_is_recorded_but_what_is_seen_and_taken_out() -> None:
    closed()
    with pytest.raises(LogBehind, match="nothing changes before a restore is declared"):
        decide()
    with pytest.raises(LogBehind), transaction.atomic():
        services.record_all([services.Draft(Kind.ACCESS, "exhibit/1", "", ONE, {}),
                             services.Draft(Kind.ACCESSION, "item/1", "", ONE, {})])
    assert issubclass(LogBehind, LogUnwritable), "whoever fails closed fails here too"
    seen, taken = given.tell(), services.record(Kind.EXPORT, subject="exhibit/1", context="", agent=ONE, detail={})
    proposed = decide("rewind/1")
    assert set(Recovered.objects.values_list("event_id", flat=True)) == {
        seen.event_id, taken.event_id, proposed.event_id}
    assert Event.objects.count() == 5
    assert sequencer.sequence() == 0


def test_the_recovery_log_only_grows(rewound: Checkpoint) -> None:
    rewind = closed()
    given.tell()
    for change in ("UPDATE evidence_recovered SET kind = 'access'", "DELETE FROM evidence_recovered",
                   "TRUNCATE evidence_recovered", "DELETE FROM evidence_rewind", "UPDATE evidence_rewind SET size = 0"):
        for role in ("casework_app", "casework_owner"):
            with (given.connected_as(role), pytest.raises(DatabaseError, match="refused|denied"),
                  connection.cursor() as cursor):
                cursor.execute(change)
    assert recovery.current() == rewind


def test_two_people_declare_and_the_log_goes_on_from_there(rewound: Checkpoint) -> None:
    rewind = closed()
    seen = given.tell(4)
    kept = Recovered.objects.get()
    with pytest.raises(ValueError, match="two people"):
        recovery.declare(rewind, reason="Disk lost", agent=ONE, approver=ONE)
    declared = recovery.declare(rewind, reason="Disk lost", agent=ONE, approver=TWO)
    assert not behind.is_behind()
    assert not Recovered.objects.exists()
    told = Payload.objects.get(pk=seen.event_id)
    assert (bytes(told.content), bytes(told.salt), told.at) == (bytes(kept.content), bytes(kept.salt), kept.at)
    while sequencer.sequence():
        pass
    signed = recovery.sign()
    assert signed
    assert signed.size == tree.log_size() == 7
    head = memory.head()
    assert head
    assert head.size == 7
    assert list(verify.verify_all()) == []
    # What was given up is not verified, and it is said why.
    [problem] = verify.verify_all(held=[rewound.note])
    assert "is for 8 entries, the log has only 7; it was given up by the restore that event" in problem.problem
    assert str(declared.event_id) in problem.problem
    given.fill(5)
    assert recovery.sign()
    [problem] = verify.verify_all(held=[rewound.note])
    assert "another root at this size; it was given up by the restore" in problem.problem
    assert "the log went on from 5 entries" in problem.problem


def test_a_declared_restore_excuses_no_other_history(rewound: Checkpoint) -> None:
    recovery.declare(closed(), reason="Disk lost", agent=ONE, approver=TWO)
    given.fill(9)
    recovery.sign()
    middle = checkpoints.latest()
    assert middle
    given.cut_back_to(6)
    given.fill(12)
    with pytest.raises(checkpoints.Rewound):
        recovery.sign()
    found = {one.object: one.problem for one in verify.verify_all()}
    assert found["checkpoint that the signer remembers"].endswith("history was changed")
    assert behind.is_behind(), "the next rewind is an alarm of its own"


@pytest.mark.parametrize("cut", ["restate", "declare_restored"])
def test_a_cut_between_declaration_and_signing_is_gone_on_from(
        rewound: Checkpoint, monkeypatch: pytest.MonkeyPatch, cut: str) -> None:
    recovery.declare(closed(), reason="Disk lost", agent=ONE, approver=TWO)
    while sequencer.sequence():
        pass

    class CutOff(Exception):
        pass

    def stop(*_args: Any) -> None:
        raise CutOff

    with monkeypatch.context() as patched:
        patched.setattr(rotation if cut == "restate" else memory, cut, stop)
        with pytest.raises(CutOff):
            recovery.sign()
    assert recovery.sign()
    assert list(verify.verify_all()) == []


@pytest.mark.usefixtures("rewound")
def test_what_people_hold_closes_it_too_and_a_witness_names_a_size_alone() -> None:
    memory.path_of().unlink()
    at = datetime(2026, 3, 14, tzinfo=UTC)
    agrees = Witnessed(Rewind.Witness.CHECKPOINT, "held.txt", 5, tree.root_at(5))
    assert recovery.notice(Rewind.How.RESTORE, [agrees]) is None
    rewind = recovery.notice(Rewind.How.RESTORE, [
        agrees, Witnessed(Rewind.Witness.RECEIPT, "r.json", 7, b"x" * 32, "note", at),
        Witnessed(Rewind.Witness.WITNESS, "north", 9)])
    assert rewind
    assert (rewind.head_size, rewind.head_root) == (9, None)
    assert [(one["name"], one["size"], one["at"]) for one in rewind.known] == [
        ("north", 9, None), ("r.json", 7, at.isoformat())]
    recovery.declare(rewind, reason="Disk lost", agent=ONE, approver=TWO)
    while sequencer.sequence():
        pass
    assert recovery.sign()


@pytest.mark.usefixtures("rewound")
def test_nobody_writes_to_the_recovery_log_behind_the_back_of_a_declaration() -> None:
    rewind = closed()
    began, go = threading.Event(), threading.Event()

    def look() -> None:
        with transaction.atomic():
            given.tell(1)
            began.set()
            go.wait(10)
        connections.close_all()

    reader = threading.Thread(target=look)
    reader.start()
    assert began.wait(10)

    def declare() -> None:
        recovery.declare(rewind, reason="Disk lost", agent=ONE, approver=TWO)
        connections.close_all()

    declared = threading.Thread(target=declare)
    declared.start()
    declared.join(0.5)
    assert declared.is_alive(), "it waits for who writes"
    go.set()
    reader.join(10)
    declared.join(10)
    given.tell(2)
    assert Declaration.objects.count() == 1
    assert not Recovered.objects.exists()
    assert Event.objects.count() == 5 + 1 + 2


@pytest.mark.usefixtures("rewound")
def test_verification_names_what_lies_in_the_recovery_log_of_a_log_that_is_open() -> None:
    closed()
    seen = given.tell()
    given.as_superuser("INSERT INTO evidence_declaration SELECT id, now() FROM evidence_rewind", "evidence_declaration")
    found = {one.object: one.problem for one in verify.verify_all()}
    assert found[f"event {seen.event_id}"].startswith("stands in the recovery log")
    assert any(name.startswith("restore ") for name in found), "a declaration that no event tells of"
    assert signer.public_keys()


@pytest.mark.usefixtures("rewound")
def test_a_database_in_which_nothing_is_recorded_waits_for_a_backup_and_closes_with_the_first_event() -> None:
    given.cut_back_to(0)
    with pytest.raises(checkpoints.Rewound):
        recovery.sign()
    assert recovery.current() is None
    assert recovery.awaited() == 8
    given.fill(1)
    assert closed().size == 1
    assert recovery.awaited() == 0
