"""What came from outside is verified again with everything else, and a row that was changed is named."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from evidence.custody import checkpoints, kept, rounds
from evidence.custody.outside import Cosignature, Timestamp
from evidence.fixity import audit
from tests.evidence import custody_log as given
from tests.evidence.authority import Authority, Chain, configure, pem, serving
from tests.evidence.test_witnesses import make, policy_of
from tests.evidence.witness import serving as witnessing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, settings: Any) -> Iterator[None]:
    with serving(Authority(tmp_path / "authority")) as authority, witnessing(make(tmp_path, "w1.example")) as witness:
        configure(settings, tmp_path / "pinned", authority)
        settings.LOG_POLICY = policy_of(witness)
        given.fill(3)
        checkpoints.sign_checkpoint()
        assert rounds.go() == 2
        yield


def problems() -> list[str]:
    return [f"{one.object}: {one.problem}" for one in kept.problems(Counter())]


def test_what_is_kept_verifies_and_is_counted_with_all_the_rest() -> None:
    checked: Counter[str] = Counter()
    assert [one for one in audit.audit_all(checked=checked) if "lie in the" not in one.problem] == []
    assert (checked["timestamps"], checked["cosignatures"]) == (1, 1)
    assert checked["checkpoints"] == 2, "one stored, one remembered"


@pytest.mark.parametrize(("change", "why"), [
    (lambda row: {"gen_time": row.gen_time + timedelta(seconds=1)}, "says something else"),
    (lambda row: {"serial": "1"}, "says something else"), (lambda row: {"policy": "1.2"}, "says something else"),
    (lambda row: {"response": bytes(row.response)[:-1]}, "does not verify"),
    (lambda row: {"chain": pem(*Chain("authority.example").whole).decode()}, "does not verify"),
    (lambda row: {"chain": ""}, "does not verify")])
def test_a_timestamp_that_was_changed_is_named(change: Any, why: str) -> None:
    row = Timestamp.objects.get()
    for name, value in change(row).items():
        setattr(row, name, value)
    found = kept._token(row)
    assert why in found


@pytest.mark.parametrize(("change", "why"), [
    (lambda row: {"cosigned_at": row.cosigned_at + timedelta(seconds=1)}, "says something else"),
    (lambda row: {"witness": "w2.example"}, "says something else"),
    (lambda row: {"line": row.line[:-6] + "AAAA=\n"}, "does not verify"), (lambda row: {"line": ""}, "does not verify"),
    (lambda row: {"key": str(given.key())}, "does not verify")])
def test_a_cosignature_that_was_changed_is_named(change: Any, why: str) -> None:
    row = Cosignature.objects.get()
    for name, value in change(row).items():
        setattr(row, name, value)
    assert why in kept._cosignature(row)


def test_they_stand_for_the_note_as_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems() == []
    head = checkpoints.latest()
    assert head
    head.note = head.note.replace("\n3\n", "\n4\n")
    token, cosignature = Timestamp.objects.get(), Cosignature.objects.get()
    token.checkpoint = cosignature.checkpoint = head
    assert "does not verify" in kept._token(token)
    assert "does not verify" in kept._cosignature(cosignature)
