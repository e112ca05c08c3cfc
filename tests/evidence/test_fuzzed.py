"""What `script/drill fuzz` found once stays mended."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_verifier_ends_at_a_proof_that_begins_at_no_leaf() -> None:
    program = ("from evidence.tlog.offline.trees import proves_growth\n"
               "h = bytes(32)\n"
               "assert not proves_growth(0, h, 262, h, [h, h])\n"
               "assert not proves_growth(0, h, 0, h, [])\n"
               "assert not proves_growth(-1, h, 5, h, [h])\n")
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=30).returncode == 0


@pytest.mark.parametrize("name", ["nonsense", "zips nonsense"])
def test_a_parser_that_is_none_is_named(name: str) -> None:
    done = subprocess.run([ROOT / "script" / "drill", "fuzz", *name.split()], capture_output=True, text=True)
    assert done.returncode == 2
    assert "no parser nonsense" in done.stderr
