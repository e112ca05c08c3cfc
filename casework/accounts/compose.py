"""The observations of an account as a history: newest first, with what changed since it was shown before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.accounts.models import Observation

# What an observation leaves empty was not shown, which is no change.
COMPARED = ("handle", "display_name", "biography", "place", "picture_id", "created", "status")


@dataclass(frozen=True)
class Seen:
    """One observation, the names of what is shown otherwise than when it was last shown before, and with which merged
    account it came (a label)."""

    row: Observation
    changed: frozenset[str]
    of: str = ""


def history(observations: Iterable[Observation], labels: Mapping[int, str] | None = None) -> list[Seen]:
    """Of observations of one account in the order of their times; newest first. A withdrawn one changes nothing.
    `labels` by the keys of accounts."""
    last: dict[str, object] = {}
    found = []
    for row in observations:
        if row.withdrawn_at:
            found.append(Seen(row, frozenset(), (labels or {}).get(row.account_id, "")))
            continue
        shown = {name: value for name in COMPARED if (value := getattr(row, name)) not in (None, "", "unknown")}
        found.append(Seen(row, frozenset(name for name, value in shown.items() if last.get(name, value) != value),
                          (labels or {}).get(row.account_id, "")))
        last |= shown
    return found[::-1]
