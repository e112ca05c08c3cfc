"""A receipt that was kept outside, held against the system: what was changed in either of the two is named."""

import json
import uuid
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from casework.cases.models import Case
from casework.exhibits import disposals, receipts
from casework.exhibits.models import Exhibit
from evidence.archive import services as archive
from evidence.custody import rotation, signer
from evidence.derivatives import services as derivatives
from evidence.disposal import services as disposal
from evidence.fixity import services as fixity
from evidence.machine import selftest as parts
from evidence.store import services as store
from tests.casework.custody_pages import sign
from tests.casework.test_exhibits_verified import case, cast, exhibit, spoil, whole
from tests.evidence import custody_log as given
from tests.factories import Cast, lodge_png, make_case, make_cast

__all__ = ["case", "cast", "exhibit", "whole"]


def keep(exhibit: Exhibit, folder: Path) -> Path:
    file = folder / "receipt.json"
    file.write_text(receipts.text(receipts.receipt(exhibit)))
    return file


def verify(*files: Path) -> tuple[bool, str]:
    out = StringIO()
    try:
        call_command("verify", *[word for file in files for word in ("--receipt", str(file))], stdout=out)
    except SystemExit:
        return False, out.getvalue()
    return True, out.getvalue()


@pytest.mark.django_db
def test_a_receipt_holds_before_and_after_its_place_and_when_the_log_has_grown(
        exhibit: Exhibit, case: Case, cast: Cast, tmp_path: Path) -> None:
    early = keep(exhibit, tmp_path)
    assert verify(early) == (True, "VERIFIED: 0 problems; checked 1 receipts\n")
    sign()
    early.rename(tmp_path / "early.json")
    covered = keep(exhibit, tmp_path)
    lodge_png(case, cast.lead, 2)
    sign()
    assert verify(tmp_path / "early.json", covered) == (True, "VERIFIED: 0 problems; checked 2 receipts\n")


CHANGES: dict[str, tuple[Any, str]] = {
    "a number of its size": (lambda r: r.update(size=r["size"] + 1), "of other bytes"),
    "another hash": (lambda r: r.update(sha256="0" * 64), "of other bytes"),
    "another item": (lambda r: r.update(item=str(uuid.uuid4())), "not the accession of its item"),
    "another leaf": (lambda r: r.update(leaf_hash="0" * 64), "leaf hash is not that of its event"),
    "another salt": (lambda r: r["event"].update(salt="0" * 64), "leaf hash is not that of its event"),
    "another content": (lambda r: r["event"].update(content=r["event"]["content"].replace("Lubna", "Someb")),
                        "leaf hash is not that of its event"),
    "another place": (lambda r: r["log"].update(index=0), "proof"),
    "another path": (lambda r: r["log"].update(path=["0" * 64] * len(r["log"]["path"])), "another root"),
    "another log": (lambda r: r.update(origin="other.example/log"), "another log"),
    "a checkpoint cut off": (lambda r: r.update(checkpoint=r["checkpoint"][:-9]),
                             "not base64|no signatures|no newline"),
    "no checkpoint": (lambda r: r.update(checkpoint=None), "not a receipt"),
    "another form": (lambda r: r.update(format="casework-receipt/2"), "not a casework-receipt/1"),
    "a member more": (lambda r: r.update(more=1), "not a casework-receipt/1"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_a_receipt_that_was_changed_does_not_hold(
        exhibit: Exhibit, case: Case, cast: Cast, tmp_path: Path, change: str) -> None:
    lodge_png(case, cast.lead, 2)
    sign()
    make, why = CHANGES[change]
    told = receipts.receipt(exhibit)
    make(told)
    (tmp_path / "receipt.json").write_text(receipts.text(told))
    good, said = verify(tmp_path / "receipt.json")
    assert not good
    assert any(word in said for word in why.split("|")), said


@pytest.mark.django_db
def test_a_checkpoint_signed_by_somebody_else_does_not_hold(
        exhibit: Exhibit, tmp_path: Path, settings: Any) -> None:
    sign()
    file, mine = keep(exhibit, tmp_path), settings.SIGNING_KEY
    settings.SIGNING_KEY = str(tmp_path / "log.key")
    signer.make_key(tmp_path / "log.key", given.NAME)
    good, said = verify(file)
    assert not good
    assert "not one that this log signed" in said
    settings.SIGNING_KEY = mine


@pytest.mark.django_db
def test_what_is_gone_from_the_system_is_named(exhibit: Exhibit, tmp_path: Path, whole: None) -> None:
    sign()
    file = keep(exhibit, tmp_path)
    spoil(exhibit)
    good, said = verify(file)
    assert (good, "its bytes no longer hash to their name" in said) == (False, True)


@pytest.mark.django_db
def test_another_root_is_history_that_was_changed(exhibit: Exhibit, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    sign()
    file = keep(exhibit, tmp_path)
    monkeypatch.setattr("evidence.custody.tree.root_at", lambda size: b"\0" * 32)
    assert "another root: history was changed" in verify(file)[1]


@pytest.mark.django_db
def test_the_command_asks_what_to_verify(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--all"):
        call_command("verify")
    with pytest.raises(CommandError, match="cannot read"):
        call_command("verify", "--receipt", str(tmp_path / "nowhere.json"))
    (tmp_path / "noise").write_bytes(b"\xff\xfe")
    assert "not a receipt" in verify(tmp_path / "noise")[1]
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify", "--receipt", str(tmp_path / "noise"), "--json", stdout=out)
    assert json.loads(out.getvalue())["verified"] is False


@pytest.mark.usefixtures("real_db")
def test_a_rewritten_log_is_seen_by_whoever_holds_a_receipt(tmp_path: Path) -> None:
    """The master of the database takes the entry out, cuts the log off, or moves what is in it."""
    given.key()
    cast = make_cast()
    exhibit = lodge_png(make_case(cast), cast.lead, 1).exhibit
    sign()
    file = keep(exhibit, tmp_path)
    told = json.loads(file.read_text())
    index, size = told["log"]["index"], told["log"]["size"]
    tables = ("evidence_event", "evidence_payload", "evidence_leaf")
    given.as_superuser(f"UPDATE evidence_leaf SET leaf_hash = '\\x{'00' * 32}' WHERE index = {index}", *tables)
    assert "has another leaf" in verify(file)[1]
    given.as_superuser(f"UPDATE evidence_leaf SET leaf_hash = '\\x{told['leaf_hash']}', index = {size + 7} "
                       f"WHERE index = {index}", *tables)
    assert f"its entry stands at {size + 7} and stood at {index}" in verify(file)[1]
    given.as_superuser(f"DELETE FROM evidence_leaf WHERE index >= {index}", *tables)
    said = verify(file)[1]
    assert "its leaf is gone" in said
    assert f"the log has only {index}" in said


@pytest.fixture
def own_key(tmp_path: Path, settings: Any) -> Path:
    """A signing key of this test's own, so that it may be changed."""
    settings.SIGNING_KEY = str(tmp_path / "log.key")
    signer.make_key(tmp_path / "log.key", given.NAME)
    return tmp_path / "log.key"


@pytest.mark.django_db
def test_a_receipt_of_the_time_before_a_change_of_keys_holds_and_one_of_a_stolen_key_does_not(
        own_key: Path, tmp_path: Path) -> None:
    cast = make_cast()
    exhibit = lodge_png(make_case(cast), cast.lead, 1).exhibit
    sign()
    old, file = signer.public_key(), keep(exhibit, tmp_path)
    size = json.loads(file.read_text())["log"]["size"]
    rotation.rotate()
    sign()
    rotation.retire()
    sign()
    assert verify(file) == (True, "VERIFIED: 0 problems; checked 1 receipts\n")
    assert parts.signing() == ""
    rotation.revoke(old.id.hex(), size)
    good, said = verify(file)
    assert (good, f"revoked from size {size} on" in said) == (False, True), said


@pytest.mark.django_db
def test_the_self_test_looks_at_every_key_that_signs(own_key: Path) -> None:
    old = signer.public_key()
    rotation.rotate()
    assert parts.signing() == ""
    signer.overlap_path(own_key, old).unlink()
    assert f"the private half of {old} is not here" in parts.signing()


@pytest.mark.django_db
def test_bytes_that_two_people_disposed_of_are_told_and_no_failure(exhibit: Exhibit, case: Case, cast: Cast,
                                                                   tmp_path: Path) -> None:
    for work in (fixity.rehash, derivatives.derive, archive.archive):
        work(exhibit.item)
    file = keep(exhibit, tmp_path)
    made = disposals.propose(case, exhibits=[exhibit.label], ground="law", reason="Asked for", basis="An invented Act",
                             by=cast.legal)
    disposals.approve(case, made.id, by=cast.lead)
    disposal.remove_waiting()
    event = exhibit.item.tombstone.event_id
    assert store.size(exhibit.item.blob_id) is None
    assert verify(file) == (True, "VERIFIED: 0 problems; checked 1 receipts, "
                                  f"1 receipts whose bytes were disposed of (event {event})\n")
