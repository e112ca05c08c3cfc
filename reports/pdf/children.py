"""Where this room starts other programs, and nowhere else: with nothing of our own in their environment."""

import os
import subprocess
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parents[2]
# No database, no keys, no store; HOME is where fontconfig keeps its cache.
KEPT = ("PATH", "HOME", "LANG")
PATIENCE = 10


def start(command: list[str], *, scratch: Path, errors: BinaryIO) -> subprocess.Popen[str]:
    """A program in the project's folder that is talked to over pipes, in lines of text. What it leaves behind when it
    is killed lies in `scratch`."""
    return subprocess.Popen(command, cwd=ROOT, env=_environment() | {"TMPDIR": str(scratch)}, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)


def ask(command: list[str]) -> bytes:
    """What a program prints, whatever it ends with. Raises OSError, subprocess.TimeoutExpired after ten seconds."""
    return subprocess.run(command, env=_environment(), capture_output=True, timeout=PATIENCE, check=False).stdout


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in KEPT if name in os.environ}
