"""verify.py as a stranger runs it: alone in a folder, on a bag that left the house once, with real timestamps."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evidence.tlog.offline import assemble
from tests.vectors import make

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
BAG, RECEIPT, CHECKPOINT = VECTORS / "bag.zip", VECTORS / "receipt.json", VECTORS / "checkpoint.txt"
KEY = (VECTORS / "key.txt").read_text().strip()
OTHER_KEY = "casework.example/log+56027014+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stranger")
    (folder / "verify.py").write_bytes(assemble.verify_py())
    return folder


def verify(folder: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", "-S", "verify.py", *map(str, arguments)], cwd=folder,
                          capture_output=True,
                          text=True, encoding="utf-8", env={"PATH": os.environ["PATH"], **environment})


def answer(folder: Path, *arguments: object, **environment: str) -> dict[str, Any]:
    done = verify(folder, *arguments, "--json", **environment)
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == found["exit"]
    return found


@pytest.mark.parametrize(("arguments", "verdict"), [
    ([BAG, "--key", KEY], "VERIFIED"), ([BAG], "KEY NOT ESTABLISHED"), ([BAG, "--receipt", RECEIPT], "CONSISTENT"),
    ([BAG, "--checkpoint", CHECKPOINT], "CONSISTENT"), ([BAG, "--key", OTHER_KEY], "FAILED"),
    ([BAG, "--key", KEY, "--key", KEY, "--receipt", RECEIPT, "--checkpoint", CHECKPOINT], "VERIFIED"),
    (["--receipt", RECEIPT, "--key", KEY], "VERIFIED"), (["--receipt", RECEIPT], "KEY NOT ESTABLISHED"),
    (["--receipt", RECEIPT, "--key", OTHER_KEY], "FAILED"), (["--checkpoint", CHECKPOINT, "--key", KEY], "VERIFIED"),
    (["--checkpoint", RECEIPT], "FAILED"), (["--receipt", CHECKPOINT], "FAILED")])
def test_a_bag_that_left_the_house_once_still_gets_its_verdict(alone: Path, arguments: list[object],
                                                               verdict: str) -> None:
    assert answer(alone, *arguments)["verdict"] == verdict


def test_it_prints_verdict_lists_fingerprint_and_command_in_both_languages(alone: Path) -> None:
    english = verify(alone, BAG).stdout
    assert english.startswith("KEY NOT ESTABLISHED\n")
    fingerprint = assemble.digest(KEY.encode())
    for words in ("Checked\n", "Not checked, and why\n", fingerprint, "whether what an exhibit shows is true",
                  "openssl ts -verify -data 1.note -in 1.tsr -CAfile AUTHORITY.pem -untrusted 1.pem"):
        assert words in english
    urdu = verify(alone, BAG, "--lang", "ur", PYTHONIOENCODING="ascii").stdout
    assert urdu.startswith("کلید کی پہچان نہیں ہوئی\n")
    assert fingerprint in urdu
    assert "Checked" not in urdu


def test_a_fault_is_named_with_its_place(alone: Path, tmp_path: Path) -> None:
    data = bytearray(BAG.read_bytes())
    at = data.index(b"What this is.")
    data[at] ^= 1
    broken = tmp_path / "bag.zip"
    broken.write_bytes(data)
    done = verify(alone, broken, "--key", KEY)
    assert done.returncode == 1
    assert "manifest.digest README.txt" in done.stdout
    assert "zip.crc README.txt" in done.stdout
    assert "Checked\n" not in done.stdout


@pytest.mark.parametrize("arguments", [
    [], ["--key", KEY], ["nowhere"], [BAG, "--key", "not a key"], [BAG, "--key", KEY[:-1]],
    [BAG, "--receipt", "nowhere"],
    [BAG, "--checkpoint", VECTORS], [BAG, "--authority", "nowhere"], ["--unknown"], [BAG, "--lang", "xx"],
    ["/dev/null"]])
def test_a_wrong_call_is_told_apart_from_a_wrong_bag(alone: Path, arguments: list[object]) -> None:
    done = verify(alone, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_what_the_bag_says_cannot_steer_a_terminal(alone: Path, tmp_path: Path) -> None:
    (tmp_path / "bag").mkdir()
    (tmp_path / "bag" / "x\x1b[2J\u202e").write_text("")
    done = verify(alone, tmp_path / "bag")
    assert done.returncode == 1
    assert "x\\u001b[2J\\u202e" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_authority_is_asked_where_its_root_was_given(alone: Path, tmp_path: Path) -> None:
    """The real command on real timestamps: yes is said, no is FAILED, without openssl it was not checked."""
    well = answer(alone, BAG, "--key", KEY, "--authority", VECTORS / "authority.pem")
    assert [one["code"] for one in well["checked"]][:2] == ["authority", "authority"]
    other = make.make_authority(tmp_path)
    wrong = answer(alone, BAG, "--key", KEY, "--authority", other)
    assert {fault["code"] for fault in wrong["faults"]} == {"timestamp.authority"}
    assert wrong["verdict"] == "FAILED"
    either = answer(alone, BAG, "--key", KEY, "--authority", other, "--authority", VECTORS / "authority.pem")
    assert either["verdict"] == "VERIFIED"
    without = answer(alone, BAG, "--key", KEY, "--authority", VECTORS / "authority.pem", PATH="/nowhere")
    assert "authority.openssl" in [one["code"] for one in without["unchecked"]]
    assert without["verdict"] == "VERIFIED"


def test_the_printed_command_is_the_one_that_openssl_takes(alone: Path, tmp_path: Path) -> None:
    """As somebody does it by hand, in the folder that is named."""
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(BAG), str(tmp_path)], check=True)
    folder = tmp_path / "CW-2026-0014-bag" / "proofs" / "timestamps"
    for stamp in answer(alone, BAG)["timestamps"]:
        command = stamp["command"].replace("AUTHORITY.pem", str(VECTORS / "authority.pem"))
        assert "Verification: OK" in subprocess.run(command.split(), cwd=folder, capture_output=True, text=True).stdout


def test_the_folder_gives_the_same_answer_as_its_zip_file(alone: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(BAG), str(tmp_path)], check=True)
    assert answer(alone, tmp_path / "CW-2026-0014-bag", "--key", KEY) == answer(alone, BAG, "--key", KEY)


def test_it_reads_and_does_nothing_else(alone: Path) -> None:
    before = sorted(alone.iterdir())
    verify(alone, BAG, "--key", KEY)
    assert sorted(alone.iterdir()) == before
    source = assemble.verify_py().decode()
    for module in ("socket", "urllib", "http", "ssl", "ctypes", "importlib", "pickle"):
        assert f"import {module}" not in source
