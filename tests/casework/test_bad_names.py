"""Names of files beside those of test_exhibits_uploads: encoded, dressed up, reserved, alike. Taken, kept, harmless."""

import unicodedata

import pytest

from casework.cases.models import Case
from casework.exhibits.models import Exhibit
from evidence.derivatives import services as derivatives
from tests.casework.test_exhibits_uploads import closed, downloaded, part, send
from tests.factories import Cast, make_case, make_cast, sign_in

NAMES = {
    "N01 a share": b"\\\\server\\share\\x.png", "N01 an absolute path": b"/etc/passwd",
    "N01 backslashes": b"..\\..\\x.png",
    "N02 an encoded way up": b"a%2e%2e%2fb.png", "N02 encoded twice": b"a%252e%252e%252fb.png",
    "N02 overlong UTF-8": b"a\xc0\xae\xc0\xafb.png", "N02 overlong and encoded": b"a%c0%ae%c0%afb.png",
    "N05 widthless": "a\u200b\u200d\ufeffb.png".encode(), "N05 alike": "\u0440\u0430\u0443.png".encode(),
    "N05 500 marks": ("Z" + "\u0335" * 500 + ".png").encode(), "N06 pictures": ("\U0001f9d5\U0001f3fd" * 200).encode(),
    "N06 255 bytes": b"n" * 251 + b".png", "N07 a device": b"aux.txt", "N07 a dot": b"x.png.", "N07 a blank": b"x.png ",
    "N07 an option": b"-rf.png", "N07 a pipe": b"x.png|", "N08 a quote": b'a%22; filename=%22b.exe',
    "N10 Latin-1": "Beweis für das Gericht.png".encode("latin-1"), "N10 Shift-JIS": "証拠.png".encode("shift-jis"),
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_is_kept_byte_for_byte_and_leads_nowhere(cast: Cast, case: Case, name: bytes) -> None:
    answer = send(cast, case, closed(part(b"file", b"the bytes", name)))
    assert answer.status_code == 201, answer.content
    item = Exhibit.objects.get().item
    assert bytes(item.name_bytes) == name
    client = sign_in(cast.lead)
    for where in ("", "E-001/", "custody/"):
        assert client.get(f"/cases/{case.ref}/evidence/{where}").status_code == 200
    taken = downloaded(client, f"/cases/{case.ref}/evidence/E-001/original", program=name.endswith(b".exe"))
    assert b"".join(taken) == b"the bytes"
    given = taken["Content-Disposition"]
    assert given.startswith(f'attachment; filename="{case.ref}_E-001') and given.count('"') == 2
    assert not set(given.split('"')[1]) & set("/\\:*?<>|")
    assert not given.split('"')[1].endswith((".", " "))


def test_a_name_without_tricks_is_shown_composed_and_kept_as_it_came(cast: Cast, case: Case) -> None:
    sent = unicodedata.normalize("NFD", "café.png")
    assert send(cast, case, closed(part(b"file", b"the bytes", sent.encode()))).status_code == 201
    assert "café.png" in sign_in(cast.lead).get(f"/cases/{case.ref}/evidence/E-001/").content.decode()
    assert bytes(Exhibit.objects.get().item.name_bytes) == sent.encode()


def test_names_that_differ_by_case_or_composition_alone_are_two_exhibits_and_two_files(cast: Cast, case: Case) -> None:
    alike = ["A.png", "a.png", unicodedata.normalize("NFC", "é.png"), unicodedata.normalize("NFD", "é.png")]
    for place, name in enumerate(alike):
        assert send(cast, case, closed(part(b"file", bytes([place]), name.encode()))).status_code == 201
    assert Exhibit.objects.count() == 4
    derivatives.derive_waiting()
    client = sign_in(cast.lead)
    given = {client.get(f"/cases/{case.ref}/evidence/{one.label}/original")["Content-Disposition"].casefold()
             for one in Exhibit.objects.all()}
    assert len(given) == 4
