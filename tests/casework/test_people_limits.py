"""How often somebody may try, whatever they say of where they come from; and answers that tell nobody who there is."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connections
from django.test import Client

from casework import serving
from casework.people import services as people
from casework.people.models import User
from casework.record import Act
from evidence.custody import history
from tests.casework.authenticator import SIGN_IN, Passkey, asked_on, enrol
from tests.casework.test_people_required import add_app, code
from tests.factories import PASSWORD, Cast, make_cast, make_person, sign_in

LOGIN, SECOND = "/accounts/login/", "/accounts/2fa/authenticate/"
MASKED = re.compile(rb'name="csrf\w+" value="[^"]*"')
WAIT = "Too many failed login attempts"


@pytest.fixture
def cast(db: None) -> Cast:
    cache.clear()
    return make_cast()


def tries(email: str, count: int, *, client: Client | None = None, password: str = "wrong", **header: Any) -> list[int]:
    """Statuses of so many tries, at leisure: the limit of all tries in a minute is not what is asked about."""
    browser, found = client or Client(), []
    for number in range(count):
        if number % 25 == 24:
            forget("login")
        extra = {name: value(number) if callable(value) else value for name, value in header.items()}
        found.append(browser.post(LOGIN, {"login": email, "password": password}, **extra).status_code)
    return found


def forget(action: str) -> None:
    """As after the time of one limit."""
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM casework_cache WHERE cache_key LIKE %s", [f"%allauth.account:{action}:%"])


def far(number: int) -> str:
    return f"127.{number // 250 + 1}.{number % 250}.9"


def test_the_eleventh_wrong_password_of_an_account_waits_from_wherever_it_comes(cast: Cast) -> None:
    assert tries(cast.lead.email, 12, REMOTE_ADDR=far) == [200] * 10 + [429] * 2
    assert tries(cast.lead.email, 1, password=PASSWORD, REMOTE_ADDR="127.9.9.9") == [429], "the right one waits, too"
    assert tries(cast.legal.email, 1, password=PASSWORD) == [302]
    assert WAIT in Client().post(LOGIN, {"login": cast.lead.email, "password": "x"}).content.decode()


def test_right_passwords_cost_nothing_and_forgive_nothing(cast: Cast) -> None:
    assert tries(cast.lead.email, 9) == [200] * 9
    assert tries(cast.lead.email, 12, password=PASSWORD)[-1] == 302
    assert tries(cast.lead.email, 2) == [200, 429]


def test_the_thirty_first_wrong_password_of_an_address_waits_whoever_it_names(cast: Cast) -> None:
    client, found = Client(), []
    for number in range(33):
        found += tries(f"somebody{number}@example.org", 1, client=client)
        forget("login")
    assert found == [200] * 30 + [429] * 3
    assert tries(cast.lead.email, 1, client=client, password=PASSWORD) == [429]
    assert tries(cast.lead.email, 1, password=PASSWORD, REMOTE_ADDR="127.0.0.2") == [302]


def test_a_client_cannot_say_that_it_comes_from_elsewhere(cast: Cast) -> None:
    spoofed: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": far, "HTTP_X_REAL_IP": far, "HTTP_X_CLIENT_IP": far,
               "HTTP_FORWARDED": lambda number: f"for={far(number)}", "HTTP_CF_CONNECTING_IP": far}
    found = [tries(f"somebody{number}@example.org", 1, **spoofed)[0] for number in range(30)]
    forget("login")
    assert [*found, *tries("another@example.org", 2, **spoofed)] == [200] * 30 + [429] * 2


def test_behind_a_proxy_only_what_the_proxy_appended_counts(cast: Cast, settings: Any) -> None:
    asked = "from casework import settings; print(getattr(settings, 'ALLAUTH_TRUSTED_PROXY_COUNT', 0))"
    for flag in ("0", "1"):
        said = subprocess.run([sys.executable, "-c", asked], env=os.environ | {"BEHIND_PROXY": flag}, check=True,
                              capture_output=True, text=True, cwd=settings.BASE_DIR)
        assert said.stdout.strip() == flag
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    through: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": lambda number: f"{far(number)}, {far(number + 7)}, 127.0.0.77"}
    assert tries("nobody@example.org", 1, **through) == [200]
    found = []
    for number in range(31):
        found += tries(f"somebody{number}@example.org", 1, **through)
        forget("login")
    assert found == [200] * 29 + [429] * 2
    other: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": "127.0.0.77, 127.0.0.78"}
    assert tries("another@example.org", 1, **other) == [200], "another person behind the same proxy is not held up"


@pytest.mark.parametrize("spelling", [
    "LUBNA.QADIR@example.org", " lubna.qadir@EXAMPLE.org ", "lubna.qadir@exampl\uff45.org", "lubna.qadir@example.org."])
def test_another_spelling_opens_no_account_that_waits(cast: Cast, spelling: str) -> None:
    tries(cast.lead.email, 10, REMOTE_ADDR=far)
    assert tries(spelling, 1, password=PASSWORD, REMOTE_ADDR="127.9.9.9") != [302]


def test_letters_that_fold_alike_count_as_one_account(cast: Cast) -> None:
    """An address with \u017f passes as an address, and whether it finds that of an s is up to the database's locale."""
    person = make_person("Sana", "sss@example.org")
    spellings = [person.email, "\u017fss@example.org", "s\u017fs@example.org", "ss\u017f@example.org"]
    found = [tries(text, 1, REMOTE_ADDR=far(number))[0] for number, text in enumerate(spellings * 3)]
    assert found == [200] * 10 + [429] * 2


def test_many_made_up_addresses_do_not_wash_out_what_is_counted(cast: Cast) -> None:
    tries(cast.lead.email, 10)
    for number in range(400):
        cache.set(f"allauth:rl:{number:04d}", [1.0], 900)
        cache.set(f"zzz:{number:04d}", [1.0], 900)
    assert tries(cast.lead.email, 1, REMOTE_ADDR="127.0.0.2") == [429]


def test_a_session_guesses_the_password_no_oftener_than_the_sign_in(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.lead)
    found = [client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code for _ in range(12)]
    assert found == [200] * 10 + [429] * 2
    changed = [client.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": "x", "password2": "x"})
               .status_code for _ in range(12)]
    assert changed == [200] * 10 + [429] * 2


def recovery_code(person: User) -> str:
    kept = Authenticator.objects.get(user=person, type="recovery_codes")
    return str(RecoveryCodes(kept).get_unused_codes()[0])


def waiting_for_code(person: User) -> Client:
    client = Client()
    assert client.post(LOGIN, {"login": person.email, "password": PASSWORD}).headers["Location"] == SECOND
    return client


def test_the_sixth_wrong_code_waits_in_every_session_and_from_everywhere(cast: Cast) -> None:
    secret = add_app(sign_in(cast.lead))
    found = []
    for number in range(7):
        client = waiting_for_code(cast.lead)
        found.append(client.post(SECOND, {"code": "000000"}, REMOTE_ADDR=far(number)).status_code)
    assert found == [200] * 5 + [429] * 2
    told = history.entries(context="", subject=f"user/{cast.lead.pk}", limit=50)
    assert [entry.detail["factor"] for entry in told if entry.detail["act"] == Act.SIGN_IN_FAILED] == [True] * 5
    client = waiting_for_code(cast.lead)
    assert client.post(SECOND, {"code": code(secret)}).status_code == 429, "the right one waits, too"
    assert client.post(SECOND, {"code": recovery_code(cast.lead)}).status_code == 429
    inside = sign_in(cast.legal)
    add_app(inside)
    guessed = [inside.post("/accounts/2fa/reauthenticate/", {"code": "000000"}).status_code for _ in range(6)]
    assert guessed == [200] * 5 + [429]


def test_a_code_is_good_once_and_in_its_half_minute(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = add_app(sign_in(cast.lead))
    used = code(secret)
    later = time.time() + 60
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: later)
    assert waiting_for_code(cast.lead).post(SECOND, {"code": used}).status_code == 200, "it is of another half minute"
    fresh = code(secret)
    assert waiting_for_code(cast.lead).post(SECOND, {"code": fresh}).status_code == 302
    assert waiting_for_code(cast.lead).post(SECOND, {"code": fresh}).status_code == 200


def test_a_recovery_code_is_good_once(cast: Cast) -> None:
    add_app(sign_in(cast.lead))
    one = recovery_code(cast.lead)
    assert waiting_for_code(cast.lead).post(SECOND, {"code": one}).status_code == 302
    assert waiting_for_code(cast.lead).post(SECOND, {"code": one}).status_code == 200


def test_codes_that_come_all_at_once_are_not_tried_oftener(real_db: None) -> None:
    cache.clear()
    person = make_person("Sana")
    secret = add_app(sign_in(person))
    browsers = [waiting_for_code(person) for _ in range(16)]
    with ThreadPoolExecutor(8) as pool:
        found = Counter(pool.map(guess, browsers, [f"{at:06d}" for at in range(16)]))
    assert found[200] <= 5 and found[200] + found[429] == 16
    cache.clear()
    right = code(secret)
    with ThreadPoolExecutor(5) as pool:
        found = Counter(pool.map(guess, browsers[:5], [right] * 5))
    assert found[302] == 1, "a code signs in one session, whoever came first"


def guess(browser: Client, text: str) -> int:
    try:
        return int(browser.post(SECOND, {"code": text}).status_code)
    finally:
        connections.close_all()


def test_passkeys_are_tried_thirty_times_from_one_address(cast: Cast, settings: Any) -> None:
    settings.BASE_URL = "http://localhost:8000"
    passkey = enrol(sign_in(cast.lead))
    found = [Client().post(SIGN_IN, {"credential": "{}"}).status_code for _ in range(31)]
    assert found == [302] * 30 + [429]
    client = Client(REMOTE_ADDR="127.0.0.2")
    client.post(SIGN_IN, {"credential": passkey.get(asked_on(client, SIGN_IN))})
    assert client.get("/settings/").status_code == 200
    assert isinstance(passkey, Passkey)


def test_who_there_is_shows_in_no_answer(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known, unknown, disabled and only invited: same status, same body, and the password is hashed as often."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    people.invite("invited.one@example.org", "Invited", by=None)
    people.disable(cast.legal, by=cast.admin)
    User.objects.filter(pk=cast.lead.pk).update(password=Argon2PasswordHasher().encode("another", "saltsaltsalt"))
    hashed: list[str] = []
    for name in ("encode", "verify"):
        def counting(self: Any, *given: Any, _kept: Any = getattr(Argon2PasswordHasher, name), **named: Any) -> Any:
            hashed.append("hash")
            return _kept(self, *given, **named)
        monkeypatch.setattr(Argon2PasswordHasher, name, counting)
    seen = set()
    for email in (cast.lead.email, "ghost.qadir@example.org", "invited.one@example.org"):
        hashed.clear()
        answer = Client().post(LOGIN, {"login": email, "password": "wrong"})
        body = MASKED.sub(b"", answer.content).replace(email.encode(), b"")
        seen.add((answer.status_code, body, len(hashed)))
    assert len(seen) == 1 and next(iter(seen))[2] == 1
    for email in (cast.lead.email, "ghost.qadir@example.org"):
        locked = [Client(REMOTE_ADDR=far(at)).post(LOGIN, {"login": email, "password": "wrong"}) for at in range(12)]
        seen.add((locked[-1].status_code, MASKED.sub(b"", locked[-1].content).replace(email.encode(), b""), 1))
    assert {status for status, _body, _hashed in seen} == {200, 429} and len(seen) == 2


@pytest.mark.parametrize("length", [1_000, 4_096, 1_000_000])
def test_a_long_password_is_answered_within_a_second(cast: Cast, settings: Any, length: int) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    long = "quiet heron " * (length // 12)
    before = time.monotonic()
    answer = Client().post(LOGIN, {"login": cast.lead.email, "password": long})
    # Of a stranger nothing longer is read at all.
    assert time.monotonic() - before < 1 and answer.status_code == (413 if length > serving.FIRST else 200)


def test_a_password_of_a_thousand_characters_is_kept_whole(cast: Cast) -> None:
    long = "quiet heron " * 83 + "and"
    link = people.reset(cast.lead, by=cast.admin)
    before = time.monotonic()
    people.accept(link, long)
    assert time.monotonic() - before < 1
    assert tries(cast.lead.email, 1, password=long[:-1]) == [200]
    assert tries(cast.lead.email, 1, password=long) == [302]
