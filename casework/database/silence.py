"""Waits for the database as long as it lives, and no longer.

A server that is stopped, cut off or out of air answers nothing at all: no error, no closed connection. Whoever waits
for it waits for good, and soon every thread of the web process does. So a question that stays unanswered for a second
makes us ask the server whether it lives. While it does, we wait on: a lock may be held, a table may be large. When it
does not, the question fails, and for a moment nobody else of this process asks."""

import threading
import time
from collections.abc import Callable, Generator
from typing import Any

from psycopg import OperationalError
from psycopg.pq import PGconn, Ping

# Seconds: of silence before the first look, between further looks, for a look itself, before the next try.
SILENCE, LATER, LOOK, REST = 1.0, 5.0, 3, 1.0
_LIVES = {Ping.OK, Ping.REJECT}


class Silent(OperationalError):
    """The database server does not answer at all."""


class Door:
    """Shut while the server is known to be silent, so that a caller is refused at once instead of waiting too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opens_at = 0.0

    @property
    def shut(self) -> bool:
        return time.monotonic() < self._opens_at

    def enter(self) -> None:
        """Raises Silent while the door is shut. When its time is over one caller tries, the others still may not."""
        with self._lock:
            if self.shut:
                raise Silent("the database server was silent a moment ago")
            if self._opens_at:
                self._opens_at = time.monotonic() + LOOK + REST

    def heard(self) -> None:
        self._opens_at = 0.0

    def silent(self) -> None:
        self._opens_at = time.monotonic() + REST


door = Door()


def watched(questions: Generator[Any, Any, Any], lives: Callable[[], bool]) -> Generator[Any, Any, Any]:
    """What psycopg waits for. It sends 0 each tenth of a second in which nothing came. Raises Silent."""
    look_at = time.monotonic() + SILENCE
    try:
        state = next(questions)
        while True:
            ready = yield state
            now = time.monotonic()
            if ready:
                look_at = now + SILENCE
            elif now > look_at:
                if not lives():
                    raise Silent(f"the database server does not answer for {SILENCE + LOOK:.0f} s")
                look_at = time.monotonic() + LATER
            state = questions.send(ready)
    except StopIteration as done:
        return done.value


def look(conninfo: str) -> bool:
    """Whether a server answers there: one that refuses connections, full or starting up, is alive."""
    if door.shut:
        return False
    if Ping(PGconn.ping(conninfo.encode())) in _LIVES:
        return True
    door.silent()
    return False
