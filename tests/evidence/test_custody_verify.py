"""Whoever changes the log is found out, and the object is named: with every right on the database server, by us;
with the signing key too, by whoever holds an earlier checkpoint."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from evidence.custody import checkpoints, memory, rows, services, signer, verify
from evidence.custody.models import Checkpoint, Leaf, Payload
from evidence.tlog import canonical
from tests.evidence import custody_log as given

TABLES = ["evidence_event", "evidence_leaf", "evidence_payload", "evidence_checkpoint"]
AT_17 = "(SELECT event_id FROM evidence_leaf WHERE index = 17)"


def flip(column: str) -> str:
    """SQL for the bytes of `column` with one bit turned."""
    return f"set_byte({column}, 9, 1 # get_byte({column}, 9))"


# What somebody does, and the object that verification must name.
TAMPERING = [
    (f"UPDATE evidence_payload SET content = {flip('content')} WHERE event_id = {AT_17}", "leaf 17"),
    (f"UPDATE evidence_payload SET salt = {flip('salt')} WHERE event_id = {AT_17}", "leaf 17"),
    (f"UPDATE evidence_payload SET kind = 'export' WHERE event_id = {AT_17}", "leaf 17"),
    (f"UPDATE evidence_payload SET subject = 'exhibit/other' WHERE event_id = {AT_17}", "leaf 17"),
    (f"UPDATE evidence_payload SET context = 'case/other' WHERE event_id = {AT_17}", "leaf 17"),
    (f"UPDATE evidence_payload SET at = at + interval '1 us' WHERE event_id = {AT_17}", "leaf 17"),
    (f"DELETE FROM evidence_payload WHERE event_id = {AT_17}", "leaf 17"),
    ("TRUNCATE evidence_payload", "leaf 0"),
    (f"UPDATE evidence_event SET commitment = {flip('commitment')} WHERE id = {AT_17}", "leaf 17"),
    (f"DELETE FROM evidence_event WHERE id = {AT_17}", "leaf 17"),
    ("INSERT INTO evidence_event VALUES ('00000000-0000-4000-8000-000000000000', '\\x00')",
     "event 00000000-0000-4000-8000-000000000000"),
    (f"UPDATE evidence_leaf SET leaf_hash = {flip('leaf_hash')} WHERE index = 17", "leaf 17"),
    ("DELETE FROM evidence_leaf WHERE index = 17", "leaf 17"),
    ("DELETE FROM evidence_leaf WHERE index >= 290", "checkpoint 300"),
    ("TRUNCATE evidence_leaf", "checkpoint 300"),
    ("UPDATE evidence_leaf SET index = 9223372036854775807 WHERE index = 17", "leaf 9223372036854775807"),
    ("UPDATE evidence_leaf SET index = 4611686018427387904 WHERE index = 299", "leaf 299"),
    ("UPDATE evidence_leaf SET index = 301 + 3000000000000 * (300 - index) WHERE index > 290", "leaf 291"),
    ("UPDATE evidence_leaf SET index = 1000 WHERE index = 17; UPDATE evidence_leaf SET index = 17 WHERE index = 18;"
     "UPDATE evidence_leaf SET index = 18 WHERE index = 1000", "tile 0/0"),
    (f"UPDATE evidence_checkpoint SET root = {flip('root')} WHERE size = 300", "checkpoint 300"),
    ("UPDATE evidence_checkpoint SET note = replace(note, 'log', 'lug') WHERE size = 300",
     "checkpoint 300"),
    ("UPDATE evidence_checkpoint SET size = 299 WHERE size = 300", "checkpoint 299"),
    (f"UPDATE evidence_tile SET hashes = {flip('hashes')} WHERE level = 0 AND number = 0", "tile 0/0"),
    ("DELETE FROM evidence_tile WHERE level = 1", "tile 1/0"),
    ("UPDATE evidence_tile SET hashes = hashes || hashes WHERE level = 0 AND number = 1", "tile 0/1"),
    ("INSERT INTO evidence_tile (level, number, hashes) VALUES (0, 7, '\\x00')", "tile 0/7"),
]


@pytest.fixture
def log(real_db: None) -> Checkpoint:
    """300 events under two checkpoints, one at 40; the earlier one is returned."""
    given.key()
    given.fill(40)
    first = checkpoints.sign_checkpoint()
    assert first
    given.fill(260)
    assert checkpoints.sign_checkpoint()
    return first


def found(held: tuple[str, ...] = ()) -> list[str]:
    return [problem.object for problem in verify.verify_all(held=held)]


def test_an_untouched_log_verifies_and_says_what_was_checked(log: Checkpoint) -> None:
    given.tell()
    checked: Counter[str] = Counter()
    assert list(verify.verify_all(held=[log.note], checked=checked)) == []
    assert checked == {"leaves": 300, "checkpoints": 4, "waiting": 1}, "two signed, one held outside, one remembered"


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("moment", [(rows, "read"), (signer, "public_keys")], ids=["later", "at the start"])
def test_what_is_signed_while_the_log_is_read_is_no_alarm(moment: tuple[Any, str],
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    module, name = moment
    asked = getattr(module, name)

    def meanwhile(*words: Any) -> Any:
        monkeypatch.setattr(module, name, asked)
        given.fill(3)
        assert checkpoints.sign_checkpoint()
        return asked(*words)

    monkeypatch.setattr(module, name, meanwhile)
    assert found() == []
    assert Leaf.objects.count() == 303


@pytest.mark.usefixtures("log")
def test_every_change_by_the_master_of_the_server_is_found_and_named() -> None:
    with given.superuser():
        for sql, named in TAMPERING:
            with transaction.atomic(), connection.cursor() as cursor:
                for table in TABLES:
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
                cursor.execute(sql)
                assert any(named in name for name in found()), sql
                transaction.set_rollback(True)
        assert found() == []


@pytest.mark.usefixtures("log")
def test_an_event_that_waits_is_held_to_its_commitment_too() -> None:
    receipt = given.tell()
    given.as_superuser("UPDATE evidence_payload SET subject = 'exhibit/x' WHERE event_id IN "
                       "(SELECT event_id FROM evidence_pending)", "evidence_payload")
    assert found() == [f"event {receipt.event_id}"]
    given.as_superuser("DELETE FROM evidence_pending")
    assert f"event {receipt.event_id}" in found()


def test_a_history_rewritten_and_signed_with_the_stolen_key_is_found_by_who_holds_a_checkpoint(
        log: Checkpoint) -> None:
    _rewrite(17)
    assert found() == [], "the forger has the key, what lies beside it, and every right: from inside, nothing is wrong"
    assert found((log.note,)) == ["checkpoint 1 held outside"]


def test_a_log_cut_back_to_an_earlier_day_is_found_by_who_holds_a_checkpoint(log: Checkpoint) -> None:
    last = checkpoints.latest()
    assert last
    given.cut_back_to(40)
    assert found() == ["checkpoint that the signer remembers"], "who has the database alone is found from inside"
    memory.path_of().unlink()
    assert found() == []
    assert found((last.note, log.note)) == ["checkpoint 1 held outside"]


@pytest.mark.parametrize("sql", ["DELETE FROM evidence_checkpoint WHERE size = 40",
                                 "TRUNCATE evidence_checkpoint CASCADE"])
def test_a_checkpoint_that_was_taken_away_is_missed_by_who_holds_it(log: Checkpoint, sql: str) -> None:
    given.as_superuser(sql, "evidence_checkpoint", "evidence_cosignature", "evidence_timestamp")
    assert found() == [], "the log is what it was, and its key would sign the same again"
    assert found((log.note,)) == ["checkpoint 1 held outside"]


def _rewrite(index: int) -> None:
    """Change one event and make everything above it true again; with the key, so the signer forgets too."""
    memory.path_of().unlink()
    event = given.event_at(index)
    payload = Payload.objects.get(event_id=event)
    content = canonical.decode(bytes(payload.content)) | {"detail": {"number": 4711}}
    data = canonical.encode(content)
    commitment = services.commitment(bytes(payload.salt), data)
    given.as_superuser(
        f"UPDATE evidence_payload SET content = '\\x{data.hex()}' WHERE event_id = '{event}';"
        f"UPDATE evidence_event SET commitment = '\\x{commitment.hex()}' WHERE id = '{event}';"
        f"UPDATE evidence_leaf SET leaf_hash = '\\x{services.leaf_hash(commitment).hex()}' WHERE index = {index};"
        "DELETE FROM evidence_checkpoint", *TABLES)
    given.rebuild_tiles()
    checkpoints.sign_checkpoint()


def test_a_checkpoint_of_another_log_or_no_checkpoint_is_named(log: Checkpoint) -> None:
    assert found(("nonsense",)) == ["checkpoint 1 held outside"]
    assert found((log.note.replace(log.note.splitlines()[0], "elsewhere"), log.note)) == ["checkpoint 1 held outside"]


@pytest.mark.usefixtures("log")
def test_without_the_public_key_nothing_is_called_verified() -> None:
    file = signer.public_path(Path(settings.SIGNING_KEY))
    kept = file.read_text()
    file.unlink()
    try:
        assert "signing key" in found()
    finally:
        file.write_text(kept)


@pytest.mark.usefixtures("log")
def test_one_case_is_verified_on_its_own() -> None:
    other = given.tell(1, "case/CW-2026-0002")
    assert list(verify.verify_context("case/CW-2026-0002")) == []
    given.as_superuser(f"UPDATE evidence_payload SET salt = '\\x00' WHERE event_id = '{other.event_id}'",
                       "evidence_payload")
    given.as_superuser(f"UPDATE evidence_tile SET hashes = {flip('hashes')} WHERE level = 0 AND number = 0")
    assert [problem.object for problem in verify.verify_context("case/CW-2026-0002")] == [f"event {other.event_id}"]
    # The proof of leaf 0 does without its own hash; those of all its neighbours need it.
    assert "leaf 1" in [problem.object for problem in verify.verify_context("case/CW-2026-0001")]


def test_the_command_answers_by_its_exit_code_and_in_json(log: Checkpoint, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("verify", "--all", stdout=out)
    assert out.getvalue().startswith("VERIFIED: 0 problems; checked ")
    held = tmp_path / "held.txt"
    held.write_text(log.note)
    _rewrite(3)
    call_command("verify", "--all", stdout=out)
    out = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("verify", "--all", "--json", "--checkpoint", str(held), stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["verified"] is False
    assert [problem["object"] for problem in answer["problems"]] == ["checkpoint 1 held outside"]
    with pytest.raises(CommandError, match="knows no case"):
        call_command("verify", "--all", "--case", "CW-2026-9999", stdout=io.StringIO())
    call_command("verify", "--all", "--case", "CW-2026-0001", stdout=io.StringIO())
