"""Uploads in pieces over tus 1.0: what is said to be stored is, what was sent is lodged once, nothing of it before."""

import hashlib
import json
from typing import Any

import pytest
from django.conf import settings as configured

from casework.cases.models import Case
from casework.exhibits import pieces
from casework.exhibits.models import Exhibit, Upload
from evidence.custody.models import Payload
from evidence.intake.models import Item
from evidence.store import services as store
from evidence.store.models import Blob
from tests.casework.tus import Tus, code, emptied, encoded, files, folder
from tests.factories import Cast, bearer, make_case, make_cast

DATA = b"0123456789" * 50
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def tus(cast: Cast, case: Case) -> Tus:
    emptied()
    return Tus(case, cast.investigator)


def test_a_file_comes_in_pieces_and_is_lodged_with_what_was_said(tus: Tus) -> None:
    url = tus.begun(len(DATA), name="تصویر.bin".encode(), said={"received_from": "a colleague", "title": "One"})
    assert tus.stands(url) == 0
    for at in range(0, len(DATA), 200):
        answer = tus.send(url, DATA[at:at + 200], at)
        assert answer.status_code == 204
        assert int(answer["Upload-Offset"]) == min(at + 200, len(DATA)) == tus.stands(url)
        assert "Upload-Expires" in answer and answer["Tus-Resumable"] == "1.0.0"
    assert not Item.objects.exists() and not Blob.objects.exists()
    done = tus.finish(url, sha256=DIGEST, title="Two")
    assert done.status_code == 201, done.content
    exhibit = Exhibit.objects.get()
    assert store.read_verified(exhibit.item.blob_id, 1000) == DATA
    assert (exhibit.title, exhibit.item.name, exhibit.item.declared_sha256) == ("Two", "تصویر.bin", DIGEST)
    assert exhibit.item.provenance == {"received_from": "a colleague"}
    assert files() == set()


def test_the_same_finish_again_gives_the_same_receipt_and_nothing_twice(tus: Tus) -> None:
    url = tus.begun(len(DATA))
    tus.send(url, DATA, 0)
    first, second = tus.finish(url), tus.finish(url)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert (Item.objects.count(), Payload.objects.filter(kind="accession").count()) == (1, 1)
    assert tus.client.get(tus.root, headers=tus.headers).json() == []
    assert code(tus.finish(url, sha256="0" * 64)) == (422, "hash_mismatch")


def test_an_empty_file_is_whole_at_once(tus: Tus) -> None:
    url = tus.begun(0)
    assert tus.send(url, b"", 0).status_code == 204
    assert tus.finish(url).json()["exhibit"]["sha256"] == hashlib.sha256(b"").hexdigest()


def test_a_piece_out_of_order_again_or_overlapping_is_409_and_says_where_to_go_on(tus: Tus) -> None:
    url = tus.begun(len(DATA))
    tus.send(url, DATA[:100], 0)
    for offset in (0, 50, 101, 500, 9_999):
        answer = tus.send(url, DATA[offset:offset + 100], offset)
        assert (code(answer), answer["Upload-Offset"]) == ((409, "wrong_offset"), "100")
    tus.send(url, DATA[100:], 100)
    assert tus.finish(url, sha256=DIGEST).status_code == 201


def test_more_than_was_announced_is_413_and_what_was_stored_stays(tus: Tus) -> None:
    url = tus.begun(len(DATA))
    tus.send(url, DATA[:400], 0)
    assert code(tus.send(url, DATA[400:] + b"x", 400)) == (413, "beyond_length")
    assert tus.stands(url) == 400


def test_a_piece_that_is_cut_off_counts_as_far_as_it_came(tus: Tus) -> None:
    url = tus.begun(len(DATA))
    answer = tus.cut_off(url, DATA[:123], 0, len(DATA))
    assert (code(answer), answer["Upload-Offset"], tus.stands(url)) == ((400, "cut_off"), "123", 123)
    assert code(tus.finish(url)) == (409, "incomplete")
    assert tus.send(url, DATA[123:], 123).status_code == 204
    assert tus.finish(url, sha256=DIGEST).status_code == 201


def test_a_piece_with_a_checksum_counts_as_a_whole_or_not_at_all(tus: Tus) -> None:
    url = tus.begun(len(DATA))
    right = f"sha256 {encoded(hashlib.sha256(DATA[:300]).digest())}"
    wrong = f"sha256 {encoded(hashlib.sha256(b'another').digest())}"
    assert code(tus.send(url, DATA[:300], 0, **{"Upload-Checksum": wrong})) == (460, "checksum_mismatch")
    assert code(tus.cut_off(url, DATA[:200], 0, 300, **{"Upload-Checksum": right})) == (400, "cut_off")
    for broken in ("md5 AAAA", "sha256", "sha256 x", "sha256 AAAA"):
        assert tus.send(url, DATA[:300], 0, **{"Upload-Checksum": broken}).status_code == 400
    assert tus.stands(url) == 0
    assert tus.send(url, DATA[:300], 0, **{"Upload-Checksum": right}).status_code == 204
    tus.send(url, DATA[300:], 300)
    assert tus.finish(url, sha256=DIGEST).status_code == 201


def test_bytes_that_were_never_said_to_be_stored_are_written_over(tus: Tus) -> None:
    """What a process left behind that was killed in the middle of a piece."""
    url = tus.begun(len(DATA))
    tus.send(url, DATA[:100], 0)
    file = folder() / f"{Upload.objects.get().pk.hex}.part"
    with file.open("ab") as out:
        out.write(b"never said" * 100)
    tus.send(url, DATA[100:], 100)
    assert tus.finish(url, sha256=DIGEST).status_code == 201


@pytest.mark.parametrize("headers", [{}, {"Tus-Resumable": "0.2.2"}])
def test_another_version_is_412_and_is_told_which(tus: Tus, headers: dict[str, str]) -> None:
    url = tus.begun(10)
    del tus.headers["Tus-Resumable"]
    tus.headers |= headers
    answers = [tus.begin(10), tus.client.head(url, headers=tus.headers), tus.send(url, b"x", 0), tus.end(url)]
    for answer in answers:
        assert (answer.status_code, answer["Tus-Version"], answer["Tus-Resumable"]) == (412, "1.0.0", "1.0.0")
    assert (Upload.objects.count(), Upload.objects.get().offset) == (1, 0)


def test_options_say_what_is_spoken(cast: Cast, tus: Tus) -> None:
    answer = tus.client.options(tus.root, headers=bearer(cast.investigator))
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "expiration", "checksum", "termination"}
    assert answer["Tus-Max-Size"] == str(configured.MAX_UPLOAD_BYTES)


BAD = {"no length": {"Upload-Length": ""}, "a word": {"Upload-Length": "many"},
       "less than none": {"Upload-Length": "-1"},
       "told later": {"Upload-Defer-Length": "1"}, "endless": {"Upload-Length": "9" * 30},
       "no Base64": {"Upload-Metadata": "filename ***"}, "a key twice": {"Upload-Metadata": "a YQ==,a YQ=="},
       "no key": {"Upload-Metadata": ", ,"}, "too much": {"Upload-Metadata": "a " + "YWFh" * 1100}}


@pytest.mark.parametrize("headers", BAD.values(), ids=BAD.keys())
def test_what_is_no_beginning_is_400_and_leaves_nothing(tus: Tus, headers: Any) -> None:
    assert tus.begin(10, **headers).status_code == 400
    assert not Upload.objects.exists()


def test_what_is_no_piece_is_refused_and_leaves_what_is_stored(tus: Tus) -> None:
    url = tus.begun(10)
    assert tus.send(url, b"x", 0, content_type="application/json").status_code == 415
    for offset in ("", "x", "-1"):
        assert tus.send(url, b"x", offset).status_code == 400
    assert tus.send(url, b"x", 0, CONTENT_LENGTH="").status_code == 400
    assert tus.stands(url) == 0


def test_provenance_that_is_refused_is_told_before_a_byte_is_sent(tus: Tus) -> None:
    answer = tus.begin(10, said={"captured_at": "yesterday"})
    assert code(answer) == (422, "invalid") and "captured_at" in answer.json()["errors"]
    url = tus.begun(0)
    assert code(tus.finish(url, platform="nowhere")) == (422, "invalid")
    assert tus.client.post(f"{url}finish/", json.dumps([1]), "application/json", headers=tus.headers).status_code == 422


def test_another_hash_than_declared_is_422_and_the_bytes_wait_for_the_right_one(tus: Tus) -> None:
    url = tus.begun(len(DATA))
    tus.send(url, DATA, 0)
    assert code(tus.finish(url, sha256="0" * 64)) == (422, "hash_mismatch")
    assert (Item.objects.count(), Blob.objects.count(), len(files())) == (0, 0, 1)
    assert tus.finish(url, sha256=DIGEST.upper()).status_code == 201


def test_the_last_stored_bytes_are_told_so_that_another_file_is_noticed(tus: Tus,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "LAST", 64)
    url = tus.begun(len(DATA), said={"title": "One"})
    assert tus.client.get(url, headers=tus.headers).json()["last"] is None
    tus.send(url, DATA[:200], 0)
    told = tus.client.get(url, headers=tus.headers).json()
    assert told["last"] == {"start": 136, "sha256": hashlib.sha256(DATA[136:200]).hexdigest()}
    assert (told["name"], told["size"], told["offset"], told["said"]["title"]) == ("large.bin", 500, 200, "One")


