"""What rows say that a scanner found, beside the events that say the same: a verdict that somebody took away or made up
would open a locked original."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from evidence.custody.problem import Problem
from evidence.screening.models import Screening

_TOLD = ("outcome", "finding", "engine", "signatures")


def problems(subject: str, rows: Sequence[Screening], told: Mapping[UUID, dict[str, Any]],
             erased: set[UUID]) -> Iterator[Problem]:
    """`rows` of one item, oldest first; `told` and `erased` are its events, by their ids."""
    before = None
    for row in rows:
        if row.event_id is None:
            if before is None or (before.outcome, before.finding) != (row.outcome, row.finding):
                yield Problem(subject, f"its row says that it was screened ({row.outcome}), and no recorded event does")
        elif row.event_id not in erased:
            event = told.get(row.event_id, {})
            if any(event.get(key) != getattr(row, key) for key in _TOLD):
                yield Problem(subject, f"its row says that it was screened ({row.outcome}), its event says otherwise")
        before = row
    there = {row.event_id for row in rows}
    for event_id, event in told.items():
        if event.get("outcome") in Screening.Outcome.values and event_id not in there:
            yield Problem(subject, f"was screened ({event['outcome']}) and that row is gone")
