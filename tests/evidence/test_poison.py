"""One event or row that nobody foresaw is named, and ends no verification: what else is wrong is named besides."""

from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest import MonkeyPatch

from evidence.derivatives.models import Derivative
from evidence.fixity import audit, disposed, hashing, screened
from evidence.intake.models import Item
from evidence.store.keys import key
from tests.evidence import custody_log as given
from tests.evidence import poison
from tests.evidence.test_fixity_audit import take
from tests.factories import png

CONTEXT = "case/CW-2026-0001"
HASH = "ab" * 32
VALUES: list[Any] = ["x", 5, True, None, [], ["a"], [[1]], [{}], {}, {"a": 1}, {"a": [None]}]
COPY = {"sha256": HASH, "match": True, "location": "there", "version": "1",
        "lock": {"mode": "", "until": "", "legal_hold": False}}
HEAD = {"size": 1, "root": HASH}
# Kind, detail, and what in it our checks read.
READ: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("accession", {"sha256": HASH, "size": 1, "name": "a", "capture": {"set": "x", "role": "source", "position": 1},
                   "package": {"item": "x", "path": "a", "declared": {}}},
     ("sha256", "size", "name", "name_base64", "labels", "provenance", "received_at", "capture", "capture.set",
      "capture.role", "package", "package.item")),
    ("derivation", {"process": "x", "made": [{"kind": "preview", "sha256": HASH, "media_type": "image/png"}]},
     ("process", "made", "made.0", "made.0.kind", "made.0.sha256", "made.0.media_type", "made.0.found")),
    ("replication", COPY, ("match", "place", "sha256", "location", "version", "lock", "lock.mode", "lock.until",
                           "lock.legal_hold")),
    ("virus_check", {"outcome": "clean", "finding": "", "engine": "x", "signatures": "1"},
     ("outcome", "finding", "engine", "signatures")),
    ("fixity", {"act": "package_checked", "outcome": "valid", "report_sha256": HASH},
     ("act", "outcome", "report_sha256")),
    ("disposal", {"act": "exhibits_disposed", "items": ["00000000-0000-4000-8000-000000000000"]},
     ("act", "items", "items.0")),
    ("disposal", {"act": "events_erased", "events": [{"id": "00000000-0000-4000-8000-000000000000", "at": "x",
                                                      "index": 0, "kind": "access", "subject": "item/1"}]},
     ("act", "events", "events.0", "events.0.id", "events.0.index", "events.0.subject")),
]


@pytest.fixture
def items(real_db: None) -> tuple[Item, Item]:
    """Two of one case; the bytes of the second are gone. The first begins like a package."""
    first, second = take(b"PK\x03\x04" + png(7)), take(png(8))
    file = Path(settings.STORAGES["evidence"]["OPTIONS"]["location"]) / key(second.blob_id)
    file.unlink()
    return first, second


def changed(detail: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy in which the member at `path` is `value`; `...` takes it out."""
    name, _dot, rest = path.partition(".")
    if rest.partition(".")[0].isdigit():
        inner = rest.partition(".")[2]
        one = changed(detail[name][0], inner, value) if inner else value
        return detail | {name: [] if one is ... else [one]}
    if rest:
        return detail | {name: changed(detail[name], rest, value)}
    return {key: held for key, held in (detail | {name: value}).items() if held is not ...}


def whole() -> list[tuple[str, str]]:
    return [(found.object, found.problem) for found in audit.audit_all(checked=Counter())]


def is_gone(found: list[tuple[str, str]], item: Item) -> bool:
    return (f"blob {item.blob_id}", "its bytes are gone") in found


def test_every_event_that_is_read_may_say_anything_and_the_deleted_bytes_are_named(
        items: tuple[Item, Item], caplog: pytest.LogCaptureFixture) -> None:
    first, second = items
    assert whole() == [(f"blob {second.blob_id}", "its bytes are gone")]
    for kind, detail, paths in READ:
        told = [detail, {}, *(changed(detail, path, value) for path in paths for value in [*VALUES, ...])]
        told += VALUES if kind != "disposal" else []
        for one in told:
            poison.put(poison.event(kind, f"item/{first.pk}", CONTEXT, one))
    poison.settle()
    for found in (whole(), [(one.object, one.problem) for one in audit.audit_case("CW-2026-0001", checked=Counter())],
                  [(one.object, one.problem) for one in audit.audit_items(
                      [first, second], [f"item/{first.pk}", f"item/{second.pk}"], checked=Counter())]):
        assert is_gone(found, second)
        assert not [problem for _object, problem in found if "could not be checked" in problem]
    assert not caplog.records


@pytest.mark.parametrize(("kind", "detail", "word"), [
    ("disposal", "x", "detail"), ("disposal", {"act": "exhibits_disposed", "items": 5}, "items"),
    ("disposal", {"act": "exhibits_disposed"}, "items"), ("disposal", {"act": "events_erased"}, "of what"),
    ("derivation", {"process": "x", "made": [1]}, "made"), ("derivation", {"made": None}, "made"),
    ("derivation", {"made": [{"kind": "preview", "sha256": HASH, "media_type": "a"}]}, "process"),
    ("derivation", {"process": "x", "made": [{"kind": "x", "sha256": HASH, "media_type": "a", "found": [1]}]}, "made"),
    ("replication", {"match": True}, "sha256"), ("replication", {"match": "yes"}, "match"),
    ("replication", COPY | {"lock": "x"}, "lock"), ("replication", COPY | {"lock": {}}, "lock"),
    ("replication", COPY | {"location": ["x"]}, "location"), ("accession", {"package": "x"}, "package"),
    ("accession", {"capture": [1]}, "capture"), ("accession", {"capture": {"set": []}}, "capture"),
    ("fixity", {"act": "package_checked", "report_sha256": ["x"]}, "outcome"), ("virus_check", {}, "outcome")])
def test_what_is_not_as_its_kind_says_is_named_by_its_event(items: tuple[Item, Item], kind: str, detail: Any,
                                                            word: str) -> None:
    pk = poison.insert(poison.event(kind, f"item/{items[0].pk}", CONTEXT, detail))
    found = whole()
    assert [problem for name, problem in found if name.startswith(f"event {pk}") and word in problem]
    assert is_gone(found, items[1])


@pytest.mark.parametrize("member", ["restored", "given_up"])
def test_a_restore_that_does_not_say_which_heads_is_named(items: tuple[Item, Item], member: str) -> None:
    for value in VALUES:
        detail = {"act": "log_restored", "restored": HEAD, "given_up": HEAD} | {member: value}
        pk = poison.insert(poison.event("decision", "rewind/1", "log", detail))
        assert [problem for name, problem in whole() if name.startswith(f"event {pk}") and member in problem]


@pytest.mark.parametrize("break_", ["\n", "\r", "\x1b[1A", "\u2028"])
def test_a_subject_that_holds_a_line_of_its_own_is_printed_as_one_line(items: tuple[Item, Item], break_: str) -> None:
    poison.insert(poison.event("derivation", f"exhibit/x{break_}VERIFIED: 0 problems", CONTEXT, {"act": "import_read"}))
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify", "--all", stdout=out)
    said = out.getvalue()
    assert f"FAILED exhibit/x\\u{ord(break_[0]):04x}" in said and "\x1b" not in said
    assert not [line for line in said.splitlines() if line.startswith("VERIFIED")]


@pytest.mark.parametrize("said", ["null", "5", '"x"', '[["a"]]', "[1]", "{}", "true"])
def test_a_row_of_what_was_found_that_is_no_list_of_codes_is_named(real_db: None, said: str) -> None:
    given.key()
    item, other = take(png(3)), take(png(4))
    file = Path(settings.STORAGES["evidence"]["OPTIONS"]["location"]) / key(other.blob_id)
    file.unlink()
    made = Derivative.objects.filter(item=item, kind="metadata").get()
    given.as_superuser(f"UPDATE evidence_derivative SET found = '{said}'::jsonb WHERE id = {made.pk}",
                       "evidence_derivative")
    assert whole() == [(f"metadata of item/{item.pk}", "its row does not say in codes what was found in the file"),
                       (f"blob {other.blob_id}", "its bytes are gone")]


@pytest.mark.parametrize(("room", "name", "names"), [
    (screened, "problems", "item/"), (disposed, "leaving", "blobs "), (disposed, "missing", "disposals "),
    (hashing, "_wrong", "blob ")])
def test_a_check_that_breaks_off_is_named_and_the_others_go_on(items: tuple[Item, Item], monkeypatch: MonkeyPatch,
                                                              room: Any, name: str, names: str) -> None:
    poison.insert(poison.event("disposal", "store/evidence", CONTEXT, {"act": "unreferenced_cleared"}))

    def breaks(*_given: Any, **_named: Any) -> Any:
        raise TypeError("unhashable type")

    monkeypatch.setattr(room, name, breaks)
    given.as_superuser("DELETE FROM evidence_derivative", "evidence_derivative")
    found = whole()
    assert [one for one, problem in found if problem == "could not be checked: TypeError" and one.startswith(names)]
    assert [one for one, problem in found if problem.endswith("its row is gone")], "the other checks were done"
