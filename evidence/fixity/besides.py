"""What the floors above hold against the log of rows that the vault knows nothing of, such as exhibits.

The wiring names their functions (`ROWS_VERIFIED_BY`), so that every verification asks them: the command, *Verify now*,
the proof of a backup. One that cannot be loaded stops the verification, it is never passed over."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from evidence.custody.problem import Problem, attempted


@dataclass(frozen=True)
class Scope:
    """What is verified: all that was recorded in `context`, all of `subjects`, or without either everything."""

    context: str = ""
    subjects: tuple[str, ...] = ()


def problems(scope: Scope, checked: Counter[str]) -> Iterator[Problem]:
    """Everything that does not hold in `scope`. `checked` counts what was looked at."""
    checks: dict[str, Callable[[Scope, Counter[str]], Iterator[Problem]]] = {
        name: import_string(name) for name in settings.ROWS_VERIFIED_BY}
    for name, check in checks.items():
        yield from attempted(name, check, scope, checked)
