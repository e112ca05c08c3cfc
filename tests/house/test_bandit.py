"""bandit judges the source: nothing of high severity, and of medium only what is named here with its reason."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WHERE = ("evidence", "casework", "reports", "script")

# What bandit sees, and where → why it is well. A line without its finding fails, too: nothing is accepted in advance.
ACCEPTED: dict[tuple[str, str], str] = {
    ("B308", "casework/templatetags/icons.py"): "constants of the file, and a drawing that the QR library made",
    ("B703", "casework/templatetags/icons.py"): "as B308",
    ("B608", "evidence/backup/restoring.py"): "the name of a table of ours, quoted by Django",
    ("B608", "evidence/custody/given_up.py"): "names of columns, constants; values go as parameters",
    ("B608", "evidence/custody/lawful.py"): "names of columns, constants; values go as parameters",
    ("B608", "evidence/custody/verify.py"): "names of columns, constants; values go as parameters",
    ("B608", "script/stack/postgres.py"): "names of roles, constants of the file",
    ("B608", "script/drills/kit/calling.py"): "a number of the drill's own",
    ("B608", "script/drills/kit/cutoff.py"): "the drill plays an attacker in its own database",
    ("B608", "script/drills/kit/edits.py"): "the drill plays an attacker in its own database",
    ("B608", "script/drills/kit/forger.py"): "the drill plays an attacker in its own database",
    ("B608", "script/drills/kit/tampering.py"): "the drill plays an attacker in its own database",
    ("B314", "script/drills/judge_pdf.py"): "the report of a program that the drill started",
    ("B310", "script/drills/load.py"): "an address on loopback, made by the drill",
    ("B310", "script/drills/kit/rgw.py"): "an address on loopback, made by the drill",
    ("B108", "script/drills/judge_witness.py"): "a folder of its own, made by mkdtemp below it",
    ("B108", "script/drills/kit/rgw.py"): "a folder of its own, made by mkdtemp below it",
    ("B108", "script/stack/serve.py"): "/dev/shm, where gunicorn opens files that have no name",
}


def judged(*paths: str, root: Path = ROOT) -> list[dict[str, str]]:
    """What bandit finds of medium and of high severity, as pyproject.toml configures it."""
    done = subprocess.run([str(Path(sys.executable).parent / "bandit"), "--quiet", "--recursive", "--format", "json",
                           "--severity-level", "medium", "--configfile", str(ROOT / "pyproject.toml"), *paths],
                          cwd=root, capture_output=True, text=True)
    said = json.loads(done.stdout)
    assert not said["errors"], said["errors"]
    return list(said["results"])


def test_nothing_of_high_severity_is_found_and_of_medium_only_what_is_accepted() -> None:
    without_ending = [str(path.relative_to(ROOT)) for path in (ROOT / "script").iterdir()
                      if path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env python")]
    assert len(without_ending) >= 5
    found = judged(*WHERE, *without_ending)
    assert [one for one in found if one["issue_severity"] == "HIGH"] == []
    seen = {(one["test_id"], one["filename"].removeprefix("./")) for one in found}
    wrong = [f"{one['filename']}:{one['line_number']}: {one['test_id']} {one['issue_text']}" for one in found
             if (one["test_id"], one["filename"].removeprefix("./")) not in ACCEPTED]
    assert wrong == []
    assert set(ACCEPTED) - seen == set(), "these are not found any more"


def test_a_danger_is_found(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("import subprocess\nsubprocess.run('ls ' + input(), shell=True)\n"
                                   "import hashlib\nhashlib.md5(b'x')\n")
    assert {one["test_id"] for one in judged("x.py", root=tmp_path)
            if one["issue_severity"] == "HIGH"} == {"B602", "B324"}
