"""A long piece ends when the token or the session that it came with does, and not only after its last byte."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from casework.cases.models import Case
from casework.exhibits import pieces
from casework.exhibits.models import Upload
from casework.people import sessions
from casework.people.models import ApiToken, SignIn
from tests.casework.tus import Tus, emptied, encoded
from tests.factories import Cast, make_case, make_cast, sign_in

DATA = bytes(1000)
ENDS: dict[str, Any] = {
    "revoked": lambda: ApiToken.objects.update(revoked_at=timezone.now()),
    "expired": lambda: ApiToken.objects.update(expires_at=timezone.now()),
    "signed out": lambda: Session.objects.all().delete(),
    "session over": lambda: Session.objects.update(expire_date=timezone.now()),
    "session too long": lambda: SignIn.objects.update(began_at=timezone.now() - timedelta(hours=13)),
}
OF_SESSIONS = {"signed out", "session over", "session too long"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.mark.parametrize("checksum", [False, True])
@pytest.mark.parametrize("end", ENDS)
def test_a_piece_ends_with_what_let_it_in(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch, end: str,
                                          checksum: bool) -> None:
    emptied()
    monkeypatch.setattr(pieces, "SETTLE_EVERY", 100)
    monkeypatch.setattr(pieces, "CHUNK", 100)
    tus = Tus(case, cast.investigator, sign_in(cast.investigator) if end in OF_SESSIONS else None)
    url, came = tus.begun(len(DATA)), []

    def see(_session: Any) -> None:
        came.append(1)
        if len(came) == 2:
            ENDS[end]()

    monkeypatch.setattr(sessions, "see", see)
    declared = {"Upload-Checksum": f"sha256 {encoded(hashlib.sha256(DATA).digest())}"} if checksum else {}
    answer = tus.send(url, DATA, 0, **declared)
    assert (answer.status_code, len(came)) == (401, 2)
    # Of a session the first time was before the request came here at all.
    arrived = 100 if end in OF_SESSIONS else 200
    assert Upload.objects.get().offset == (0 if checksum else arrived)


@pytest.mark.parametrize(("every", "counted"), [(0.0, 200), (60.0, 0)], ids=["slow", "small"])
def test_a_slow_piece_is_asked_by_the_clock_and_every_piece_before_it_counts(
        cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch, every: float, counted: int) -> None:
    emptied()
    monkeypatch.setattr(pieces, "LOOK_SECONDS", every)
    monkeypatch.setattr(pieces, "CHUNK", 100)
    tus = Tus(case, cast.investigator)
    url, came = tus.begun(len(DATA)), []

    def see(_session: Any) -> None:
        came.append(1)
        if len(came) == 2:
            ENDS["revoked"]()

    monkeypatch.setattr(sessions, "see", see)
    assert tus.send(url, DATA, 0).status_code == 401
    assert Upload.objects.get().offset == counted
    assert len(came) == (2 if counted else len(DATA) // 100)


def test_a_piece_whose_token_stays_comes_to_its_end(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    emptied()
    monkeypatch.setattr(pieces, "SETTLE_EVERY", 100)
    monkeypatch.setattr(pieces, "CHUNK", 100)
    for tus in (Tus(case, cast.investigator), Tus(case, cast.investigator, sign_in(cast.investigator))):
        url = tus.begun(len(DATA))
        assert tus.send(url, DATA, 0).status_code == 204
        assert tus.stands(url) == len(DATA)
