"""A receipt in which anything was changed is FAILED, here as for a stranger; one without its event needs the record of
an erasure."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casework.cases.models import Case
from casework.exhibits import erasures, receipts
from casework.exhibits.models import Exhibit
from evidence.custody import signer
from evidence.custody.models import Leaf
from evidence.fixity import receipt, receipt_form
from tests.casework.custody_pages import sign
from tests.casework.test_exhibits_receipts_held import verify
from tests.casework.test_exhibits_verified import case, cast, exhibit
from tests.evidence.bags import Artefact
from tests.evidence.both import PythonVerifier
from tests.factories import Cast, lodge_png

__all__ = ["case", "cast", "exhibit"]
pytestmark = pytest.mark.django_db
FAILED = 1

Told = dict[str, Any]
CHANGES: dict[str, Callable[[Told, Told], Any]] = {
    "format": lambda r, o: r.update(format="casework-receipt/2"),
    "origin": lambda r, o: r.update(origin="other.example/log"),
    "case": lambda r, o: r.update(case="CW-2026-9999"),
    "item": lambda r, o: r.update(item=o["item"]),
    "item spelled otherwise": lambda r, o: r.update(item=r["item"].upper()),
    "name": lambda r, o: r.update(name="other.png"),
    "size": lambda r, o: r.update(size=r["size"] + 1),
    "size as a truth": lambda r, o: r.update(size=True),
    "size as a fraction": lambda r, o: r.update(size=float(r["size"])),
    "size as text": lambda r, o: r.update(size=str(r["size"])),
    "sha256": lambda r, o: r.update(sha256=o["sha256"]),
    "declared_sha256": lambda r, o: r.update(declared_sha256="0" * 64),
    "leaf_hash": lambda r, o: r.update(leaf_hash=o["leaf_hash"]),
    "leaf_hash in capitals": lambda r, o: r.update(leaf_hash=r["leaf_hash"].upper()),
    "event": lambda r, o: r.update(event=o["event"]),
    "no event": lambda r, o: r.update(event=None),
    "the id of the event": lambda r, o: r["event"].update(id=o["event"]["id"]),
    "the salt": lambda r, o: r["event"].update(salt=o["event"]["salt"]),
    "the content": lambda r, o: r["event"].update(content=o["event"]["content"]),
    "the content with a blank": lambda r, o: r["event"].update(content=r["event"]["content"] + " "),
    "a member more of the event": lambda r, o: r["event"].update(more=""),
    "the index": lambda r, o: r["log"].update(index=o["log"]["index"]),
    "the index below zero": lambda r, o: r["log"].update(index=-1),
    "the size of the log": lambda r, o: r["log"].update(size=r["log"]["size"] + 1),
    "the path": lambda r, o: r["log"].update(path=o["log"]["path"]),
    "a step more": lambda r, o: r["log"]["path"].append("0" * 64),
    "a member more of the place": lambda r, o: r["log"].update(more=1),
    "no place": lambda r, o: r.update(log=None),
    "no checkpoint": lambda r, o: r.update(checkpoint=None),
    "another checkpoint": lambda r, o: r.update(checkpoint=r["checkpoint"].replace("\n", "\n1", 1)),
    "a checkpoint without signature": lambda r, o: r.update(checkpoint=r["checkpoint"].partition("\n\n")[0] + "\n\n"),
    "a member more": lambda r, o: r.update(more=1),
    "a member less": lambda r, o: r.pop("received_at"),
    "bytes and item of another, without the event": lambda r, o: r.update(
        {**o, "event": None, "leaf_hash": r["leaf_hash"], "log": r["log"]}),
}
# What only this system can tell: a stranger is told that a receipt does not prove it (bag.md).
OURS = {
    "exhibit": lambda r, o: r.update(exhibit="E-099"),
    "the exhibit of another item": lambda r, o: r.update(exhibit=o["exhibit"]),
    "received_at": lambda r, o: r.update(received_at="2020-01-01T00:00:00+00:00"),
    "received_at without a zone": lambda r, o: r.update(received_at="2020-01-01T00:00:00"),
    "received_at that is none": lambda r, o: r.update(received_at="yesterday"),
}


@pytest.fixture
def two(exhibit: Exhibit, case: Case, cast: Cast) -> tuple[Told, Told]:
    other = lodge_png(case, cast.lead, 2).exhibit
    sign()
    return receipts.receipt(exhibit), receipts.receipt(other)


@pytest.fixture(scope="module")
def stranger() -> PythonVerifier:
    return PythonVerifier()


def offline(stranger: PythonVerifier, text: str) -> Told:
    return stranger.judge(Artefact(keys=(str(signer.public_key()),), receipts=(text.encode(),)))


def held(text: str) -> list[str]:
    return [one.problem for one in receipt.problems(text.encode(), "receipt.json", Counter())]


def test_what_was_not_changed_holds_here_and_for_a_stranger(two: tuple[Told, Told], stranger: PythonVerifier) -> None:
    for told in two:
        assert held(json.dumps(told)) == []
        assert offline(stranger, json.dumps(told))["faults"] == []


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_fails_here_and_for_a_stranger(two: tuple[Told, Told], stranger: PythonVerifier,
                                                           change: str, tmp_path: Path) -> None:
    mine, other = two
    CHANGES[change](mine, other)
    assert offline(stranger, json.dumps(mine))["exit"] == FAILED
    (tmp_path / "receipt.json").write_text(json.dumps(mine))
    good, said = verify(tmp_path / "receipt.json")
    assert (good, "FAILED" in said) == (False, True), said


@pytest.mark.parametrize("change", OURS)
def test_what_a_receipt_does_not_prove_by_itself_is_held_against_this_system(
        two: tuple[Told, Told], stranger: PythonVerifier, change: str) -> None:
    mine, other = two
    OURS[change](mine, other)
    assert held(json.dumps(mine))
    assert "receipt.said" in [one["code"] for one in offline(stranger, json.dumps(mine))["unchecked"]]


@pytest.mark.parametrize("place", ["first", "last"])
@pytest.mark.parametrize("member", ["sha256", "name", "event", "log"])
def test_a_member_that_stands_twice_is_refused(two: tuple[Told, Told], stranger: PythonVerifier, member: str,
                                               place: str) -> None:
    text = json.dumps(two[0])
    again = f'"{member}": {json.dumps(two[0][member])}'
    text = f"{{{again}, {text[1:]}" if place == "first" else f"{text[:-1]}, {again}}}"
    assert held(text) == ["a member stands in it twice"]
    assert offline(stranger, text)["exit"] == FAILED


@pytest.mark.parametrize("text", ["", "[]", "7", "{", "{}", '{"a": NaN}', "[" * 100_000, " " * 1_000_001, '"\\ud800"'])
def test_what_is_no_receipt_is_refused_and_breaks_nothing(text: str) -> None:
    with pytest.raises(receipt_form.Malformed):
        receipt_form.read(text.encode())


@pytest.mark.parametrize("put_in", ["\0", "\n", "\x1b[2J", "\x9b", "\ud800"])
@pytest.mark.parametrize("member", ["origin", "case", "exhibit", "received_at"])
def test_what_no_label_holds_is_refused_and_what_is_verified_behind_it_is_verified(
        two: tuple[Told, Told], member: str, put_in: str, tmp_path: Path) -> None:
    forged = two[0] | {member: two[0][member] + put_in, "event": None}
    assert held(json.dumps(forged)) == [f"its {member} has a control character, or half a character"]
    (tmp_path / "forged.json").write_text(json.dumps(forged))
    (tmp_path / "other.json").write_text(json.dumps(two[1] | {"exhibit": "E-099"}))
    good, said = verify(tmp_path / "forged.json", tmp_path / "other.json")
    assert not good and "is exhibit" in said and "checked 2 receipts" in said


def test_a_receipt_whose_check_breaks_off_is_named_and_the_next_one_is_checked(
        two: tuple[Told, Told], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(found: receipt_form.Receipt, name: str) -> Any:
        if found.exhibit == two[0]["exhibit"]:
            raise TypeError("nobody foresaw it")
        return iter(())

    monkeypatch.setattr(receipt, "_label", breaks)
    for number, told in enumerate(two):
        (tmp_path / f"{number}.json").write_text(json.dumps(told))
    good, said = verify(tmp_path / "0.json", tmp_path / "1.json")
    assert not good and f"FAILED {tmp_path}/0.json: could not be checked: TypeError" in said
    assert "FAILED: 1 problems; checked 2 receipts" in said


def test_words_of_others_make_no_line_of_their_own(two: tuple[Told, Told], tmp_path: Path) -> None:
    """The name of a file is printed as well: a log's name in a receipt has no such character to begin with."""
    file = tmp_path / "a\nVERIFIED: 0 problems\x1b[2J\udcff\u202e.json"
    file.write_text(json.dumps(two[0] | {"origin": "other.example/log"}))
    good, said = verify(file)
    assert not good and "a\\u000aVERIFIED: 0 problems\\u001b[2J\\udcff\\u202e.json" in said
    assert not [line for line in said.splitlines() if line.startswith("VERIFIED")]


def test_the_first_leaf_of_the_log_is_no_receipt_of_anything(two: tuple[Told, Told]) -> None:
    first = bytes(Leaf.objects.get(index=0).leaf_hash).hex()
    forged = two[1] | {"event": None, "leaf_hash": first, "log": None, "checkpoint": None}
    assert held(json.dumps(forged)) == [
        "it does not tell its event, and no accession of its item was erased at that place"]


def test_without_its_event_it_holds_where_just_that_was_erased(
        two: tuple[Told, Told], exhibit: Exhibit, case: Case, cast: Cast) -> None:
    early, other = two
    asked = erasures.propose(case, events=[exhibit.event_id], reason="A source asked for it", basis="An invented Act",
                             by=cast.legal)
    erasures.approve(case, asked.id, by=cast.lead)
    sign()
    late = receipts.receipt(exhibit)
    assert late["event"] is None
    for told in (early, late, late | {"log": None, "checkpoint": None}):
        assert held(json.dumps(told)) == []
    for change in ({"name": "other.png"}, {"size": 1}, {"declared_sha256": "0" * 64}, {"case": "CW-2026-9999"},
                   {"received_at": "2020-01-01T00:00:00+00:00"}, {"exhibit": "E-002"}, {"sha256": other["sha256"]},
                   {name: other[name] for name in ("item", "sha256", "name", "size", "exhibit", "received_at")}):
        assert held(json.dumps(late | change)), change
