"""The document itself, read with tools that are not ours."""

import hashlib
import hmac
import json
import re
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.db import transaction
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from evidence.store import services as store
from evidence.tlog import merkle
from reports.dossiers.models import Dossier
from reports.pdf import check
from tests.factories import forget_what_was_signed
from tests.reports.story import ADDRESS, HANDLE, NAME, PHONE, STRANGER, make_story

PROMISE = ("Any change, removal, insertion or reordering of an entry covered by a checkpoint that an outside party "
           "holds is detected by that party, offline, whoever did it. The window in which history could be rewritten "
           "without trace is the time since the last checkpoint left the machine; it is shown, and aimed at five "
           "minutes or less.")


KINDS = [(kind, language) for kind in ("referral", "briefing") for language in ("en", "ur")]


@dataclass(frozen=True)
class Made:
    pdf: bytes
    frozen: dict[str, Any]
    log_size: int
    log_root: str


@dataclass(frozen=True)
class Documents:
    """All four documents of one story, made once; and what no briefing may say."""

    made: dict[tuple[str, str], Made]
    secrets: list[str]


@pytest.fixture(scope="module")
def documents(django_db_setup: None, django_db_blocker: Any) -> Iterator[Documents]:
    block = transaction.atomic()
    # As in a test case of Django's own: what must be durable may happen in here, because all of it is taken back.
    block._from_testcase = True  # type: ignore[attr-defined]
    # This comes before the fixture that does it for each test, and the log that another module signed is gone.
    forget_what_was_signed()
    with django_db_blocker.unblock(), block:
        story = make_story(2)
        made = {one: _made(story.sealed(*one)) for one in KINDS}
        people = list(story.cast.everybody().values())
        yield Documents(made, [HANDLE, NAME, STRANGER, "Amina W.", PHONE, "5550142", ADDRESS, "x.com",
                               "1768223344556677889", *(person.display_name for person in people),
                               *(person.email for person in people), *(row.item.name for row in story.exhibits)])
        transaction.set_rollback(True)


@pytest.fixture
def referral(documents: Documents) -> Made:
    return documents.made["referral", "en"]


@pytest.fixture
def briefing(documents: Documents) -> Made:
    return documents.made["briefing", "en"]


def _made(dossier: Dossier) -> Made:
    assert dossier.item
    return Made(store.read_verified(dossier.item.blob_id, 2**30), dossier.frozen, dossier.log_size, dossier.log_root)


def text_of(pdf: bytes, tmp_path: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def manifest_of(pdf: bytes) -> Any:
    with pikepdf.open(BytesIO(pdf)) as whole:
        return json.loads(whole.attachments["manifest.json"].get_file().read_bytes())


def everything(pdf: bytes) -> bytes:
    """All bytes that a reader of the file could come upon, decompressed."""
    with pikepdf.open(BytesIO(pdf)) as whole:
        parts = [part.read_bytes() for part in whole.objects
                 if isinstance(part, pikepdf.Stream) and part.get("/Subtype") != "/Image"]
        strings = [bytes(part) for holder in whole.objects if isinstance(holder, pikepdf.Dictionary)
                   for part in holder.values() if isinstance(part, pikepdf.String)]
        plain = BytesIO()
        whole.save(plain, qdf=True)
    return b"\n".join([*parts, *strings, plain.getvalue()])


def test_a_referral_says_what_it_must(referral: Made, tmp_path: Path) -> None:
    text = text_of(referral.pdf, tmp_path)
    flat = " ".join(text.split())
    assert PROMISE in flat
    assert "self-made certificate" in flat and "self-asserted" in flat
    assert f"@{HANDLE}" in flat and "very likely (80–95 %)" in flat
    for row in referral.frozen["exhibits"]:
        assert row["leaf_hash"] in flat.replace(" ", "")
        tails = {found[-length:] for found in (row["leaf_hash"], row["sha256"]) for length in range(3, 25)}
        alone = tails & set(text.split())
        assert not alone, f"the end of a hash stands on a line of its own: {alone}"
    pages = text.split("\f")[:-1]
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert f"Custody log of {referral.log_size} entries" in page and referral.log_root in page
    first = next(number for number, page in enumerate(pages, 1) if "Exhibit E-001" in page)
    assert re.search(rf"E-001 .*\s{first}\n", pages[1])
    assert "Chat export" in flat and "post this now" in flat
    assert "2026-03-14 07:00:00 UTC · Firefox 140" in flat and "T07:00" not in flat


@pytest.mark.parametrize("one", KINDS)
def test_it_is_pdf_a_and_whole(documents: Documents, one: tuple[str, str], tmp_path: Path) -> None:
    pdf = documents.made[one].pdf
    assert check.problems(pdf, attachments=("manifest.json",)) == []
    with pikepdf.open(BytesIO(pdf)) as whole:
        assert str(whole.Root.Lang) == one[1]
        assert whole.Root.AF[0].AFRelationship == "/Data"
        links = [note for page in whole.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]
        assert len(links) >= 7 and all("/A" not in link for link in links)
        assert all(link.Dest[0].Type == "/Page" for link in links)
    if shutil.which("qpdf"):
        path = tmp_path / "x.pdf"
        path.write_bytes(pdf)
        subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)


def test_its_bookmarks_lead_to_findings_and_exhibits(referral: Made) -> None:
    with pikepdf.open(BytesIO(referral.pdf)) as whole, whole.open_outline() as outline:
        titles = [item.title for item in outline.root]
        exhibits = next(item for item in outline.root if item.title == "Exhibits")
        assert [item.title[:5] for item in exhibits.children] == ["E-001", "E-002", "E-003"]
    assert titles[0] == "About this document" and titles[-1] == "How to check this document"


@pytest.mark.parametrize("one", KINDS)
def test_it_is_signed(documents: Documents, one: tuple[str, str]) -> None:
    found = PdfFileReader(BytesIO(documents.made[one].pdf)).embedded_signatures[0]
    status = validate_pdf_signature(found, ValidationContext(trust_roots=[found.signer_cert], allow_fetching=False))
    assert status.intact and status.valid
    assert status.coverage is not None and status.coverage.name == "ENTIRE_FILE"


def test_a_stranger_can_check_each_exhibit(referral: Made) -> None:
    manifest = manifest_of(referral.pdf)
    log = manifest["facts"]["log"]
    assert str(log["size"]) in log["note"].splitlines()
    for row in manifest["facts"]["exhibits"]:
        event = b64decode(row["accession"]["event"])
        committed = hmac.new(b64decode(row["accession"]["salt"]), event, hashlib.sha256).digest()
        leaf = hashlib.sha256(b"\x00\x01" + committed).digest()
        assert leaf.hex() == row["leaf_hash"]
        assert json.loads(event)["detail"]["sha256"] == row["sha256"]
        merkle.check_inclusion(leaf, row["leaf_index"], log["size"], [b64decode(node) for node in row["proof"]],
                               bytes.fromhex(log["root"]))


def test_a_referral_names_no_ordinary_user_of_its_own(referral: Made) -> None:
    bystander = next(row for row in referral.frozen["subjects"] if row["role"] == "bystander")
    assert bystander["handles"] == [] and bystander["stable_id"] == ""


def test_the_texts_of_a_referral_call_an_ordinary_user_by_a_label(referral: Made) -> None:
    claim = referral.frozen["findings"][0]["claim"]
    assert STRANGER not in claim and "and S-002 posted" in claim
    assert f"{NAME} (@{HANDLE})" in claim and PHONE in claim and ADDRESS in claim


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_briefing_exposes_nobody(documents: Documents, language: str, tmp_path: Path) -> None:
    made = documents.made["briefing", language]
    found = (everything(made.pdf) + text_of(made.pdf, tmp_path).encode() + json.dumps(
        [made.frozen, manifest_of(made.pdf)], ensure_ascii=False).encode()).lower()
    for secret in documents.secrets:
        for spelling in (secret.lower().encode(), secret.lower().encode("utf-16-be"), secret.encode("utf-16-be")):
            assert spelling not in found, secret
    with pikepdf.open(BytesIO(made.pdf)) as whole:
        assert not any(isinstance(part, pikepdf.Stream) and part.get("/Subtype") == "/Image" for part in whole.objects)


def test_the_search_for_names_would_find_them(documents: Documents, tmp_path: Path) -> None:
    made = documents.made["referral", "en"]
    found = (everything(made.pdf) + text_of(made.pdf, tmp_path).encode()).lower()
    assert all(secret.lower().encode() in found for secret in (HANDLE, NAME, ADDRESS, "imran sethi"))


def test_a_briefing_still_says_what_was_found(briefing: Made, tmp_path: Path) -> None:
    flat = " ".join(text_of(briefing.pdf, tmp_path).split())
    assert re.search(r"Account [A-Z] \(Account [A-Z]\) and Account [A-Z] posted the text that Telephone number A", flat)
    for row in briefing.frozen["exhibits"]:
        assert row["leaf_hash"] in flat


def test_a_briefing_confirms_no_guess_at_a_file(documents: Documents) -> None:
    files = documents.made["referral", "en"].frozen["exhibits"]
    for language in ("en", "ur"):
        made = documents.made["briefing", language]
        found = everything(made.pdf) + json.dumps([made.frozen, manifest_of(made.pdf)]).encode()
        for row in files:
            assert row["sha256"].encode() not in found
        for row in manifest_of(made.pdf)["facts"]["exhibits"]:
            assert set(row) == {"label", "leaf_index", "leaf_hash", "proof"}


@pytest.mark.django_db
def test_labels_hold_within_one_document_only() -> None:
    story = make_story(2)
    seen = {tuple(story.compose("briefing").frozen["findings"][0]["subjects"]) for _ in range(12)}
    assert len(seen) > 1


@pytest.mark.parametrize("language", ["en", "ur"])
def test_each_hash_reads_from_its_first_half_to_its_second(documents: Documents, language: str, tmp_path: Path) -> None:
    """Beside text that runs from right to left, two pieces on one line would stand the other way round."""
    made = documents.made["referral", language]
    flat = " ".join(text_of(made.pdf, tmp_path).split())
    assert {row["media_type"] for row in made.frozen["exhibits"]} >= {"text/plain", "image/png"}
    for row in made.frozen["exhibits"]:
        for digest in (row["sha256"], row["leaf_hash"]):
            assert flat.index(digest[:32]) < flat.index(digest[32:]), row["label"]
            if row["media_type"] == "text/plain":
                assert digest in flat


@pytest.mark.parametrize("kind", ["referral", "briefing"])
def test_an_urdu_document_speaks_urdu(documents: Documents, kind: str, tmp_path: Path) -> None:
    letters = re.sub(r"\W", "", text_of(documents.made[kind, "ur"].pdf, tmp_path))
    assert "نتائج" in letters or "جئاتن" in letters
