"""What was erased, as verification, history and pages see it afterwards."""

import io
from collections import Counter
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command

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
from evidence.custody.models import Checkpoint, Event
from evidence.tlog import merkle
from tests.evidence import custody_log as given
from tests.evidence.erasing import LAILA, LUBNA, WHY, ids


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
