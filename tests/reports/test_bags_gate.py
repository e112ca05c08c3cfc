"""A package carries no live malware: the original stays here and is named, everything else is as provable as before."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from casework.pace import Locked
from evidence.screening import services as screening
from evidence.store import services as store
from reports.bags.models import Bag
from reports.releases import services as releases
from tests.evidence.scanner import Scanner
from tests.factories import bearer, sign_in
from tests.reports.story import Story, log, make_story
from tests.reports.test_bags import made, unpacked

NEWER = "ClamAV 1.4.6/27501/Tue Nov 24 09:35:12 2026"


@pytest.fixture
def there(db: None) -> Iterator[Scanner]:
    cache.clear()
    with Scanner() as one, override_settings(CLAMD_URL=one.address):
        yield one


@pytest.fixture
def story(there: Scanner) -> Story:
    """Its last exhibit, a chat, holds malware."""
    there.finds[b"post this now"] = "Casework.Chat"
    story = make_story(2)
    screening.screen_waiting()
    log()
    return story


def test_what_holds_malware_stays_here_and_is_named(story: Story, tmp_path: Path) -> None:
    bag = made(story.sealed())
    root, chat = unpacked(bag, tmp_path), story.exhibits[-1]
    assert bag.withheld == [chat.label] == ["E-003"]
    for path in root.rglob("*"):
        assert path.is_dir() or path.name == f"{path.name}.pdf" or b"post this now\n" not in path.read_bytes() or (
            path.suffix == ".json" or "dossier" in path.parts), path
    assert not (root / "data/exhibits/E-003/original").exists()
    told = json.loads((root / "data/exhibits/E-003/exhibit.json").read_text())
    assert (told["file"], told["sha256"], told["screening"], told["finding"], told["screened_by"]) == (
        "", chat.item.blob_id, "found", "Casework.Chat", "ClamAV 1.4.6 27500")
    table = {row["label"]: row for row in csv.DictReader(io.StringIO((root / "data/exhibits.csv").read_text()))}
    assert [(row["screening"], bool(row["file"])) for row in table.values()] == [
        ("clean", True), ("clean", True), ("found", False)]
    readme = (root / "README.txt").read_text()
    assert "without the originals of E-003" in readme and "میلویئر" in readme


def test_the_verifier_in_it_knows_the_new_entries(story: Story, tmp_path: Path) -> None:
    root = unpacked(made(story.sealed()), tmp_path)
    key = next(line for line in (root / "README.txt").read_text().splitlines() if "casework-test.local/log+" in line)
    checked = subprocess.run([sys.executable, str(root / "verify.py"), str(root), "--key", key.strip()],
                             capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    assert "VERIFIED" in checked.stdout
    assert '"virus_check"' in (root / "proofs/events.jsonl").read_text().replace("\\", "")


def test_what_was_never_screened_goes_along_and_says_so(there: Scanner, tmp_path: Path) -> None:
    story = make_story(1)
    bag = made(story.sealed())
    assert bag.withheld == []
    root = unpacked(bag, tmp_path)
    told = json.loads((root / "data/exhibits/E-001/exhibit.json").read_text())
    assert (told["screening"], bool(told["file"])) == ("waiting", True)
    shown = sign_in(story.cast.legal).get(
        f"/cases/{story.case.ref}/reports/{bag.dossier.label}/bags/{bag.pk}/").content.decode()
    assert "Not screened for malware" in shown


def test_a_package_in_which_malware_is_found_later_is_locked_and_packed_again(there: Scanner) -> None:
    story = make_story(1)
    screening.screen_waiting()
    bag = made(story.sealed())
    take: dict[str, Any] = {"purpose": "For the court", "by": story.cast.legal}
    assert b"".join(releases.download_bag(bag, **take))
    there.version, there.finds[b"post this now"] = NEWER, "Casework.Chat"
    assert screening.again() == 2
    screening.screen_waiting()
    with pytest.raises(Locked, match="E-002"):
        releases.download_bag(bag, **take)
    address = f"cases/{story.case.ref}/dossiers/{bag.dossier.label}/bags/{bag.pk}/download/"
    answer = Client().post(f"/api/v1/{address}", {"purpose": "For the court"}, content_type="application/json",
                           headers=bearer(story.cast.legal))
    assert (answer.status_code, answer.json()["code"]) == (423, "malware")
    answer = sign_in(story.cast.legal).post(
        f"/cases/{story.case.ref}/reports/{bag.dossier.label}/bags/{bag.pk}/", {"purpose": "For the court"})
    assert answer.status_code == 423
    log()
    again = made(bag.dossier)
    assert again.withheld == ["E-002"]
    assert b"".join(releases.download_bag(again, **take))
    assert Bag.objects.count() == 2
    assert again.item is not None
    with zipfile.ZipFile(io.BytesIO(store.read_verified(again.item.blob_id, 10**9))) as packed:
        assert not [name for name in packed.namelist() if "E-002/original" in name]
