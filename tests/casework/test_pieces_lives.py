"""Lives of uploads, made up at random: whatever happens in whatever order, acknowledged bytes are kept, an exhibit
comes of a finish alone and once, it is what was sent, and nobody sees what is another's."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from hypothesis.stateful import run_state_machine_as_test as live

from casework.exhibits import pieces
from casework.exhibits.models import Exhibit, Upload
from evidence.intake.models import Item
from evidence.store import services as store
from tests.casework.tus import Tus
from tests.factories import Cast, make_case, make_cast


@dataclass
class Known:
    """What one sender was told of one upload."""

    url: str
    tus: Tus
    data: bytes
    stored: int = 0
    over: bool = False
    receipt: Any = field(default=None)


class Uploads(RuleBasedStateMachine):
    """Two people send into one case; the second sees nothing of the first's."""

    uploads = Bundle("uploads")

    @initialize()
    def begin_the_world(self) -> None:
        self.savepoint = transaction.savepoint()
        self.cast: Cast = make_cast()
        self.case = make_case(self.cast)
        self.people = [Tus(self.case, self.cast.investigator), Tus(self.case, self.cast.lead)]
        self.known: list[Known] = []

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    @rule(target=uploads, data=st.binary(max_size=300), who=st.integers(0, 1))
    def create(self, data: bytes, who: int) -> Any:
        if sum(not one.over and one.receipt is None for one in self.known) >= pieces.MOST_OPEN:
            return multiple()
        known = Known(self.people[who].begun(len(data)), self.people[who], data)
        self.known.append(known)
        return known

    @rule(known=uploads, length=st.integers(1, 200))
    def send_the_next(self, known: Known, length: int) -> None:
        piece = known.data[known.stored:known.stored + length]
        self._told(known, known.tus.send(known.url, piece, known.stored), 204, known.stored + len(piece))

    @rule(known=uploads, offset=st.integers(0, 300), length=st.integers(1, 200))
    def send_from_elsewhere(self, known: Known, offset: int, length: int) -> None:
        """Again, out of order, overlapping: what does not begin where the stored bytes end changes nothing."""
        if offset != known.stored:
            self._told(known, known.tus.send(known.url, known.data[offset:offset + length], offset), 409, known.stored)

    @rule(known=uploads, more=st.binary(min_size=1, max_size=50))
    def send_too_much(self, known: Known, more: bytes) -> None:
        piece = known.data[known.stored:] + more
        self._told(known, known.tus.send(known.url, piece, known.stored), 413, known.stored)

    @rule(known=uploads, length=st.integers(2, 200), came=st.integers(0, 199))
    def break_off(self, known: Known, length: int, came: int) -> None:
        piece = known.data[known.stored:known.stored + length]
        came = min(came, len(piece) - 1)
        if came >= 0:
            answer = known.tus.cut_off(known.url, piece[:came], known.stored, len(piece))
            self._told(known, answer, 400, known.stored + came)

    @rule(known=uploads, junk=st.binary(min_size=1, max_size=100))
    def kill_the_process_in_a_piece(self, known: Known, junk: bytes) -> None:
        """What it had written and not yet said is left in the file."""
        if not known.over and known.receipt is None and known.stored < len(known.data):
            with store.partial(self._row(known).pk.hex) as file:
                file.go_on(known.stored)
                file.write(junk)

    @rule(known=uploads)
    def another_writes_at_the_same_time(self, known: Known) -> None:
        if not known.over and known.receipt is None and known.stored < len(known.data):
            with store.partial(self._row(known).pk.hex):
                answer = known.tus.send(known.url, known.data[known.stored:], known.stored)
            self._told(known, answer, 423, known.stored)

    @rule(known=uploads, declared=st.sampled_from(["", "right", "wrong"]))
    def finish(self, known: Known, declared: str) -> None:
        sha256 = {"": "", "right": hashlib.sha256(known.data).hexdigest(), "wrong": "0" * 64}[declared]
        answer = known.tus.finish(known.url, sha256=sha256)
        if known.over:
            assert answer.status_code == 404
        elif known.stored < len(known.data):
            assert (answer.status_code, answer.json()["code"]) == (409, "incomplete")
        elif declared == "wrong":
            assert (answer.status_code, answer.json()["code"]) == (422, "hash_mismatch")
        else:
            assert answer.status_code == (200 if known.receipt else 201), answer.content
            assert known.receipt in {None, answer.json()["leaf_hash"]}
            known.receipt = answer.json()["leaf_hash"]

    @rule(known=consumes(uploads))
    def give_up(self, known: Known) -> None:
        assert known.tus.end(known.url).status_code == (404 if known.over else 204)
        known.over = True

    @rule(known=uploads, swept=st.booleans())
    def let_it_be_over(self, known: Known, swept: bool) -> None:
        if not known.over:
            Upload.objects.filter(pk=self._row(known).pk).update(expires_at=timezone.now() - timedelta(seconds=1))
            known.over = True
        if swept:
            pieces.sweep()

    @invariant()
    def what_was_acknowledged_is_there(self) -> None:
        for known in getattr(self, "known", [])[-4:]:
            answer = known.tus.client.head(known.url, headers=known.tus.headers)
            assert answer.status_code == (404 if known.over else 200)
            assert known.over or answer["Upload-Offset"] == str(known.stored)
            if not known.over and known.receipt is None and not self._row(known).sha256:
                kept = store.partial_bytes(self._row(known).pk.hex, 0, known.stored)
                assert kept == known.data[:known.stored]

    @invariant()
    def an_exhibit_comes_of_a_finish_alone_and_is_what_was_sent(self) -> None:
        lodged = [known.data for known in getattr(self, "known", []) if known.receipt]
        assert Item.objects.count() == len(lodged)
        assert {store.read_verified(exhibit.item.blob_id, 1000) for exhibit in Exhibit.objects.all()} == set(lodged)

    @invariant()
    def nobody_sees_what_is_anothers(self) -> None:
        for known in getattr(self, "known", [])[-3:]:
            other = next(one for one in self.people if one is not known.tus)
            assert other.client.head(known.url, headers=other.headers).status_code == 404
            assert other.send(known.url, b"", known.stored).status_code == 404

    def _told(self, known: Known, answer: Any, status: int, stored: int) -> None:
        if known.over:
            assert answer.status_code == 404
            return
        assert answer.status_code == status, answer.content
        assert answer["Upload-Offset"] == str(stored)
        known.stored = stored

    def _row(self, known: Known) -> Upload:
        return Upload.objects.get(pk=known.url.rstrip("/").rpartition("/")[2])


@pytest.fixture
def one_transaction(db: None) -> Iterator[None]:
    yield


def test_whatever_happens_to_uploads_nothing_acknowledged_is_lost(one_transaction: None) -> None:
    live(Uploads, settings=settings(max_examples=8, stateful_step_count=20, deadline=None,
                                    suppress_health_check=list(HealthCheck)))
