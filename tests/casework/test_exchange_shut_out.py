"""A right, a token or a session that ends while a table is made or streams; and a budget that is used up before."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.cases.models import Case
from casework.exchange import services as exchange
from casework.exports import services as exports
from casework.exports.models import Export
from casework.pace import TooSoon
from casework.people import sessions
from casework.people.models import ApiToken
from tests.casework.exchanged import fill
from tests.factories import Cast, bearer, make_case, make_cast, sign_in

ASKED = {"what": "posts", "purpose": "For the regulator"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(exports, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(exchange, "CHUNK", 16)
    return fill(make_case(cast), cast)


def begun(answer: Any) -> Any:
    chunks = iter(answer.streaming_content)
    assert next(chunks)
    return chunks


def test_a_table_that_streams_ends_with_its_token(case: Case, cast: Cast) -> None:
    rest = begun(Client().post(reverse("api:exchange", args=[case.ref]), ASKED, content_type="application/json",
                               headers=bearer(cast.investigator, "export")))
    assert next(rest)
    ApiToken.objects.filter(person=cast.investigator).update(revoked_at=timezone.now())
    with pytest.raises(PermissionDenied):
        next(rest)


def test_a_table_that_streams_ends_with_its_session(case: Case, cast: Cast) -> None:
    rest = begun(sign_in(cast.investigator).post(reverse("exchange:take", args=[case.ref]), ASKED))
    assert next(rest)
    sessions.end_all(cast.investigator, by=cast.investigator)
    with pytest.raises(PermissionDenied):
        next(rest)


def test_a_right_that_ends_while_the_file_is_made_lets_nothing_leave(case: Case, cast: Cast,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    made = exchange._written

    def written(*given: Any) -> Any:
        case.memberships.filter(user=cast.investigator).update(ended_at=timezone.now())
        return made(*given)

    monkeypatch.setattr(exchange, "_written", written)
    with pytest.raises(PermissionDenied):
        exchange.take(case, **ASKED, by=cast.investigator)
    assert not Export.objects.exists()


def test_nothing_is_made_beyond_the_budget(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch,
                                           settings: Any) -> None:
    settings.EXPORT_FILES_AN_HOUR = 1
    exchange.take(case, **ASKED, by=cast.investigator).chunks.close()

    def written(*_given: Any) -> Any:
        raise AssertionError("it was made")

    monkeypatch.setattr(exchange, "_written", written)
    with pytest.raises(TooSoon):
        exchange.take(case, **ASKED, by=cast.investigator)
