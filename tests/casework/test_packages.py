"""A package that somebody else made: checked, shown with both sides' hashes, its files lodged once and no more."""

import hashlib
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import packages, services
from casework.exhibits import tasks as exhibit_tasks
from casework.exhibits.models import Exhibit, Sighting, Unpacking
from casework.lifecycle import NotAllowed
from evidence.archive import services as archive
from evidence.custody.models import Payload
from evidence.custody.sequencer import sequence
from evidence.derivatives import services as derivatives
from evidence.fixity import audit
from evidence.fixity import services as fixity
from evidence.intake.models import Item, Step
from evidence.jail import services as jail
from evidence.packages import services as vault
from evidence.packages.models import Origin, Package, PackageFile
from evidence.store.errors import StoreUnavailable
from evidence.tlog import canonical
from tests.evidence.foreign import FILES, SPOILT, make_bag, spoilt, zipped
from tests.factories import Cast, lodge_png, make_case, make_cast, png

PICTURES = {"one.png": png(1), "two.png": png(2), "note.txt": b"a note"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def lodge_zip(case: Case, by: Any, data: bytes, name: str = "from-partner.bin") -> Exhibit:
    return services.lodge_bytes(case, data=data, name=name, provenance={"received_from": "Invented Partner Desk"},
                                by=by).exhibit


def checked(exhibit: Exhibit, by: Any) -> Package:
    package = packages.ask(exhibit, by=by)
    vault.check(str(package.pk))
    package.refresh_from_db()
    return package


def said(subject: str, kind: str) -> list[Any]:
    rows = Payload.objects.filter(subject=subject, kind=kind).order_by("at")
    return [canonical.decode(bytes(row.content))["detail"] for row in rows]


@pytest.fixture
def bag(case: Case, cast: Cast, tmp_path: Path) -> Exhibit:
    return lodge_zip(case, cast.investigator, zipped(make_bag(tmp_path, PICTURES, ("md5", "sha512"),
                                                              claims={"Source-Organization": "Invented Partner"})))


def test_a_check_keeps_the_senders_hashes_beside_ours_and_is_an_event_on_the_item(bag: Exhibit, cast: Cast) -> None:
    package = checked(bag, cast.investigator)
    assert (package.state, package.problems, package.file_count) == ("valid", [], 3)
    assert ["Source-Organization", "Invented Partner"] in package.claims
    for file in packages.files(package):
        data = PICTURES[file.path.removeprefix("data/")]
        assert (file.size, file.sha256, file.fits) == (len(data), hashlib.sha256(data).hexdigest(), True)
        assert file.declared == {"md5": hashlib.md5(data).hexdigest(),  # noqa: S324
                                 "sha512": hashlib.sha512(data).hexdigest()}
    [told] = said(f"item/{bag.item_id}", "fixity")
    assert (told["act"], told["outcome"], told["match"], told["files"]) == ("package_checked", "valid", True, 3)
    assert [one["act"] for one in said(f"exhibit/{bag}", "decision")] == ["exhibit_lodged", "package_asked"]


def test_what_is_wrong_is_kept_and_told_and_nothing_comes_out(case: Case, cast: Cast, tmp_path: Path) -> None:
    data = spoilt(make_bag(tmp_path), SPOILT["another content"][1])
    exhibit = lodge_zip(case, cast.investigator, data)
    package = checked(exhibit, cast.investigator)
    assert package.state == "invalid"
    assert [row["code"] for row in package.problems] == ["mismatch"] * 4
    assert not package.files.get(path="data/chat.txt").fits
    [told] = said(f"item/{exhibit.item_id}", "fixity")
    assert (told["match"], told["problem_count"]) == (False, package.problem_count)
    with pytest.raises(NotAllowed):
        packages.lodge(exhibit, by=cast.investigator)
    assert Exhibit.objects.count() == 1


def test_asking_twice_checks_once_and_a_lost_message_is_found_by_the_sweep(
        bag: Exhibit, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[Any] = []
    monkeypatch.setattr("evidence.wake.after_commit", lambda task, *args: woken.append((task, *args)))
    package = packages.ask(bag, by=cast.investigator)
    assert packages.ask(bag, by=cast.lead).pk == package.pk
    woken.clear()
    fixity.sweep()
    assert woken == [("evidence.packages.check", str(package.pk))]
    assert vault.check(str(package.pk))
    assert not vault.check(str(package.pk))
    assert not vault.check(str(uuid.uuid4()))
    assert len(said(f"item/{bag.item_id}", "fixity")) == 2
    assert len(said(f"exhibit/{bag}", "decision")) == 2


def test_two_workers_do_not_check_one_package(bag: Exhibit, cast: Cast) -> None:
    package = packages.ask(bag, by=cast.investigator)
    Package.objects.update(claimed_until=timezone.now() + vault.GRACE)
    assert not vault.check(str(package.pk))
    assert vault.waiting() == []
    Package.objects.update(claimed_until=timezone.now() - vault.GRACE)
    assert vault.check(str(package.pk))


def test_a_reader_that_breaks_says_nothing_about_the_package(bag: Exhibit, cast: Cast,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    whole = jail.run
    monkeypatch.setattr(jail, "run", lambda *args, **more: jail.Result(False, "took longer than 1 seconds"))
    package = checked(bag, cast.investigator)
    assert (package.state, package.reason) == ("failed", "took longer than 1 seconds")
    for nonsense in (b"", b"[]", b'{"problems": []}', b'{"files": [{}]}'):
        monkeypatch.setattr(jail, "run", lambda *args, part=nonsense, **more: jail.Result(True, parts={"told": part}))
        assert checked(bag, cast.investigator).state == "failed"
    monkeypatch.setattr(jail, "run", whole)
    assert checked(bag, cast.investigator).state == "valid"


def test_a_storage_that_does_not_answer_is_asked_again(bag: Exhibit, cast: Cast,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(sha256: str) -> Any:
        raise StoreUnavailable("no answer")

    with monkeypatch.context() as patch:
        patch.setattr("evidence.store.services.open_blob", gone)
        package = checked(bag, cast.investigator)
    assert package.state == "waiting"
    assert vault.waiting() == []
    Package.objects.update(claimed_until=timezone.now() - vault.RETRY)
    assert vault.check(str(package.pk))


def test_its_files_become_exhibits_with_their_origin(bag: Exhibit, case: Case, cast: Cast) -> None:
    checked(bag, cast.investigator)
    assert packages.lodge(bag, by=cast.takedown) == 3
    assert packages.unpack(bag.pk) == 3
    lodged = {exhibit.item.name: exhibit for exhibit in Exhibit.objects.exclude(pk=bag.pk)}
    assert set(lodged) == set(PICTURES)
    for name, exhibit in lodged.items():
        item = exhibit.item
        assert (item.blob_id, item.provenance) == (hashlib.sha256(PICTURES[name]).hexdigest(),
                                                   {"received_from": "Invented Partner Desk"})
        [told] = said(f"item/{item.pk}", "accession")
        assert told["package"] == {
            "exhibit": str(bag), "item": str(bag.item_id), "path": f"data/{name}", "fits": True,
            "declared": {"md5": hashlib.md5(PICTURES[name]).hexdigest(),  # noqa: S324
                         "sha512": hashlib.sha512(PICTURES[name]).hexdigest()}}
        assert Origin.objects.get(item=item).file.path == f"data/{name}"
        assert packages.came_from([item])[item.pk].exhibit == bag.label
        assert item.steps.filter(state=Step.State.PENDING).count() == 3
        assert exhibit.lodged_by == cast.takedown
    bag.item.refresh_from_db()
    assert bag.item.acquisition == "file"


def test_the_files_that_are_ticked_and_each_only_once(bag: Exhibit, cast: Cast) -> None:
    package = checked(bag, cast.investigator)
    [note] = package.files.filter(path="data/note.txt")
    assert packages.lodge(bag, positions=[note.position], by=cast.investigator) == 1
    assert packages.lodge(bag, positions=[note.position], by=cast.investigator) == 0
    packages.unpack(bag.pk)
    assert Exhibit.objects.count() == 2
    assert packages.lodge(bag, by=cast.investigator) == 2
    packages.unpack(bag.pk)
    assert packages.unpack(bag.pk) == 0
    assert (Exhibit.objects.count(), Item.objects.count()) == (4, 4)
    for wrong in ([], [99_999], [note.position, 99_999]):
        with pytest.raises(ValidationError):
            packages.lodge(bag, positions=wrong, by=cast.investigator)


def test_bytes_that_the_case_holds_are_a_sighting_and_no_second_blob(bag: Exhibit, case: Case, cast: Cast) -> None:
    held = lodge_png(case, cast.investigator, 1).exhibit
    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    packages.unpack(bag.pk)
    [sighting] = Sighting.objects.all()
    assert sighting.exhibit == held
    assert Unpacking.objects.get(file__path="data/one.png").became == held
    assert packages.came_from([sighting.item])[sighting.item_id].path == "data/one.png"
    assert Exhibit.objects.count() == 4


def test_who_may_not_lodge_may_neither_check_nor_take_out(bag: Exhibit, cast: Cast) -> None:
    for person in (cast.reviewer, cast.auditor, cast.outsider):
        with pytest.raises(PermissionDenied):
            packages.ask(bag, by=person)
    checked(bag, cast.investigator)
    with pytest.raises(PermissionDenied):
        packages.lodge(bag, by=cast.reviewer)


def test_a_closed_case_takes_nothing_and_goes_on_when_it_is_reopened(bag: Exhibit, case: Case, cast: Cast) -> None:
    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    cases.close(case, by=cast.lead)
    assert (packages.waiting(), packages.unpack(bag.pk), Exhibit.objects.count()) == ([], 0, 1)
    for act in (packages.ask, packages.lodge):
        with pytest.raises(cases.CaseClosed):
            act(bag, by=cast.investigator)
    cases.reopen(case, by=cast.lead)
    exhibit_tasks.sweep()
    assert packages.unpack(bag.pk) == 3


def test_who_has_left_meanwhile_lodges_nothing(bag: Exhibit, case: Case, cast: Cast) -> None:
    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    cases.end_membership(case.memberships.get(user=cast.investigator), by=cast.lead)
    assert packages.unpack(bag.pk) == 0
    assert set(Unpacking.objects.values_list("state", flat=True)) == {"failed"}
    assert packages.lodge(bag, by=cast.lead) == 3
    assert packages.unpack(bag.pk) == 3


def test_what_is_no_zip_file_or_was_withdrawn_is_not_checked(bag: Exhibit, case: Case, cast: Cast) -> None:
    with pytest.raises(ValidationError):
        packages.ask(lodge_png(case, cast.investigator, 9).exhibit, by=cast.investigator)
    services.withdraw(bag, reason="Sent by mistake", by=cast.lead)
    bag.refresh_from_db()
    with pytest.raises(NotAllowed):
        packages.ask(bag, by=cast.investigator)


def test_the_whole_verification_holds_afterwards(bag: Exhibit, case: Case, cast: Cast) -> None:
    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    packages.unpack(bag.pk)
    for item in Item.objects.all():
        fixity.rehash(item)
        derivatives.derive(item)
        archive.archive(item)
    while sequence():
        pass
    assert list(audit.audit_case(case.ref, checked=Counter())) == []


def test_the_database_refuses_origins_that_no_accession_tells_and_every_change(bag: Exhibit, case: Case,
                                                                               cast: Cast) -> None:
    package = checked(bag, cast.investigator)
    file = package.files.get(path="data/one.png")
    other = lodge_png(case, cast.investigator, 1).item
    event = Payload.objects.get(subject=f"item/{other.pk}", kind="accession").event_id
    packages.lodge(bag, positions=[package.files.get(path="data/note.txt").position], by=cast.investigator)
    packages.unpack(bag.pk)
    for statement in (
            f"INSERT INTO evidence_origin (item_id, file_id, event_id) VALUES ('{other.pk}', {file.pk}, '{event}')",
            "UPDATE evidence_packagefile SET declared = '{}'", "DELETE FROM evidence_packagefile",
            "UPDATE evidence_package SET claims = '[]'", "DELETE FROM evidence_package",
            "UPDATE evidence_origin SET event_id = event_id", "DELETE FROM evidence_origin",
            "UPDATE casework_unpacking SET state = 'waiting', became_id = NULL", "DELETE FROM casework_unpacking"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert (PackageFile.objects.count(), Origin.objects.count()) == (3, 1)


def test_a_bag_with_everything_of_the_library_is_lodged_whole(case: Case, cast: Cast, tmp_path: Path) -> None:
    exhibit = lodge_zip(case, cast.investigator, zipped(make_bag(tmp_path), ""))
    checked(exhibit, cast.investigator)
    packages.lodge(exhibit, by=cast.investigator)
    assert packages.unpack(exhibit.pk) == len(FILES)
    empty = Origin.objects.get(file__path="data/empty.txt").item
    assert (empty.blob.size, empty.declared_sha256) == (0, hashlib.sha256(b"").hexdigest())
