"""Run a task over foreign bytes in a child that holds nothing: no network, files, environment, keys or store.

The child gets one open file and one pipe. What it answers is as foreign as what it read, and is checked as such."""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from evidence.jail.exports import wire
from evidence.jail.exports.records import Record
from evidence.jail.exports.sources import ENCODINGS

TASKS = {"bag": "evidence.jail.bag", "examine": "evidence.jail.examine",
         "exports": "evidence.jail.exports.task", "image": "evidence.jail.image",
         "probe": "evidence.jail.probe", "programs": "evidence.jail.programs"}

_ROOT = Path(__file__).resolve().parent.parent.parent
# Isolated mode ignores the environment and the user's site; only this project's folder is added to the path.
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from evidence.jail import child; " \
        "getattr(child, sys.argv[2])(*sys.argv[3:])"
_HEAD = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bytes and seconds. `wall` counts while the child is waited for, `cpu` is what it may compute."""

    memory: int = 1024**3
    cpu: int = 60
    wall: float = 90.0
    output: int = 64 * 1024**2


# So many bytes of a record are shown at most.
MOST_CITED = 64 * 1024
# An export has half a million records and more, and gives out more than it takes in; who reads it keeps nothing of it.
# In memory lie a chunk, an element of 4 MiB at most and, of a workbook, the shared texts that sheets.py bounds.
READING = Limits(memory=768 * 1024**2, cpu=900, wall=900.0, output=32 * 1024**3)
# A record of a short line takes some twenty times its bytes, and what is packed is five to thirty times as long
# unpacked. What gives out more than this from what was lodged, and more than anybody notices, is there to fill us.
SWELLING, SWELLING_PACKED, UNNOTICED = 64, 256, 16 * 1024**2


@dataclass(frozen=True)
class Result:
    """What came of it. Without `ok`, `reason` says why the bytes are unparsed; they are evidence all the same."""

    ok: bool
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, bytes] = field(default_factory=dict)


def run(task: str, source: BinaryIO | bytes, *, limits: Limits = Limits()) -> Result:
    """Run one of TASKS over `source`, a file with a descriptor or bytes. Never raises for what the bytes contain."""
    with _opened(source) as file:
        return _run(TASKS[task], file, limits)


class Stopped(Exception):
    """The child gave no whole answer; the message says why."""


class TookLong(Stopped):
    """The child was not done when its time was over."""


class Asks(Stopped):
    """Somebody has to say `what` (an option of the export) first; `facts` is what is known about it."""

    def __init__(self, what: str, facts: dict[str, Any]):
        super().__init__(f"somebody has to say the {what}")
        self.what, self.facts = what, facts


def look_at_export(source: BinaryIO | bytes, *, format: str = "", options: dict[str, Any] | None = None,
                   limits: Limits = READING) -> dict[str, Any]:
    """What is to be said of an export before it is read (docs/exports.md). Without a format: which ones it may be, as
    `suggested`. Raises Stopped, which says what is wrong with it."""
    return _told(source, "look", format, options or {}, limits)


def read_table(source: BinaryIO | bytes, *, format: str = "table", options: dict[str, Any] | None = None,
               limits: Limits = Limits()) -> dict[str, Any]:
    """A small table (format `table` or `sheet`) as it stands: `names`, `names_line`, and `rows` as
    evidence.jail.exports.plain tells them. Raises Stopped, which says what is wrong with it."""
    return _told(source, "plain", format, options or {}, limits)


def _told(source: BinaryIO | bytes, act: str, format: str, options: dict[str, Any], limits: Limits) -> dict[str, Any]:
    with _opened(source) as file:
        for found in _answers(file, {"act": act, "format": format, "options": options, "after": 0}, limits):
            if isinstance(found, dict) and isinstance(told := found.get("told"), dict):
                return told
    raise Stopped("the reader gave no answer")


class Reading:
    """The records of an export, one after the other, in constant memory. After the last one `whole` says how many there
    were of which kind, with which marks, and how many bytes of what were no record; until then it is None."""

    def __init__(self, source: BinaryIO | bytes, wanted: dict[str, Any], limits: Limits):
        self._source, self._wanted, self._limits = source, wanted, limits
        self.whole: dict[str, Any] | None = None

    def __iter__(self) -> Generator[Record, None, None]:
        """Raises Stopped where it ends before the whole was read, and Asks where somebody has to say something."""
        with _opened(self._source) as file:
            for found in _answers(file, self._wanted, self._limits):
                if isinstance(found, list) and self.whole is None:
                    yield from found
                elif isinstance(found, dict) and self.whole is None and isinstance(found.get("whole"), dict):
                    self.whole = found["whole"]
                else:
                    raise Stopped("the reader gave an answer that is none")
        if self.whole is None:
            raise Stopped("the reader ended before the whole was read")


def read_export(source: BinaryIO | bytes, format: str, options: dict[str, Any], *, after: int = 0,
                limits: Limits = READING) -> Reading:
    """The records of an export behind the first `after` of them: a reading that was cut off goes on where it stopped.
    The same bytes and options give the same records in the same order. Formats and options are in docs/exports.md."""
    return Reading(source, {"act": "read", "format": format, "options": options, "after": after}, limits)


def cite_export(source: BinaryIO | bytes, member: str, start: int, end: int, *, encoding: str = "",
                limits: Limits = Limits()) -> tuple[bytes, str]:
    """The bytes of a member, unpacked, from `start` to before `end`, as a record cites them: the first MOST_CITED of
    them; and their encoding, as the file's mark says it, or else the one given, or UTF-8. Raises Stopped."""
    wanted = {"act": "cite", "format": "", "options": {}, "after": 0, "encoding": encoding,
              "cited": [member, start, min(end, start + MOST_CITED)]}
    with _opened(source) as file:
        for found in _answers(file, wanted, limits):
            if isinstance(found, dict) and isinstance(told := found.get("cited"), str) and (
                    found.get("encoding") in ENCODINGS):
                with suppress(ValueError):
                    return bytes.fromhex(told), found["encoding"]
    raise Stopped("the reader gave no answer")


def pour(task: str, source: BinaryIO, wanted: str, *, limits: Limits = Limits()) -> Generator[bytes, None, None]:
    """The bytes that one of TASKS takes out of `source`, a piece at a time; `wanted` says which, in its own words.

    They are as foreign as what they came from. Raises Stopped."""
    with _child(source, limits, "pour", TASKS[task], wanted) as process:
        assert process.stdout is not None
        yield from _pieces(process.stdout.fileno(), limits)
        _ended(process)


def describe() -> dict[str, bool]:
    """For each way out of the jail, whether it is shut on this machine: tried, not assumed. Empty: no child runs."""
    return {name: bool(shut) for name, shut in run("probe", b"").facts.items()}


@contextmanager
def _opened(source: BinaryIO | bytes) -> Iterator[BinaryIO]:
    """Something with a descriptor: bytes are put into memory that has one."""
    if not isinstance(source, bytes):
        yield source
        return
    with os.fdopen(os.memfd_create("foreign"), "w+b", buffering=0) as memory:
        memory.write(source)
        memory.seek(0)
        yield memory


def _answers(file: BinaryIO, wanted: dict[str, Any], limits: Limits) -> Iterator[list[Record] | dict[str, Any]]:
    """What the child says, line by line. Raises Stopped, Asks."""
    (size, most), given = _most(file), 0
    with _child(file, limits, "stream", TASKS["exports"], json.dumps(wanted)) as process:
        assert process.stdout is not None
        held: list[bytes] = []
        for piece in _pieces(process.stdout.fileno(), limits):
            *lines, rest = piece.split(b"\n")
            for line in lines:
                answer = b"".join([*held, line])
                held.clear()
                given += len(answer)
                if given > most:
                    raise Stopped(f"its rows take more than {most} bytes, of a file of {size}: more is not kept")
                yield _answer(answer)
            if rest:
                held.append(rest)
            if sum(map(len, held)) > wire.LONGEST_ANSWER:
                raise Stopped(f"answered with more than {wire.LONGEST_ANSWER} bytes at once")
        _ended(process)
        if held:
            raise Stopped("the reader ended in the midst of an answer")


def _most(file: BinaryIO) -> tuple[int, int]:
    """How many bytes a file has, and all answers over it may have."""
    packed, size = os.pread(file.fileno(), 2, 0) == b"PK", os.fstat(file.fileno()).st_size
    return size, max(UNNOTICED, size * (SWELLING_PACKED if packed else SWELLING))


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Raises Stopped unless the child ended well."""
    # The kernel ends a child at its last write or soon after; one that lingers is up to something.
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        raise Stopped("the reader did not end") from None
    if process.returncode:
        raise Stopped(_ending(process.returncode))


def _answer(line: bytes) -> list[Record] | dict[str, Any]:
    try:
        found = wire.read(line)
    except wire.Wrong as error:
        raise Stopped(f"the reader gave {error}") from None
    if isinstance(found, dict) and "stopped" in found:
        raise Stopped(str(found["stopped"])[:500])
    if isinstance(found, dict) and isinstance(found.get("facts"), dict):
        raise Asks(str(found.get("asked"))[:100], found["facts"])
    return found


def _run(module: str, source: BinaryIO, limits: Limits) -> Result:
    with _child(source, limits, "main", module) as process:
        assert process.stdout is not None
        try:
            output = b"".join(_pieces(process.stdout.fileno(), limits))
        except Stopped as error:
            return Result(False, str(error))
    return _understood(output) or Result(False, _ending(process.returncode))


@contextmanager
def _child(source: BinaryIO, limits: Limits, act: str, module: str, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A child that does `act` of child.py, and is gone afterwards."""
    with tempfile.TemporaryDirectory() as nowhere, subprocess.Popen(
            [sys.executable, "-I", "-c", _BOOT, str(_ROOT), act, module, str(limits.memory), str(limits.cpu), *more],
            stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd=nowhere,
            start_new_session=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _pieces(pipe: int, limits: Limits) -> Iterator[bytes]:
    """All output until the child closes its pipe. Raises Stopped when it takes longer or is more than it may."""
    deadline, length = time.monotonic() + limits.wall, 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TookLong(f"took longer than {limits.wall:.0f} seconds")
            piece = os.read(pipe, 1024 * 1024)
            if not piece:
                return
            length += len(piece)
            if length > limits.output:
                raise Stopped(f"answered more than {limits.output} bytes")
            given = time.monotonic()
            yield piece
            # Who takes the pieces may be slow; the child waits then, and that is not its time.
            deadline += time.monotonic() - given


def _understood(output: bytes) -> Result | None:
    """The answer, if it has exactly the shape that child.py gives it."""
    line, _, rest = output.partition(b"\n")
    if len(line) > _HEAD:
        return None
    try:
        head = json.loads(line)
        if not head["ok"]:
            return Result(False, str(head["reason"])[:300])
        facts, lengths = dict(head["facts"]), {str(name): int(length) for name, length in head["parts"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    parts, at = {}, 0
    for name, length in lengths.items():
        if length < 0:
            return None
        parts[name], at = rest[at:at + length], at + length
    return Result(True, "", facts, parts) if at == len(rest) else None


def _ending(code: int) -> str:
    if code < 0:
        return f"the reader was stopped by {signal.Signals(-code).name}"
    return f"the reader ended with {code} and no answer"
