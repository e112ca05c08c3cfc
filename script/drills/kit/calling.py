"""What script/drill schema does in its vault: a world far from all small numbers, every call, and lives."""

import argparse
import json
import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from stack import postgres
from stack.install import say

from casework.cases.models import Case
from drills.kit import asking, bare
from tests.house.world import Things, World

LIFE = 60
WHOLE = "casework_asked"


class Far(World):
    """A world whose keys begin so high, and each case's so far from the other's, that an answer betrays them."""

    def __init__(self, server: postgres.Server):
        self.server = server
        super().__init__()

    def _fill(self, case: Case, worker: Any, composer: Any, number: int, first: int) -> Things:
        self._go_to(2 * number)
        made = super()._fill(case, worker, composer, number, first)
        self._go_to(2 * number + 1)
        return made

    def _go_to(self, millions: int) -> None:
        postgres.execute(self.server, f"SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, "
                                      f"{millions}000000) FROM pg_sequences", postgres.DATABASE)


def run(server: postgres.Server, wanted: argparse.Namespace) -> int:
    """Ask, say what came of it, and answer the exit status."""
    started = time.monotonic()
    # Refusals are what is asked for here; mistakes of ours are kept with what was found.
    for name in ("django.request", "django.security"):
        logging.getLogger(name).propagate = False
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    world = Far(server)
    connections.close_all()
    bare.copy(server, postgres.DATABASE, WHOLE)
    with asking.one_connection():
        asker = asking.Asker(world, taken_back)
        _every_call(asker, wanted.requests * 4 // 5, wanted.seed)
        asker.around = nullcontext
        _lives(asker, server, wanted.requests, random.Random(wanted.seed))
    found = asker.found
    say(f"schema: {found.asked.total()} requests to {len(asker.calls)} calls "
        f"({', '.join(f'{role} {count}' for role, count in sorted(found.asked.items()))}); answers "
        f"{', '.join(f'{status}: {count}' for status, count in sorted(found.answered.items()))}; "
        f"{len(found.kept)} findings; {time.monotonic() - started:.0f} s")
    if found.kept:
        _keep(found, Path(wanted.keep))
    return 1 if found.kept else 0


@contextmanager
def taken_back() -> Iterator[None]:
    """What a request changed goes again."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _every_call(asker: asking.Asker, requests: int, start: int) -> None:
    """All calls in rounds, so that one that is ended early has asked each of them."""
    each, part = -(-requests // len(asker.calls)), 0
    while part * 20 < each:
        for name in asker.calls:
            asker.ask_all(name, min(20, each - part * 20), start * 1000 + part)
        part += 1
        say(f"    {asker.found.asked.total()} requests, {len(asker.found.kept)} findings")


def _lives(asker: asking.Asker, server: postgres.Server, requests: int, chosen: random.Random) -> None:
    """Requests one after the other, each in what the ones before it left; after a life all is as in the beginning."""
    while asker.found.asked.total() < requests:
        connections.close_all()
        bare.copy(server, WHOLE, postgres.DATABASE)
        asker.said.clear()
        for _ in range(LIFE):
            asker.ask_again(chosen)
    say(f"    {asker.found.asked.total()} requests, {len(asker.found.kept)} findings")


def _keep(found: asking.Found, file: Path) -> None:
    for line in found.lines()[:60]:
        say(f"    FOUND {line}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([{"call": call, "status": status, "kind": kind, **told}
                                for (call, status, kind), told in found.kept.items()], indent=1))
    say(f"    kept in {file}")
