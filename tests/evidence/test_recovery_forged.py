"""Whoever is master of the database alone makes no signer forget: rows are no word of two people."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from stack import postgres

from evidence.custody import behind, checkpoints, memory, recovery, sequencer, services, tree, verify
from evidence.custody.kinds import Kind
from evidence.custody.models import Checkpoint, Payload, Pending
from evidence.custody.rewound import Rewind
from tests.evidence import custody_log as given

ONE = {"type": "person", "id": "user/1", "name": "Amna Javed"}
TWO = {"type": "person", "id": "user/2", "name": "Bilal Hashmi"}
NAMED = "no entry of the log says that people did"


@pytest.fixture
def rewound(real_db: None) -> Checkpoint:
    """Five entries that are left, of eight under the checkpoint that is returned; two rows call it declared."""
    given.key()
    given.fill(5)
    checkpoints.sign_checkpoint()
    given.fill(3)
    last = checkpoints.sign_checkpoint()
    assert last
    given.cut_back_to(5)
    return last


def forged(last: Checkpoint) -> UUID:
    which, root = uuid4(), bytes(last.root).hex()
    known = json.dumps([{"by": "signer", "name": "", "size": last.size, "root": root, "at": None}])
    postgres.execute(given.SERVER, f"""
        INSERT INTO evidence_rewind (id, noticed_at, how, size, root, head_size, head_root, head_note, known)
        VALUES ('{which}', now(), 'signer', 5, '\\x{tree.root_at(5).hex()}', {last.size}, '\\x{root}', '', '{known}');
        INSERT INTO evidence_declaration (rewind_id, declared_at) VALUES ('{which}', now())""", postgres.DATABASE)
    return which


def tell(which: UUID, last: Checkpoint, **other: Any) -> services.Receipt:
    """An event as the restore's, recorded as anybody may who has the application's role."""
    root = bytes(last.root).hex()
    detail = {"act": recovery.ACT, "reason": "Disk", "approver": TWO, "how": "signer", "noticed_at": "x",
              "restored": {"size": 5, "root": tree.root_at(5).hex()}, "given_up": {"size": last.size, "root": root}}
    return services.record(Kind.DECISION, subject=f"rewind/{which}", context="log",
                           agent=other.pop("agent", ONE), detail=detail | other)


def sequenced() -> None:
    while sequencer.sequence():
        pass


def refused() -> None:
    with pytest.raises(checkpoints.Rewound):
        recovery.sign()
    head = memory.head()
    assert head
    assert head.size == 8, "it forgets nothing"
    assert behind.is_behind(), "and the log is closed"
    assert memory.given_up() == []


def test_two_rows_make_no_signer_forget(rewound: Checkpoint) -> None:
    forged(rewound)
    given.fill(6)
    refused()


@pytest.mark.parametrize("other", [
    {"act": "case_closed"}, {"approver": ONE}, {"approver": {}}, {"approver": "user/2"}, {"agent": services.SYSTEM},
    {"restored": {"size": 4, "root": ""}}, {"given_up": {"size": 8, "root": "00" * 32}}, {"given_up": {"size": 9}},
    {"given_up": {"size": 9, "root": ""}, "heads": [{"size": 7, "root": "00" * 32}]}])
def test_an_event_that_does_not_say_just_that_is_none(rewound: Checkpoint, other: dict[str, Any]) -> None:
    tell(forged(rewound), rewound, **other)
    sequenced()
    refused()


def test_an_event_that_was_not_committed_so_is_none(rewound: Checkpoint) -> None:
    told = tell(forged(rewound), rewound, reason="Diss")
    sequenced()
    given.as_superuser(f"UPDATE evidence_payload SET content = replace(content::text, '44697373', '4469736b')::bytea "
                       f"WHERE event_id = '{told.event_id}'", "evidence_payload")
    assert b"Disk" in bytes(Payload.objects.get(pk=told.event_id).content)
    refused()


def test_the_signer_waits_until_the_log_has_what_people_declared(rewound: Checkpoint) -> None:
    with pytest.raises(checkpoints.Rewound):
        recovery.sign()
    rewind = recovery.current()
    assert rewind
    recovery.declare(rewind, reason="Disk lost", agent=ONE, approver=TWO)
    assert Pending.objects.count() == 1
    assert recovery.sign() is None
    head = memory.head()
    assert head
    assert head.size == 8
    assert Rewind.objects.count() == 1, "that is no rewind of its own"
    sequenced()
    signed = recovery.sign()
    assert signed
    assert len(memory.given_up()) == 1
    assert list(verify.verify_all()) == []


def test_every_head_that_was_witnessed_is_named_by_the_event(rewound: Checkpoint) -> None:
    """A witness knows a larger size than the signer: the signer gives up its own all the same."""
    at = datetime(2026, 3, 14, tzinfo=UTC)
    rewind = recovery.notice(Rewind.How.RESTORE, [
        *recovery.remembered(), recovery.Witnessed(Rewind.Witness.WITNESS, "north", 12, at=at)])
    assert rewind
    told = recovery.declare(rewind, reason="Disk lost", agent=ONE, approver=TWO)
    assert f'"size":{rewound.size}' in bytes(Payload.objects.get(pk=told.event_id).content).decode()
    sequenced()
    assert recovery.sign()
    assert list(verify.verify_all()) == []


def test_a_head_that_was_given_up_and_that_no_entry_declares_is_named(rewound: Checkpoint) -> None:
    tell(forged(rewound), rewound)
    sequenced()
    assert recovery.sign(), "who forges the event too makes it forget, and leaves an entry that says so"
    assert list(verify.verify_all()) == []
    [kept] = memory.given_up()
    given.cut_back_to(5)
    memory.path_of().unlink()
    assert {one.object: one.problem for one in verify.verify_all()}[f"head in {kept.name}"].endswith(NAMED)
    kept.write_text("no note")
    assert "cannot be read" in str(list(verify.verify_all()))
