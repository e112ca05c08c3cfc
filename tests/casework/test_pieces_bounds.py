"""Uploads in pieces: who may, how many, for how long, two at once, and what the disk refuses."""

import hashlib
import io
import os
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import pieces, tasks
from casework.exhibits.models import Exhibit, Upload
from casework.people.models import User
from evidence.custody.services import LogUnwritable
from evidence.store import services as store
from tests.casework.tus import HELLO, PIECE, Tus, code, emptied, files
from tests.factories import Cast, bearer, make_case, make_cast, sign_in

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


def test_what_may_be_open_at_once_is_bounded(cast: Cast, case: Case, tus: Tus, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES, settings.UPLOAD_BYTES_OPEN = 1000, 1500
    assert code(tus.begin(1001)) == (413, "too_big")
    url = tus.begun(1000)
    assert code(tus.begin(501)) == (413, "too_much_open")
    assert Tus(case, cast.lead).begin(501).status_code == 201
    tus.end(url)
    small = [tus.begun(0) for _ in range(pieces.MOST_OPEN)]
    assert code(tus.begin(0)) == (409, "too_many_uploads")
    assert tus.finish(small[0]).status_code == 201
    assert tus.begin(0).status_code == 201


def test_a_key_of_ones_own_choice_takes_no_unfinished_upload_out_of_the_count(cast: Cast, case: Case, tus: Tus,
                                                                            settings: Any) -> None:
    settings.UPLOAD_BYTES_OPEN = 1000
    upload = Upload.objects.get(pk=tus.begun(1000).rstrip("/").rpartition("/")[2])
    for key in {f"upload/{upload.pk}", upload.key}:
        tus.client.post(f"/api/v1/cases/{case.ref}/exhibits/", {"file": io.BytesIO(key.encode())},
                        headers=bearer(cast.investigator) | {"Idempotency-Key": key})
    assert Exhibit.objects.exists()
    assert code(tus.begin(1)) == (413, "too_much_open")
    assert list(Upload.objects.unfinished()) == [upload]


def test_a_disk_without_room_is_507_before_a_byte_is_sent(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "room", lambda: 9)
    assert code(tus.begin(10)) == (507, "store_full")
    assert not Upload.objects.exists()


def test_an_upload_is_its_senders_own_in_its_case_alone(cast: Cast, case: Case, tus: Tus) -> None:
    other = make_case(cast, "Another case")
    url = tus.begun(10)
    elsewhere = url.replace(case.ref, other.ref)
    for person, address, status in ((cast.lead, url, 404), (cast.investigator, elsewhere, 404),
                                    (cast.outsider, url, 404), (cast.auditor, url, 403)):
        who = Tus(case, person)
        answers = [who.client.head(address, headers=who.headers), who.client.get(address, headers=who.headers),
                   who.send(address, b"x", 0), who.end(address), who.finish(address)]
        assert {answer.status_code for answer in answers} == {status}
    for person in (cast.lead, cast.investigator):
        listed = Client().get(tus.root, headers=bearer(person)).json()
        assert [one["name"] for one in listed] == ["large.bin"] * (person == cast.investigator)
    assert tus.stands(url) == 0


def test_a_lost_right_or_a_closed_case_stops_it(cast: Cast, case: Case, tus: Tus) -> None:
    url = tus.begun(len(DATA))
    tus.send(url, DATA[:100], 0)
    cases.close(case, by=cast.lead, reason="done")
    assert [answer.status_code for answer in (tus.begin(10), tus.send(url, DATA[100:], 100))] == [409, 409]
    cases.reopen(case, by=cast.lead)
    tus.send(url, DATA[100:], 100)
    case.memberships.filter(user=cast.investigator).update(ended_at=timezone.now())
    assert [answer.status_code for answer in (tus.send(url, b"", 500), tus.finish(url), tus.begin(1))] == [404] * 3
    assert not Exhibit.objects.exists()


def test_a_right_that_is_lost_while_a_piece_comes_ends_it(cast: Cast, case: Case,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "SETTLE_EVERY", 100)
    monkeypatch.setattr(pieces, "CHUNK", 100)
    upload = pieces.begin(case, size=1000, by=cast.investigator)

    def coming() -> None:
        case.memberships.filter(user=cast.investigator, role="investigator").update(role="auditor")

    with pytest.raises(PermissionDenied):
        pieces.take(upload, io.BytesIO(bytes(1000)), offset=0, length=1000, by=cast.investigator, coming=coming)
    upload.refresh_from_db()
    assert upload.offset == 100


def test_who_is_shut_out_while_a_piece_comes_stores_no_more_of_it(cast: Cast, case: Case,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "SETTLE_EVERY", 100)
    monkeypatch.setattr(pieces, "CHUNK", 100)
    upload = pieces.begin(case, size=1000, by=cast.investigator)

    def coming() -> None:
        User.objects.filter(pk=cast.investigator.pk).update(is_active=False)

    with pytest.raises(PermissionDenied):
        pieces.take(upload, io.BytesIO(bytes(1000)), offset=0, length=1000, by=cast.investigator, coming=coming)
    upload.refresh_from_db()
    assert upload.offset == 100


def test_what_grew_while_the_sweep_came_to_it_stays(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    url, held = tus.begun(len(DATA)), store.partial
    tus.send(url, DATA[:100], 0)
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    def after_a_piece(name: str) -> Any:
        # A piece that began in time was stored between the sweep's question and its hold on the file.
        Upload.objects.update(expires_at=timezone.now() + pieces.LIFETIME)
        return held(name)

    monkeypatch.setattr(store, "partial", after_a_piece)
    assert pieces.sweep() == 0
    monkeypatch.undo()
    assert tus.stands(url) == 100
    tus.send(url, DATA[100:], 100)
    assert tus.finish(url, sha256=DIGEST).status_code == 201


def test_what_is_over_is_absent_and_swept_with_its_bytes(tus: Tus) -> None:
    url = tus.begun(len(DATA))
    tus.send(url, DATA[:100], 0)
    tasks.sweep()
    assert len(files()) == 1
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tus.client.head(url, headers=tus.headers).status_code == tus.send(url, DATA[100:], 100).status_code == 404
    tasks.sweep()
    assert (files(), Upload.objects.count()) == (set(), 0)


def test_it_is_over_before_the_store_purges_its_file_and_each_piece_gives_it_more_time(tus: Tus) -> None:
    assert timedelta(seconds=store.STALE_SECONDS) > pieces.LIFETIME
    url = tus.begun(len(DATA))
    Upload.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    tus.send(url, DATA[:100], 0)
    assert Upload.objects.get().expires_at > timezone.now() + timedelta(hours=19)


def test_what_is_given_up_leaves_nothing_and_an_exhibit_stays(tus: Tus) -> None:
    gone, kept = tus.begun(len(DATA)), tus.begun(len(DATA))
    for url in (gone, kept):
        tus.send(url, DATA[:], 0)
    tus.finish(kept)
    assert (tus.end(gone).status_code, tus.end(kept).status_code) == (204, 204)
    assert (files(), Upload.objects.count(), Exhibit.objects.count()) == (set(), 0, 1)
    assert tus.end(gone).status_code == tus.send(gone, b"", 500).status_code == 404


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
@pytest.mark.parametrize("meant", ["PATCH", "DELETE", "HEAD", "patch"])
def test_a_method_that_a_header_names_is_not_the_method(tus: Tus, name: str, meant: str) -> None:
    url = tus.begun(4)
    headers = {**tus.headers, name: meant, "Upload-Offset": "0"}
    assert tus.client.post(url, b"data", PIECE, headers=headers).status_code == 405
    tus.client.get(url, headers=headers)
    assert tus.stands(url) == 0
    assert tus.send(url, b"data", 0, **{name: "DELETE"}).status_code == 204
    assert tus.stands(url) == 4


def test_while_one_works_on_it_another_is_423_and_loses_nothing(tus: Tus) -> None:
    url = tus.begun(len(DATA))
    tus.send(url, DATA[:100], 0)
    with store.partial(Upload.objects.get().pk.hex):
        for answer in (tus.send(url, DATA[100:], 100), tus.end(url)):
            assert (code(answer), answer["Retry-After"]) == ((423, "busy"), "1")
        Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert pieces.sweep() == 0
    Upload.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    assert tus.stands(url) == 100
    tus.send(url, DATA[100:], 100)
    with store.partial(Upload.objects.get().pk.hex):
        assert code(tus.finish(url)) == (423, "busy")
    assert tus.finish(url, sha256=DIGEST).status_code == 201


def test_what_is_disposed_of_elsewhere_takes_nothing_from_an_upload_that_waits(
        tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes, of an exhibit that two people disposed of after all of this upload had arrived."""
    url = tus.begun(len(DATA))
    tus.send(url, DATA, 0)

    def unwritable(*_args: Any, **_named: Any) -> None:
        raise LogUnwritable

    monkeypatch.setattr("casework.exhibits.once.lodge", unwritable)
    assert code(tus.finish(url)) == (503, "log_unwritable")
    monkeypatch.undo()
    store.remove(DIGEST)
    assert tus.finish(url, sha256=DIGEST).status_code == 201
    assert (files(), store.read_verified(DIGEST, 1000)) == (set(), DATA)
    with store.open_blob(DIGEST) as blob:
        assert os.fstat(blob.fileno()).st_mode & 0o777 == 0o400
    assert tus.finish(url).status_code == 200 and files() == set()


def test_a_browser_sends_pieces_with_its_token_and_not_without(cast: Cast, case: Case) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = sign_in(cast.investigator).cookies
    tus = Tus(case, cast.investigator, client)
    assert tus.begin(10).status_code == 403
    client.get(f"/cases/{case.ref}/evidence/lodge")
    tus.headers = HELLO | {"X-CSRFToken": client.cookies["csrftoken"].value}
    url = tus.begun(len(DATA))
    assert tus.send(url, DATA, 0).status_code == 204
    assert tus.finish(url, sha256=DIGEST).status_code == 201
    tus.headers = HELLO
    assert tus.end(url).status_code == tus.send(url, b"", 500).status_code == 403


FAILS = {"write": ("pwrite", 28, 507), "fsync": ("fsync", 5, 503), "truncate": ("ftruncate", 5, 503)}


@pytest.mark.parametrize(("call", "number", "status"), FAILS.values(), ids=FAILS.keys())
def test_what_the_disk_refuses_is_said_and_counts_for_nothing(tus: Tus, monkeypatch: pytest.MonkeyPatch, call: str,
                                                              number: int, status: int) -> None:
    url = tus.begun(len(DATA))
    tus.send(url, DATA[:100], 0)

    def fails(*_arguments: Any) -> Any:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fails)
    assert tus.send(url, DATA[100:], 100).status_code == status
    monkeypatch.undo()
    assert tus.stands(url) == 100
    assert tus.send(url, DATA[100:], 100).status_code == 204
    assert tus.finish(url, sha256=DIGEST).status_code == 201


class Silent(io.BytesIO):
    """A connection on which nothing more comes, with the server's time limit."""

    def read(self, size: int | None = -1, /) -> bytes:
        if not (came := super().read(size)):
            raise TimeoutError
        return came


def test_a_sender_who_is_silent_for_a_minute_has_gone_and_another_may_go_on(tus: Tus) -> None:
    limits: list[int] = []
    connection: Any = type("Connection", (), {"settimeout": lambda _self, seconds: limits.append(seconds)})()
    url = tus.begun(len(DATA))
    broken: Any = {"wsgi.input": Silent(DATA[:200]), "CONTENT_LENGTH": "500", "gunicorn.socket": connection}
    answer = tus.client.generic("PATCH", url, DATA, PIECE, headers=tus.headers | {"Upload-Offset": "0"}, **broken)
    assert (code(answer), tus.stands(url), limits) == ((400, "cut_off"), 200, [60])
    assert tus.send(url, DATA[200:], 200).status_code == 204
