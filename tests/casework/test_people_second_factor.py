"""How a person signs in is changed by themselves, and recorded with it."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.test import Client

from casework.people import services as people
from casework.record import Act
from evidence.custody import history
from evidence.custody.services import LogUnwritable
from tests.casework.test_people_required import code
from tests.factories import PASSWORD, Cast, bearer, make_cast, sign_in

NEW = "eighteen louder herons"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def acts(person: Any) -> list[str]:
    return [str(entry.detail.get("act")) for entry in history.about([f"user/{person.pk}"])]


def change(client: Client, new: str = NEW) -> Any:
    return client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})


def activate(client: Client) -> Any:
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session[SECRET_SESSION_KEY]
    return client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})


def test_a_password_change_is_recorded_and_ends_what_was_given_out_before(cast: Cast) -> None:
    client, other = sign_in(cast.lead), sign_in(cast.lead)
    headers, link = bearer(cast.lead), people.reset(cast.lead, by=cast.admin)
    assert change(client, "short").status_code == 200
    assert Act.PASSWORD_CHANGED not in acts(cast.lead)
    assert change(client).status_code == 302
    assert acts(cast.lead).count(Act.PASSWORD_CHANGED) == 1
    cast.lead.refresh_from_db()
    assert cast.lead.check_password(NEW)
    assert Client().get("/api/v1/me/", headers=headers).status_code == 401
    assert other.get("/settings/").status_code == client.get("/settings/").status_code == 302
    assert people.find_link(link) is None


def test_a_password_change_that_cannot_be_recorded_does_not_happen(cast: Cast,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    def unwritable(*_given: Any) -> None:
        raise LogUnwritable

    client = sign_in(cast.lead)
    monkeypatch.setattr("casework.record.custody.record_all", unwritable)
    assert change(client).status_code == 503
    cast.lead.refresh_from_db()
    assert cast.lead.check_password(PASSWORD)


def test_a_second_factor_and_its_codes_are_recorded(cast: Cast) -> None:
    client = sign_in(cast.lead)
    assert activate(client).status_code == 302
    assert Act.FACTOR_ADDED in acts(cast.lead)
    assert client.post("/accounts/2fa/recovery-codes/generate/").status_code == 302
    assert Act.RECOVERY_CODES_MADE in acts(cast.lead)
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert Act.FACTOR_REMOVED in acts(cast.lead)
    assert not Authenticator.objects.exists()


def test_a_wrong_code_records_nothing_and_a_lost_record_adds_no_factor(cast: Cast,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    def unwritable(*_given: Any) -> None:
        raise LogUnwritable

    client = sign_in(cast.lead)
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    assert Act.FACTOR_ADDED not in acts(cast.lead)
    monkeypatch.setattr("casework.record.custody.record_all", unwritable)
    assert activate(client).status_code == 503
    assert not Authenticator.objects.exists()
