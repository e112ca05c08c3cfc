"""Draw parts of a document side by side, in children that have neither database, keys nor store.

Memory grows with the pages of one WeasyPrint call; a child gives it back when it ends. Children take their jobs
over a pipe and end with it, so that none outlives the worker that was killed."""

import json
import queue
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from reports.pdf import children
from reports.pdf.errors import RenderFailed, ResourceDenied, ResourceUnused

# A part holds at most 25 exhibits, which take about two seconds; a page that needs minutes is broken.
PART_SECONDS = 300


@dataclass(frozen=True)
class Job:
    """One part: the files of its HTML and of its manifest (name → file), and the file that the PDF goes to."""

    html: str
    out: str
    resources: dict[str, str]
    attachments: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Printed:
    """What a child says about its part: number of pages, page (from 0) of each anchor."""

    out: str
    pages: int
    anchors: dict[str, int]


class Press:
    """`workers` children, whose temporary files go to `scratch`. Use as a context manager."""

    def __init__(self, workers: int, scratch: Path):
        self._idle: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        self._children = [_Child(scratch) for _ in range(workers)]
        for child in self._children:
            self._idle.put(child)
        self._threads = ThreadPoolExecutor(workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        for child in self._children:
            child.kill()
        # Threads still read from the pipes of the dead: they end first, then the pipes are closed.
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            child.close()

    def print(self, jobs: Iterable[Job]) -> Iterator[tuple[int, Printed]]:
        """(position in `jobs`, what was printed), as each is done. The first failure is raised."""
        waiting = {self._threads.submit(self._one, job): number for number, job in enumerate(jobs)}
        for done in as_completed(waiting):
            yield waiting[done], done.result()

    def _one(self, job: Job) -> Printed:
        child = self._idle.get()
        try:
            return child.do(job)
        finally:
            self._idle.put(child)


class _Child:
    def __init__(self, scratch: Path):
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        self._process = children.start([sys.executable, "-m", "reports.pdf.child"], scratch=scratch,
                                       errors=self._errors)

    def do(self, job: Job) -> Printed:
        assert self._process.stdin and self._process.stdout
        guard = threading.Timer(PART_SECONDS, self._process.kill)
        guard.start()
        try:
            self._process.stdin.write(json.dumps(asdict(job)) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:
            line = ""
        finally:
            guard.cancel()
        # Where Pango is missing, WeasyPrint says so on standard output before it fails.
        if not line.startswith("{"):
            self.kill()
            self._errors.seek(0)
            raise RenderFailed(f"a part was not made: {self._errors.read()[-300:].decode(errors='replace')}")
        return _read(json.loads(line), job)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            # What was written to a child that is gone cannot be flushed any more.
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


def _read(answer: dict[str, Any], job: Job) -> Printed:
    if answer["failed"] == "denied":
        raise ResourceDenied(answer["name"])
    if answer["failed"] == "unused":
        raise ResourceUnused(answer["name"])
    if answer["failed"]:
        raise RenderFailed(answer["name"])
    return Printed(job.out, answer["pages"], answer["anchors"])
