"""The observations of an account as a history: newest first, with what changed since it was shown before."""

from collections.abc import Iterable
from dataclasses import dataclass

from casework.accounts.models import Observation

# What an observation leaves empty was not shown, which is no change.
COMPARED = ("handle", "display_name", "biography", "place", "picture_id", "created", "status")


@dataclass(frozen=True)
class Seen:
    """One observation, and the names of what is shown otherwise than when it was last shown before."""

    row: Observation
    changed: frozenset[str]


def history(observations: Iterable[Observation]) -> list[Seen]:
    """Of observations of one account in the order of their times; newest first. A withdrawn one changes nothing."""
    last: dict[str, object] = {}
    found = []
    for row in observations:
        if row.withdrawn_at:
            found.append(Seen(row, frozenset()))
            continue
        shown = {name: value for name in COMPARED if (value := getattr(row, name)) not in (None, "", "unknown")}
        found.append(Seen(row, frozenset(name for name, value in shown.items() if last.get(name, value) != value)))
        last |= shown
    return found[::-1]
