"""Known devices: strangers' tries do not keep out who signed in here before, and who signs in elsewhere is told."""

import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.cases import leaving
from casework.people import devices, sessions, telling
from casework.people import services as people
from casework.people.models import Device, DeviceMail, SignIn, User
from tests.casework.test_people_limits import far, forget, tries
from tests.casework.test_people_required import add_app, code
from tests.casework.test_people_sessions import FIREFOX, PHONE, log_in
from tests.factories import PASSWORD, Cast, make_cast, sign_in

LOGIN, HERE = "/accounts/login/", "127.0.0.7"
NEW = "eighteen louder herons"


@pytest.fixture
def cast(db: None) -> Cast:
    cache.clear()
    return make_cast()


@pytest.fixture
def mailed(settings: Any) -> list[Any]:
    settings.EMAIL_URL = "smtp://mail.invalid"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def known(person: User, **of_it: Any) -> Client:
    """A browser in which this person signed in, and out again."""
    client = log_in(person, **of_it)
    client.post("/accounts/logout/")
    return client


def lock(person: User) -> None:
    assert tries(person.email, 12, REMOTE_ADDR=far)[-1] == 429


def opens(client: Client, person: User, password: str = PASSWORD) -> int:
    return tries(person.email, 1, client=client, password=password)[0]


def test_strangers_tries_do_not_keep_out_who_signed_in_here_before(cast: Cast) -> None:
    here = known(cast.lead)
    lock(cast.lead)
    assert opens(Client(REMOTE_ADDR="127.8.8.8"), cast.lead) == 429
    assert opens(here, cast.lead) == 302
    here.post("/accounts/logout/")
    assert tries(cast.lead.email.upper(), 1, client=here, password=PASSWORD) == [302], "every spelling of it"


def test_a_flood_from_everywhere_and_from_the_same_address_keeps_nobody_out_on_a_known_device(cast: Cast) -> None:
    here = known(cast.lead)
    for number in range(33):
        tries(f"somebody{number}@example.org", 1, REMOTE_ADDR="127.0.0.7")
        forget("login")
    lock(cast.lead)
    assert opens(here, cast.lead) == 302


def flood() -> int:
    """All tries of a minute from the address at which everybody here sits; how the last was answered."""
    browser = Client(REMOTE_ADDR=HERE)
    return [browser.post(LOGIN, {"login": f"somebody{number}@example.org", "password": "wrong"}).status_code
            for number in range(31)][-1]


def test_all_tries_of_a_minute_from_its_address_keep_no_known_device_out(cast: Cast) -> None:
    here, new = known(cast.lead, address=HERE), Client(REMOTE_ADDR=HERE)
    assert flood() == 429
    assert new.post(LOGIN, {"login": cast.lead.email, "password": PASSWORD}).status_code == 429
    assert here.post(LOGIN, {"login": cast.legal.email, "password": PASSWORD}).status_code == 429, "for nobody else"
    assert here.post(LOGIN, {"login": cast.lead.email, "password": PASSWORD}).status_code == 302
    assert here.get("/settings/").status_code == 200


def test_a_known_device_has_thirty_tries_a_minute_of_its_own(cast: Cast) -> None:
    here, other = known(cast.lead), known(cast.lead, agent=PHONE)
    found = []
    for _ in range(31):
        found.append(here.post(LOGIN, {"login": cast.lead.email, "password": PASSWORD}).status_code)
        here.post("/accounts/logout/")
    assert found == [302] * 30 + [429], "the right ones count, too"
    assert other.post(LOGIN, {"login": cast.lead.email, "password": PASSWORD}).status_code == 302
    assert opens(Client(), cast.lead) == 302, "nor does it use up those of the address"


def test_a_known_device_has_ten_tries_and_they_are_its_own(cast: Cast) -> None:
    here, other = known(cast.lead), known(cast.lead, agent=PHONE)
    assert tries(cast.lead.email, 12, client=here) == [200] * 10 + [429] * 2
    assert opens(here, cast.lead) == 429, "the right one waits, too"
    assert opens(other, cast.lead) == 302
    assert opens(Client(REMOTE_ADDR="127.8.8.8"), cast.lead) == 302, "nor does it use up those of the account"


def test_a_stolen_cookie_signs_nobody_in_and_is_worth_nothing_for_another_account(cast: Cast) -> None:
    stolen = known(cast.lead).cookies["device"].value
    thief = Client()
    thief.cookies["device"] = stolen
    assert thief.get("/settings/").status_code == 302
    lock(cast.legal)
    assert opens(thief, cast.legal) == 429
    assert tries(cast.lead.email, 11, client=thief) == [200] * 10 + [429]


def test_a_copied_cookie_ends_when_its_owner_comes_again(cast: Cast) -> None:
    here = known(cast.lead)
    copied = Client()
    copied.cookies["device"] = here.cookies["device"].value
    assert opens(here, cast.lead) == 302
    assert Device.objects.filter(person=cast.lead).count() == 1
    lock(cast.lead)
    assert opens(copied, cast.lead) == 429


def test_a_cookie_that_somebody_put_there_is_never_bound_to_who_signs_in(cast: Cast) -> None:
    planted = known(cast.outsider).cookies["device"].value
    victim, attacker = Client(), Client()
    victim.cookies["device"] = attacker.cookies["device"] = planted
    assert opens(victim, cast.lead) == 302
    lock(cast.lead)
    assert opens(attacker, cast.lead) == 429
    victim.post("/accounts/logout/")
    assert opens(victim, cast.lead) == 302
    victim.post("/accounts/logout/")
    lock(cast.outsider)
    assert opens(victim, cast.outsider) == 302, "two people share a browser"


@pytest.mark.parametrize("act", ["password", "reset", "disable", "everywhere", "administrator", "that session"])
def test_what_ends_sessions_for_good_ends_known_devices(cast: Cast, act: str) -> None:
    here, other, password = log_in(cast.lead), sign_in(cast.lead), PASSWORD
    if act in {"password", "reset"}:
        password = NEW
    if act == "password":
        people.change_password(cast.lead, NEW)
    if act == "reset":
        people.accept(people.reset(cast.lead, by=cast.admin), NEW)
    if act == "disable":
        leaving.shut_out(cast.lead, leads={}, by=cast.admin)
        people.enable(cast.lead, by=cast.admin)
    if act == "everywhere":
        other.post("/settings/sessions/end-others/")
    if act == "administrator":
        sign_in(cast.admin).post(f"/people/{cast.lead.pk}/end-sessions/")
    if act == "that session":
        other.post(f"/settings/sessions/{SignIn.objects.get(session=here.session.session_key).pk}/end/")
    lock(cast.lead)
    assert opens(here, cast.lead, password) == 429
    assert not Device.objects.exists()


def test_ending_the_others_keeps_this_device_and_signing_out_keeps_it_too(cast: Cast) -> None:
    here, other = log_in(cast.lead), known(cast.lead, agent=PHONE)
    here.post("/settings/sessions/end-others/")
    here.post("/accounts/logout/")
    lock(cast.lead)
    assert (opens(other, cast.lead), opens(here, cast.lead)) == (429, 302)


def test_a_device_is_known_for_ninety_days_and_ten_of_one_person(cast: Cast) -> None:
    here = known(cast.lead)
    Device.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    lock(cast.lead)
    assert opens(here, cast.lead) == 429
    sessions.clear()
    assert not Device.objects.exists()
    cache.clear()
    browsers = [known(cast.lead) for _turn in range(11)]
    assert cast.lead.devices.count() == 10
    until = max(cast.lead.devices.values_list("expires_at", flat=True)) - timezone.now()
    assert timedelta(days=89) < until <= timedelta(days=90)
    lock(cast.lead)
    assert (opens(browsers[0], cast.lead), opens(browsers[1], cast.lead)) == (429, 302)


@pytest.mark.parametrize("https", [False, True])
def test_the_cookie_is_out_of_reach_and_over_https_of_this_host_alone(cast: Cast, settings: Any, https: bool) -> None:
    settings.HTTPS = https
    client = log_in(cast.lead)
    cookie = client.cookies["__Host-device" if https else "device"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["domain"]
    assert bool(cookie["secure"]) == https and cookie["max-age"] == 90 * 24 * 3600
    assert not Device.objects.filter(secret_hash__contains=cookie.value).exists(), "kept as its hash"
    assert configured.SESSION_COOKIE_NAME in client.cookies


@pytest.mark.parametrize("sent", ["", ".", "x" * 9000, ".".join(["a" * 43] * 400), "\u00ff" * 43, "a" * 42 + "\x00",
                                  "' OR 1=1 --", "=" * 43])
def test_what_is_no_cookie_of_ours_is_passed_over(cast: Cast, sent: str) -> None:
    client = Client()
    client.cookies["device"] = sent
    assert opens(client, cast.lead) == 302
    assert devices.SECRET.fullmatch(client.cookies["device"].value.split(".")[0])
    assert len(client.cookies["device"].value) < 5 * 44


def test_the_cookie_tells_nobody_who_there_is(cast: Cast) -> None:
    """With a cookie of somebody's the same is asked for an account that is there and for one that is not."""
    thief = Client()
    thief.cookies["device"] = known(cast.outsider).cookies["device"].value
    thief.get(LOGIN)
    seen = set()
    for email in (cast.lead.email, "ghost.qadir@example.org"):
        with CaptureQueriesContext(connection) as asked:
            answer = thief.post(LOGIN, {"login": email, "password": "wrong"})
        seen.add((answer.status_code, "device" in answer.cookies, len(asked)))
    assert len(seen) == 1 and not next(iter(seen))[1]


def test_a_second_factor_makes_the_device_known_only_once_it_was_given(cast: Cast) -> None:
    secret = add_app(sign_in(cast.lead))
    cast.lead.devices.all().delete()
    client = Client()
    assert "device" not in client.post(LOGIN, {"login": cast.lead.email, "password": PASSWORD}).cookies
    assert not cast.lead.devices.exists()
    given = client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert given.status_code == 302 and "device" in given.cookies and cast.lead.devices.count() == 1


def test_who_signs_in_in_a_new_device_is_told_by_mail_and_once(cast: Cast, mailed: list[Any]) -> None:
    here = log_in(cast.lead, FIREFOX, "127.0.0.7")
    assert telling.tell() == 1
    told = mailed[0]
    assert told.to == [cast.lead.email] and told.subject == "Casework: signed in from a new device"
    for word in ("Firefox on Windows", "127.0.0.7", f"{timezone.now():%Y-%m-%d}", "UTC"):
        assert word in told.body
    assert "http" not in told.body and "://" not in told.body
    here.post("/accounts/logout/")
    opens(here, cast.lead)
    assert telling.tell() == 0 and len(mailed) == 1 and not DeviceMail.objects.exists()


def test_the_mail_is_in_the_language_of_its_person(cast: Cast, mailed: list[Any]) -> None:
    people.choose_language(cast.lead, "ur")
    log_in(cast.lead)
    telling.tell()
    assert mailed[0].subject == "Casework: نئے آلے سے داخلہ"
    letters = [one for one in mailed[0].body if unicodedata.bidirectional(one) == "AL"]
    assert len(letters) > 100 and "\u2066127.0.0.7\u2069" in mailed[0].body


def test_signing_out_at_once_does_not_keep_the_mail_back(cast: Cast, mailed: list[Any]) -> None:
    client = log_in(cast.lead)
    client.post("/settings/sessions/end-others/")
    people.end_sessions(cast.lead, by=cast.admin)
    assert telling.tell() == 1 and mailed


def test_a_mail_server_that_fails_fails_no_sign_in_and_is_tried_again_for_a_day(
        cast: Cast, mailed: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        def fail(*_given: Any, **_named: Any) -> None:
            raise ConnectionRefusedError
        broken.setattr("django.core.mail.EmailMessage.send", fail)
        assert log_in(cast.lead).get("/settings/").status_code == 200
        assert telling.tell() == 0 and DeviceMail.objects.count() == 1
    assert telling.tell() == 1
    log_in(cast.legal)
    DeviceMail.objects.update(at=timezone.now() - timedelta(days=1, seconds=1))
    assert telling.tell() == 0 and not DeviceMail.objects.exists() and len(mailed) == 1


def test_without_mail_nothing_waits(cast: Cast) -> None:
    assert log_in(cast.lead).get("/settings/").status_code == 200
    assert not DeviceMail.objects.exists() and telling.tell() == 0


def test_settings_and_the_call_say_which_session_is_of_a_new_device(cast: Cast) -> None:
    here = known(cast.lead)
    opens(here, cast.lead)
    assert "new device" not in here.get("/settings/").content.decode()
    log_in(cast.lead, PHONE)
    assert here.get("/settings/").content.decode().count("new device") == 1
    listed = here.get("/api/v1/me/sessions/").json()["results"]
    assert {one["browser"]: one["new_device"] for one in listed} == {"Firefox on Windows": False, "Safari on iOS": True}
