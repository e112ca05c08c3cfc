"""Histories that were given up by a declared restore, as the log itself says. What contradicts the log because of one
is still not verified: this only says why, so that nobody takes a declared loss for a secret one, or the reverse."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evidence.custody import details, direct, memory, rows, services
from evidence.custody.kinds import Kind
from evidence.custody.models import Payload
from evidence.custody.problem import Problem
from evidence.custody.rewound import Declaration, Rewind
from evidence.tlog import checkpoint, note

_DECLARING = f"""
SELECT l.index, l.leaf_hash, {rows.COLUMNS} FROM evidence_payload p JOIN evidence_event e ON e.id = p.event_id
LEFT JOIN evidence_leaf l ON l.event_id = p.event_id
WHERE p.subject = %s AND p.context = 'log' AND p.kind = 'decision'
"""


@dataclass(frozen=True)
class GivenUp:
    """The event that declares a restore after `rewind`, and its place (None while it waits). The log went on from
    `restored` entries and gave up another history, of which `size` and `root` (hex; empty where unknown) is the largest
    head; `heads` are all that were witnessed with their roots."""

    rewind: str
    event: str
    index: int | None
    restored: int
    size: int
    root: str
    heads: frozenset[tuple[int, str]]

    def names(self, size: int, root: str) -> bool:
        """Whether it gives up this very head."""
        return (size, root) in self.heads | {(self.size, self.root)}

    def explains(self, size: int, root: str) -> bool:
        """Whether a head of `size` entries that contradicts the log can be one of the history that was given up."""
        if size > self.size or size == self.size and self.root not in ("", root):
            return False
        # Of a fork it is not known where it began.
        return size > self.restored or self.restored >= self.size


def declared() -> list[GivenUp]:
    """Every restore that was declared, oldest first. An event that is not made like one declares nothing."""
    told = Payload.objects.filter(subject__startswith="rewind/", context="log", kind=Kind.DECISION).order_by("at")
    found = []
    for subject, event, content, index in told.values_list("subject", "event_id", "content", "event__leaf__index"):
        detail = details.sound(bytes(content), kind=Kind.DECISION, subject=subject)
        if detail is None or detail.get("act") != "log_restored":
            continue
        restored, given_up = detail["restored"], detail["given_up"]
        found.append(GivenUp(subject.partition("/")[2], str(event), index, restored["size"], given_up["size"],
                             given_up["root"], _heads(detail)))
    return found


def words(size: int, root: str) -> str:
    """What to say besides of a head (root in hex) that contradicts the log; nothing where no restore explains it."""
    for one in declared():
        if one.explains(size, root):
            place = "which waits for its place" if one.index is None else f"entry {one.index}"
            return (f"; it was given up by the restore that event {one.event} ({place}) declares: the log went on from "
                    f"{one.restored} entries, and what this says of later ones is not proven")
    return ""


def places(rewind: Rewind, heads: set[tuple[int, str]]) -> list[int | None]:
    """Where the events stand by which two people gave up all of these heads (size, root) with `rewind`: None for one
    that waits for its place. Only what is what was committed to counts, at a place behind what was left of the log."""
    found = []
    for index, leaf_hash, *columns in direct.rows(_DECLARING, [f"rewind/{rewind.pk}"]):
        row = rows.Row(*columns)
        if row.commitment is None or row.content is None:
            continue
        event, wrong = rows.read(row)
        if wrong:
            continue
        placed = index is None or index >= rewind.size and leaf_hash == services.leaf_hash(row.commitment)
        if placed and _gives_up(event, rewind, heads):
            found.append(index)
    return found


def _undeclared() -> Iterator[Problem]:
    """Heads that the signer gave up, kept beside its memory, that no entry of the log names. Nothing where that memory
    is not here."""
    told = [one for one in declared() if one.index is not None]
    for file in memory.given_up():
        name = f"head in {file.name}"
        try:
            head = checkpoint.parse(note.parse(file.read_bytes()).text)
        except (OSError, ValueError) as error:
            yield Problem(name, f"cannot be read: {error}")
            continue
        if not any(one.names(head.size, head.root.hex()) for one in told):
            yield Problem(name, f"the signer gave up {head.size} entries, and no entry of the log says that people did")


def _gives_up(event: dict[str, Any], rewind: Rewind, heads: set[tuple[int, str]]) -> bool:
    """Whether the event is of two people and gives up just these heads for what `rewind` left."""
    try:
        detail = event["detail"]
        people = {event["agent"]["id"], detail["approver"]["id"]}
        given_up = detail["given_up"]
        named = _heads(detail) | {(given_up["size"], given_up["root"])}
        left = (detail["restored"]["size"], detail["restored"]["root"]) == (rewind.size, bytes(rewind.root).hex())
        return detail["act"] == "log_restored" and len(people) == 2 and all(people) and left and heads <= named
    except (ValueError, LookupError, TypeError):
        return False


def _heads(detail: dict[str, Any]) -> frozenset[tuple[int, str]]:
    """Those that the event names one by one; earlier versions named the largest alone."""
    return frozenset((one["size"], one["root"]) for one in detail.get("heads", ()))


def unsaid() -> Iterator[Problem]:
    """Restores that a row calls declared and no event does, and heads that the signer gave up for none."""
    told = {one.rewind for one in declared()}
    for rewind in Declaration.objects.values_list("pk", flat=True):
        if str(rewind) not in told:
            yield Problem(f"restore {rewind}", "was declared, and no event says so")
    yield from _undeclared()
