"""What the product is made of: listed whole, under licences that may be used, not older than is known to be needed."""

import hashlib
import importlib.metadata
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version
from supply_chain import carried, commands, licences, lock, sbom

ROOT = Path(__file__).resolve().parents[2]
# Below these, weaknesses are known that this product would have: evidence in strange hands, forged times, forged pages.
FLOORS = {"django": "5.2.19", "weasyprint": "70.0", "pillow": "13.0.0", "lxml": "6.1.0", "rfc3161-client": "1.0.5",
          "gunicorn": "22", "django-allauth": "65.14.2"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    done = subprocess.run([ROOT / "script" / "supply", "sbom"], capture_output=True, text=True, check=True)
    again = subprocess.run([ROOT / "script" / "supply", "sbom"], capture_output=True, text=True, check=True)
    assert done.stdout == again.stdout, "two runs say the same"
    return dict(json.loads(done.stdout))


def everything(component: dict[str, Any]) -> list[dict[str, Any]]:
    return [component, *(part for inner in component.get("components", []) for part in everything(inner))]


def test_the_list_says_what_it_is_of(document: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    own = document["metadata"]["component"]
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert (own["name"], own["version"]) == ("casework", project["version"])
    assert own["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    refs = [part["bom-ref"] for component in document["components"] for part in everything(component)]
    assert len(refs) == len(set(refs))


def test_every_pin_is_listed_with_its_hashes_and_a_licence(document: dict[str, Any]) -> None:
    listed = {part["purl"]: part for part in document["components"]}
    for pin in lock.read():
        part = listed.pop(f"pkg:pypi/{pin.name}@{pin.version}")
        assert part["version"] == importlib.metadata.version(pin.name), "what is locked is what is installed"
        assert [one["content"] for one in part["hashes"]] == list(pin.hashes) != []
        assert part["licenses"]
    assert {(part["name"], part["version"]) for part in listed.values()} == {
        (row["name"], row["version"]) for row in sbom.vendored()}
    text = (ROOT / "requirements.txt").read_text()
    assert text.count("==") == len(lock.read())
    assert text.count("--hash=sha256:") == sum(len(pin.hashes) for pin in lock.read())


def test_every_vendored_file_is_listed_with_what_it_hashes_to(document: dict[str, Any]) -> None:
    listed = {one["content"] for component in document["components"] if component["purl"].startswith("pkg:npm/")
              for file in component["components"] for one in file["hashes"]}
    files = [path for path in sbom.VENDORED.rglob("*") if path.is_file() and path.parent != sbom.VENDORED]
    assert listed == {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_servers_inside_wheels_are_listed_with_their_versions(document: dict[str, Any]) -> None:
    inside = {(part["name"], part["version"]) for component in document["components"]
              for part in component.get("components", []) if part["type"] == "application"}
    assert {name for name, _ in inside} == {"postgresql", "pgvector", "redis-server"}
    assert all(Version(version) for _, version in inside)


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_nothing_is_pinned_below_its_floor(name: str, floor: str) -> None:
    assert Version({pin.name: pin.version for pin in lock.read()}[name]) >= Version(floor)


def test_every_licence_may_be_used_and_no_decision_is_left_over(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.list_licences() == 0
    said = capsys.readouterr().out
    assert re.search(r"^psycopg [\d.]+ +LGPL-3\.0-only \(a library", said, re.MULTILINE)
    used = {name.split()[0] for name, licence in commands.used() if licence.why}
    libraries = {name for name in licences.DECISIONS if any(one.startswith(f"{name}-") for one in used)}
    assert set(licences.DECISIONS) == {name for name in licences.DECISIONS if name in used} | libraries


@pytest.mark.parametrize("declared", [
    ["GPL-3.0-only"], ["AGPL-3.0-only"], ["LGPL-2.1-or-later"], ["", "GPL", "MIT License"], ["MIT AND GPL-2.0-only"],
    ["", "MIT", "GNU General Public License v3 (GPLv3)"], [], ["", "Dual License"], ["Other/Proprietary License"],
    ["MIT AND (BSD OR Apache-2.0)"]])
def test_a_licence_that_nobody_decided_on_is_refused(declared: list[str]) -> None:
    assert licences.judge("invented", declared).objection


def test_of_a_choice_the_one_that_may_be_used_is_named() -> None:
    assert licences.judge("invented", ["GPL-2.0-only OR MIT"]) == licences.Licence("MIT", True)
    assert licences.judge("invented", ["", "Apache 2.0", "MIT License"]) == licences.Licence("Apache-2.0", True)
    assert licences.judge("invented", ["", "BSD"]) == licences.Licence("BSD", False)


def test_a_decision_holds_for_what_was_declared_then() -> None:
    assert not licences.judge("psycopg", ["LGPL-3.0-only"]).objection
    assert licences.judge("psycopg", ["AGPL-3.0-only"]).objection


def test_what_may_not_be_used_ends_with_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(carried.LIBRARIES, "libpq", "")
    assert commands.list_licences() == 1
    assert "REFUSED: nobody has read what it is" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["django>=5", "django==5.2.19", "django==5.2.19 --hash=sha256:12", "", "==1",
                                  f"django==5.2.* , !=5 --hash=sha256:{'0' * 64}"])
def test_a_lock_that_pins_nothing_is_no_lock(tmp_path: Path, line: str) -> None:
    (tmp_path / "lock.txt").write_text(line)
    with pytest.raises(lock.Unreadable, match=r"lock\.txt"):
        lock.read(tmp_path / "lock.txt")
