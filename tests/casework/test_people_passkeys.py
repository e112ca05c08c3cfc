"""Passkeys: added, renamed, removed and recorded; what is not of this person, of this address, of now is refused."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from casework import serving
from casework.people import services as people
from casework.people.models import User
from casework.record import Act
from evidence.custody import history
from evidence.custody.services import LogUnwritable
from tests.casework.authenticator import ADD, FLAG, SIGN_IN, Passkey, asked_on, enrol
from tests.factories import PASSWORD, Cast, make_cast, sign_in

LOGIN, SECOND, CONFIRM = "/accounts/login/", "/accounts/2fa/authenticate/", "/accounts/2fa/passkeys/confirm/"


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.BASE_URL = "http://localhost:8000"
    cache.clear()
    return make_cast()


def acts(person: User) -> list[str]:
    return [str(entry.detail.get("act")) for entry in history.about([f"user/{person.pk}"])]


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def password_given(person: User) -> Client:
    client = Client()
    assert client.post(LOGIN, {"login": person.email, "password": PASSWORD}).headers["Location"] == SECOND
    return client


def signs_in(passkey: Passkey, client: Client | None = None, **other: bytes) -> bool:
    browser = client or Client()
    browser.post(SIGN_IN, {"credential": passkey.get(asked_on(browser, SIGN_IN), **other)})
    return is_in(browser)


def test_a_passkey_is_added_renamed_and_removed_and_each_is_recorded(cast: Cast) -> None:
    client = sign_in(cast.lead)
    enrol(client)
    kept = Authenticator.objects.get(type="webauthn")
    page = client.get("/accounts/2fa/").content.decode()
    assert "Work laptop" in page
    assert client.post(f"/accounts/2fa/passkeys/{kept.pk}/rename/", {"name": "Old laptop"}).status_code == 302
    assert client.get(f"/accounts/2fa/passkeys/{kept.pk}/remove/").status_code == 200
    assert client.post(f"/accounts/2fa/passkeys/{kept.pk}/remove/").status_code == 302
    assert not Authenticator.objects.exists(), "recovery codes go with the last factor"
    told = [entry.detail for entry in history.about([f"user/{cast.lead.pk}"]) if "passkey" in entry.detail["act"]]
    assert told[::-1] == [{"act": Act.PASSKEY_ADDED, "name": "Work laptop"},
                          {"act": Act.PASSKEY_RENAMED, "before": "Work laptop", "name": "Old laptop"},
                          {"act": Act.PASSKEY_REMOVED, "name": "Old laptop"}]


def test_what_cannot_be_recorded_adds_no_passkey(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def unwritable(*_given: Any) -> None:
        raise LogUnwritable

    client, passkey = sign_in(cast.lead), Passkey()
    sent = passkey.create(asked_on(client, ADD))
    monkeypatch.setattr("casework.record.custody.record_all", unwritable)
    assert client.post(ADD, {"name": "Laptop", "credential": sent}).status_code == 503
    assert not Authenticator.objects.exists()


def test_adding_one_asks_for_the_password_again_and_for_a_name(cast: Cast) -> None:
    stale = Client()
    stale.force_login(cast.lead)
    assert stale.get(ADD).headers["Location"].startswith("/accounts/reauthenticate/")
    client = sign_in(cast.lead)
    for name in ("", "x" * 61, "a\0b"):
        sent = Passkey().create(asked_on(client, ADD))
        assert client.post(ADD, {"name": name, "credential": sent}).status_code == 200
    assert not Authenticator.objects.exists()


def test_a_passkey_signs_in_alone_as_second_factor_and_confirms(cast: Cast) -> None:
    passkey = enrol(sign_in(cast.lead))
    assert signs_in(passkey)
    client = password_given(cast.lead)
    assert not is_in(client)
    client.post(SECOND, {"credential": passkey.get(asked_on(client, SECOND))})
    assert is_in(client)
    shown = [entry.detail["methods"] for entry in history.about([f"user/{cast.lead.pk}"])
             if entry.detail.get("act") == Act.SIGNED_IN]
    assert shown == [["password", "webauthn"], ["webauthn"]]
    stopped = client.post("/settings/tokens/", {"name": "script", "scopes": ["read"], "days": 1})
    assert stopped.headers["Location"].startswith("/accounts/reauthenticate/")
    page = f"{CONFIRM}?next=/settings/tokens/"
    made = client.post(page, {"credential": passkey.get(asked_on(client, page)), "next": "/settings/tokens/"})
    assert b"cw_" in made.content, "the act goes on where it stopped"


def test_one_goes_on_to_where_one_wanted_to(cast: Cast) -> None:
    passkey, browser = enrol(sign_in(cast.lead)), Client()
    sent = passkey.get(asked_on(browser, SIGN_IN))
    assert browser.post(SIGN_IN, {"credential": sent, "next": "/log/"}).headers["Location"] == "/log/"


@pytest.mark.parametrize("wrong", [
    {"origin": "https://casework.example"}, {"origin": "http://sub.localhost:8000"}, {"origin": "http://localhost:8001"},
    {"origin": "null"}, {"rp": "casework.example"}, {"flags": FLAG.UP}, {"flags": FLAG.UV}], ids=str)
def test_an_answer_made_elsewhere_or_without_the_person_is_refused(cast: Cast, wrong: dict[str, Any]) -> None:
    passkey = enrol(sign_in(cast.lead))
    for name, value in wrong.items():
        setattr(passkey, name, value)
    assert not signs_in(passkey)
    client = password_given(cast.lead)
    answer = client.post(SECOND, {"credential": passkey.get(asked_on(client, SECOND))})
    assert "This passkey was not accepted." in answer.content.decode()
    assert not is_in(client)
    other = sign_in(cast.reviewer)
    assert other.post(ADD, {"name": "x", "credential": passkey.create(asked_on(other, ADD))}).status_code == 200
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_a_challenge_is_good_for_one_answer_in_one_browser(cast: Cast) -> None:
    passkey, browser, thief = enrol(sign_in(cast.lead)), Client(), Client()
    sent = passkey.get(asked_on(browser, SIGN_IN))
    thief.post(SIGN_IN, {"credential": sent})
    asked_on(thief, SIGN_IN)
    thief.post(SIGN_IN, {"credential": sent})
    assert not is_in(thief)
    browser.post(SIGN_IN, {"credential": sent})
    assert is_in(browser)
    browser.post("/accounts/logout/")
    browser.post(SIGN_IN, {"credential": sent})
    assert not is_in(browser)


def test_nobody_uses_the_passkey_of_another(cast: Cast) -> None:
    reviewer = sign_in(cast.reviewer)
    mine, theirs = enrol(sign_in(cast.lead)), enrol(reviewer)
    client = password_given(cast.lead)
    client.post(SECOND, {"credential": theirs.get(asked_on(client, SECOND))})
    assert not is_in(client)
    assert not signs_in(theirs, userHandle=mine.handle)
    assert not signs_in(mine, signature=b"\x30\x06\x02\x01\x01\x02\x01\x01")
    copied, other = Passkey(mine.id), sign_in(cast.legal)
    assert other.post(ADD, {"name": "x", "credential": copied.create(asked_on(other, ADD))}).status_code == 200
    assert Authenticator.objects.filter(type="webauthn").count() == 2
    kept = Authenticator.objects.get(user=cast.lead, type="webauthn")
    for act in ("rename", "remove"):
        assert reviewer.post(f"/accounts/2fa/passkeys/{kept.pk}/{act}/").status_code == 404


def test_a_passkey_names_its_owner_as_it_was_told_or_not_at_all(cast: Cast) -> None:
    # The name is not signed, and the library reads it as a number: "0a", "A" and "a" are one person to it.
    client = sign_in(cast.lead)
    passkey = enrol(client)
    assert not signs_in(passkey, userHandle=b"0" + passkey.handle)
    for handle, accepted in ((b"0" + passkey.handle, False), (b"zz", False), (b"", True), (passkey.handle, True)):
        cache.clear()
        browser = password_given(cast.lead)
        browser.post(SECOND, {"credential": passkey.get(asked_on(browser, SECOND), userHandle=handle)})
        assert is_in(browser) == accepted, handle
    assert signs_in(passkey)


def test_a_counter_that_went_back_is_refused_and_recorded(cast: Cast) -> None:
    passkey = enrol(sign_in(cast.lead))
    assert signs_in(passkey)
    passkey.counter -= 1
    assert not signs_in(passkey)
    assert acts(cast.lead)[0] == Act.PASSKEY_DOUBTED
    assert signs_in(passkey), "the true one goes on counting"


def test_a_passkey_that_does_not_count_signs_in_again_and_again(cast: Cast) -> None:
    passkey = enrol(sign_in(cast.lead), Passkey(counts=False))
    assert signs_in(passkey) and signs_in(passkey)


def test_a_disabled_person_has_no_passkey_and_a_stranger_learns_nothing(cast: Cast) -> None:
    passkey = enrol(sign_in(cast.lead))
    people.disable(cast.lead, by=cast.admin)
    assert not signs_in(passkey)
    asked = asked_on(Client(), SIGN_IN)
    assert asked["allowCredentials"] == [], "what is asked says nothing of who there is"


def test_passkeys_are_bound_to_the_host_of_base_url(cast: Cast, settings: Any) -> None:
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://casework.example:8443", ["*"]
    client = sign_in(cast.lead)
    assert client.get(ADD, headers={"Host": "evil.example"}).context["options"]["publicKey"]["rp"]["id"] == (
        "casework.example")
    passkey = Passkey()
    passkey.origin, passkey.rp = "https://casework.example", "casework.example"
    client.post(ADD, {"name": "x", "credential": passkey.create(asked_on(client, ADD))})
    assert not Authenticator.objects.exists()
    passkey.origin = "https://casework.example:8443"
    enrol(client, passkey)


NESTED = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from(["AAAA", "o2"]),
                      lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
                          ["id", "rawId", "response", "type", "clientDataJSON", "attestationObject", "signature",
                           "authenticatorData", "userHandle"]), inner, max_size=6), max_leaves=12)


@effort(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(NESTED.map(json.dumps), st.text(max_size=30), st.just("[" * 200_000), st.just('{"id": "\\ud800"}')))
def test_whatever_is_sent_in_place_of_a_passkey_is_the_senders_mistake(cast: Cast, sent: str) -> None:
    cache.clear()
    client, browser = sign_in(cast.lead), Client()
    asked_on(browser, SIGN_IN)
    asked_on(client, ADD)
    # Of a stranger nothing longer is read at all.
    long = len(sent) > serving.FIRST
    assert browser.post(SIGN_IN, {"credential": sent}).status_code in ({413} if long else {200, 302})
    assert client.post(ADD, {"name": "x", "credential": sent}).status_code == 200


@effort(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.sampled_from(["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]),
       at=st.integers(0, 200), bits=st.integers(1, 255), cut=st.booleans())
def test_no_changed_byte_of_a_passkey_passes_or_crashes(cast: Cast, part: str, at: int, bits: int, cut: bool) -> None:
    cache.clear()
    Authenticator.objects.all().delete()

    def change(raw: bytes) -> bytes:
        place = at % len(raw)
        return raw[:place] if cut else raw[:place] + bytes([raw[place] ^ bits]) + raw[place + 1:]

    client, browser, passkey = sign_in(cast.outsider), Client(), Passkey()
    made = passkey.create(asked_on(client, ADD))
    if part == "attestationObject":
        sent = Passkey.changed(made, part, change)
        assert client.post(ADD, {"name": "x", "credential": sent}).status_code in {200, 302}
    else:
        client.post(ADD, {"name": "x", "credential": made})
        sent = Passkey.changed(passkey.get(asked_on(browser, SIGN_IN)), part, change)
        assert browser.post(SIGN_IN, {"credential": sent}).status_code in {200, 302}
        assert not is_in(browser)
