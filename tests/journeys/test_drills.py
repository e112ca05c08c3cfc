"""The drills on the whole server, in short: three kills, people at work, some things taken away, a file in pieces, one
plug pulled, one disk lost."""

import json
import random
import subprocess
from pathlib import Path

import pytest
from drills import kills, load, uploads
from drills.kit import bench, broken, clients, plug, whole

from tests.journeys.server import ROOT, Stack

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def server(stack: Stack) -> whole.Whole:
    return whole.Whole(stack, **json.loads(whole.program("prepare", stack.home)))


def test_what_is_killed_comes_back_and_nothing_is_lost(server: whole.Whole, tmp_path: Path) -> None:
    drill = kills.Kills(server, random.Random(1), tmp_path)
    with clients.Load(server.stack.url, server.ref, server.token, many=2) as lodging:
        drill.go_through(lodging, ["web", "postmaster", "worker"])
    drill.look_at_the_end(lodging)
    assert drill.killed.total() == 3
    assert len(lodging.entries) >= 4
    assert drill.wrong == []


def test_people_at_work_lose_nothing_that_was_acknowledged(server: whole.Whole) -> None:
    drill = load.Drill(server, random.Random(1))
    drill.go_on(4, 12, every=3, pause=0.5)
    drill.look_at_the_end()
    assert drill.killed.total() >= 3
    assert drill.files > 4 and drill.written > 0
    assert drill.wrong == []


@pytest.mark.parametrize("row", ["F05", "F16", "F17", "F18", "F21", "F22"])
def test_what_is_taken_away_is_said_and_comes_back(server: whole.Whole, row: str) -> None:
    # What is promised within 5 s is given more here: the machine of a test does other things too.
    found = bench.Bench(server, mounted=False, seconds=3, within=15)
    found.recovers()
    found.go(row, *broken.ROWS[row])
    found.look_at_the_end()
    assert (found.done, found.wrong) == (1, [])


def test_a_file_in_pieces_survives_a_broken_connection_and_a_killed_web_server(server: whole.Whole,
                                                                               tmp_path: Path) -> None:
    drill = uploads.Drill(server, tmp_path / "film.bin", 64 * 2**20)
    drill.run(patient=False)
    assert (drill.resumed, drill.wrong) == (2, [])


def test_after_the_plug_was_pulled_what_was_acknowledged_is_there() -> None:
    if missing := plug.missing():
        pytest.skip(f"needs {missing}")
    done = subprocess.run([ROOT / "script" / "drill", "power", "--images", "1", "--clients", "2"], text=True,
                          capture_output=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "power: 1 images, " in done.stdout


def test_what_a_restore_lost_is_named_and_declared_by_two() -> None:
    done = subprocess.run([ROOT / "script" / "drill", "restore", "--before", "3", "--after", "2"], text=True,
                          capture_output=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "restore: 3 uploads before the backup, 2 uploads after it, " in done.stdout
    assert " 0 violations" in done.stdout
