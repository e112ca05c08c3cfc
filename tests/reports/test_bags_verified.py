"""A real bag under the verifier that goes with it, run alone in an empty folder as a stranger would."""

import json
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from casework.exhibits import erasures, receipts
from evidence.custody import recovery, signer, tree
from evidence.fixity import receipt as system
from evidence.store import services as store
from evidence.tlog import checkpoint, note
from evidence.tlog.offline import assemble
from reports.bags.models import Bag
from tests.reports.story import Story, log, make_story
from tests.reports.test_bags import made, unpacked

VERIFIED, FAILED, NOT_ESTABLISHED = 0, 1, 4


@pytest.fixture
def story(db: None) -> Story:
    return make_story(2)


def zipped(bag: Bag, folder: Path) -> Path:
    assert bag.item is not None
    path = folder / "bag.zip"
    path.write_bytes(store.read_verified(bag.item.blob_id, 10**9))
    return path


def verify(folder: Path, bag: Path, *more: str) -> tuple[int, str]:
    program = folder / "verify.py"
    program.write_bytes(assemble.verify_py())
    done = subprocess.run([sys.executable, "-I", "-S", str(program), str(bag), *more], cwd=folder, capture_output=True,
                          text=True, env={})
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["referral", "briefing"])
def test_a_real_bag_is_verified_under_the_logs_key_and_only_under_it(story: Story, tmp_path: Path, kind: str) -> None:
    bag = zipped(made(story.sealed(kind)), tmp_path)
    key = str(signer.public_key())
    code, said = verify(tmp_path, bag, "--key", key)
    assert code == VERIFIED, said
    assert verify(tmp_path, bag)[0] == NOT_ESTABLISHED
    other = signer.make_key(tmp_path / "other.key", signer.public_key().name)
    assert verify(tmp_path, bag, "--key", str(other))[0] == FAILED


def test_a_folder_is_judged_like_the_zip_file_and_a_changed_byte_is_named(story: Story, tmp_path: Path) -> None:
    with zipfile.ZipFile(zipped(made(story.sealed()), tmp_path)) as packed:
        packed.extractall(tmp_path / "unpacked")
    [root] = (tmp_path / "unpacked").iterdir()
    key = str(signer.public_key())
    code, said = verify(tmp_path, root, "--key", key)
    assert code == VERIFIED, said
    original = next((root / "data" / "exhibits").glob("*/original/*"))
    original.write_bytes(original.read_bytes()[:-1] + b"!")
    code, said = verify(tmp_path, root, "--key", key, "--json")
    assert code == FAILED
    assert str(original.relative_to(root)) in json.dumps(json.loads(said), ensure_ascii=False)


def test_what_an_accession_said_was_erased_and_a_receipt_of_it_still_holds_by_its_place(story: Story,
                                                                                        tmp_path: Path) -> None:
    exhibit, key = story.exhibits[0], str(signer.public_key())
    early, late = tmp_path / "early.json", tmp_path / "late.json"
    early.write_text(receipts.text(receipts.receipt(exhibit)))
    asked = erasures.propose(story.case, events=[exhibit.event_id], reason="A source asked for it", basis="Section 7",
                             by=story.cast.legal)
    erasures.approve(story.case, asked.id, by=story.cast.lead)
    log()
    late.write_text(receipts.text(receipts.receipt(exhibit)))
    root = unpacked(made(story.sealed()), tmp_path / "out")
    folder = root / "data" / "exhibits" / exhibit.label
    assert not (folder / "original").exists(), "nothing ties these bytes to the log any more"
    assert json.loads((folder / "exhibit.json").read_text())["file"] == ""
    assert (root / "data" / "exhibits" / story.exhibits[1].label / "original").exists()
    code, said = verify(tmp_path, root, "--key", key, "--receipt", str(early))
    assert (code, exhibit.item.blob_id in said) == (VERIFIED, True), said
    assert verify(tmp_path, early, "--key", key)[0] == FAILED, "a receipt is no bag"
    code, said = verify(tmp_path, root, "--key", key, "--receipt", str(late))
    assert (code, "receipt.erased" in said) == (FAILED, True), said
    assert list(system.problems(early.read_bytes(), "early", Counter())) == []
    assert list(system.problems(late.read_bytes(), "late", Counter())) == []


def test_a_bag_made_after_a_declared_restore_verifies_and_says_what_was_given_up(story: Story, tmp_path: Path) -> None:
    """Somebody holds a checkpoint of three entries more than the log has; two administrators declare the restore."""
    key, sign = signer.signer()
    size = tree.log_size()
    head = checkpoint.Checkpoint(key.name, size + 3, b"\7" * 32)
    lost = tmp_path / "lost.txt"
    lost.write_bytes(note.sign(checkpoint.write(head), [(key, sign)]))
    rewind = recovery.notice("restore", [recovery.Witnessed("checkpoint", "", head.size, head.root, lost.read_text())])
    assert rewind is not None and recovery.current() == rewind
    recovery.declare(rewind, reason="The disk broke.", agent=story.cast.lead.as_agent(),
                     approver=story.cast.legal.as_agent())
    log()
    place = tree.log_size() - 1
    bag = zipped(made(story.sealed()), tmp_path)
    code, said = verify(tmp_path, bag, "--key", str(key))
    assert code == VERIFIED, said
    code, said = verify(tmp_path, bag, "--key", str(key), "--checkpoint", str(lost))
    assert (code, "held.lost" in said) == (FAILED, True), said
    assert f"entry {place} declares a restore: the log went on from {size} entries" in " ".join(said.split())
