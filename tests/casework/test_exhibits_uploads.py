"""The body of an upload as it comes over the wire: names byte for byte, nothing cut off, bounded memory."""

import hashlib
import io
import tracemalloc
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadhandler import StopUpload
from django.http.multipartparser import MultiPartParserError
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from casework.cases.models import Case
from casework.exhibits import multipart, uploads
from casework.exhibits.models import Exhibit
from evidence.store import services as store
from evidence.store.models import Blob
from tests.factories import Cast, bearer, make_case, make_cast, sign_in

BOUNDARY = b"----invented7boundary"
TYPE = f"multipart/form-data; boundary={BOUNDARY.decode()}"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def part(name: bytes, data: bytes, filename: bytes | None = None) -> bytes:
    said = b'Content-Disposition: form-data; name="' + name + b'"'
    said += b'; filename="' + filename + b'"' if filename is not None else b""
    return b"--" + BOUNDARY + b"\r\n" + said + b"\r\n\r\n" + data + b"\r\n"


def closed(*pieces: bytes) -> bytes:
    return b"".join(pieces) + b"--" + BOUNDARY + b"--\r\n"


def send(cast: Cast, case: Case, body: bytes, **more: Any) -> Any:
    return sign_in(cast.investigator).post(f"/cases/{case.ref}/evidence/lodge", body, content_type=TYPE,
                                           headers={"Accept": "application/json"}, **more)


def announced(cast: Cast, case: Case, body: bytes, length: int) -> Any:
    """`body` under another Content-Length, as a server hands it on when the connection breaks."""
    return send(cast, case, body, CONTENT_LENGTH=str(length), **{"wsgi.input": io.BytesIO(body)})


def read(body: bytes) -> list[tuple[str, bytes | None, bytes]]:
    return [(found.field, found.filename, found.stream.read())
            for found in multipart.parts(io.BytesIO(body), len(body), BOUNDARY)]


NAMES = {
    "a traversal": b"../../etc/cron.d/x", "a Windows path": b"C:\\temp\\x.png", "a NUL": b"a\x00b.png",
    "a right-to-left override": "photo\u202egpj.exe".encode(), "10,000 characters": b"n" * 10_000 + b".png",
    "10,000 Urdu characters": ("ا" * 10_000).encode(), "signs of four bytes": ("🧾" * 150 + ".png").encode(),
    "no UTF-8": b"caf\xe9 \xff\xfe.png", "dots": b"..",
    "markup": b"<img src=x onerror=alert(1)>.png", "a formula": b"=cmd|' /C calc'!A0", "a semicolon": b"a; name=b.png",
    "an encoded quote": b"a%22b.png", "a shell": b"$(id) `id` ;rm -rf |", "a template": b"{{7*7}}{% debug %}",
    "a break": b"a%0D%0ASet-Cookie: x=1", "a device": b"CON", "a hidden file": b".htaccess", "blanks": b"   ",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_every_name_is_taken_kept_byte_for_byte_and_shown_harmlessly(cast: Cast, case: Case, name: bytes) -> None:
    answer = send(cast, case, closed(part(b"file", b"the bytes", name)))
    assert answer.status_code == 201, answer.content
    item = Exhibit.objects.get().item
    assert bytes(item.name_bytes) == name
    assert store.read_verified(item.blob_id, 100) == b"the bytes"
    client = sign_in(cast.lead)
    for where in ("", "?view=list", "E-001/", "E-001/receipt", "custody/"):
        shown = client.get(f"/cases/{case.ref}/evidence/{where}")
        assert shown.status_code == 200
        assert b"<img src=x" not in shown.content
        assert "\u202e" not in shown.content.decode()
    taken = downloaded(client, f"/cases/{case.ref}/evidence/E-001/original", program=name.endswith(b".exe"))
    assert b"".join(taken) == b"the bytes"
    assert taken["Content-Disposition"].startswith(f'attachment; filename="{case.ref}_E-001')
    assert "\n" not in taken["Content-Disposition"]
    # A file system takes 255 bytes.
    assert len(unquote(taken["Content-Disposition"].partition("UTF-8''")[2], "utf-8").encode()) <= 230


def downloaded(client: Client, address: str, *, program: bool) -> Any:
    """The original, which is given out at once unless it is a program: then to whoever confirms that they want it."""
    assert client.get(address).status_code == (423 if program else 200)
    return client.post(address) if program else client.get(address)


WHOLE = closed(part(b"title", b"x"), part(b"file", b"0123456789" * 50, b"a.txt"))


@pytest.mark.parametrize("length", [1, len(BOUNDARY) + 3, 120, len(WHOLE) // 2, len(WHOLE) - len(BOUNDARY) - 8,
                                    len(WHOLE) - 4, len(WHOLE) - 3])
def test_a_body_that_was_cut_off_is_400_and_leaves_nothing(cast: Cast, case: Case, length: int) -> None:
    assert send(cast, case, WHOLE[:length]).status_code == 400
    assert announced(cast, case, WHOLE[:length], len(WHOLE)).status_code == 400
    assert not Blob.objects.exists()


def test_a_length_that_is_too_long_or_too_short_is_400(cast: Cast, case: Case) -> None:
    for length in (len(WHOLE) - 20, len(WHOLE) + 20):
        assert announced(cast, case, WHOLE, length).status_code == 400
    assert not Blob.objects.exists()


BROKEN = {
    "no boundary": b"hello", "no name": b"--" + BOUNDARY + b"\r\nContent-Type: x\r\n\r\nx\r\n--" + BOUNDARY + b"--",
    "no end of headers": b"--" + BOUNDARY + b"\r\nContent-Disposition: form-data",
    "an endless header": closed(part(b"file", b"x", b"n" * 100_000)),
    "too many fields": closed(*[part(b"f", b"") for _ in range(1001)]),
    "a field too long": closed(part(b"title", b"x" * 3_000_000)),
    "too many files": closed(*[part(b"file", b"x", b"n") for _ in range(201)]),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_or_endless_body_is_400(cast: Cast, case: Case, body: bytes) -> None:
    assert send(cast, case, body).status_code == 400
    assert not Blob.objects.exists()


def test_the_empty_file_field_of_a_browser_is_no_file_but_an_empty_file_is_one(cast: Cast, case: Case) -> None:
    assert send(cast, case, closed(part(b"file", b"", b""))).status_code == 422
    assert send(cast, case, closed(part(b"file", b"", b"empty.txt"))).status_code == 201
    item = Exhibit.objects.get().item
    assert item.blob_id == hashlib.sha256(b"").hexdigest()
    assert "empty" in item.labels


def test_a_file_that_holds_line_ends_and_half_boundaries_stays_as_it_is() -> None:
    data = b"\r\n--" + BOUNDARY[:-1] + b"\r\n\r\n--\n" * 3 + b" --" + BOUNDARY + b"--\n--" + BOUNDARY
    assert read(closed(part(b"file", data, b"x"), part(b"a", b"1"))) == [("file", b"x", data), ("a", None, b"1")]


@given(data=st.binary(max_size=5000), chunk=st.integers(min_value=40, max_value=300), name=st.binary(max_size=60))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_come_out_as_they_went_in_wherever_the_chunks_end(monkeypatch: pytest.MonkeyPatch, data: bytes,
                                                                chunk: int, name: bytes) -> None:
    monkeypatch.setattr(multipart, "CHUNK", chunk)
    name = name.replace(b'"', b"").replace(b"\r", b"").replace(b"\n", b"").replace(b"\\", b"")
    if b"\r\n--" + BOUNDARY not in b"\r\n" + data:
        assert read(closed(part(b"file", data, name))) == [("file", name, data)]


def test_a_file_that_comes_past_the_store_is_refused() -> None:
    handler = uploads.IntoStore()
    with pytest.raises(StopUpload):
        handler.new_file("file", "a.png", "image/png", 1)
    assert handler.receive_data_chunk(b"x", 0) is None


@given(st.binary(max_size=400))
def test_no_body_makes_anything_but_parts_or_the_one_error(body: bytes) -> None:
    with suppress(MultiPartParserError):
        read(b"--" + BOUNDARY + body)


class Endless(io.RawIOBase):
    """A body of one large file, made while it is read."""

    def __init__(self, size: int):
        self.head, self.left, self.tail = part(b"file", b"", b"large.bin")[:-2], size, b"\r\n" + closed()
        self.length = len(self.head) + size + len(self.tail)

    def read(self, size: int = -1, /) -> bytes:
        if self.head:
            head, self.head = self.head, b""
            return head
        if self.left:
            take = min(size, self.left)
            self.left -= take
            return bytes(take)
        tail, self.tail = self.tail[:size], self.tail[size:]
        return tail


def test_a_large_file_goes_through_in_bounded_memory() -> None:
    body = Endless(200 * 2**20)
    tracemalloc.start()
    taken = 0
    for found in multipart.parts(body, body.length, BOUNDARY):
        for chunk in found.stream:
            taken += len(chunk)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken == 200 * 2**20
    assert peak < 16 * 2**20


@pytest.mark.parametrize("named", [b'filename=""', b"filename*=utf-8''", b'filename="' + b"n" * 3000 + b'"',
                                   b'filename="\xff\xfe"', b'filename="\x00"', b'filename="/"', b'filename="."'])
@pytest.mark.parametrize("call", ["", "batch/"])
def test_a_program_lodges_a_file_under_any_name_or_none(cast: Cast, case: Case, named: bytes, call: str) -> None:
    body = closed(b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="file"; ' + named
                  + b"\r\n\r\nbytes under no name\r\n")
    answer = Client().post(f"/api/v1/cases/{case.ref}/exhibits/{call}", body, content_type=TYPE,
                           headers=bearer(cast.investigator))
    assert answer.status_code == 201, answer.content
    assert Exhibit.objects.get().item.blob.size == len(b"bytes under no name")


@pytest.mark.parametrize("body", [closed(), closed(part(b"file", b"no file")), closed(part(b"file", b"", b""))])
def test_a_call_without_a_file_is_refused(cast: Cast, case: Case, body: bytes) -> None:
    for call in ("", "batch/"):
        answer = Client().post(f"/api/v1/cases/{case.ref}/exhibits/{call}", body, content_type=TYPE,
                               headers=bearer(cast.investigator))
        assert answer.status_code == 422
