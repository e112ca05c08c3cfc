"""What came from outside travels with the bag: timestamps, cosignatures, the policy and every key with its sizes."""

import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from evidence.custody import policies, rotation, rounds, signer
from evidence.custody.models import Checkpoint
from evidence.custody.outside import Timestamp
from evidence.tlog import note, policy
from reports.bags import services
from tests.evidence.authority import Authority, configure, pem, serving
from tests.evidence.test_witnesses import policy_of
from tests.evidence.witness import Witness
from tests.evidence.witness import serving as serving_witness
from tests.reports.story import Story, log, make_story
from tests.reports.test_bags import made, unpacked
from tests.reports.test_bags_verified import FAILED, VERIFIED, verify, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_key(tmp_path: Path, settings: Any) -> Path:
    """A signing key of this test's own, so that it may be changed."""
    settings.SIGNING_KEY = str(tmp_path / "log.key")
    signer.make_key(tmp_path / "log.key", "casework-bags.local/log")
    return tmp_path / "log.key"


@pytest.fixture
def story(own_key: Path) -> Story:
    return make_story(1)


@pytest.fixture
def authority(tmp_path: Path, settings: Any) -> Iterator[Authority]:
    with serving(Authority(tmp_path / "authority")) as running:
        configure(settings, tmp_path / "pinned", running)
        settings.TSA_INTERVAL_SECONDS = 0
        yield running


@pytest.fixture
def witness(tmp_path: Path, own_key: Path, settings: Any) -> Iterator[Witness]:
    key = signer.public_key()
    with serving_witness(Witness(tmp_path, "w1.example", {key.name: (key.material, key.id)})) as running:
        settings.LOG_POLICY = policy_of(running, quorum="w1")
        yield running


def test_tokens_of_the_accession_of_what_is_printed_and_of_the_bag_are_there_and_openssl_takes_them(
        story: Story, authority: Authority, tmp_path: Path) -> None:
    rounds.go()
    dossier = story.sealed()
    log()
    rounds.go()
    bag = made(dossier)
    root = unpacked(bag, tmp_path / "out")
    stamps = sorted((root / "proofs" / "timestamps").iterdir())
    tokens = list(Timestamp.objects.filter(checkpoint__lte=bag.log_size).order_by("checkpoint"))
    assert len(tokens) == 2 and len(stamps) == 6
    for number, token in enumerate(tokens, 1):
        parts = [root / "proofs" / "timestamps" / f"{number}.{part}" for part in ("note", "tsr", "pem")]
        assert [part.read_bytes() for part in parts] == [token.checkpoint.note.encode(), bytes(token.response),
                                                        token.chain.encode()]
    ca = tmp_path / "root.pem"
    ca.write_bytes(pem(authority.chain.root))
    key = str(signer.public_key())
    code, said = verify(tmp_path, root, "--key", key, "--authority", str(ca))
    assert code == VERIFIED, said
    assert said.count("openssl accepts") == 2, said
    code, said = verify(tmp_path, root, "--key", key)
    assert "its root certificate was not given" in said
    [command, *_] = [line.strip() for line in said.splitlines() if "openssl ts -verify" in line]
    done = subprocess.run(command.replace("AUTHORITY.pem", str(ca)).split(), cwd=root / "proofs" / "timestamps",
                          capture_output=True, text=True)
    assert "Verification: OK" in done.stdout
    other = tmp_path / "other.pem"
    other.write_bytes(pem(Authority(tmp_path / "other").chain.root))
    code, said = verify(tmp_path, root, "--key", key, "--authority", str(other))
    assert (code, "timestamp.authority" in said) == (FAILED, True)


def test_a_cosigned_checkpoint_travels_with_its_witness_and_the_whole_policy(story: Story, witness: Witness,
                                                                             tmp_path: Path) -> None:
    bag = services.ask(story.sealed(), by=story.cast.legal)
    log()
    rounds.go()
    assert services.make(str(bag.pk))
    bag.refresh_from_db()
    root = unpacked(bag, tmp_path / "out")
    signatures = note.parse((root / "proofs" / "checkpoint").read_bytes()).signatures
    assert [one.name for one in signatures] == [signer.public_key().name, "w1.example"]
    brought = policy.parse((root / "proofs" / "policy").read_bytes())
    assert (brought.witnesses, brought.quorum) == (policies.current().witnesses, "w1")
    key = str(signer.public_key())
    code, said = verify(tmp_path, root, "--key", key, "--key", witness.vkey)
    assert (code, "w1.example cosigned the checkpoint" in said) == (VERIFIED, True), said
    code, said = verify(tmp_path, root, "--key", key)
    assert (code, "its key came with the package" in said) == (VERIFIED, True), said


def test_a_bag_waits_for_the_quorum_and_not_for_ever(story: Story, witness: Witness, tmp_path: Path,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    bag = services.ask(story.sealed(), by=story.cast.legal)
    log()
    assert not services.make(str(bag.pk)), "the witness was not asked yet"
    later = timezone.now() + services.PATIENCE
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert services.make(str(bag.pk))
    bag.refresh_from_db()
    code, said = verify(tmp_path, zipped(bag, tmp_path), "--key", str(signer.public_key()))
    assert (code, "the sender itself asks for (w1)" in said) == (VERIFIED, True), said


def test_the_quorum_that_a_newer_checkpoint_lacks_is_taken_before_it(story: Story, witness: Witness,
                                                                     tmp_path: Path) -> None:
    bag = services.ask(story.sealed(), by=story.cast.legal)
    log()
    rounds.go()
    cosigned = Checkpoint.objects.order_by("-size")[0]
    story.compose()
    log()
    assert services.make(str(bag.pk))
    bag.refresh_from_db()
    assert bag.log_size == cosigned.size < Checkpoint.objects.order_by("-size")[0].size


def test_after_a_change_of_keys_what_the_old_key_signed_is_proven_and_each_key_counts_for_its_sizes(
        story: Story, authority: Authority, tmp_path: Path) -> None:
    rounds.go()
    early, old = zipped(made(story.sealed()), tmp_path), signer.public_key()
    rotation.rotate()
    log()
    rotation.retire()
    # The retired key's stamped checkpoint is the only one: the authority is not there any more.
    authority.answer = lambda query: b""
    late = unpacked(made(story.sealed()), tmp_path / "late")
    new, listed = signer.public_key(), [str(term) for term in signer.public_keys()]
    assert (late / "proofs" / "keys").read_text().splitlines() == listed
    assert [log.key for log in policy.parse((late / "proofs" / "policy").read_bytes()).logs] == [new, old]
    lines = [word for line in listed for word in ("--key", line)]
    for bag in (early, late):
        code, said = verify(tmp_path, bag, *lines)
        assert code == VERIFIED, said
        assert "Timestamp 1" in said
    assert verify(tmp_path, late, "--key", str(new))[0] == VERIFIED
    assert verify(tmp_path, late, "--key", str(old))[0] == FAILED
    assert verify(tmp_path, early, "--key", str(old))[0] == VERIFIED
    code, said = verify(tmp_path, early, "--key", f"{old} until 1 revoked 1")
    assert code == FAILED, "who knows that the key was stolen is not taken in by what it signed later"


def test_a_bag_of_the_time_before_lists_of_keys_still_verifies(tmp_path: Path) -> None:
    vectors = Path(__file__).parent.parent / "vectors"
    bag = Path(shutil.copy(vectors / "bag.zip", tmp_path))
    with zipfile.ZipFile(bag) as packed:
        assert not any(name.endswith("proofs/keys") for name in packed.namelist())
    assert verify(tmp_path, bag, "--key", (vectors / "key.txt").read_text().strip())[0] == VERIFIED


def test_the_published_policy_has_every_key_but_a_revoked_one(own_key: Path) -> None:
    old = signer.public_key()
    rotation.rotate()
    new = signer.public_key()
    assert [log.key for log in policy.parse(policies.published()).logs] == [new, old]
    rotation.revoke(old.id.hex(), 0)
    assert [log.key for log in policy.parse(policies.published()).logs] == [new]
    assert [log.key for log in policy.parse(policies.enclosed(signer.public_keys())).logs] == [new, old]


def test_a_policy_that_names_the_key_that_still_signs_beside_the_new_one_names_ours(own_key: Path,
                                                                                    settings: Any) -> None:
    settings.LOG_POLICY = policy.parse(f"log {signer.public_key()}\nquorum none\n".encode())
    rotation.rotate()
    assert policies.names_our_key()
    rotation.retire()
    assert not policies.names_our_key()
