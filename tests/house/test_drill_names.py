"""script/drill lists what lies in script/drills and runs it by name; its exit status is the drill's."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def drill(*words: str) -> tuple[int, str]:
    done = subprocess.run([ROOT / "script" / "drill", *words], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_every_drill_is_listed_with_its_caption_and_its_helpers_are_not() -> None:
    status, said = drill()
    listed = [line.split()[0] for line in said.splitlines()[1:]]
    assert status == 2
    assert "judges" in listed
    assert "judge_pdf" not in listed
    assert all(len(line.split()) > 2 for line in said.splitlines()[1:])


def test_what_is_no_drill_is_named_and_nothing_is_run() -> None:
    status, said = drill("nonsense")
    assert status == 2
    assert "no drill 'nonsense'" in said


def test_a_drill_gets_its_arguments_and_gives_its_status() -> None:
    assert drill("judges", "/nowhere.pdf") == (2, "no such file: /nowhere.pdf\n")
