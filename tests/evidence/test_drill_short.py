"""The drills on the vault, in short: every kind of tampering, and some system calls that fail."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from drills.kit import rgw

ROOT = Path(__file__).resolve().parents[2]
needs_ceph = pytest.mark.skipif(bool(rgw.missing()), reason=f"needs {rgw.missing()}")
needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="no strace here (apt-get install strace)")


def drill(*words: str) -> str:
    """What a drill prints; it must find nothing wrong."""
    done = subprocess.run([ROOT / "script" / "drill", *words], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_whatever_is_tampered_with_is_found_and_nothing_else_is_said() -> None:
    said = drill("tamper", "--flips", "10", "--edits", "24", "--rewrites", "8", "--rewinds", "2", "--forks", "2",
                 "--clean", "16")
    assert re.search(r"tamper: 109 tamperings, 0 missed; 16 clean runs, 0 false alarms", said), said
    assert "rewrites with the stolen key: 8 done, 0 found from inside, 8 found only with an outside checkpoint" in said


@needs_ceph
def test_on_a_real_gateway_locks_hold_and_nothing_is_acknowledged_that_is_not_there() -> None:
    said = drill("rgw", "--rounds", "1", "--writers", "4")
    assert re.search(r"^rgw: \d\d+ things tried, 0 violations$", said, re.MULTILINE), said


@needs_strace
def test_system_calls_that_fail_lose_nothing_that_was_acknowledged() -> None:
    said = drill("syscalls", "--points", "10", "upload", "sequence")
    assert re.search(r"syscalls: 20 faults injected, 0 violations", said), said
