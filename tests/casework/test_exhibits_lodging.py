"""Taking bytes into a case: by the form, by our script, by a program."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import services
from casework.exhibits.models import Exhibit, Sighting, Upload
from evidence.custody.models import Payload
from evidence.intake.models import Item
from evidence.store import services as store
from evidence.store.models import Blob
from tests.casework.tus import HELLO, PIECE
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, png, sign_in

PICTURE = png(1)
DIGEST = hashlib.sha256(PICTURE).hexdigest()
JSON = {"Accept": "application/json"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def client(cast: Cast) -> Client:
    return sign_in(cast.investigator)


def file(data: bytes = PICTURE, name: str = "shot.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def page(case: Case, name: str = "") -> str:
    return f"/cases/{case.ref}/evidence/{name}"


def lodge(client: Client, case: Case, headers: dict[str, str] | None = None, **data: Any) -> Any:
    return client.post(page(case, "lodge"), data, headers=headers or {})


def api(client: Client, case: Case, person: Any, **data: Any) -> Any:
    return client.post(f"/api/v1/cases/{case.ref}/exhibits/", data, headers=bearer(person))


def spooled() -> list[Path]:
    return list(Path(settings.STORAGES["evidence"]["OPTIONS"]["location"]).glob("incoming/*"))


def test_a_form_without_script_lodges_a_file_that_is_labelled_not_declared(client: Client, case: Case) -> None:
    answer = lodge(client, case, file=file(), title="A pushed trend")
    assert answer.status_code == 302
    assert answer["Location"] == page(case, "E-001/")
    exhibit = Exhibit.objects.get()
    assert (exhibit.label, exhibit.title, exhibit.item.blob_id) == ("E-001", "A pushed trend", DIGEST)
    assert "not_declared" in exhibit.item.labels
    assert b"Not declared" in client.get(answer["Location"]).content


def test_our_script_gets_its_answer_in_json_with_the_receipt(client: Client, case: Case) -> None:
    answer = lodge(client, case, JSON, file=file(), sha256=DIGEST.upper())
    assert answer.status_code == 201
    exhibit = Exhibit.objects.get()
    assert answer.json() == {"exhibit": "E-001", "url": page(case, "E-001/"), "sha256": DIGEST, "already_held": False,
                             "leaf_hash": exhibit.leaf_hash}
    assert exhibit.item.declared_sha256 == DIGEST
    assert "not_declared" not in exhibit.item.labels


def test_a_program_lodges_with_its_token(cast: Cast, case: Case) -> None:
    answer = api(Client(), case, cast.investigator, file=file(), sha256=DIGEST, handle="zara_news_pk", platform="x")
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert (said["exhibit"]["label"], said["exhibit"]["sha256"], said["already_held"]) == ("E-001", DIGEST, False)
    assert said["exhibit"]["provenance"] == {"handle": "zara_news_pk", "platform": "x"}
    assert said["leaf_hash"] == Exhibit.objects.get().leaf_hash


def test_another_hash_than_declared_is_422_and_nothing_is_visible(client: Client, cast: Cast, case: Case) -> None:
    for answer in (lodge(client, case, JSON, file=file(b"other"), sha256=DIGEST),
                   lodge(client, case, file=file(b"other"), sha256=DIGEST),
                   api(Client(), case, cast.investigator, file=file(b"other"), sha256=DIGEST)):
        assert answer.status_code == 422
    assert (Exhibit.objects.count(), Item.objects.count(), Blob.objects.count(), spooled()) == (0, 0, 0, [])
    assert store.size(hashlib.sha256(b"other").hexdigest()) is None


@pytest.mark.parametrize("declared", ["abc", "z" * 64, DIGEST + "0"])
def test_a_declared_hash_that_is_none_is_422(client: Client, cast: Cast, case: Case, declared: str) -> None:
    assert lodge(client, case, JSON, file=file(), sha256=declared).status_code == 422
    assert api(Client(), case, cast.investigator, file=file(), sha256=declared).status_code == 422
    assert not Exhibit.objects.exists()


def test_the_same_bytes_in_the_same_case_are_a_sighting_and_no_second_blob(client: Client, case: Case) -> None:
    lodge(client, case, file=file())
    again = lodge(client, case, JSON, file=file(name="again.png"), received_from="a colleague")
    assert again.status_code == 201
    assert (again.json()["exhibit"], again.json()["already_held"]) == ("E-001", True)
    assert (Exhibit.objects.count(), Sighting.objects.count()) == (1, 1)
    assert (Blob.objects.count(), Item.objects.count()) == (1, 2)
    assert Payload.objects.filter(kind="accession", context=f"case/{case.ref}").count() == 2
    assert Sighting.objects.get().item.provenance == {"received_from": "a colleague"}
    assert b"again.png" in client.get(page(case, "E-001/")).content


def test_what_another_case_holds_makes_no_difference(cast: Cast, client: Client, case: Case) -> None:
    other = make_case(cast, "Another case")
    lodge_png(other, cast.lead, 1)
    answer = lodge(client, case, JSON, file=file()).json()
    assert (answer["exhibit"], answer["already_held"]) == ("E-001", False)
    assert not Sighting.objects.exists()


def test_bytes_of_a_withdrawn_exhibit_come_in_under_a_new_number(cast: Cast, case: Case) -> None:
    first = lodge_png(case, cast.lead, 1).exhibit
    services.withdraw(first, reason="lodged by mistake", by=cast.lead)
    assert lodge_png(case, cast.lead, 1).exhibit.label == "E-002"


def test_several_files_of_a_plain_form_get_a_line_each(client: Client, case: Case) -> None:
    answer = lodge(client, case, file=[file(name="one.png"), file(png(2), "two.png"), file(name="one again.png")])
    assert answer.status_code == 201
    text = answer.content.decode()
    assert text.count(">Stored as<") == 2
    assert text.count(">Already held as<") == 1
    assert [exhibit.item.name for exhibit in Exhibit.objects.all()] == ["one.png", "two.png"]


def test_one_wrong_file_takes_nothing_from_the_others(client: Client, case: Case) -> None:
    answer = lodge(client, case, file=[file(), file(b"other")], sha256=[DIGEST, DIGEST])
    assert answer.status_code == 201
    assert b"1 file was not lodged" in answer.content
    assert Exhibit.objects.get().item.blob_id == DIGEST


def test_a_typed_text_is_lodged_as_text(client: Client, case: Case) -> None:
    assert lodge(client, case, text="Post at 18:00: #InventedTrend\n۵۰۰ روپے").status_code == 302
    item = Exhibit.objects.get().item
    assert (item.acquisition, item.media_type) == ("text", "text/plain")
    assert store.read_verified(item.blob_id, 1000).decode() == "Post at 18:00: #InventedTrend\n۵۰۰ روپے"


def test_an_address_fills_platform_account_post_and_time_on_the_server(client: Client, case: Case) -> None:
    address = "https://x.com/zara_news_pk/status/1768331415029559296"
    lodge(client, case, file=file(), source_url=address)
    assert Exhibit.objects.get().item.provenance == {
        "source_url": address, "platform": "x", "handle": "zara_news_pk", "post_id": "1768331415029559296",
        "posted_at": "2024-03-14T17:40:38.009Z", "posted_at_basis": "derived"}
    shown = client.get(page(case, "E-001/")).content.decode()
    assert "derived: carried by the post" in shown
    told = client.post(page(case, "address"), {"source_url": address}).json()
    assert told == {"platform": "x", "handle": "zara_news_pk", "post_id": "1768331415029559296",
                    "posted_at": "2024-03-14T17:40:38.009Z"}


@pytest.mark.parametrize(("field", "value"), [
    ("posted_at", "yesterday"), ("captured_at", "2999-01-01"), ("platform", "myspace"), ("handle", "x" * 500),
    ("title", "t" * 300), ("note", "a\x00b"), ("acquisition", "made")])
def test_what_is_not_understood_is_422_and_typed_text_is_not_lost(client: Client, cast: Cast, case: Case, field: str,
                                                                  value: str) -> None:
    typed: dict[str, Any] = {field: value}
    answer = lodge(client, case, file=file(), received_from="a person in Multan", **typed)
    assert answer.status_code == 422
    assert "a person in Multan" in answer.content.decode()
    assert api(Client(), case, cast.investigator, file=file(), **typed).status_code == 422
    assert (Exhibit.objects.count(), spooled()) == (0, [])


def test_what_is_refused_names_its_field_and_asks_for_the_file_again(client: Client, case: Case) -> None:
    told = lodge(client, case, JSON, file=file(), sha256=DIGEST, captured_at="3.11.2026 18:00")
    assert told.status_code == 422 and told.json()["detail"].startswith("Captured at (UTC): Write it like")
    assert list(told.json()["errors"]) == ["captured_at"]
    plain = lodge(client, case, file=file(), captured_at="3.11.2026 18:00").content.decode()
    assert "Choose the files again" in plain and 'aria-invalid="true"' in plain


def test_a_form_without_a_file_is_422(client: Client, cast: Cast, case: Case) -> None:
    assert lodge(client, case).status_code == 422
    assert lodge(client, case, file="no file").status_code == 422
    assert api(Client(), case, cast.investigator, title="x").status_code == 422
    assert client.post(page(case, "lodge"), "a=b", content_type="application/x-www-form-urlencoded").status_code == 422
    assert client.post(page(case, "lodge"), b"{}", content_type="application/json").status_code == 422


def begin(client: Client, case: Case, **fields: Any) -> Any:
    return client.post(page(case, "begin"), {"size": len(PICTURE), "name": "shot.png", "type": "image/png"} | fields,
                       headers=JSON)


def test_a_large_file_comes_in_pieces_and_is_compared_at_the_finish(client: Client, case: Case) -> None:
    url = begin(client, case, received_from="a colleague").json()["upload"]
    assert client.patch(url, PICTURE, PIECE, headers=HELLO | {"Upload-Offset": "0"}).status_code == 204
    assert not Blob.objects.exists()
    wrong = client.post(f"{url}finish/", {"sha256": "0" * 64}, "application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "hash_mismatch")
    assert (Exhibit.objects.count(), Item.objects.count(), Blob.objects.count()) == (0, 0, 0)
    done = client.post(f"{url}finish/", {"sha256": DIGEST}, "application/json")
    assert done.status_code == 201, done.content
    item = Exhibit.objects.get().item
    assert (item.declared_sha256, item.name, item.media_type) == (DIGEST, "shot.png", "image/png")
    assert (item.claimed_type, item.provenance) == ("image/png", {"received_from": "a colleague"})


def test_what_the_form_of_a_large_file_lacks_is_told_before_a_byte_is_sent(client: Client, case: Case,
                                                                           settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    answers = [begin(client, case, captured_at="3.11.2026 18:00"), begin(client, case, size="many"),
               begin(client, case, name="n" * 4000), begin(client, case, size=1001)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 413]
    assert list(answers[0].json()["errors"]) == ["captured_at"]
    assert not Upload.objects.exists()


def test_numbers_have_no_gaps_and_each_lodging_is_recorded_twice(cast: Cast, case: Case) -> None:
    labels = [lodge_png(case, cast.lead, shade).exhibit.label for shade in range(3)]
    assert labels == ["E-001", "E-002", "E-003"]
    lodged = Exhibit.objects.get(number=2)
    kinds = list(Payload.objects.filter(subject__in=[f"exhibit/{lodged}", f"item/{lodged.item_id}"])
                 .order_by("at").values_list("kind", flat=True))
    assert kinds == ["accession", "decision"]


def test_a_closed_case_takes_nothing(cast: Cast, client: Client, case: Case) -> None:
    cases.close(case, by=cast.lead, reason="done")
    assert lodge(client, case, JSON, file=file()).status_code == 409
    assert lodge(client, case, file=file()).status_code == 409
    assert api(Client(), case, cast.investigator, file=file()).status_code == 409
    assert not Blob.objects.exists()


def test_a_foreign_case_is_absent_and_a_reader_may_not_lodge(cast: Cast, case: Case) -> None:
    for person, status in ((cast.outsider, 404), (cast.admin, 404), (cast.auditor, 403), (cast.media, 403)):
        client = sign_in(person)
        assert lodge(client, case, file=file()).status_code == status
        assert begin(client, case).status_code == status
        assert api(Client(), case, person, file=file()).status_code == status
    anonymous = Client()
    assert lodge(anonymous, case, file=file()).status_code == 302
    assert anonymous.post(f"/api/v1/cases/{case.ref}/exhibits/", {"file": file()}).status_code == 401
    assert not Blob.objects.exists()


def test_who_asks_is_known_before_a_byte_is_read(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(alias: str = "") -> store.Incoming:
        raise AssertionError("the body was read")

    monkeypatch.setattr(store, "begin", nothing)
    for person in (cast.outsider, cast.auditor):
        client = sign_in(person)
        assert lodge(client, case, file=file()).status_code in {403, 404}
        assert client.post(f"/api/v1/cases/{case.ref}/exhibits/", {"file": file()}).status_code in {403, 404}
        assert api(Client(), case, person, file=file()).status_code in {403, 404}


def test_more_than_the_deployment_takes_is_413_before_it_is_read(cast: Cast, client: Client, case: Case,
                                                                 settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 10
    assert lodge(client, case, file=file()).status_code == 413
    assert lodge(client, case, JSON, file=file()).json()["code"] == "too_big"
    assert api(Client(), case, cast.investigator, file=file()).status_code == 413


def test_a_form_from_another_site_is_403_and_leaves_nothing(cast: Cast, case: Case) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = sign_in(cast.investigator).cookies
    assert lodge(client, case, file=file()).status_code == 403
    assert client.post(f"/api/v1/cases/{case.ref}/exhibits/", {"file": file()}).status_code == 403
    assert (Blob.objects.count(), spooled()) == (0, [])


def test_a_full_disk_is_507_and_nothing_half_visible(cast: Cast, client: Client, case: Case,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*args: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", no_room)
    answers = [lodge(client, case, JSON, file=file()), lodge(client, case, file=file()),
               api(Client(), case, cast.investigator, file=file())]
    monkeypatch.undo()
    assert [answer.status_code for answer in answers] == [507, 507, 507]
    assert (Exhibit.objects.count(), Blob.objects.count(), spooled()) == (0, 0, [])
