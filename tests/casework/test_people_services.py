"""Invitations, resets, shutting out and tokens."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from casework.people import services as people
from casework.people.models import ApiToken, Invitation, User
from evidence.custody.models import Payload
from tests.factories import PASSWORD, Cast, make_cast, make_person, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_an_invited_person_joins_with_the_link_once(db: None) -> None:
    person, token = people.invite("Sana.Iqbal@Example.org", "Sana Iqbal", by=None)
    assert (person.email, person.is_active, person.is_administrator) == ("sana.iqbal@example.org", False, False)
    joined = people.accept(token, PASSWORD, display_name="Sana I.")
    assert joined.is_active and joined.check_password(PASSWORD) and joined.display_name == "Sana I."
    with pytest.raises(ValidationError, match="does not work"):
        people.accept(token, PASSWORD)


def test_neither_link_nor_token_is_kept_or_recorded(cast: Cast) -> None:
    person, link = people.invite("sana@example.org", "Sana", by=cast.admin)
    token, secret = people.make_token(cast.lead, "script", ["read"], 1)
    assert Invitation.objects.get(person=person, used_at=None).token_hash == people.digest(link)
    assert token.secret_hash == people.digest(secret)
    kept = b"".join(bytes(payload.content) for payload in Payload.objects.all())
    assert link.encode() not in kept
    assert secret.split("_", 2)[2].encode() not in kept


def test_a_link_ends_after_its_time_and_when_a_newer_one_is_made(db: None) -> None:
    person, first = people.invite("sana@example.org", "Sana", by=None)
    _, second = people.invite("SANA@example.org", "Sana", by=None)
    assert people.find_link(first) is None
    link = people.find_link(second)
    assert link is not None and link.person == person
    Invitation.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert people.find_link(second) is None
    assert link.expires_at - link.made_at > timedelta(days=6, hours=23)


@pytest.mark.parametrize("password", ["", "short", "fourteen chars", "sana@example.org"])
def test_a_weak_password_uses_nothing_up(db: None, password: str) -> None:
    _, token = people.invite("sana@example.org", "Sana", by=None)
    with pytest.raises(ValidationError):
        people.accept(token, password)
    assert people.find_link(token) is not None


def test_somebody_who_joined_is_not_invited_again(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        people.invite(cast.lead.email.upper(), "Another", by=cast.admin)
    assert list(refused.value.message_dict) == ["email"]


@pytest.mark.parametrize("email", ["", "no address", "a@b\x00.org", f"{'a' * 250}@example.org"])
def test_what_is_no_address_is_refused(db: None, email: str) -> None:
    with pytest.raises(ValidationError):
        people.invite(email, "Sana", by=None)
    assert not User.objects.exists()


@pytest.mark.parametrize("role", ["lead", "investigator", "auditor", "outsider"])
def test_only_administrators_manage_people(cast: Cast, role: str) -> None:
    person = cast.everybody()[role]
    for act in (lambda: people.invite("x@example.org", "X", by=person), lambda: people.disable(cast.media, by=person),
                lambda: people.enable(cast.media, by=person), lambda: people.reset(cast.media, by=person)):
        with pytest.raises(PermissionDenied):
            act()


def test_disabling_ends_sessions_tokens_and_links_at_once(cast: Cast) -> None:
    client = sign_in(cast.lead)
    reset = people.reset(cast.lead, by=cast.admin)
    _, secret = people.make_token(cast.lead, "script", ["read"], 1)
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.get("/settings/").status_code == 200
    assert Client().get("/api/v1/me/", headers=bearer).status_code == 200
    people.disable(cast.lead, by=cast.admin)
    assert client.get("/settings/").status_code == 302
    assert Client().get("/api/v1/me/", headers=bearer).status_code == 401
    assert people.find_link(reset) is None
    people.enable(cast.lead, by=cast.admin)
    assert client.get("/settings/").status_code == 302, "an old session must not come back to life"
    assert Client().get("/api/v1/me/", headers=bearer).status_code == 401, "nor an old token"


def test_a_new_password_ends_the_sessions_made_with_the_old_one(cast: Cast) -> None:
    client = sign_in(cast.lead)
    people.accept(people.reset(cast.lead, by=cast.admin), "eighteen louder herons")
    assert client.get("/settings/").status_code == 302


def test_the_last_administrator_stays(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="last administrator"):
        people.disable(cast.admin, by=cast.admin)
    second = make_person("Bano Raza", administrator=True)
    people.disable(cast.admin, by=second)
    with pytest.raises(ValidationError, match="last administrator"):
        people.disable(second, by=None)


def test_who_never_joined_is_not_enabled_and_who_is_disabled_gets_no_reset(cast: Cast) -> None:
    invited, token = people.invite("sana@example.org", "Sana", by=None)
    with pytest.raises(ValidationError):
        people.enable(invited, by=cast.admin)
    people.disable(invited, by=cast.admin)
    assert people.find_link(token) is None
    people.disable(cast.media, by=cast.admin)
    with pytest.raises(ValidationError):
        people.reset(cast.media, by=cast.admin)


@pytest.mark.parametrize(("name", "scopes", "days"), [
    ("", ["read"], 1), ("x" * 81, ["read"], 1), ("x", [], 1), ("x", ["read", "all"], 1), ("x", ["read"], 0),
    ("x", ["read"], 366)])
def test_a_token_without_name_scope_or_end_is_refused(cast: Cast, name: str, scopes: list[str], days: int) -> None:
    with pytest.raises(ValidationError):
        people.make_token(cast.lead, name, scopes, days)
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_by_its_owner_alone(cast: Cast) -> None:
    token, _ = people.make_token(cast.lead, "script", ["read"], 1)
    people.revoke_token(token, by=cast.admin)
    token.refresh_from_db()
    assert token.revoked_at is None
    people.revoke_token(token, by=cast.lead)
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_reset_links_last_half_an_hour_and_invitations_a_week_and_all_say_so(cast: Cast) -> None:
    admin, now = sign_in(cast.admin), timezone.now()
    shown = admin.post(f"/people/{cast.media.pk}/reset/")
    _, invited = people.invite("sana@example.org", "Sana", by=None)
    reset = shown.context["link"].rpartition("/join/")[2].strip("/")
    for token, lasts in ((reset, timedelta(minutes=30)), (invited, timedelta(days=7))):
        until = people.ends_at(token)
        assert abs(until - now - lasts) < timedelta(minutes=1)
        assert f"{until:%Y-%m-%d %H:%M:%S} UTC" in Client().get(f"/join/{token}/").content.decode()
    assert f"{people.ends_at(reset):%Y-%m-%d %H:%M:%S} UTC" in shown.content.decode()
    cast.media.invitations.filter(used_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
    late = Client().post(f"/join/{reset}/", {"display_name": "Mina", "password": "eighteen louder herons"})
    assert late.status_code == 404 and not User.objects.get(pk=cast.media.pk).check_password("eighteen louder herons")
    called = admin.post(f"/api/v1/people/{cast.media.pk}/reset/").json()
    made = admin.post("/api/v1/people/", {"email": "s@example.org", "display_name": "S"}, "application/json").json()
    token = called["link"].rpartition("/join/")[2].strip("/")
    assert called["expires_at"] == people.ends_at(token).isoformat().replace("+00:00", "Z") < made["expires_at"]
