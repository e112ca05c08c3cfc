"""Events get their places: all of them, once, without a gap, whoever writes and whoever sequences at the same time."""

import threading
import time
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import Max
from stack import postgres

from evidence import wake
from evidence.custody import (
    checkpoints,
    history,
    proofs,
    sequencer,
    services,
    signer,
    standing,
    tasks,
    tree,
    verify,
)
from evidence.custody.models import Checkpoint, Event, Leaf, Payload, Pending, Tile
from evidence.tlog import checkpoint, merkle, note
from tests.evidence import custody_log as given


class Abandoned(Exception):
    """Thrown to roll a transaction back."""


@pytest.mark.django_db
def test_events_take_their_places_in_batches_and_in_the_order_of_their_time() -> None:
    receipts = [given.tell(number) for number in range(7)]
    assert [sequencer.sequence(3) for _ in range(4)] == [3, 3, 1, 0]
    assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == list(range(7))
    assert {event.event_id for event in Leaf.objects.all()} == {receipt.event_id for receipt in receipts}
    assert not Pending.objects.exists()
    first = [given.event_at(index) for index in range(7)]
    assert first[:3] == [receipt.event_id for receipt in receipts[:3]]


@pytest.mark.django_db
def test_a_receipt_already_names_the_hash_that_the_leaf_will_have() -> None:
    receipt = given.tell()
    sequencer.sequence()
    assert bytes(Leaf.objects.get(event_id=receipt.event_id).leaf_hash).hex() == receipt.leaf_hash


@pytest.mark.django_db
@pytest.mark.parametrize("parts", [[1], [255, 1, 1], [256], [300, 212, 5], [600]])
def test_tiles_are_the_tree_whatever_the_batches_were(parts: list[int]) -> None:
    for count in parts:
        given.fill(count)
    frontier = merkle.Frontier()
    for leaf in Leaf.objects.order_by("index"):
        frontier.append(bytes(leaf.leaf_hash))
    size = sum(parts)
    assert tree.log_size() == size
    assert tree.root_at(size) == frontier.root()
    assert Tile.objects.filter(level=0).count() == -(-size // 256)
    assert Tile.objects.filter(level=1).count() == (1 if size >= 256 else 0)
    given.key()
    assert list(verify.verify_all()) == []


@pytest.mark.usefixtures("real_db")
def test_four_writers_and_two_sequencers_leave_no_gap() -> None:
    given.key()
    stop = threading.Event()

    def write(writer: int) -> None:
        for number in range(60):
            try:
                with transaction.atomic():
                    given.tell(number, f"case/CW-2026-000{writer}")
                    given.tell(number, f"case/CW-2026-000{writer}")
                    if number % 7 == 0:
                        raise Abandoned
            except Abandoned:
                continue
        connections.close_all()

    def order() -> None:
        while not stop.is_set():
            sequencer.sequence(17)
        connections.close_all()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    orderers = [threading.Thread(target=order) for _ in range(2)]
    for thread in writers + orderers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in orderers:
        thread.join()
    tasks.sequence()
    size = 4 * (60 - 9) * 2
    assert Event.objects.count() == Leaf.objects.count() == size
    assert Leaf.objects.aggregate(last=Max("index"))["last"] == size - 1
    assert checkpoints.sign_checkpoint()
    assert list(verify.verify_all()) == []


@pytest.mark.usefixtures("real_db", "nobody_woken")
def test_the_task_goes_on_after_a_full_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "BATCH", 3)
    for _ in range(7):
        given.tell()
    tasks.sequence()
    assert (Leaf.objects.count(), Pending.objects.count()) == (7, 0)


@pytest.mark.usefixtures("real_db")
def test_the_index_follows_commit_order_not_the_order_of_beginning() -> None:
    early, late = threading.Event(), threading.Event()
    slow: list[services.Receipt] = []

    def begin_first_commit_last() -> None:
        with transaction.atomic():
            slow.append(given.tell())
            early.set()
            late.wait(10)
        connections.close_all()

    thread = threading.Thread(target=begin_first_commit_last)
    thread.start()
    assert early.wait(10)
    quick = given.tell()
    assert sequencer.sequence() == 1
    late.set()
    thread.join()
    assert sequencer.sequence() == 1
    assert [given.event_at(0), given.event_at(1)] == [quick.event_id, slow[0].event_id]


@pytest.mark.django_db
def test_a_sequencer_that_finds_a_broken_tile_stops() -> None:
    given.fill(3)
    Tile.objects.update(hashes=bytes(32))
    given.tell()
    with pytest.raises(tree.LogDamaged, match="tile 0/0 should hold 3 hashes"):
        sequencer.sequence()
    assert Pending.objects.count() == 1


@pytest.mark.usefixtures("real_db")
def test_an_unwritable_log_fails_the_act_and_leaves_nothing() -> None:
    postgres.execute(given.SERVER, "REVOKE INSERT ON evidence_payload FROM casework_app", postgres.DATABASE)
    with pytest.raises(services.LogUnwritable), transaction.atomic():
        given.tell()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_checkpoint_is_signed_only_when_the_log_grew() -> None:
    key = given.key()
    assert checkpoints.sign_checkpoint() is None
    given.fill(5)
    first = checkpoints.sign_checkpoint()
    assert first
    assert checkpoints.sign_checkpoint() is None
    given.fill(300)
    tasks.checkpoint()
    second = checkpoints.latest()
    assert second
    assert (first.size, second.size) == (5, 305)
    signed = checkpoint.parse(note.verify(second.note.encode(), [key], signer.verifies).text)
    assert signed == checkpoint.Checkpoint(given.NAME, 305, tree.root_at(305))
    merkle.check_consistency(5, 305, proofs.consistency(5, 305), bytes(first.root), signed.root)


@pytest.mark.django_db
@pytest.mark.parametrize("harm", ["rewritten tile", "shorter log", "stranger's checkpoint"])
def test_a_log_that_contradicts_its_last_checkpoint_is_not_signed(harm: str) -> None:
    given.key()
    given.fill(5)
    first = checkpoints.sign_checkpoint()
    assert first
    given.fill(5)
    if harm == "rewritten tile":
        tile = Tile.objects.get(level=0)
        tile.hashes = bytes(32) + bytes(tile.hashes)[32:]
        tile.save()
    elif harm == "shorter log":
        Checkpoint.objects.create(size=99, root=first.root, note=first.note, signed_at=first.signed_at)
    else:
        Checkpoint.objects.create(size=7, root=first.root, note=first.note, signed_at=first.signed_at)
    with pytest.raises(tree.LogDamaged):
        checkpoints.sign_checkpoint()


@pytest.mark.django_db
def test_a_leaf_that_is_not_its_event_is_not_signed() -> None:
    given.key()
    given.fill(5)
    tile = Tile.objects.get(level=0)
    tile.hashes = bytes(tile.hashes)[:96] + bytes(32) + bytes(tile.hashes)[128:]
    tile.save()
    with pytest.raises(tree.LogDamaged, match="leaves 0 to 4"):
        checkpoints.sign_checkpoint()


@pytest.mark.django_db
def test_each_event_is_proven_up_to_the_checkpoint() -> None:
    given.key()
    given.fill(300)
    head = checkpoints.sign_checkpoint()
    assert head
    for index in (0, 255, 256, 299):
        proof = proofs.inclusion(given.event_at(index))
        assert proof
        assert (proof.index, proof.size) == (index, 300)
        merkle.check_inclusion(proof.leaf_hash, index, 300, proof.path, bytes(head.root))
    waiting = given.tell()
    assert proofs.inclusion(waiting.event_id) is None
    sequencer.sequence()
    assert proofs.inclusion(waiting.event_id) is None, "no checkpoint covers it yet"
    assert proofs.inclusion(waiting.event_id, 301)


@pytest.mark.django_db
def test_history_comes_newest_first_in_pages_that_meet() -> None:
    for number in range(5):
        given.tell(number)
    given.tell(9, "case/CW-2026-0002")
    sequencer.sequence()
    waiting = given.tell(5)
    first = history.entries(context="case/CW-2026-0001", limit=4)
    rest = history.entries(context="case/CW-2026-0001", limit=4, before=first[-1].event_id)
    assert [entry.detail["number"] for entry in first + rest] == [5, 4, 3, 2, 1, 0]
    assert (first[0].event_id, first[0].index) == (waiting.event_id, None)
    assert first[1].index is not None
    assert first[0].leaf_hash.hex() == waiting.leaf_hash
    assert len(history.entries(subject="exhibit/3", limit=9)) == 1
    assert len(history.entries(subject_prefix="exhibit/", limit=99)) == 7


@pytest.mark.django_db
def test_history_up_to_a_size_does_not_follow_the_log() -> None:
    for number in (1, 2, 1):
        given.tell(number)
    sequencer.sequence()
    given.tell(1)
    subjects = {"exhibit/1", "exhibit/2"}
    for _ in range(2):
        found = history.within(3, subjects=subjects)
        assert sorted((entry.index, entry.subject) for entry in found) == [
            (entry.index, entry.subject) for entry in found]
        assert sorted(entry.subject for entry in found) == ["exhibit/1", "exhibit/1", "exhibit/2"]
        assert history.tally(3, subjects=subjects, kinds=["access"]) == {
            ("exhibit/1", "access"): 2, ("exhibit/2", "access"): 1}
        sequencer.sequence()
    assert history.within(4, subjects={"exhibit/2"}, without=["access"]) == []
    assert len(history.within(4, subjects=subjects)) == 4
    assert history.tally(4, subjects=subjects, kinds=["decision"]) == {}


@pytest.mark.django_db
def test_the_open_window_is_as_old_as_the_oldest_event_under_no_checkpoint() -> None:
    given.key()
    assert standing.standing().window.total_seconds() == 0
    given.tell()
    waiting = standing.standing()
    assert waiting.waiting == 1
    assert waiting.uncovered_since == Payload.objects.get().at
    sequencer.sequence()
    assert standing.standing().window > waiting.window
    checkpoints.sign_checkpoint()
    assert standing.standing().window.total_seconds() == 0


@pytest.mark.usefixtures("real_db", "nobody_woken")
def test_many_events_send_one_message_for_a_gathering(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []

    def send(*message: Any, **more: Any) -> bool:
        sent.append((message, more))
        return True

    monkeypatch.setattr(wake, "_send", send)
    for _ in range(5):
        given.tell()
    assert sent == [(("evidence.custody.sequence", ()), {"countdown": wake.GATHER_SECONDS})]
    # Another process of this machine remembers nothing of its own, and sees that one was sent.
    wake._starts.clear()
    given.tell()
    assert len(sent) == 1
    time.sleep(wake.GATHER_SECONDS)
    with transaction.atomic():
        given.tell()
        assert len(sent) == 1, "nothing is sent before the commit"
    assert len(sent) == 2
    assert connection.in_atomic_block is False
