"""Advisories held against the lock: all of these are invented."""

import json
import os
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from supply_chain import advisories, commands, lock

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FRESH = "2026-11-18T08:00:00Z"
LOCK = "".join(f"{name}=={version} --hash=sha256:{'0' * 64}\n" for name, version in {
    "django": "5.2.19", "pillow": "13.0.0", "python-dateutil": "2.9.0.post0", "early": "2.0rc1"}.items())


def advisory(name: str = "OSV-1", package: str = "Django", events: Any = None, **more: Any) -> dict[str, Any]:
    ranges = [] if events is None else [{"type": "ECOSYSTEM", "events": events}]
    row = {"package": {"ecosystem": "PyPI", "name": package}, "ranges": ranges, "versions": more.pop("versions", [])}
    return {"id": name, "modified": FRESH, "summary": f"Something about {package}", "affected": [row]} | more


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lock.txt").write_text(LOCK)
    (tmp_path / "osv").mkdir()
    return tmp_path


def hold(folder: Path, *told: Any, max_age: int = 7) -> int:
    (folder / "osv" / "one.json").write_text(json.dumps(list(told)))
    return commands.hold_against(folder / "osv", folder / "lock.txt", max_age, NOW)


@pytest.mark.parametrize(("version", "events", "hit"), [
    ("5.2.19", [{"introduced": "0"}], True),
    ("5.2.19", [{"introduced": "0"}, {"fixed": "5.2.19"}], False),
    ("5.2.19", [{"introduced": "0"}, {"fixed": "5.2.20"}], True),
    ("5.2.19", [{"fixed": "5.2.20"}, {"introduced": "5.2"}], True),
    ("5.2.9", [{"introduced": "0"}, {"fixed": "5.2.19"}], True),
    ("5.2.19", [{"introduced": "5.2.20"}], False),
    ("5.2.19", [{"introduced": "0"}, {"last_affected": "5.2.19"}], True),
    ("5.2.19", [{"introduced": "0"}, {"last_affected": "5.2.18"}], False),
    ("4.2.3", [{"introduced": "4.0"}, {"fixed": "4.2.5"}, {"introduced": "5.0"}, {"fixed": "5.2.1"}], True),
    ("4.2.7", [{"introduced": "4.0"}, {"fixed": "4.2.5"}, {"introduced": "5.0"}, {"fixed": "5.2.1"}], False),
    ("5.1", [{"introduced": "4.0"}, {"fixed": "4.2.5"}, {"introduced": "5.0"}, {"fixed": "5.2.1"}], True),
    ("2.0rc1", [{"introduced": "0"}, {"fixed": "2.0"}], True),
    ("2.0", [{"introduced": "0"}, {"fixed": "2.0rc1"}], False),
    ("2.0rc1", [{"introduced": "2.0"}], False),
    ("2.9.0.post0", [{"introduced": "0"}, {"fixed": "2.9.0"}], False),
    ("2.9.0.post0", [{"introduced": "0"}, {"last_affected": "2.9.0"}], False),
    ("1!1.0", [{"introduced": "0"}, {"fixed": "2026.1"}], False),
    ("1.0+local", [{"introduced": "0"}, {"fixed": "1.0"}], False),
    ("10.0", [{"introduced": "9.0"}, {"fixed": "11.0"}], True),
    ("1.5", [{"introduced": "0"}, {"limit": "1.5"}], False),
    ("1.4", [{"introduced": "0"}, {"limit": "1.5"}], True),
    ("1.4", [{"introduced": "0"}, {"limit": "*"}], True),
])
def test_ranges_are_ordered_as_pep_440_orders_versions(version: str, events: list[dict[str, str]], hit: bool) -> None:
    ranges = (tuple(next(iter(event.items())) for event in events),)
    assert advisories.affects(version, advisories.Affected("invented", (), ranges)) is hit


def test_each_weakness_is_named_once_with_all_its_names_and_what_mends_it(folder: Path,
                                                                        capsys: pytest.CaptureFixture[str]) -> None:
    events = [{"introduced": "5.2"}, {"fixed": "5.2.21"}]
    assert hold(folder, advisory("GHSA-a", aliases=["CVE-2026-1"], events=events),
                advisory("PYSEC-2026-1", aliases=["CVE-2026-1"], events=events),
                advisory("GHSA-b", "python_dateutil", versions=["2.9.0.post0"])) == 1
    said = capsys.readouterr().out
    assert "django 5.2.19: CVE-2026-1, GHSA-a, PYSEC-2026-1: Something about Django\n    mended in 5.2.21" in said
    assert "python-dateutil 2.9.0.post0: GHSA-b" in said and "no version that mends it is named" in said
    assert "4 packages held against 3 advisories for PyPI, the newest of 2026-11-18, 2 days old: 2 to mend." in said


def test_what_is_withdrawn_or_about_others_is_no_hit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    everything = [{"introduced": "0"}]
    elsewhere = advisory("GHSA-n", events=everything)
    elsewhere["affected"][0]["package"]["ecosystem"] = "npm"
    by_commit = advisory("GHSA-g")
    by_commit["affected"][0]["ranges"] = [{"type": "GIT", "events": [{"introduced": "0"}]}]
    assert hold(folder, advisory("GHSA-w", events=everything, withdrawn=FRESH), advisory("GHSA-o", "other", everything),
                elsewhere, by_commit) == 0
    assert "none to mend" in capsys.readouterr().out


def test_what_cannot_be_judged_is_for_a_person(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hold(folder, advisory("GHSA-x", events=[{"introduced": "first"}])) == 1
    assert "GHSA-x" in (said := capsys.readouterr().out) and "cannot be judged" in said
    assert hold(folder, advisory("GHSA-y", "other", events=[{"introduced": "first"}])) == 0


@pytest.mark.parametrize(("days", "max_age", "status"), [(7, 7, 0), (7.1, 7, 1), (30, 7, 1), (30, 31, 0)])
def test_an_old_snapshot_proves_nothing(folder: Path, days: float, max_age: int, status: int) -> None:
    modified = (NOW - timedelta(days=days)).isoformat()
    older = (NOW - timedelta(days=days + 400)).isoformat()
    assert hold(folder, advisory("GHSA-a", "other", modified=modified), advisory("GHSA-b", "other", modified=older),
                max_age=max_age) == status


def test_a_snapshot_may_be_a_file_a_tree_or_a_zip(folder: Path) -> None:
    told = json.dumps(advisory(events=[{"introduced": "0"}]))
    (folder / "alone.json").write_text(told)
    (folder / "osv" / "2026").mkdir()
    (folder / "osv" / "2026" / "deep.json").write_text(told)
    (folder / "osv" / "README.md").write_text("not an advisory")
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("OSV-1.json", told)
    for snapshot in ("alone.json", "osv", "all.zip"):
        assert [one.names for one in advisories.read(folder / snapshot)] == [("OSV-1",)]


@pytest.mark.parametrize("data", [
    b"", b"{", b"[" * 100_000, b"\xff", b"1", b"{}", b"[[]]", b"[]", b'{"id": 1}', b'{"id": "A"}',
    b'{"id": "A", "modified": "lately"}', b'{"id": "A", "modified": null}',
    *(json.dumps({"id": "A", "modified": FRESH, "affected": affected}).encode() for affected in (
        "x", [1], [{"package": "django"}], [{"package": {"ecosystem": "PyPI"}}],
        [{"package": {"ecosystem": "PyPI", "name": "django"}, "versions": [1]}],
        [{"package": {"ecosystem": "PyPI", "name": "django"}, "ranges": [{"type": "ECOSYSTEM", "events": [{}]}]}],
        [{"package": {"ecosystem": "PyPI", "name": "django"},
          "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": 0}]}]}],
        [{"package": {"ecosystem": "PyPI", "name": "django"},
          "ranges": [{"type": "ECOSYSTEM", "events": [{"begun": "0"}]}]}]))])
def test_a_malformed_file_is_named(folder: Path, data: bytes) -> None:
    (folder / "osv" / "bad.json").write_bytes(data)
    with pytest.raises(lock.Unreadable, match=r"osv"):
        advisories.read(folder / "osv")


def test_a_broken_zip_is_named(folder: Path) -> None:
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("OSV-1.json", json.dumps(advisory()))
    data = (folder / "all.zip").read_bytes()
    (folder / "all.zip").write_bytes(data.replace(b"Something", b"Something"[::-1]))
    with pytest.raises(lock.Unreadable, match=r"all\.zip"):
        advisories.read(folder / "all.zip")


def test_the_command_says_which_of_the_three_it_is(folder: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([ROOT / "script" / "supply", "advisories", *words, "--lock", str(folder / "lock.txt")],
                              capture_output=True, text=True, env=dict(os.environ))

    now = datetime.now(UTC).isoformat()
    everything = [{"introduced": "0"}]
    for told, status in ((advisory(package="other", modified=now), 0), (advisory(events=everything, modified=now), 1),
                         (advisory(package="other", modified="2020-01-01T00:00:00Z"), 1), ("nothing", 2)):
        (folder / "osv" / "one.json").write_text(json.dumps(told))
        assert run(str(folder / "osv")).returncode == status
    assert run(str(folder / "nowhere.json")).returncode == 2
    old = advisory(package="other", modified="2020-01-01T00:00:00Z")
    (folder / "osv" / "one.json").write_text(json.dumps(old))
    assert run(str(folder / "osv"), "--max-age", "100000").returncode == 0
    coming = advisory(package="other", modified="2999-01-01T00:00:00Z")
    (folder / "osv" / "one.json").write_text(json.dumps(coming))
    assert run(str(folder / "osv")).returncode == 2
