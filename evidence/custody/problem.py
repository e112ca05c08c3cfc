"""What does not hold, for everything that verifies."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import ParamSpec

from django.db import Error

Given = ParamSpec("Given")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """`object` names what fails, `problem` says how."""

    object: str
    problem: str


def attempted(name: str, check: Callable[Given, Iterable[Problem]], *given: Given.args,
              **named: Given.kwargs) -> Iterator[Problem]:
    """What `check` finds. One that breaks off is a problem of `name`, and all other checks go on: whoever puts in a
    row that nobody foresaw shall not end the verification of everything else. The log of the program has the place.

    A database that fails is no finding: nothing after it can be asked, so that error ends all."""
    try:
        yield from check(*given, **named)
    except Error:
        raise
    except Exception as error:
        log.exception("%s could not be checked", name)
        yield Problem(name, f"could not be checked: {type(error).__name__}")
