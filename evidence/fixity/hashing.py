"""Many files hashed at a time: hashlib lets go of the interpreter, so threads are enough for every core.

No thread here asks the database: what is to be read is said beforehand, what was seen is told in that order."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from evidence.custody.problem import Problem, attempted
from evidence.store import services as store
from evidence.store.errors import Damaged, StoreUnavailable
from evidence.store.services import Lock

AT_ONCE = 2
# So many more wait than are read, so that no thread is idle while one reads a large file.
AHEAD = 16


@dataclass(frozen=True)
class Job:
    """`sha256` must lie in `alias` with so many bytes, and under such a lock. `name` is what a problem is about."""

    name: str
    sha256: str
    size: int
    alias: str
    version: str = ""
    lock: Lock | None = None


def problems(jobs: Iterable[Job]) -> Iterator[Problem]:
    """What is wrong with any of them."""
    waiting: deque[tuple[Job, Future[str]]] = deque()
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        for job in jobs:
            waiting.append((job, pool.submit(_wrong, job)))
            if len(waiting) > AHEAD:
                yield from _told(*waiting.popleft())
        while waiting:
            yield from _told(*waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _told(job: Job, done: Future[str]) -> Iterator[Problem]:
    yield from attempted(job.name, _found, job, done)


def _found(job: Job, done: Future[str]) -> Iterator[Problem]:
    if wrong := done.result():
        yield Problem(job.name, wrong)


def _wrong(job: Job) -> str:
    try:
        found = store.look(job.sha256, job.alias, job.version)
        if found is None:
            return "its bytes are gone"
        if found.size != job.size:
            return f"has {found.size} bytes instead of {job.size}"
        if found.sha256 != job.sha256:
            return "its bytes no longer hash to its name"
        if job.lock and not store.lock_of(job.sha256, job.version).at_least(job.lock):
            return "its lock is not the one that was recorded"
    except (StoreUnavailable, Damaged) as error:
        return f"its bytes cannot be read: {error}"
    return ""
