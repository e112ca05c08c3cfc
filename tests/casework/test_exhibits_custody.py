"""Custody pages: proofs that check without us, *Verify now* at once and by the worker, receipts mailed and held."""

import io
import json
import smtplib
import uuid
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.cases.models import Case
from casework.exhibits.models import Exhibit
from evidence.custody import holders, services, signer
from evidence.custody.models import Payload
from evidence.custody.outside import Holding, Timestamp
from evidence.fixity.receipt_form import KEYS
from evidence.tlog import checkpoint, merkle, note
from tests.casework.custody_pages import acts, page, sign
from tests.evidence import custody_log as given
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, png, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    given.key()
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def exhibit(cast: Cast, case: Case) -> Exhibit:
    return lodge_png(case, cast.lead, 1).exhibit


@pytest.fixture
def client(cast: Cast) -> Client:
    return sign_in(cast.lead)


def test_a_receipt_has_exactly_the_members_of_its_form(client: Client, case: Case, exhibit: Exhibit) -> None:
    before = json.loads(client.get(page(case, "E-001/receipt.json")).content)
    assert tuple(before) == KEYS
    assert (before["origin"], before["log"], before["checkpoint"]) == (given.NAME, None, None)
    assert holders.latest() is None, "there is no checkpoint in it"
    head = sign()
    after = json.loads(client.get(page(case, "E-001/receipt.json")).content)
    assert (after["log"]["size"], after["checkpoint"]) == (head.size, head.note)


@pytest.mark.parametrize("way", ["print", "file", "call"])
def test_who_takes_a_receipt_with_a_checkpoint_is_a_holder(
        client: Client, case: Case, cast: Cast, exhibit: Exhibit, way: str) -> None:
    head = sign()
    address = {"print": page(case, "E-001/receipt"), "file": page(case, "E-001/receipt.json"),
               "call": f"/api/v1/cases/{case.ref}/exhibits/E-001/receipt/"}[way]
    for _ in range(2):
        assert (client.post if way == "print" else client.get)(address).status_code == 200
    held = Holding.objects.get()
    assert (held.kind, held.who, held.what, held.size) == ("person", f"user/{cast.lead.pk}", "receipt", head.size)
    assert [(one.count, one.who) for one in holders.each()] == [(1, "")], "and not named to strangers"


def test_looking_at_an_exhibit_makes_nobody_a_holder(client: Client, case: Case, exhibit: Exhibit) -> None:
    sign()
    client.get(page(case, "E-001/"))
    shown = client.get(page(case, "E-001/receipt")).content.decode()
    assert "Print it" in shown and "you hold this receipt outside" not in shown
    assert holders.latest() is None


def test_a_receipt_is_mailed_to_whoever_asks(client: Client, case: Case, cast: Cast, exhibit: Exhibit,
                                             settings: Any) -> None:
    sign()
    assert "receipt/send" not in client.get(page(case, "E-001/receipt")).content.decode()
    settings.EMAIL_URL = "smtp://127.0.0.1"
    assert "receipt/send" in client.get(page(case, "E-001/receipt")).content.decode()
    assert client.post(page(case, "E-001/receipt/send")).status_code == 302
    sent = mail.outbox[0]
    assert sent.to == [cast.lead.email]
    name, content, kind = sent.attachments[0]
    assert (name, kind) == (f"{case.ref}_E-001_receipt.json", "application/json")
    assert tuple(json.loads(content)) == KEYS
    assert [event["kind"] for event in acts("receipt_sent")] == ["export"]
    assert Client().post(f"/api/v1/cases/{case.ref}/exhibits/E-001/receipt/send/",
                         headers=bearer(cast.reviewer, "read")).status_code == 204
    assert mail.outbox[1].to == [cast.reviewer.email]


def test_a_mail_that_was_not_taken_leaves_no_record(client: Client, case: Case, exhibit: Exhibit, settings: Any,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Any, fail_silently: bool = False) -> int:
        raise smtplib.SMTPServerDisconnected

    settings.EMAIL_URL = "smtp://127.0.0.1"
    sign()
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    answer = client.post(page(case, "E-001/receipt/send"), follow=True)
    assert "Nothing was sent" in answer.content.decode()
    assert not acts("receipt_sent")


def test_every_row_has_a_proof_that_checks_without_us(client: Client, case: Case, exhibit: Exhibit) -> None:
    head = sign()
    shown = client.get(page(case, "custody/")).content.decode()
    links = [part.partition('"')[0] for part in shown.split('href="')[1:] if "proof.json" in part.partition('"')[0]]
    recorded = Payload.objects.filter(context=f"case/{case.ref}").count()
    assert len(links) == shown.count(f'<td class="num"><bdi dir="ltr">{head.size}</bdi></td>') == recorded
    for link in links:
        told = json.loads(client.get(link).content)
        content = told["event"]["content"].encode()
        leaf = services.leaf_hash(services.commitment(bytes.fromhex(told["event"]["salt"]), content))
        signed = checkpoint.parse(note.verify(told["checkpoint"].encode(), [given.key()], signer.verifies).text)
        merkle.check_inclusion(leaf, told["log"]["index"], signed.size,
                               [bytes.fromhex(node) for node in told["log"]["path"]], signed.root)
        assert (told["leaf_hash"], told["format"], told["origin"]) == (leaf.hex(), "casework-proof/1", given.NAME)
    taken = acts("proof_taken")
    assert len(taken) == len(links)
    assert {event["kind"] for event in taken} == {"access"}
    assert Holding.objects.get().what == "checkpoint"


def test_a_proof_of_another_case_or_of_nothing_is_absent(client: Client, cast: Cast, case: Case,
                                                         exhibit: Exhibit) -> None:
    other = make_case(cast, "Another case", by=cast.outsider)
    theirs = Payload.objects.filter(context=f"case/{other.ref}")[0].event_id
    for event in (theirs, uuid.uuid4()):
        assert client.get(page(case, f"custody/{event}/proof.json")).status_code == 404
    assert client.get(page(case, "custody/nonsense/proof.json")).status_code == 404


def test_an_entry_without_a_place_has_no_proof_yet(client: Client, case: Case, exhibit: Exhibit) -> None:
    shown = client.get(page(case, "E-001/custody/")).content.decode()
    assert "proof.json" not in shown
    assert "none yet" in shown
    told = json.loads(client.get(page(case, f"custody/{exhibit.event_id}/proof.json")).content)
    assert (told["log"], told["checkpoint"]) == (None, None)


def test_each_row_says_which_outside_time_covers_it(client: Client, case: Case, exhibit: Exhibit, cast: Cast,
                                                    settings: Any) -> None:
    settings.TSA_URLS = ["http://tsa.example/"]
    first = sign()
    Timestamp.objects.create(checkpoint=first, authority="tsa.example", response=b"", chain="", serial="1",
                             gen_time=first.signed_at, policy="1.2.3", received_at=first.signed_at)
    before = Payload.objects.filter(context=f"case/{case.ref}").count()
    lodge_png(case, cast.lead, 2)
    second = sign()
    shown = client.get(page(case, "custody/")).content.decode()
    assert (shown.count("tsa.example"), shown.count(">pending<")) == (before, 2)
    rows = client.get(f"/api/v1/cases/{case.ref}/custody/").json()
    assert {(row["checkpoint_size"], (row["timestamp"] or {}).get("authority")) for row in rows} == {
        (first.size, "tsa.example"), (second.size, None)}


def test_the_custody_pages_ask_the_database_as_often_however_long_they_are(
        client: Client, case: Case, cast: Cast, exhibit: Exhibit) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    sign()
    before = [queries(page(case, path)) for path in ("custody/", "E-001/custody/")]
    for shade in range(2, 9):
        lodge_png(case, cast.lead, shade)
        client.get(page(case, "E-001/"))
    sign()
    assert [queries(page(case, path)) for path in ("custody/", "E-001/custody/")] <= before


def test_who_lodges_is_told_that_the_outside_time_is_pending_and_waits_for_nothing(
        case: Case, cast: Cast, settings: Any) -> None:
    settings.TSA_URLS = ["http://127.0.0.1:1/"]
    answer = Client().post(f"/api/v1/cases/{case.ref}/exhibits/", {"file": io.BytesIO(png(4))},
                           headers=bearer(cast.lead, "write"))
    assert (answer.status_code, answer.json()["timestamp"]) == (201, "pending")
    settings.TSA_URLS = []
    answer = Client().post(f"/api/v1/cases/{case.ref}/exhibits/", {"file": io.BytesIO(png(5))},
                           headers=bearer(cast.lead, "write"))
    assert (answer.status_code, answer.json()["timestamp"]) == (201, "none")


def test_the_custody_page_of_a_case_says_who_outside_holds_the_log(client: Client, case: Case) -> None:
    assert "outside holder: never" in client.get(page(case, "custody/")).content.decode()
    sign()
    client.post("/log/keep")
    assert "Last outside holder:" in client.get(page(case, "custody/")).content.decode()
