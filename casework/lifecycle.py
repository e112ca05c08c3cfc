"""HALL: states are tables. A room declares its table; `move` is the only way from one state to the next."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework.access import Action


class NotAllowed(Exception):
    """This verb does not lead out of this state."""

    def __init__(self, state: str, verb: str):
        super().__init__(f"{verb} is not possible while {state}")
        self.state, self.verb = state, verb

    def __str__(self) -> str:
        """For people, in their language; the words of the table are for programs."""
        return _("This step is not possible in the present state. Reload the page to see which ones are.")


@dataclass(frozen=True)
class Move:
    """One way out: from any of `origins` to `target`, by people who may `action`."""

    origins: tuple[str, ...]
    target: str
    action: Action


Table = dict[str, Move]


def move(table: Table, state: str, verb: str) -> Move:
    """The move that `verb` makes from `state`, or NotAllowed."""
    found = table.get(verb)
    if found is None or state not in found.origins:
        raise NotAllowed(state, verb)
    return found


def verbs_from(table: Table, state: str) -> list[str]:
    return [verb for verb, found in table.items() if state in found.origins]
