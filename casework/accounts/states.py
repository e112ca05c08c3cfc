"""The role ladder and the life of an assessment, as data. DESIGN: up from participant takes two people."""

from enum import Enum

from django.utils.translation import gettext as _

from casework import lifecycle
from casework.access import Action
from casework.lifecycle import Move, NotAllowed, Table

LADDER = ("bystander", "participant", "knowing", "organiser")

# The verb is the role that one steps up to. Steps down are all allowed and need no table.
UP: Table = {
    "participant": Move(origins=("bystander",), target="participant", action=Action.ACCOUNT_EDIT),
    "knowing": Move(origins=("participant",), target="knowing", action=Action.ACCOUNT_EDIT),
    "organiser": Move(origins=("participant", "knowing"), target="organiser", action=Action.ACCOUNT_EDIT),
}

ASSESSMENT: Table = {
    "confirm": Move(origins=("proposed",), target="in_force", action=Action.ROLE_REVIEW),
    "send_back": Move(origins=("proposed",), target="returned", action=Action.ROLE_REVIEW),
}


class Merged(NotAllowed):
    """The subject was merged into another one, which takes what is new."""

    def __init__(self, label: str, into: str):
        super().__init__("merged", "change")
        self.words = {"merged": label, "kept": into}

    def __str__(self) -> str:
        return _("%(merged)s was merged into %(kept)s and takes nothing new. Write it down on %(kept)s.") % self.words


class Step(Enum):
    DOWN = "one person, with a reason"
    ALONE = "one person, with indicators and exhibits"
    TOGETHER = "two people, with indicators and exhibits"


def step(from_role: str, to_role: str) -> Step:
    """What the step needs, or NotAllowed where the ladder has none (to the same role, or from bystander past
    participant). Both must be of LADDER."""
    if LADDER.index(to_role) < LADDER.index(from_role):
        return Step.DOWN
    lifecycle.move(UP, from_role, to_role)
    return Step.ALONE if to_role == "participant" else Step.TOGETHER


def steps_from(role: str) -> list[str]:
    """Every role that one step leads to, lowest first."""
    below = LADDER[:LADDER.index(role)]
    return [*below, *lifecycle.verbs_from(UP, role)]
