"""Wherever the system goes from an exhibit to its bytes and back, it goes to every part of a capture."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from casework.cases import keeping
from casework.cases.models import Case
from casework.exhibits import disposals, healings, parts, receipts, verifying
from casework.sentences import plain
from evidence.custody import checkpoints, history
from evidence.custody.models import Payload
from evidence.derivatives import services as derivatives
from evidence.disposal import services as disposal
from evidence.disposal.models import Tombstone
from evidence.fixity.models import Damage
from evidence.intake.models import Item, Step
from evidence.store import services as store
from evidence.tlog import merkle
from reports.desk import compose as desk
from tests.factories import Cast, bearer, lodge_capture, lodge_png, make_case, make_cast, page_source, png, sign_in
from tests.reports.story import log, make_keys, work

WHY = {"ground": "law", "reason": "A person asked for it", "basis": "Section 7 of the invented Data Act"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    make_keys()
    return make_case(cast)


def page(cast: Cast, case: Case, path: str = "") -> Any:
    return sign_in(cast.investigator).get(f"/cases/{case.ref}/evidence/E-001/{path}")


def test_the_page_and_the_lists_show_the_parts_and_what_is_missing(cast: Cast, case: Case) -> None:
    found = lodge_capture(case, cast.investigator, 1).exhibit
    for item in found.items():
        derivatives.derive(item)
    shown = page(cast, case).content.decode()
    for part in found.item.parts.all():
        assert part.item.blob_id in shown
        assert f"/evidence/E-001/parts/{part.position}/original" in shown
    assert "/parts/1/thumbnail" in shown
    assert "/parts/2/thumbnail" not in shown
    for text in (shown, page(cast, case, "custody/").content.decode(), page(cast, case, "receipt").content.decode(),
                 *(sign_in(cast.lead).get(f"/cases/{case.ref}/evidence/{view}").content.decode()
                   for view in ("", "?view=list"))):
        assert "The address of the page is missing." in text
    listed = sign_in(cast.lead).get(f"/api/v1/cases/{case.ref}/exhibits/", headers=bearer(cast.lead)).json()
    assert listed["results"][0]["capture"]["missing"] == ["address"]
    capture = parts.of(found)
    assert capture is not None
    with translation.override("ur"):
        assert [str(one) for one in capture.sentences] == ["صفحے کا پتہ موجود نہیں۔"]


def test_each_part_is_downloaded_as_an_attachment_and_recorded(cast: Cast, case: Case) -> None:
    lodge_capture(case, cast.investigator, 1)
    answer = page(cast, case, "parts/2/original")
    assert b"".join(answer.streaming_content) == page_source(1)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "E-001_2_page.html" in answer["Content-Disposition"]
    assert answer["Content-Type"] == "application/octet-stream"
    [entry] = [one for one in history.entries(subject=f"exhibit/{case.ref}/E-001", limit=9) if one.kind == "export"]
    assert entry.detail["part"] == 2
    assert page(cast, case, "parts/9/original").status_code == 404
    assert page(cast, case, "parts/2/thumbnail").status_code == 404


def test_a_part_is_found_by_its_name_and_its_hash_and_counted_once(cast: Cast, case: Case) -> None:
    found = lodge_capture(case, cast.investigator, 1, ("page-two.html", page_source(7))).exhibit
    lodge_png(case, cast.investigator, 8)
    for question in ("page", found.item.parts.get(position=3).item.blob_id[:12]):
        answer = sign_in(cast.lead).get(f"/api/v1/cases/{case.ref}/exhibits/?q={question}", headers=bearer(cast.lead))
        assert (answer.json()["count"], [one["label"] for one in answer.json()["results"]]) == (1, ["E-001"])


@pytest.mark.parametrize("view", ["", "?view=list"])
def test_a_list_asks_the_same_number_of_questions_whatever_the_captures(
        cast: Cast, case: Case, view: str, django_assert_max_num_queries: Any) -> None:
    client = sign_in(cast.lead)
    lodge_capture(case, cast.investigator, 1)
    with django_assert_max_num_queries(40) as asked:
        client.get(f"/cases/{case.ref}/evidence/{view}")
    for shade in range(2, 6):
        lodge_capture(case, cast.investigator, shade, ("a.txt", b"a"), ("b.txt", b"b"))
    with django_assert_max_num_queries(len(asked.captured_queries)):
        client.get(f"/cases/{case.ref}/evidence/{view}")


def test_custody_tells_of_every_part_and_the_proof_of_the_set_holds(cast: Cast, case: Case) -> None:
    found = lodge_capture(case, cast.investigator, 1).exhibit
    log()
    subjects = {entry.subject for entry in receipts.custody(found)}
    assert subjects == {"exhibit/" + str(found), *(f"item/{item.pk}" for item in found.items())}
    entries = receipts.case_custody(case, "")
    assert {receipts.labels(case, entries)[f"item/{item.pk}"] for item in found.items()} == {"E-001"}
    sentences = [plain(entry) for entry in receipts.custody(found) if entry.detail.get("act") == "exhibit_lodged"]
    assert any("part 2 of 2, the source of the page" in one for one in sentences)
    head = checkpoints.latest()
    assert head is not None
    for part in found.item.parts.select_related("item__blob", "event"):
        given = receipts.receipt(found, part)
        assert f'"position":{part.position}' in given["event"]["content"]
        merkle.check_inclusion(bytes.fromhex(given["leaf_hash"]), given["log"]["index"], given["log"]["size"],
                               [bytes.fromhex(node) for node in given["log"]["path"]], bytes(head.root))


def test_verify_now_finds_a_damaged_part(cast: Cast, case: Case) -> None:
    found = lodge_capture(case, cast.investigator, 1).exhibit
    work(found)
    assert not verifying.verify_exhibit(found, by=cast.lead).problem_count
    assert verifying.verify_case(case, by=cast.lead).checked["items"] == 2
    sha256 = found.item.parts.get(position=2).item.blob_id
    store.remove(sha256, store.EVIDENCE)
    assert any(sha256 in one["object"] for one in verifying.verify_exhibit(found, by=cast.lead).problems)
    Damage.objects.create(blob_id=sha256, place="store", problem="gone", found_at=found.lodged_at)
    assert [hurt.exhibits for hurt in healings.of_case(case)] == [[found]]
    assert healings.open_of(found)
    assert any(one.label == "E-001" for one in desk._damaged(cast.lead))


def test_disposal_takes_all_parts_and_spares_what_another_case_uses(cast: Cast, case: Case) -> None:
    found = lodge_capture(case, cast.investigator, 1).exhibit
    other = make_case(cast, "Another case")
    lodge_png(other, cast.investigator, 1)
    Step.objects.update(state=Step.State.DONE)
    hold = keeping.place_hold(case, matter="File 9", basis="Order 9", by=cast.legal)
    with pytest.raises(keeping.Held):
        disposals.propose(case, exhibits=["E-001"], by=cast.lead, **WHY)
    keeping.lift_hold(hold, reason="Ended", by=cast.legal)
    asked = disposals.propose(case, exhibits=["E-001"], by=cast.lead, **WHY)
    disposals.approve(case, asked.id, by=cast.legal)
    assert set(Tombstone.objects.values_list("item_id", flat=True)) == {item.pk for item in found.items()}
    disposal.remove_waiting()
    picture, source = (part.item.blob_id for part in found.item.parts.all())
    assert store.size(picture) == len(png(1))
    assert store.size(source) is None
    assert page(cast, case, "parts/2/original").status_code == 410
    assert page(cast, case, "parts/2/receipt.json").status_code == 200
    assert len(disposals.shown(disposals.proposal(case, asked.id))[0][1]) == 2


def test_the_form_takes_files_with_and_without_a_script(cast: Cast, case: Case) -> None:
    client, where = sign_in(cast.investigator), f"/cases/{case.ref}/evidence/capture"
    assert 'name="picture"' in client.get(where).content.decode()
    plain_form = {"title": "A page", "key": "0" * 32, "collector": "Imran Sethi",
                  "source": SimpleUploadedFile("notes.txt", b"saved as text"),
                  "file": [SimpleUploadedFile("a.png", png()), SimpleUploadedFile("b.warc", b"WARC/1.1")]}
    assert client.post(where, plain_form).status_code == 302
    assert [(part.role, part.item.name, part.item.provenance) for part in Item.objects.get(
        name="a.png").parts.all()] == [(role, name, {"collector": "Imran Sethi"}) for role, name in (
            ("picture", "a.png"), ("source", "notes.txt"), ("archive", "b.warc"))]
    assert client.post(where, {"title": "Nothing"}).status_code == 422
    refused = client.post(where, {"file": SimpleUploadedFile("c.png", png(3)), "sha256": "0" * 64},
                          headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (422, "hash_mismatch")
    assert not Payload.objects.filter(subject__endswith="E-002").exists()
