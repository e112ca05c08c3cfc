"""Damages and the orders to heal them, as the log and the rows say them. Yields what differs, in both directions: an
alarm that was closed with no order of two people, one that nobody raised, and rows that were taken away."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from evidence.custody.kinds import Kind
from evidence.custody.models import Erasure, Payload
from evidence.custody.problem import Problem
from evidence.fixity import damage, healing
from evidence.fixity.models import Damage, Healing
from evidence.tlog import canonical

# Columns of Damage that its events repeat.
_TOLD = ("place", "problem", "found_sha256", "found_size")


def damages(rows: Sequence[Damage]) -> Iterator[Problem]:
    """Each damage against the events that tell of it, and its healings against theirs."""
    about: dict[int, set[str]] = {row.pk: {subject for subject, _context in damage.hurt(row.blob_id)} for row in rows}
    subjects = set().union(*about.values())
    events: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for _event, _agent, detail in _events(Payload.objects.filter(kind=Kind.FIXITY, subject__in=subjects)):
        if detail.get("act") == damage.FOUND and type(detail.get("damage")) is int:
            events[detail["damage"]].append(detail)
    erased = set(Erasure.objects.filter(kind=Kind.FIXITY, subject__in=subjects).values_list("subject", flat=True))
    for row in rows:
        told = events[row.pk]
        if not told and not about[row.pk] & erased:
            yield Problem(f"damage {row.pk}", "no recorded event says that it was found")
        if any(one.get("sha256") != row.blob_id or any(one.get(key) != getattr(row, key) for key in _TOLD)
               for one in told):
            yield Problem(f"damage {row.pk}", "is not what was recorded when it was found")
        if (by := row.healing) is not None and (by.damage_id, by.state) != (row.pk, Healing.State.DONE):
            yield Problem(f"damage {row.pk}", "was closed by an order that did not heal it")
    yield from _orders(list(Healing.objects.filter(damage__in=rows).exclude(state=Healing.State.PENDING)))


def missing(events: Collection[UUID]) -> Iterator[Problem]:
    """Damages and ends of orders that these events tell of and no row does."""
    found: dict[int, UUID] = {}
    healed: defaultdict[int, set[tuple[str, UUID]]] = defaultdict(set)
    kinds = (Kind.FIXITY, Kind.REPLICATION)
    for event, _agent, detail in _events(Payload.objects.filter(event_id__in=events, kind__in=kinds)):
        named = detail.get("damage")
        if type(named) is not int:
            continue
        if detail.get("act") == damage.FOUND:
            found[named] = event
        elif detail.get("act") in (healing.ACT, healing.ELSEWHERE) and (end := _end(detail)):
            healed[named].add((end, event))
    there = set(Damage.objects.filter(pk__in=found.keys() | healed.keys()).values_list("pk", flat=True))
    for named in sorted((found.keys() | healed.keys()) - there):
        event = found.get(named) or min(healed[named])[1]
        yield Problem(f"damage {named}", f"was found or healed (event {event}) and its row is gone")
    states = set(Healing.objects.filter(damage__in=healed).values_list("damage_id", "state"))
    closed = set(Damage.objects.filter(pk__in=healed, healed_at__isnull=False).values_list("pk", flat=True))
    for named in sorted(healed.keys() & there):
        for state, event in sorted(healed[named]):
            if (named, state) not in states:
                yield Problem(f"damage {named}", f"an order to heal it ended ({state}, event {event}): no row says so")
            elif state == Healing.State.DONE and named not in closed:
                yield Problem(f"damage {named}", f"was healed (event {event}) and stands as open")


def _orders(rows: Sequence[Healing]) -> Iterator[Problem]:
    told = {event: (agent, detail) for event, agent, detail in _events(
        Payload.objects.filter(kind=Kind.REPLICATION, event_id__in=[row.event_id for row in rows if row.event_id]))}
    erased = set(Erasure.objects.filter(event_id__in=[row.event_id for row in rows if row.event_id])
                 .values_list("event_id", flat=True))
    for row in rows:
        if row.event_id in erased:
            continue
        agent, detail = told.get(row.event_id, (None, {})) if row.event_id else (None, {})
        said = (detail.get("act"), detail.get("damage"), detail.get("approver"), detail.get("reason"),
                _end(detail), agent)
        if said != (healing.ACT, row.damage_id, row.approver, row.reason, row.state, row.agent):
            yield Problem(f"damage {row.damage_id}",
                          f"an order to heal it has ended ({row.state}), and no recorded event of two people says so")


def _end(detail: dict[str, Any]) -> str:
    """How an order ended, as its event says it."""
    match = detail.get("match")
    return {True: Healing.State.DONE, False: Healing.State.FAILED}[match] if isinstance(match, bool) else ""


def _events(payloads: Iterable[Payload]) -> Iterator[tuple[UUID, Any, dict[str, Any]]]:
    """Id, agent and detail of each. What does not parse is the log's problem, not ours."""
    for payload in payloads:
        try:
            content = canonical.decode(bytes(payload.content))
            agent, detail = content["agent"], content["detail"]
        except (ValueError, LookupError, TypeError):
            continue
        if isinstance(detail, dict):
            yield payload.event_id, agent, detail
