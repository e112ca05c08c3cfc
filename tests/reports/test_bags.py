"""The package that travels with a dossier: what is in it, that others' tools find it valid, who may have it."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import bagit
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from evidence.custody import checkpoints, holders, signer
from evidence.custody import services as custody
from evidence.store import services as store
from evidence.tlog import checkpoint, merkle, note
from reports.bags import describing, packing, services
from reports.bags.models import Bag
from reports.dossiers.models import Dossier
from reports.releases import services as releases
from reports.releases.models import Download
from tests.factories import bearer, sign_in
from tests.reports.story import HANDLE, Story, log, make_story


def made(dossier: Dossier) -> Bag:
    bag = services.ask(dossier, by=dossier.composed_by)
    log()
    assert services.make(str(bag.pk)), Bag.objects.get(pk=bag.pk).problem
    found: Bag = Bag.objects.select_related("dossier__case", "item__blob").get(pk=bag.pk)
    return found


def unpacked(bag: Bag, folder: Path) -> Path:
    assert bag.item is not None
    with zipfile.ZipFile(io.BytesIO(store.read_verified(bag.item.blob_id, 10**9))) as packed:
        packed.extractall(folder)
    return folder / f"{bag.dossier.case.ref}-{bag.dossier.label}"


@pytest.fixture
def story(db: None) -> Story:
    return make_story(2)


def test_others_tools_find_it_valid_and_everything_is_in_every_manifest(story: Story, tmp_path: Path) -> None:
    root = unpacked(made(story.sealed()), tmp_path)
    # This judge knows 1.0 by its rules, not by name: it would write 0.97 itself.
    bagit.Bag(str(root)).validate(processes=1)
    payload = {str(path.relative_to(root)) for path in (root / "data").rglob("*") if path.is_file()}
    tags = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()} - payload
    for algorithm in ("sha256", "sha512"):
        pairs = [line.split("  ", 1) for line in (root / f"manifest-{algorithm}.txt").read_text().splitlines()]
        lines = {path: digest for digest, path in pairs}
        assert set(lines) == payload
        assert all(hashlib.new(algorithm, (root / path).read_bytes()).hexdigest() == digest
                   for path, digest in lines.items())
        listed = {line.split("  ", 1)[1] for line in (root / f"tagmanifest-{algorithm}.txt").read_text().splitlines()}
        assert listed == tags - {"seal", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"}
    info = (root / "bag-info.txt").read_text()
    total = sum((root / path).stat().st_size for path in payload)
    assert f"Payload-Oxum: {total}.{len(payload)}\n" in info
    assert not (root / "fetch.txt").exists()


def test_originals_derivatives_the_document_and_their_descriptions_are_there(story: Story, tmp_path: Path) -> None:
    dossier = story.sealed()
    root = unpacked(made(dossier), tmp_path)
    for exhibit in story.exhibits:
        folder = root / "data" / "exhibits" / exhibit.label
        [original] = (folder / "original").iterdir()
        assert hashlib.sha256(original.read_bytes()).hexdigest() == exhibit.item.blob_id
        told = json.loads((folder / "exhibit.json").read_text())
        assert (told["sha256"], told["file"]) == (exhibit.item.blob_id, str(original.relative_to(root)))
        if exhibit.item.media_type.startswith("image/"):
            assert {path.stem for path in (folder / "derivatives").iterdir()} == {"preview", "thumbnail", "metadata"}
    assert dossier.item is not None
    [document] = (root / "data" / "dossier").iterdir()
    assert hashlib.sha256(document.read_bytes()).hexdigest() == dossier.item.blob_id
    rows = list(csv.DictReader((root / "data" / "exhibits.csv").read_text().splitlines()))
    assert [row["label"] for row in rows] == [row["label"] for row in dossier.frozen["exhibits"]]


def test_every_event_is_proven_and_views_and_downloads_are_held_back(story: Story, tmp_path: Path) -> None:
    dossier = story.sealed()
    list(releases.download(dossier, purpose="to read", by=story.cast.legal))
    root = unpacked(made(dossier), tmp_path)
    head = checkpoint.parse(note.verify((root / "proofs" / "checkpoint").read_bytes(), [signer.public_key()],
                                        signer.verifies).text)
    kinds = set()
    events = [json.loads(line) for line in (root / "proofs" / "events.jsonl").read_text().splitlines()]
    assert [event["index"] for event in events] == sorted({event["index"] for event in events})
    for event in events:
        commitment = bytes.fromhex(event["commitment"])
        merkle.check_inclusion(custody.leaf_hash(commitment), event["index"], head.size,
                               [bytes.fromhex(node) for node in event["path"]], head.root)
        if event["content"] is not None:
            assert custody.commitment(bytes.fromhex(event["salt"]), event["content"].encode()) == commitment
            kinds.add(json.loads(event["content"])["kind"])
    assert any(event["content"] is None for event in events)
    assert {"accession", "sealing", "decision"} <= kinds
    assert not {"access", "export"} & kinds
    assert b"to read" not in b"".join(path.read_bytes() for path in root.rglob("*.json*"))


def test_the_head_that_the_document_prints_is_proven_to_have_grown_into_the_checkpoint(story: Story,
                                                                                      tmp_path: Path) -> None:
    dossier = story.sealed()
    root = unpacked(made(dossier), tmp_path)
    [head] = [json.loads(line) for line in (root / "proofs" / "heads.jsonl").read_text().splitlines()]
    assert (head["size"], head["root"], head["said"]) == (dossier.log_size, dossier.log_root, "dossier")
    at = checkpoints.latest()
    assert at is not None
    signed = checkpoint.parse(note.parse((root / "proofs" / "checkpoint").read_bytes()).text)
    merkle.check_consistency(head["size"], signed.size, [bytes.fromhex(node) for node in head["path"]],
                             bytes.fromhex(head["root"]), signed.root)


def test_the_seal_is_the_logs_signature_over_both_tag_manifests(story: Story, tmp_path: Path) -> None:
    bag = made(story.sealed())
    root = unpacked(bag, tmp_path)
    text = note.verify((root / "seal").read_bytes(), [signer.public_key()], signer.verifies).text
    digests = [f"{name} {hashlib.new(name, (root / f'tagmanifest-{name}.txt').read_bytes()).hexdigest()}"
               for name in ("sha256", "sha512")]
    assert text.split("\n") == ["casework-bag/1", signer.public_key().name, bag.word, *digests, ""]


def test_a_briefings_bag_holds_its_document_and_names_nobody(story: Story, tmp_path: Path) -> None:
    root = unpacked(made(story.sealed("briefing")), tmp_path)
    assert not (root / "data" / "exhibits").exists()
    told = b"".join(path.read_bytes() for path in root.rglob("*")
                    if path.is_file() and path.suffix not in {".pdf", ".py", ".html"})
    for word in (HANDLE, story.cast.media.display_name, story.cast.reviewer.display_name, story.cast.media.email):
        assert word.encode() not in told


def test_it_waits_for_the_checkpoint_that_covers_the_sealing(story: Story) -> None:
    bag = services.ask(story.sealed(), by=story.cast.legal)
    assert services.make(str(bag.pk)) is False
    assert services.waiting() == [str(bag.pk)]
    assert services.ask(bag.dossier, by=story.cast.lead) == bag
    log()
    assert services.make(str(bag.pk)) is True
    assert services.waiting() == []
    assert services.make(str(bag.pk)) is False


def test_what_is_damaged_fails_the_bag_and_is_named(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    bag = services.ask(story.sealed(), by=story.cast.legal)
    log()
    monkeypatch.setattr(store, "chunks_verified", lambda sha256, *more: iter([b"other bytes"]))
    assert services.make(str(bag.pk)) is False
    bag.refresh_from_db()
    assert (bag.state, bag.item) == ("failed", None)
    assert "is not what was announced" in bag.problem


def test_only_a_sealed_dossier_has_a_bag_and_only_those_who_may_download_it(story: Story) -> None:
    draft = story.compose()
    with pytest.raises(NotAllowed):
        services.ask(draft, by=story.cast.legal)
    bag = made(story.sealed())
    with pytest.raises(PermissionDenied):
        services.ask(bag.dossier, by=story.cast.reviewer)


def test_a_download_states_its_purpose_and_says_that_it_was_the_package(story: Story) -> None:
    bag = made(story.sealed())
    assert bag.item is not None
    address = f"/api/v1/cases/{story.case.ref}/dossiers/{bag.dossier.label}/bags/"
    head = bearer(story.cast.legal, "export")
    [row] = sign_in(story.cast.legal).get(address, headers=head).json()
    assert (row["state"], row["sha256"]) == ("made", bag.item.blob_id)
    refused = sign_in(story.cast.legal).post(f"{address}{bag.pk}/download/", {}, headers=head)
    assert refused.status_code == 422
    answer = sign_in(story.cast.legal).post(f"{address}{bag.pk}/download/", {"purpose": "for the court"}, headers=head)
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == bag.item.blob_id  # type: ignore[attr-defined]
    download = Download.objects.get()
    assert (download.bag, download.purpose, download.sha256) == (bag, "for the court", bag.item.blob_id)
    held = holders.latest()
    assert held and (held.kind, held.what, held.size) == ("person", "checkpoint", bag.log_size)


def test_the_readme_and_the_page_tell_of_a_briefing_what_is_in_it(story: Story) -> None:
    bag = made(story.sealed("briefing"))
    assert bag.item is not None
    with zipfile.ZipFile(io.BytesIO(store.read_verified(bag.item.blob_id, 10**9))) as packed:
        told = next(packed.read(name).decode() for name in packed.namelist() if name.endswith("README.txt"))
    assert "The exhibits are not in it" in told and "byte for byte" not in told and "data/exhibits/" not in told
    page = sign_in(story.cast.media).get(f"/cases/{story.case.ref}/reports/{bag.dossier.label}/").content.decode()
    assert "No exhibit and nobody" in page and "The document with its exhibits" not in page
    assert "Pack it" not in page, "it is packed already"
    assert "How it is checked" in page and str(signer.public_key()) in page and 'href="/log/verify.html"' in page


def test_the_page_asks_and_shows_and_hands_out(story: Story) -> None:
    dossier = story.sealed()
    client = sign_in(story.cast.legal)
    page = f"/cases/{story.case.ref}/reports/{dossier.label}/"
    assert b"Pack it" in client.get(page).content
    assert client.post(f"{page}bags/").status_code == 302
    assert b"Being packed" in client.get(page).content
    log()
    services.make(services.waiting()[0])
    bag = Bag.objects.get()
    assert f"{page}bags/{bag.pk}/".encode() in client.get(page).content
    assert b"SHA-256 of the package" in client.get(f"{page}bags/{bag.pk}/").content


def test_the_command_packs_and_writes_one_file(story: Story, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="has no sealed dossier"):
        call_command("bag", story.case.ref, out=tmp_path)
    story.sealed()
    said = io.StringIO()
    call_command("bag", story.case.ref, "--out", str(tmp_path), stdout=said)
    [path] = tmp_path.iterdir()
    assert hashlib.sha256(path.read_bytes()).hexdigest() in said.getvalue()
    with pytest.raises(CommandError, match="not overwritten"):
        call_command("bag", story.case.ref, "--out", str(tmp_path))


@pytest.mark.parametrize("path", ["../x", "data//x", "/x", "data/a\\b", "data/a\nb", "C:/x", "data/cafe\u0301"])
def test_a_name_that_a_bag_cannot_have_is_refused(path: str) -> None:
    with pytest.raises(packing.Unpackable):
        packing.check_path(path, [])


def test_names_that_differ_by_case_alone_are_refused() -> None:
    with pytest.raises(packing.Unpackable):
        packing.check_path("data/A.txt", ["data/a.txt"])


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(cell: str) -> None:
    written = b"".join(describing.as_csv("a.csv", ["x"], [{"x": cell}]).chunks()).decode()
    assert next(csv.DictReader(io.StringIO(written)))["x"] == f"'{cell}"


def test_the_zip_file_is_stored_in_one_folder_without_folders_of_its_own(story: Story) -> None:
    bag = made(story.sealed())
    assert bag.item is not None
    with zipfile.ZipFile(io.BytesIO(store.read_verified(bag.item.blob_id, 10**9))) as packed:
        members: list[Any] = packed.infolist()
    assert {member.compress_type for member in members} == {zipfile.ZIP_STORED}
    assert {member.filename.split("/")[0] for member in members} == {f"{story.case.ref}-{bag.dossier.label}"}
    assert not any(member.is_dir() for member in members)


@pytest.mark.parametrize("size", [2_080_374_784, zipfile.ZIP64_LIMIT, 2**32])
def test_a_member_of_about_two_gibibytes_has_the_header_that_strict_readers_want(tmp_path: Path, size: int) -> None:
    """The announced size decides on the header; that the bytes end before it is found out afterwards."""
    with open(tmp_path / "bag.zip", "w+b") as file:
        bag = packing.Packer(file, "x")
        with pytest.raises(packing.Unpackable):
            bag.add(packing.Member("data/x", size, lambda: iter([b"short"])))
        bag.close()
        file.seek(0)
        header = file.read(30)
    wide = int.from_bytes(header[28:30], "little") > 0
    assert wide == (header[18:26] == b"\xff" * 8), "a Zip64 field, and sizes that point to it, or neither"
    assert header[4] == (45 if wide else 20)


def test_each_time_that_the_same_bytes_came_is_described_and_proven(story: Story, tmp_path: Path) -> None:
    exhibit = story.exhibits[0]
    again = exhibits.lodge_bytes(
        story.case, data=store.read_verified(exhibit.item.blob_id, 10**9), name="as it came by mail.png",
        provenance={"received_from": "Sana Tariq", "note": "the same picture"}, by=story.cast.lead)
    assert again.already_held
    log()
    root = unpacked(made(story.sealed()), tmp_path)
    folder = root / "data" / "exhibits" / exhibit.label
    assert len(list((folder / "original").iterdir())) == 1
    [told] = json.loads((folder / "exhibit.json").read_text())["sightings"]
    assert (told["item"], told["name"], told["sha256"]) == (str(again.item.pk), "as it came by mail.png",
                                                            exhibit.item.blob_id)
    assert told["provenance"]["received_from"] == "Sana Tariq"
    events = [json.loads(line) for line in (root / "proofs" / "events.jsonl").read_text().splitlines()]
    said = [json.loads(event["content"]) for event in events if event["content"] is not None]
    accession = [one for one in said if one["subject"] == f"item/{again.item.pk}" and one["kind"] == "accession"]
    assert [one["detail"]["provenance"]["note"] for one in accession] == ["the same picture"]
    assert [one["detail"]["item"] for one in said if one["detail"].get("act") == "exhibit_sighted"] == [
        str(again.item.pk)]
    assert json.loads((root / "data" / "exhibits" / story.exhibits[1].label / "exhibit.json").read_text())[
        "sightings"] == []
