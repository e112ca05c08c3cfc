"""The child's side of the jail: import what the task needs, give up everything, then look at the bytes.

Input is an open file on descriptor 0. Output on descriptor 1 is one line of JSON, then the parts' bytes:
{"ok": true, "facts": {…}, "parts": {name: length}} or {"ok": false, "reason": "…"}. `pour` gives bytes alone, `stream`
lines of JSON."""

import importlib
import json
import os
import sys
from typing import Any

from evidence.jail import confine

Work = tuple[dict[str, Any], dict[str, bytes]]


def main(module: str, memory: str, cpu_seconds: str) -> None:
    """Run `module`.work over descriptor 0. `module`.warm_up runs first, while files can still be opened."""
    task = importlib.import_module(module)
    task.warm_up()
    try:
        confine.confine(memory=int(memory), cpu_seconds=int(cpu_seconds))
    except (confine.Unconfined, OSError, ValueError) as error:
        _answer({"ok": False, "reason": f"no confinement here: {error}"}, {})
        return
    try:
        facts, parts = task.work(sys.stdin.buffer)
    except MemoryError:
        _answer({"ok": False, "reason": "needs more memory than it may have"}, {})
    # Whatever a decoder throws over foreign bytes means the same: they could not be read.
    except Exception as error:  # noqa: BLE001
        _answer({"ok": False, "reason": f"{type(error).__name__}: {error}"[:300]}, {})
    else:
        _answer({"ok": True, "facts": facts, "parts": {name: len(part) for name, part in parts.items()}}, parts)


def pour(module: str, memory: str, cpu_seconds: str, wanted: str) -> None:
    """Give out, as they are, the bytes that `module`.pour yields over descriptor 0. Who asked knows how many they are
    and what they hash to; what cannot be read ends in another code than 0."""
    task = importlib.import_module(module)
    task.warm_up()
    try:
        confine.confine(memory=int(memory), cpu_seconds=int(cpu_seconds))
        for chunk in task.pour(sys.stdin.buffer, wanted):
            _write(chunk)
    # As above: whatever a decoder throws means the same.
    except Exception:  # noqa: BLE001
        os._exit(1)
    os._exit(0)


def stream(module: str, memory: str, cpu_seconds: str, wanted: str) -> None:
    """Give out lines of JSON as `module`.prepare(wanted) makes them of descriptor 0. What stops it is the last line."""
    read = importlib.import_module(module).prepare(wanted)
    try:
        confine.confine(memory=int(memory), cpu_seconds=int(cpu_seconds))
        for chunk in read(sys.stdin.buffer):
            _write(chunk)
    except confine.Unconfined as error:
        _stop(f"no confinement here: {error}")
    except MemoryError:
        _stop("needs more memory than it may have")
    # As above: whatever a decoder throws means the same.
    except Exception as error:  # noqa: BLE001
        _stop(f"{type(error).__name__}: {error}"[:300])
    os._exit(0)


def _stop(reason: str) -> None:
    _write(json.dumps({"stopped": reason}).encode() + b"\n")


def _answer(head: dict[str, Any], parts: dict[str, bytes]) -> None:
    _write(b"".join([json.dumps(head).encode(), b"\n", *parts.values()]))
    # The interpreter's own way out opens files and waits for threads; the kernel ends us at once.
    os._exit(0)


def _write(data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(1, rest):]
