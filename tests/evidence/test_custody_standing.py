"""The window of the promise: what nobody outside holds yet, and since when; and what covers which entry."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from evidence.custody import checkpoints, covering, holders, sequencer, standing
from evidence.custody.models import Payload
from evidence.custody.outside import Holding, Timestamp
from evidence.custody.standing import Exposure
from tests.evidence import custody_log as given

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def log() -> None:
    given.key()
    given.fill(4)
    checkpoints.sign_checkpoint()


def held(size: int, who: str = "w.example") -> None:
    holders.hold(Holding.Kind.WITNESS, who, Holding.What.COSIGNATURE, size)


def at(index: int) -> object:
    return Payload.objects.get(event=given.event_at(index)).at


def test_while_nobody_outside_holds_anything_all_of_it_is_exposed() -> None:
    now = standing.standing()
    assert (now.exposure, now.held, now.unheld_since) == (Exposure.NEVER, None, at(0))


def test_what_somebody_outside_holds_is_not_exposed_any_more() -> None:
    held(2)
    now = standing.standing()
    assert (now.exposure, now.unheld_since) == (Exposure.AIMED, at(2))
    held(4, "another.example")
    now = standing.standing()
    assert (now.exposure, now.unheld_since, now.exposed) == (Exposure.NONE, None, timedelta())
    assert now.held and now.held.who == "another.example"


def test_an_event_that_gets_its_place_while_one_looks_is_counted_once() -> None:
    given.tell()

    def place(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        done = execute(sql, *more)
        if "evidence_pending" in sql and not placed:
            placed.append(sql)
            while sequencer.sequence():
                pass
        return done

    placed: list[str] = []
    with connection.execute_wrapper(place):
        now = standing.standing()
    assert placed and now.size + now.waiting == 5


def test_an_event_that_waits_for_its_place_is_exposed_too() -> None:
    held(4)
    given.tell()
    now = standing.standing()
    assert (now.exposure, now.unheld_since) == (Exposure.AIMED, now.waiting_since)


@pytest.mark.parametrize(("minutes", "exposure"), [
    (4, Exposure.AIMED), (6, Exposure.LATE), (59, Exposure.LATE), (61, Exposure.OVER)])
def test_the_window_grows_until_a_checkpoint_leaves(monkeypatch: pytest.MonkeyPatch, minutes: int,
                                                    exposure: Exposure) -> None:
    held(3)
    later = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert standing.standing().exposure == exposure


def test_a_log_shorter_than_what_somebody_holds_has_lost_entries() -> None:
    held(5)
    assert standing.standing().exposure == Exposure.LOST


def test_the_first_who_holds_the_largest_is_the_last_holder_and_holding_twice_is_once() -> None:
    held(4, "a.example")
    held(4, "b.example")
    held(3, "c.example")
    held(4, "a.example")
    assert Holding.objects.count() == 3
    latest = holders.latest()
    assert latest and latest.who == "a.example"


def test_an_entry_is_covered_by_the_smallest_checkpoint_over_it_and_the_earliest_time() -> None:
    given.fill(3)
    second = checkpoints.sign_checkpoint()
    given.fill(1)
    assert second
    for host, minutes in (("late.example", 9), ("early.example", 3)):
        Timestamp.objects.create(checkpoint=second, authority=host, response=b"", chain="", serial="1", policy="1.2",
                                 gen_time=timezone.now() + timedelta(minutes=minutes), received_at=timezone.now())
    covers = covering.cover([0, 3, 4, 6, 7])
    sizes = {index: found.checkpoint and found.checkpoint.size for index, found in covers.items()}
    assert sizes == {0: 4, 3: 4, 4: 7, 6: 7, 7: None}
    hosts = {index: found.timestamp and found.timestamp.authority for index, found in covers.items()}
    assert hosts == {0: "early.example", 3: "early.example", 4: "early.example", 6: "early.example", 7: None}
    assert covering.cover([]) == {}
    assert [one.authority for one in covering.times_up_to(7)] == ["early.example", "late.example"]
    assert covering.times_up_to(6) == []
