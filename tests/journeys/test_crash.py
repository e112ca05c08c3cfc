"""The worker is killed with SIGKILL between hash and archive; what it had begun is finished after its restart."""

import hashlib
import os
import signal
import time
from pathlib import Path

import pytest

from tests.journeys.api import Api, until
from tests.journeys.pictures import png
from tests.journeys.server import Stack

pytestmark = pytest.mark.stack


def test_a_worker_killed_between_hash_and_archive_loses_nothing(stack: Stack) -> None:
    api = Api(stack, "investigator@demo.example", "read", "write")
    data = png(300, 500, seed=str(time.time()))
    with archive_out_of_reach(stack.home):
        lodged = api.lodge("CW-2026-0001", data)
        address = f"cases/CW-2026-0001/exhibits/{lodged['exhibit']['label']}/"
        until(lambda: api.steps(address)["fixity"] == "done")
        assert api.steps(address)["archive"] == "pending"
        killed = workers(stack.home)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
    until(lambda: api.steps(address)["archive"] == "done")
    assert set(workers(stack.home)).isdisjoint(killed)
    digest = hashlib.sha256(data).hexdigest()
    archived = list((stack.home / "archive").rglob(digest))
    assert [hashlib.sha256(file.read_bytes()).hexdigest() for file in archived] == [digest]
    verified = stack.manage("verify", "--all")
    assert verified.returncode == 0, verified.stdout


class archive_out_of_reach:  # noqa: N801 - reads as what it does
    """While it lasts a file stands where the archive's folder was: every second copy fails, nothing else does."""

    def __init__(self, home: Path):
        self.folder, self.away = home / "archive", home / "archive.away"

    def __enter__(self) -> None:
        self.folder.rename(self.away)
        self.folder.write_text("in the way")

    def __exit__(self, *error: object) -> None:
        self.folder.unlink()
        self.away.rename(self.folder)


def workers(home: Path) -> list[int]:
    """Every process of the Celery worker that serves `home`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                mine = f"CASEWORK_HOME={home}".encode() in (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if mine and b"worker" in words:
                found.append(int(entry.name))
    return found
