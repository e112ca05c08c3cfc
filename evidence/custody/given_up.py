"""Histories that were given up by a declared restore, as the log itself says. What contradicts the log because of one
is still not verified: this only says why, so that nobody takes a declared loss for a secret one, or the reverse."""

from collections.abc import Iterator
from dataclasses import dataclass

from evidence.custody import details
from evidence.custody.kinds import Kind
from evidence.custody.models import Payload
from evidence.custody.problem import Problem
from evidence.custody.rewound import Declaration


@dataclass(frozen=True)
class GivenUp:
    """The event that declares a restore after `rewind`, and its place (None while it waits). The log went on from
    `restored` entries and gave up another history, of which `size` and `root` (hex; empty where unknown) is the largest
    head."""

    rewind: str
    event: str
    index: int | None
    restored: int
    size: int
    root: str

    def explains(self, size: int, root: str) -> bool:
        """Whether a head of `size` entries that contradicts the log can be one of the history that was given up."""
        if size > self.size or size == self.size and self.root not in ("", root):
            return False
        # Of a fork it is not known where it began.
        return size > self.restored or self.restored >= self.size


def declared() -> list[GivenUp]:
    """Every restore that was declared, oldest first. An event that is not made like one declares nothing."""
    rows = Payload.objects.filter(subject__startswith="rewind/", context="log", kind=Kind.DECISION).order_by("at")
    found = []
    for subject, event, content, index in rows.values_list("subject", "event_id", "content", "event__leaf__index"):
        detail = details.sound(bytes(content), kind=Kind.DECISION, subject=subject)
        if detail is not None and detail.get("act") == "log_restored":
            restored, given_up = detail["restored"], detail["given_up"]
            found.append(GivenUp(subject.partition("/")[2], str(event), index, restored["size"], given_up["size"],
                                 given_up["root"]))
    return found


def words(size: int, root: str) -> str:
    """What to say besides of a head (root in hex) that contradicts the log; nothing where no restore explains it."""
    for one in declared():
        if one.explains(size, root):
            place = "which waits for its place" if one.index is None else f"entry {one.index}"
            return (f"; it was given up by the restore that event {one.event} ({place}) declares: the log went on from "
                    f"{one.restored} entries, and what this says of later ones is not proven")
    return ""


def unsaid() -> Iterator[Problem]:
    """Restores that a row calls declared, and no event does."""
    told = {one.rewind for one in declared()}
    for rewind in Declaration.objects.values_list("pk", flat=True):
        if str(rewind) not in told:
            yield Problem(f"restore {rewind}", "was declared, and no event says so")
