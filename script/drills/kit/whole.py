"""The whole server in a home of its own: started as a person starts it, with its processes by their role."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stack.install import PYTHON, ROOT, say
from stack.processes import MARK

from tests.journeys.server import OWN, Stack, start, stop

ROLES = ("postmaster", "backend", "broker", "worker", "worker child", "web", "web worker", "scheduler")


@dataclass
class Whole:
    """A running server with a case and a token for whoever lodges into it."""

    stack: Stack
    ref: str
    token: str

    @property
    def home(self) -> Path:
        return self.stack.home

    def pids(self, role: str) -> list[int]:
        return _pids(self.home, self.stack.process.pid)[role]

    def judged(self, entries: list[dict[str, Any]]) -> dict[str, Any]:
        """What drills.kit.judge says of a ledger."""
        return dict(json.loads(program("judge", self.home, json.dumps(entries))))

    def verified(self, *held: Path) -> list[str]:
        """What `manage.py verify --all` names, with checkpoints kept outside; nothing when it is clean."""
        words = [word for file in held for word in ("--checkpoint", str(file))]
        done = self.stack.manage("verify", "--all", *words)
        return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()[-12:]


@contextmanager
def server(home: Path | None = None, **given: str) -> Iterator[Whole]:
    """Start script/server in `home`, or in one that is made and removed; end it whatever happens."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="casework-drill-"))
    say("Starting a server …")
    stack = start(home or folder / "home", "--empty", **given)
    try:
        yield Whole(stack, **json.loads(program("prepare", stack.home)))
    finally:
        stop(stack)
        shutil.rmtree(folder, ignore_errors=True)


def program(name: str, home: Path, given: str = "", **environment: str) -> str:
    """What the program drills.kit.`name` prints, with the settings of `home`."""
    plain = {key: value for key, value in os.environ.items() if key not in OWN}
    done = subprocess.run([str(PYTHON), "-m", f"drills.kit.{name}"], cwd=ROOT / "script", input=given, text=True,
                          env=plain | {"CASEWORK_HOME": str(home)} | environment, stdout=subprocess.PIPE, timeout=300)
    if done.returncode:
        raise RuntimeError(f"{name} failed with {done.returncode}")
    return done.stdout.strip().splitlines()[-1]


def _pids(home: Path, supervisor: int) -> dict[str, list[int]]:
    """Role → process ids, of processes that carry the mark of this home, and of its PostgreSQL."""
    found: dict[str, list[int]] = {role: [] for role in ROLES}
    parents = dict(_all())
    for pid, parent in parents.items():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
            environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if os.fsencode(f"{MARK}={home}") not in environment:
            continue
        for role, word in (("broker", b"redis-server"), ("worker", b"--queues"), ("web", b"gunicorn"),
                           ("scheduler", b"--schedule")):
            if word in words:
                deeper = parent != supervisor
                if not deeper or role in {"worker", "web"}:
                    found[{"worker": "worker child", "web": "web worker"}[role] if deeper else role].append(pid)
    try:
        postmaster = int((home / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return found
    if postmaster in parents:
        found["postmaster"].append(postmaster)
        found["backend"] = [pid for pid, parent in parents.items() if parent == postmaster
                            and b"casework_app" in _words(pid)]
    return found


def _words(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _all() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            yield int(entry.name), int(stat.rpartition(")")[2].split()[1])
