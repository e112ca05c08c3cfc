"""Waits for the database as long as it lives, and no longer.

A server that is stopped, cut off or out of air answers nothing at all: no error, no closed connection. Whoever waits
for it waits for good, and soon every thread of the web process does. So a question that stays unanswered for a second
makes us ask the server whether it lives. While it does, we wait on: a lock may be held, a table may be large. When it
does not, the question fails, and nobody of this process asks until it answers again, which a thread of its own tries
to learn."""

import socket
import threading
import time
from collections.abc import Callable, Generator
from typing import Any, NamedTuple

from psycopg import OperationalError

# Seconds: of silence before the first look, between further looks, for a look itself, before the next try.
SILENCE, LATER, LOOK, REST = 1.0, 5.0, 3.0, 1.0
# What PostgreSQL, also one that starts or is full, answers with one byte before it knows who asks: SSLRequest of its
# protocol. libpq's own ping would stop every thread of the process while it waits.
_QUESTION = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")


class Silent(OperationalError):
    """The database server does not answer at all."""


class Place(NamedTuple):
    """Where a server listens; a host that begins with / is the folder of its socket."""

    host: str
    port: int


class Door:
    """Shut while the server is known to be silent, so that a caller is refused at once instead of waiting too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def shut(self) -> bool:
        # In a process that was forked meanwhile the thread does not live, and the door is open.
        return self._thread is not None and self._thread.is_alive()

    def enter(self) -> None:
        """Raises Silent while the door is shut."""
        if self.shut:
            raise Silent("the database server was silent a moment ago")

    def silent(self, place: Place) -> None:
        """Shut until the server at `place` is no longer silent."""
        with self._lock:
            if not self.shut:
                self._thread = threading.Thread(target=_until_heard, args=(place,), name="silence", daemon=True)
                self._thread.start()


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


def look(place: Place) -> bool:
    """Whether a server answers there: one that refuses connections, full or starting up, is alive."""
    if door.shut:
        return False
    try:
        _ask(place)
    except (TimeoutError, BlockingIOError):
        door.silent(place)
        return False
    except OSError:
        return False
    return True


def _until_heard(place: Place) -> None:
    """Where nobody listens any more it is silent no longer: whoever asks is refused at once."""
    while True:
        time.sleep(REST)
        try:
            _ask(place)
        except (TimeoutError, BlockingIOError):
            continue
        except OSError:
            pass
        return


def _ask(place: Place) -> None:
    """Raises TimeoutError where nothing is answered, BlockingIOError where too many wait before us, another OSError
    where nobody listens."""
    with _connected(place) as asked:
        asked.sendall(_QUESTION)
        if not asked.recv(1):
            raise ConnectionResetError(f"{place.host} answers nothing and hangs up")


def _connected(place: Place) -> socket.socket:
    if not place.host.startswith("/"):
        return socket.create_connection(place, timeout=LOOK)
    found = socket.socket(socket.AF_UNIX)
    try:
        found.settimeout(LOOK)
        found.connect(f"{place.host}/.s.PGSQL.{place.port}")
    except OSError:
        found.close()
        raise
    return found
