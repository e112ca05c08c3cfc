"""What does not hold, for everything that verifies."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """`object` names what fails, `problem` says how."""

    object: str
    problem: str
