"""A captured page on its way out: every part with its hash, its bytes and its proof; in a briefing nothing of them."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.utils import translation

from casework.exhibits.models import Exhibit
from casework.findings import services as findings
from evidence.custody import signer
from evidence.store import services as store
from reports.dossiers import compose
from reports.dossiers.blockers import blockers
from reports.dossiers.changes import changes
from reports.dossiers.making import _events
from reports.dossiers.models import Dossier
from tests.factories import lodge_capture, page_source, png
from tests.reports.story import STRANGER, Story, make_story, work
from tests.reports.test_bags import made, unpacked
from tests.reports.test_bags_verified import FAILED, VERIFIED, verify
from tests.weighed import others, submit

CAME = {"source_url": "https://x.com/lahore_times_24/status/1768223344556677889", "collector": "Bilal Ghauri",
        "machine_address": "192.0.2.77"}


@pytest.fixture
def story(db: None) -> Story:
    return make_story(1)


def captured(story: Story, *, worked: bool = True, **came: str) -> Exhibit:
    """A captured page that a second finding cites, in words that name its file, its collector and its machine."""
    by = story.cast.investigator
    exhibit = lodge_capture(story.case, by, 3, ("Ghauri-notes.txt", b"what he saw"), **CAME | came).exhibit
    finding = findings.write(
        story.case, kind="coordination", title="A page was kept",
        claim="Bilal Ghauri kept Ghauri-notes.txt at 192.0.2.77.", method="Read it", likelihood="likely",
        against="Nothing", confidence="low", alternatives=others("None"),
        exhibits_for=[exhibit], subjects=[story.subject], by=by)
    submit(finding, by=by)
    findings.review(finding, by=story.cast.reviewer)
    if worked:
        work(exhibit)
    return exhibit


def facts_of(dossier: Dossier, label: str) -> Any:
    return next(row for row in dossier.frozen["exhibits"] if row["label"] == label)


def test_a_referral_freezes_every_part_with_its_place_in_the_log(story: Story) -> None:
    exhibit = captured(story)
    dossier = story.approved()
    capture = facts_of(dossier, exhibit.label)["capture"]
    assert [(one["role"], one["sha256"]) for one in capture["parts"]] == [
        (part.role, part.item.blob_id) for part in exhibit.item.parts.all()]
    assert all(one["leaf_index"] is not None and one["proof"] for one in capture["parts"])
    assert (capture["missing"], capture["unstated"]) == ([], ["captured_at", "clock"])
    assert facts_of(dossier, story.exhibits[0].label)["capture"] is None
    told = {one["subject"] for one in facts_of(dossier, exhibit.label)["custody"]}
    assert {f"item/{part.pk}" for part in exhibit.item.parts.all()} <= told
    assert not changes(dossier)
    assert not blockers(dossier)


def test_where_the_source_of_a_capture_is_withheld_so_are_the_events_of_its_parts(story: Story) -> None:
    exhibit = captured(story, source_url=f"https://x.com/{STRANGER}/status/1790000000000000001")
    frozen = story.compose().frozen
    row = next(one for one in frozen["exhibits"] if one["label"] == exhibit.label)
    assert row["withheld"]
    told = {str(part.event_id) for part in exhibit.item.parts.all()}
    assert len(told) == 3
    assert not told & set(_events(frozen))
    assert STRANGER not in json.dumps(row)


def test_a_part_that_waits_for_its_second_copy_stops_the_dossier(story: Story) -> None:
    exhibit = captured(story, worked=False)
    work()
    codes = {one.code for one in blockers(story.compose()) if exhibit.label in one.message}
    assert {"not_hashed", "not_archived"} <= codes


def test_a_dossier_asks_the_same_number_of_questions_whatever_the_parts(
        story: Story, django_assert_max_num_queries: Any) -> None:
    captured(story)
    dossier = story.compose()
    with translation.override("en"), django_assert_max_num_queries(60) as asked:
        compose.again(story.case, dossier.frozen, dossier.frozen["weighed"])
    lodged = lodge_capture(story.case, story.cast.investigator, 9, *[(f"{n}.txt", bytes([n])) for n in range(1, 9)])
    assert lodged.exhibit
    with translation.override("en"), django_assert_max_num_queries(len(asked.captured_queries)):
        compose.again(story.case, dossier.frozen, dossier.frozen["weighed"])


def test_the_sealed_referral_prints_the_parts_and_its_bag_carries_and_proves_them(story: Story, tmp_path: Path) -> None:
    exhibit = captured(story)
    dossier = story.sealed()
    assert dossier.item is not None
    with pikepdf.open(io.BytesIO(store.read_verified(dossier.item.blob_id, 10**8))) as pdf:
        told = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())["facts"]["exhibits"]
    parts = next(row for row in told if row["label"] == exhibit.label)["capture"]["parts"]
    assert all("accession" in one for one in parts)

    bag = made(dossier)
    root = unpacked(bag, tmp_path / "unpacked")
    folder = root / "data" / "exhibits" / exhibit.label
    assert {path.name: path.read_bytes() for path in (folder / "original").iterdir()} == {
        "1_page-3.png": png(3), "2_page.html": page_source(3), "3_Ghauri-notes.txt": b"what he saw"}
    said = json.loads((folder / "exhibit.json").read_text())
    assert [one["file"] for one in said["parts"]] == [
        f"data/exhibits/{exhibit.label}/original/{name}"
        for name in ("1_page-3.png", "2_page.html", "3_Ghauri-notes.txt")]
    assert (said["file"], said["missing"]) == (said["parts"][0]["file"], [])
    assert set(said["sentences"]) == {"en", "ur"}
    table = (root / "data" / "exhibits.csv").read_text()
    rows = [row for row in csv.DictReader(table.splitlines()) if row["label"] == exhibit.label]
    assert [(row["part"], row["role"], row["collector"]) for row in rows] == [
        ("1", "picture", "Bilal Ghauri"), ("2", "source", "Bilal Ghauri"), ("3", "other", "Bilal Ghauri")]

    key = str(signer.public_key())
    code, answer = verify(tmp_path, root, "--key", key)
    assert code == VERIFIED, answer
    changed = folder / "original" / "2_page.html"
    changed.write_bytes(changed.read_bytes()[:-1] + b"!")
    code, answer = verify(tmp_path, root, "--key", key, "--json")
    assert code == FAILED
    assert "2_page.html" in answer


def test_a_briefing_says_nothing_of_the_parts(story: Story, tmp_path: Path) -> None:
    exhibit = captured(story)
    dossier = story.sealed("briefing")
    assert set(facts_of(dossier, exhibit.label)) == {"label", "leaf_index", "leaf_hash", "proof"}
    bag = made(dossier)
    assert bag.item is not None and dossier.item is not None
    secrets = ["Ghauri", "192.0.2.77", "page-3", "page.html",
               *(word for part in exhibit.item.parts.all() for word in (str(part.pk), part.item.blob_id))]
    texts = [json.dumps(dossier.frozen)]
    with zipfile.ZipFile(io.BytesIO(store.read_verified(bag.item.blob_id, 10**9))) as packed:
        texts += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist() if "/verify." not in name]
    for text in texts:
        assert not [word for word in secrets if word in text]
