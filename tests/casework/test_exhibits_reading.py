"""Looking at exhibits, taking them out, and what is recorded of it."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.cases.models import Case
from casework.exhibits import services
from casework.exhibits.models import Exhibit
from evidence.custody import checkpoints, sequencer, signer
from evidence.custody import services as custody
from evidence.custody.models import Payload
from evidence.derivatives import services as derivatives
from evidence.store import services as store
from evidence.tlog import merkle
from tests.casework.test_exhibits_uploads import downloaded
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, png, sign_in

READ = ["", "E-001/", "E-001/receipt", "E-001/receipt.json", "E-001/thumbnail", "E-001/preview"]
CALLS = ["exhibits/", "exhibits/E-001/", "exhibits/E-001/receipt/", "exhibits/E-001/custody/", "custody/"]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def exhibit(cast: Cast, case: Case) -> Exhibit:
    lodged = lodge_png(case, cast.lead, 1, handle="zara_news_pk", platform="x").exhibit
    derivatives.derive(lodged.item)
    return lodged


@pytest.fixture
def client(cast: Cast) -> Client:
    return sign_in(cast.investigator)


def page(case: Case, name: str = "") -> str:
    return f"/cases/{case.ref}/evidence/{name}"


def events(act: str) -> list[dict[str, Any]]:
    found = [json.loads(bytes(payload.content)) for payload in Payload.objects.order_by("at")]
    return [event for event in found if event["detail"].get("act") == act]


def test_each_view_of_page_picture_and_receipt_is_recorded(client: Client, case: Case, exhibit: Exhibit) -> None:
    for name in ("E-001/", "E-001/preview", "E-001/receipt", "E-001/receipt.json"):
        assert client.get(page(case, name)).status_code == 200
    viewed = events("exhibit_viewed")
    assert [event["detail"]["what"] for event in viewed] == ["page", "picture", "receipt", "receipt"]
    assert {event["kind"] for event in viewed} == {"access"}
    assert {event["subject"] for event in viewed} == {f"exhibit/{case.ref}/E-001"}
    assert {event["agent"]["name"] for event in viewed} == {"Imran Sethi"}


def test_one_opening_of_a_page_is_one_look(client: Client, case: Case, cast: Cast, exhibit: Exhibit) -> None:
    shown = client.get(page(case, "E-001/")).content.decode()
    picture = re.search(r'src="([^"]+/preview\?look=[^"]+)"', shown)
    assert picture and client.get(picture[1]).status_code == 200
    assert [event["detail"]["what"] for event in events("exhibit_viewed")] == ["page"]
    lodge_png(case, cast.lead, 2)
    other = sign_in(cast.reviewer)
    assert other.get(picture[1]).status_code == 200, "and another person's look is another"
    assert client.get(page(case, "E-001/preview?look=forged")).status_code == 200
    assert len(events("exhibit_viewed")) == 3


def test_looks_are_left_out_of_what_happened_last(client: Client, case: Case, exhibit: Exhibit) -> None:
    for _ in range(15):
        client.get(page(case, "E-001/"))
    shown = client.get(f"/cases/{case.ref}/").content.decode()
    recent = shown[shown.index("What happened last"):]
    assert "viewed" not in recent and "E-001" in recent


def test_a_list_is_one_event_with_its_question_and_what_it_showed(client: Client, case: Case, cast: Cast,
                                                                  exhibit: Exhibit) -> None:
    lodge_png(case, cast.lead, 2)
    client.get(page(case, "?q=zara&type=picture"))
    client.get(page(case, "E-001/thumbnail"))
    assert [event["detail"] for event in events("exhibits_listed")] == [
        {"act": "exhibits_listed", "query": {"text": "zara", "type": "picture"}, "exhibits": ["E-001"]}]


def test_a_download_is_an_export_with_its_digest_and_the_very_bytes(client: Client, case: Case,
                                                                    exhibit: Exhibit) -> None:
    answer = client.get(page(case, "E-001/original"))
    assert b"".join(answer) == png(1)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Length"] == str(len(png(1)))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Disposition"].startswith("attachment; ")
    exported = events("exhibit_downloaded")
    assert [(event["kind"], event["detail"]["sha256"]) for event in exported] == [
        ("export", hashlib.sha256(png(1)).hexdigest())]


def test_pictures_are_our_own_rasters_in_a_sandbox(client: Client, case: Case, exhibit: Exhibit) -> None:
    for name in ("thumbnail", "preview"):
        answer = client.get(page(case, f"E-001/{name}"))
        assert answer["Content-Type"] in {"image/png", "image/jpeg"}
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"


CONTENTS = {
    "nothing": b"", "one byte": b"x", "a truncated PNG": png(3)[:30],
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a zip": b"PK\x03\x04" + bytes(40),
    "a PDF": b"%PDF-1.7\n/OpenAction /JavaScript", "a program": b"MZ" + bytes(100), "zeros": bytes(5000),
}


@pytest.mark.parametrize("data", CONTENTS.values(), ids=CONTENTS.keys())
@pytest.mark.parametrize("name", ["shot.png", "page.html", "x.svg"])
def test_no_content_is_refused_changed_or_ever_shown_inline(client: Client, case: Case, data: bytes, name: str) -> None:
    answer = client.post(page(case, "lodge"), b"".join([
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="', name.encode(),
        b'"\r\nContent-Type: text/html\r\n\r\n', data, b"\r\n--b--\r\n"]),
        content_type="multipart/form-data; boundary=b", headers={"Accept": "application/json"})
    assert answer.status_code == 201
    exhibit = Exhibit.objects.get()
    assert store.read_verified(exhibit.item.blob_id, 10_000) == data
    derivatives.derive(exhibit.item)
    assert client.get(page(case, "E-001/")).status_code == 200
    for picture in ("thumbnail", "preview"):
        shown = client.get(page(case, f"E-001/{picture}"))
        assert shown.status_code in {200, 404}
        if shown.status_code == 200:
            assert shown["Content-Type"] in {"image/png", "image/jpeg"}
    taken = downloaded(client, page(case, "E-001/original"), program=data.startswith(b"MZ"))
    assert b"".join(taken) == data
    assert taken["Content-Type"] == "application/octet-stream"


def test_foreign_is_absent_and_a_role_that_may_not_is_told(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    other = make_case(cast, "Another case")
    for name in [*READ, "E-001/original", "custody/"]:
        assert sign_in(cast.outsider).get(page(case, name)).status_code == 404
        assert sign_in(cast.media).get(page(case, name)).status_code == 403
        assert Client().get(page(case, name)).status_code == 302
    for name in [*READ[1:], "E-001/original", "E-001/edit"]:
        assert sign_in(cast.lead).get(page(other, name)).status_code == 404
    for name in CALLS:
        address = f"/api/v1/cases/{case.ref}/{name}"
        assert Client().get(address, headers=bearer(cast.outsider)).status_code == 404
        assert Client().get(address, headers=bearer(cast.media)).status_code == 403
        assert Client().get(address).status_code == 401
    assert sign_in(cast.auditor).get(page(case, "E-001/original")).status_code == 403


@pytest.mark.parametrize("label", ["E-002", "E-1", "E-0001", "E-999999999", "E-9999999999", "e-001", "E-٠٠١", "E-000"])
def test_other_labels_are_404(client: Client, case: Case, exhibit: Exhibit, label: str) -> None:
    assert client.get(page(case, f"{label}/")).status_code == 404


def test_the_original_needs_a_token_that_may_export(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    address = f"/api/v1/cases/{case.ref}/exhibits/E-001/original/"
    assert Client().get(address, headers=bearer(cast.investigator, "read")).status_code == 403
    answer = Client().get(address, headers=bearer(cast.investigator, "export"))
    assert b"".join(answer) == png(1)


def test_the_api_gives_what_the_pages_give(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    def get(name: str) -> Any:
        answer = Client().get(f"/api/v1/cases/{case.ref}/{name}", headers=bearer(cast.investigator, "read"))
        assert answer.status_code == 200, answer.content
        return answer.json()

    listed = get("exhibits/?q=zara&platform=x&type=picture")
    assert (listed["count"], listed["next_before"], listed["results"][0]["label"]) == (1, 0, "E-001")
    assert get("exhibits/?platform=facebook")["count"] == 0
    one = get("exhibits/E-001/")
    assert (one["sha256"], one["provenance"]["handle"]) == (exhibit.item.blob_id, "zara_news_pk")
    told = get("exhibits/E-001/custody/")
    assert told[-1]["kind"] == "accession"
    assert "brought in" in told[-1]["sentence"]
    assert get("custody/")[-1]["detail"]["act"] == "case_opened"
    assert get("exhibits/E-001/receipt/")["leaf_hash"] == exhibit.leaf_hash


def test_an_edit_changes_words_alone_and_a_withdrawal_needs_a_reason(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    client, head = Client(), bearer(cast.investigator)
    address = f"/api/v1/cases/{case.ref}/exhibits/E-001/"
    sent = client.patch(address, {"title": "New", "sha256": "0" * 64}, content_type="application/json", headers=head)
    assert (sent.status_code, events("exhibit_edited")) == (422, []), "what it is cannot be changed"
    sent = client.patch(address, {"title": "New"}, content_type="application/json", headers=head)
    assert (sent.json()["title"], sent.json()["sha256"]) == ("New", exhibit.item.blob_id)
    assert client.post(address + "withdraw/", {"reason": " "}, content_type="application/json",
                       headers=head).status_code == 422
    assert client.post(address + "withdraw/", {"reason": "wrong case"}, content_type="application/json",
                       headers=head).json()["withdrawn_reason"] == "wrong case"
    assert client.post(address + "withdraw/", {"reason": "again"}, content_type="application/json",
                       headers=head).status_code == 422
    assert [event["detail"]["changed"] for event in events("exhibit_edited")] == [{"title": "New"}]


def test_the_pages_edit_and_withdraw(client: Client, case: Case, exhibit: Exhibit) -> None:
    assert client.post(page(case, "E-001/edit"), {"title": "t" * 201}).status_code == 422
    assert client.post(page(case, "E-001/edit"), {"title": "A new title", "sensitive": "on"}).status_code == 302
    assert b"Sensitive. Show the picture" in client.get(page(case, "E-001/")).content
    assert b"Sensitive: hidden" in client.get(page(case)).content
    assert client.post(page(case, "E-001/withdraw"), {"reason": ""}).status_code == 422
    assert client.post(page(case, "E-001/withdraw"), {"reason": "wrong case"}).status_code == 302
    assert b"wrong case" in client.get(page(case, "E-001/")).content
    assert b"Withdrawn" in client.get(page(case)).content


def test_the_receipt_proves_the_accession_without_us(client: Client, case: Case, exhibit: Exhibit, settings: Any,
                                                     tmp_path: Path) -> None:
    settings.SIGNING_KEY = str(tmp_path / "log.key")
    signer.make_key(tmp_path / "log.key", "log.example.org")
    while sequencer.sequence():
        pass
    checkpoint = checkpoints.sign_checkpoint()
    assert checkpoint is not None
    said = json.loads(client.get(page(case, "E-001/receipt.json")).content)
    event = json.loads(said["event"]["content"])
    assert (event["detail"]["sha256"], event["id"]) == (exhibit.item.blob_id, said["event"]["id"])
    salt, content = bytes.fromhex(said["event"]["salt"]), said["event"]["content"].encode()
    leaf = custody.leaf_hash(custody.commitment(salt, content))
    assert leaf.hex() == said["leaf_hash"] == exhibit.leaf_hash
    merkle.check_inclusion(leaf, said["log"]["index"], said["log"]["size"],
                           [bytes.fromhex(node) for node in said["log"]["path"]], bytes(checkpoint.root))
    assert said["checkpoint"] == checkpoint.note
    assert exhibit.leaf_hash in client.get(page(case, "E-001/receipt")).content.decode()


def test_damaged_bytes_are_never_handed_out(client: Client, case: Case, exhibit: Exhibit) -> None:
    with store.open_blob(exhibit.item.blob_id) as file:
        path = file.name
    with open(path, "r+b") as file:
        file.write(b"x")
    answer = client.get(page(case, "E-001/original"))
    assert answer.status_code == 503
    assert not events("exhibit_downloaded")
    with open(path, "r+b") as file:
        file.write(png(1)[:1])


@pytest.mark.parametrize("address", ["", "?view=list", "?q=shot", "E-001/", "custody/", "E-001/receipt"])
def test_the_number_of_queries_does_not_grow(client: Client, case: Case, cast: Cast, exhibit: Exhibit,
                                             address: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(page(case, address)).status_code == 200
        return len(found)

    queries()
    before = queries()
    for shade in range(2, 12):
        lodge_png(case, cast.lead, shade)
    assert queries() <= before + (1 if address.startswith("E-001") else 0)


@pytest.mark.parametrize("question", ["?q=%00", "?q=%25%5f'\"", "?type=nonsense", "?platform=%00x", "?before=abc",
                                      "?before=99999999999999999999", "?before=-1", "?q=E-001", "custody/?before=x",
                                      "custody/?before=00000000-0000-0000-0000-000000000000", "?q=" + "a" * 5000])
def test_no_question_makes_a_page_fail(client: Client, case: Case, exhibit: Exhibit, question: str) -> None:
    assert client.get(page(case, question)).status_code == 200


def test_a_page_holds_sixty_and_leads_on(client: Client, cast: Cast, case: Case) -> None:
    for shade in range(62):
        lodge_png(case, cast.lead, shade)
    first = client.get(page(case)).content.decode()
    assert first.count('class="tile"') == 60
    assert "before=3" in first
    assert client.get(page(case, "?before=3")).content.decode().count('class="tile"') == 2


def test_the_custody_page_tells_in_sentences_and_leads_on(client: Client, cast: Cast, case: Case) -> None:
    exhibit = lodge_png(case, cast.lead, 1).exhibit
    for number in range(101):
        services.edit(exhibit, title=f"Title {number}", note="", sensitive=False, by=cast.lead)
    text = client.get(page(case, "custody/")).content.decode()
    assert "<bdi>Lubna Qadir</bdi> changed the title" in text
    following = text.split('rel="next" href="')[1].split('"')[0]
    older = client.get(page(case, "custody/") + following).content.decode()
    assert "opened the case" in older
