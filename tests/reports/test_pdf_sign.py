"""Signing: a certificate of our own making that says so, and a signature that breaks with the bytes."""

import stat
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from reports.pdf import sign
from reports.pdf.press import Job, Press

PAGE = '<!doctype html><html lang="en"><head><title>t</title></head><body><p>x</p></body></html>'


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "inner" / "pdf.p12"
    sign.make_key(path, "four quiet words here")
    return path


@pytest.fixture(scope="module")
def signed(key: Path) -> bytes:
    page, out = key.with_name("page.html"), key.with_name("out.pdf")
    page.write_text(PAGE)
    with Press(1, key.parent) as press:
        list(press.print([Job(str(page), str(out), {})]))
    return sign.sign(out.read_bytes(), key=key, passphrase="four quiet words here", reason="CW/D-001")


def _status(data: bytes) -> Any:
    found = PdfFileReader(BytesIO(data)).embedded_signatures[0]
    return validate_pdf_signature(found, ValidationContext(trust_roots=[found.signer_cert], allow_fetching=False))


def test_the_key_is_its_owners_alone_and_self_made(key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    found = sign.certificate(key, "four quiet words here")
    assert found.self_made and found.subject.startswith("CN=Casework self-made certificate")
    assert len(found.fingerprint) == 64
    with pytest.raises(FileExistsError):
        sign.make_key(key, "")
    with pytest.raises(sign.NoKey):
        sign.certificate(key, "wrong")
    with pytest.raises(sign.NoKey):
        sign.certificate(key.with_name("absent.p12"), "")


def test_the_signature_covers_everything_and_validates(signed: bytes) -> None:
    status = _status(signed)
    assert status.intact and status.valid and status.coverage.name == "ENTIRE_FILE"
    assert status.docmdp_ok


def test_a_changed_byte_breaks_it(signed: bytes) -> None:
    at = signed.index(b"/Producer") + 12
    changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1:]
    assert not _status(changed).intact


def test_it_stays_pdf_a_shaped(signed: bytes) -> None:
    with pikepdf.open(BytesIO(signed)) as document:
        field = document.Root.AcroForm.Fields[0]
        assert int(field.F) & 4 and [int(side) for side in field.Rect] == [0, 0, 0, 0]
        assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
